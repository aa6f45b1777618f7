"""Signatures and proofs of possession (CRY-10 to CRY-13), as equations for a batch."""

from cbor import require
from ristretto import G, point, scalar


def signature_equation(transcript, key, signature):
    """The equation of a signature over the context that the transcript has absorbed."""
    require(len(signature) == 64, "CRY-11", "a signature that has not 64 bytes")
    x, r, s = point(key), point(signature[:32]), scalar(signature[32:])
    require(not x.is_identity(), "CRY-11", "the key is the identity")
    c = transcript.absorb("key", key).absorb("R", signature[:32]).challenge("c")
    return [(s, G), (-1, r), (-c, x)]


def possession_equation(transcript, keys, proof):
    """The equation of a proof of possession of all keys (32-byte strings)."""
    require(len(proof) == 64, "CRY-13", "a proof of possession that has not 64 bytes")
    r, s = point(proof[:32]), scalar(proof[32:])
    elements = [point(key) for key in keys]
    require(not any(x.is_identity() for x in elements), "CRY-13", "a key is the identity")
    c = transcript.absorb_list("key", keys).absorb("R", proof[:32]).challenge("c")
    equation, power = [(s, G), (-1, r)], 1
    for x in elements:
        power *= c
        equation.append((-power, x))
    return equation
