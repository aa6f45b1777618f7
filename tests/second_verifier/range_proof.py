"""Aggregated range proofs (CRY-45 to CRY-48): that commitments v G + g H hold values below 2^32. They are those of Bulletproofs.

`state` is the Merlin state (a `Strobe`) that the proof continues; it is changed.
"""

from functools import lru_cache
from hashlib import shake_256

from cbor import require
from ristretto import G, H, L, derived, point, scalar, wide_scalar

BITS = 32


@lru_cache(maxsize=None)
def generators(letter, party, bits=BITS):
    """The first generators `G` or `H` of a value: 64 bytes each of one SHAKE256 stream, mapped to the group (CRY-46)."""
    stream = shake_256(b"GeneratorsChain" + letter + party.to_bytes(4, "little")).digest(64 * bits)
    return tuple(derived(stream[i:i + 64]) for i in range(0, len(stream), 64))


def all_generators(letter, count, bits=BITS):
    """Those of all values, one value after the other."""
    return [g for party in range(count) for g in generators(letter, party, bits)]


def rounds(count, bits=BITS):
    """log2 of the length of the inner product; `count` is a power of two."""
    return (count * bits).bit_length() - 1


def length(count):
    """The bytes of a proof about that many commitments (CRY-47)."""
    return 32 * (9 + 2 * rounds(count))


def squeezed(state, label):
    """A challenge; zero is refused (CRY-7)."""
    n = wide_scalar(state.squeeze(label, 64))
    require(n, "CRY-7", "a challenge is zero")
    return n


def begun(state, commitments, bits=BITS):
    """Absorb what is proved about what (CRY-45)."""
    state.message(b"dom-sep", b"rangeproof v1")
    state.message(b"n", bits.to_bytes(8, "little"))
    state.message(b"m", len(commitments).to_bytes(8, "little"))
    for commitment in commitments:
        state.message(b"V", commitment)


def powers(x, count):
    """1, x, x^2, ..."""
    found = [1]
    while len(found) < count:
        found.append(found[-1] * x % L)
    return found


def delta(y, z, count, bits=BITS):
    """What the constant terms of the polynomial t add up to, besides the commitments."""
    return ((z - z * z) * sum(powers(y, count * bits)) - pow(z, 3, L) * (2**bits - 1) * sum(powers(z, count))) % L


def equations(state, commitments, proof, bits=BITS, rule="CRY-47"):
    """The two equations (CRY-48) of a proof about a power of two of commitments (32 bytes each; those that only fill up are the identity)."""
    m = len(commitments)
    k, total = rounds(m, bits), m * bits
    require(m & (m - 1) == 0 < m, rule, "not a power of two of commitments")
    require(len(proof) == 32 * (9 + 2 * k), rule, "a range proof of another length")
    blocks = [proof[i:i + 32] for i in range(0, len(proof), 32)]
    t_x, t_blinding, e_blinding, a, b = (scalar(n, rule) for n in blocks[4:7] + blocks[-2:])
    decoded = [point(data, rule) for data in blocks[:4] + blocks[7:-2]]
    require(not any(p.is_identity() for p in decoded), rule, "a point of a range proof is the identity")
    (A, S, T1, T2), lefts, rights = decoded[:4], decoded[4::2], decoded[5::2]

    begun(state, commitments, bits)
    state.message(b"A", blocks[0])
    state.message(b"S", blocks[1])
    y, z = squeezed(state, b"y"), squeezed(state, b"z")
    state.message(b"T_1", blocks[2])
    state.message(b"T_2", blocks[3])
    x = squeezed(state, b"x")
    for label, block in zip((b"t_x", b"t_x_blinding", b"e_blinding"), blocks[4:7]):
        state.message(label, block)
    w = squeezed(state, b"w")
    state.message(b"dom-sep", b"ipp v1")
    state.message(b"n", total.to_bytes(8, "little"))
    us = []
    for left, right in zip(blocks[7:-2:2], blocks[8:-2:2]):
        state.message(b"L", left)
        state.message(b"R", right)
        us.append(squeezed(state, b"u"))

    zs = [z * z % L * power % L for power in powers(z, m)]
    polynomial = [(factor, point(v, rule)) for factor, v in zip(zs, commitments)]
    polynomial += [(delta(y, z, m, bits) - t_x, G), (-t_blinding, H), (x, T1), (x * x, T2)]

    # s_i is the product of u_j or 1/u_j, as bit j of i (the highest first) is set or not; 1/s_i is s with all bits of i turned.
    s = [1]
    for u in us:
        s = [n * factor % L for n in s for factor in (pow(u, -1, L), u)]
    inverse = powers(pow(y, -1, L), total)
    product = [(1, A), (x, S), (-e_blinding, H), (w * (t_x - a * b), G)]
    product += [(-z - a * factor, g) for factor, g in zip(s, all_generators(b"G", m, bits))]
    for i, h in enumerate(all_generators(b"H", m, bits)):
        product.append((z + inverse[i] * (zs[i // bits] * 2**(i % bits) - b * s[-1 - i]), h))
    for u, left, right in zip(us, lefts, rights):
        product += [(u * u, left), (pow(u, -2, L), right)]
    return [polynomial, product]
