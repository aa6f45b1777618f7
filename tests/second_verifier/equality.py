"""Equality proofs (CRY-60, CRY-61) and rehearsals (CRY-73)."""

from cbor import require
from ristretto import G, point, scalar


def equality_equations(transcript, base, images, images2, proof):
    """The two equations; base and images are 32-byte strings."""
    require(len(proof) == 96, "CRY-61", "an equality proof that has not 96 bytes")
    require(len(images) == len(images2) > 0, "CRY-61", "not as many images as images")
    b, r, r2, s = point(base), point(proof[:32]), point(proof[32:64]), scalar(proof[64:])
    xs, ms = [point(x) for x in images], [point(m) for m in images2]
    transcript.absorb("base", base).absorb("count", len(images))
    for image in images:
        transcript.absorb("image", image)
    for image in images2:
        transcript.absorb("image2", image)
    v = transcript.challenge("v")
    c = transcript.absorb("R", proof[:32]).absorb("R2", proof[32:64]).challenge("c")
    first, second, factor = [(s, G), (-1, r)], [(s, b), (-1, r2)], c
    for x, m in zip(xs, ms):
        factor = factor * v
        first.append((-factor, x))
        second.append((-factor, m))
    return [first, second]


def rehearsal_equations(transcript, shares, proof):
    """The equations of a rehearsal over all verification shares; the context is absorbed already."""
    r = transcript.challenge("test-point")
    base = bytes(r * G)
    return equality_equations(transcript, base, shares, [bytes(r * point(share)) for share in shares], proof)
