"""Ed25519 (RFC 8032), verified strictly (LOG-19); and signing, for the tests' own logs."""

from functools import lru_cache
from hashlib import sha512

import edwards
from cbor import require
from edwards import D, L, P, SQRT_M1


@lru_cache(maxsize=256)
def point(data):
    """A point on the curve, canonically encoded, whose order does not divide 8."""
    n = int.from_bytes(data, "little")
    y, sign = n & (1 << 255) - 1, n >> 255
    require(len(data) == 32 and y < P, "LOG-19", "an encoding of y that is not below p")
    u, v = y * y - 1, D * y * y + 1
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if (v * x * x - u) % P:
        x = x * SQRT_M1 % P
    require((v * x * x - u) % P == 0 and not (x == 0 and sign), "LOG-19", "no point of the curve")
    x = P - x if x & 1 != sign else x
    found = (x, y, 1, x * y % P)
    x8, y8, z8, _ = edwards.multiple(8, found)
    require(x8 % P or (y8 - z8) % P, "LOG-19", "a point of small order")
    return found


# y = 4/5, x even. What decodes from the encoding of ristretto's G may differ from it by a point of small order.
BASE = point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def encoding(xyzt):
    """RFC 8032 section 5.1.2."""
    x, y, z, _ = xyzt
    inverse = pow(z, -1, P)
    return (y * inverse % P | (x * inverse % P & 1) << 255).to_bytes(32, "little")


def verify(key, message, signature):
    """Refuse unless the signature is valid."""
    require(len(signature) == 64, "LOG-15", "a signature that has not 64 bytes")
    a, r, s = point(key), point(signature[:32]), int.from_bytes(signature[32:], "little")
    require(s < L, "LOG-19", "S is not below l")
    k = int.from_bytes(sha512(signature[:32] + key + message).digest(), "little") % L
    left, right = edwards.multiple(s, BASE), edwards.add(r, edwards.multiple(k, a))
    x1, y1, z1, _ = left
    x2, y2, z2, _ = right
    require((x1 * z2 - x2 * z1) % P == 0 and (y1 * z2 - y2 * z1) % P == 0, "LOG-15", "a signature that is not valid")


def _secret(seed):
    digest = sha512(seed).digest()
    n = int.from_bytes(digest[:32], "little") & ((1 << 254) - 8) | 1 << 254
    return n, digest[32:]


def public_key(seed):
    """The key of a seed."""
    return encoding(edwards.multiple(_secret(seed)[0], BASE))


def sign(seed, message):
    """RFC 8032 section 5.1.6. For tests: nothing here hides the secret from a clock."""
    n, prefix = _secret(seed)
    key = public_key(seed)
    r = int.from_bytes(sha512(prefix + message).digest(), "little") % L
    first = encoding(edwards.multiple(r, BASE))
    k = int.from_bytes(sha512(first + key + message).digest(), "little") % L
    return first + ((r + k * n) % L).to_bytes(32, "little")
