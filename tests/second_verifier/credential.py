"""Credential codes (CRY-80 to CRY-83)."""

from cbor import Refused, require
from ristretto import wide_scalar
from transcript import wide_hash

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SKIPPED = set(" \t\n\r\u00a0-\u2212") | {chr(c) for c in range(0x2010, 0x2016)}
READ_AS = {"O": "0", "I": "1", "L": "1"}


def times(a, b):
    """The product in the field of 32 elements."""
    product = 0
    for bit in range(5):
        if b >> bit & 1:
            product ^= a << bit
    for bit in range(8, 4, -1):
        if product >> bit & 1:
            product ^= 0b100101 << (bit - 5)
    return product


def read(typed):
    """The 24 characters of a typed code (CRY-82)."""
    kept = [c for c in typed if c not in SKIPPED]
    require(len(kept) == 24, "CRY-82", "not 24 characters")
    code = []
    for place, c in enumerate(kept, 1):
        c = c.upper() if c.isascii() else c
        c = READ_AS.get(c, c)
        if c not in ALPHABET:
            raise Refused("CRY-82", f"character {place}")
        code.append(c)
    plain = weighted = 0
    power = 1
    for c in code:
        value = ALPHABET.index(c)
        plain ^= value
        weighted ^= times(power, value)
        power = times(power, 2)
    require(plain == weighted == 0, "CRY-81", "the check characters do not fit")
    return "".join(code)


def secret(election, registrar, code):
    """The secret of a code at a registrar (CRY-83)."""
    return wide_scalar(wide_hash("credential", election, registrar, code.encode("ascii")))
