"""Transcripts of proofs and signatures (CRY-6, CRY-7), and tagged hashes (CRY-4)."""

from copy import deepcopy
from hashlib import sha3_256, sha3_512

from cbor import encode, require
from ristretto import wide_scalar
from strobe import Strobe

PROTOCOL = b"vitrine/1"
SUITE = "vitrine/1/ristretto255"
START = Strobe(PROTOCOL)


def tagged_hash(tag, *fields):
    """SHA3-256 of the tag and the fields (CRY-4)."""
    return sha3_256(encode(["vitrine/1/" + tag, *fields])).digest()


def wide_hash(tag, *fields):
    """SHA3-512 of the tag and the fields (CRY-4)."""
    return sha3_512(encode(["vitrine/1/" + tag, *fields])).digest()


class Transcript:
    """One proof's transcript: suite, kind and election, then whatever the rules say."""

    def __init__(self, kind, election):
        self.strobe = deepcopy(START)
        self.absorb("suite", SUITE).absorb("kind", kind).absorb("election", election)

    def absorb(self, label, value):
        """Absorb an integer as 8 bytes little-endian, a text as UTF-8, bytes as they are."""
        if isinstance(value, int):
            value = value.to_bytes(8, "little")
        elif isinstance(value, str):
            value = value.encode("utf-8")
        self.strobe.message(label.encode("ascii"), value)
        return self

    def absorb_list(self, label, values):
        """Absorb the length under `count`, then each item under the label."""
        self.absorb("count", len(values))
        for value in values:
            self.absorb(label, value)
        return self

    def context(self, **fields):
        """Absorb fields in the order given; an underscore in a name stands for the hyphen of the label."""
        for label, value in fields.items():
            self.absorb(label.replace("_", "-"), value)
        return self

    def challenge(self, label):
        """Squeeze a challenge; zero is refused."""
        n = wide_scalar(self.strobe.squeeze(label.encode("ascii"), 64))
        require(n, "CRY-7", "a challenge is zero")
        return n
