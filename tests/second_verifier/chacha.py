"""ChaCha20-Poly1305 (RFC 8439) without associated data and with the zero nonce, as CRY-54 uses it."""

from hmac import compare_digest

WORD = 0xFFFFFFFF
QUARTERS = ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
            (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14))


def _block(key, counter):
    """One block of the key stream (section 2.3)."""
    words = [0x61707865, 0x3320646E, 0x79622D32, 0x6B206574]
    words += [int.from_bytes(key[i:i + 4], "little") for i in range(0, 32, 4)] + [counter, 0, 0, 0]
    s = list(words)

    def step(a, b, d, turn):
        s[a] = s[a] + s[b] & WORD
        s[d] ^= s[a]
        s[d] = (s[d] << turn | s[d] >> (32 - turn)) & WORD

    for _ in range(10):
        for a, b, c, d in QUARTERS:
            step(a, b, d, 16)
            step(c, d, b, 12)
            step(a, b, d, 8)
            step(c, d, b, 7)
    return b"".join((x + y & WORD).to_bytes(4, "little") for x, y in zip(s, words))


def _stream(key, data):
    out = bytearray()
    for i in range(0, len(data), 64):
        out += bytes(x ^ y for x, y in zip(data[i:i + 64], _block(key, 1 + i // 64)))
    return bytes(out)


def _tag(key, ciphertext):
    """Poly1305 under the first block (sections 2.5, 2.6 and 2.8)."""
    one_time = _block(key, 0)
    r = int.from_bytes(one_time[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    data = ciphertext + bytes(-len(ciphertext) % 16) + bytes(8) + len(ciphertext).to_bytes(8, "little")
    total = 0
    for i in range(0, len(data), 16):
        total = (total + int.from_bytes(data[i:i + 16] + b"\x01", "little")) * r % (2**130 - 5)
    return (total + int.from_bytes(one_time[16:32], "little") & (1 << 128) - 1).to_bytes(16, "little")


def opened(key, sealed):
    """The plaintext, or None if the authenticator is wrong."""
    if len(sealed) < 16 or not compare_digest(_tag(key, sealed[:-16]), sealed[-16:]):
        return None
    return _stream(key, sealed[:-16])


def sealing(key, plaintext):
    """Ciphertext and authenticator."""
    ciphertext = _stream(key, plaintext)
    return ciphertext + _tag(key, ciphertext)
