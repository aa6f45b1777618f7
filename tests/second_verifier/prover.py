"""Signatures and proofs, made by the rules that verify them. For tests: nothing here hides a secret from a clock."""

from functools import lru_cache
from secrets import randbelow

import chacha
import range_prover
from relation import padded
from ristretto import G, H, L, Q, point, total
from selection import ANNOUNCED, begun, forked, sealing
from transcript import Transcript, tagged_hash


def secret():
    """A uniform scalar that is not zero."""
    return 1 + randbelow(L - 1)


@lru_cache(maxsize=1 << 16)
def public(x):
    """The 32 bytes of xG."""
    return bytes(x * G)


def number(n):
    """A scalar's 32 bytes."""
    return (n % L).to_bytes(32, "little")


def signature(transcript, x):
    """CRY-10."""
    k = secret()
    r = public(k)
    c = transcript.absorb("key", public(x)).absorb("R", r).challenge("c")
    return r + number(k + c * x)


def possession(transcript, xs):
    """CRY-12."""
    k = secret()
    r = public(k)
    c = transcript.absorb_list("key", [public(x) for x in xs]).absorb("R", r).challenge("c")
    return r + number(k + sum(pow(c, j, L) * x for j, x in enumerate(xs, 1)))


def equality(transcript, base, xs):
    """CRY-60: the second images, and the proof."""
    b, k = point(base), secret()
    images2 = [bytes(x * b) for x in xs]
    transcript.absorb("base", base).absorb("count", len(xs))
    for x in xs:
        transcript.absorb("image", public(x))
    for image in images2:
        transcript.absorb("image2", image)
    v = transcript.challenge("v")
    r, r2 = public(k), bytes(k * b)
    c = transcript.absorb("R", r).absorb("R2", r2).challenge("c")
    return images2, r + r2 + number(k + c * sum(pow(v, j, L) * x for j, x in enumerate(xs, 1)))


def rehearsal(transcript, xs):
    """CRY-73."""
    return equality(transcript, public(transcript.challenge("test-point")), xs)[1]


def sealed(relation, context, slot_keys, witness):
    """A sealed contest and its r (CRY-30 to CRY-36, CRY-26, CRY-29); a witness that breaks the relation gives a proof that does not hold."""
    n, wide, r, alpha, s, beta, rho, eta = relation.length, relation.wide, *(secret() for _ in range(6))
    a, g = [secret() for _ in range(n)], [secret() for _ in wide]
    c = sealing(relation.values(witness), r, slot_keys)
    v = [bytes(total([(witness[i], G), (blinding, H)])) for i, blinding in zip(wide, g)]
    bases, bits = [Q(i) for i in range(n + 1)], [i for i in range(n) if i not in wide]
    announced = bytes(total([(r, bases[0]), (alpha, H), *zip(witness, bases[1:])]))
    t = begun(relation, context, [c[i:i + 32] for i in range(0, len(c), 32)], v)
    fork = forked(t)
    t.absorb("A", announced)
    y, z = t.challenge("y"), t.challenge("z")
    e1 = sum(pow(y, i + 1, L) * a[i] * (2 * witness[i] - 1) for i in bits)
    e1 += sum(pow(y, n + k, L) * sum(f * a[i] for i, f in row) for k, (row, _) in enumerate(relation.rules, 1))
    e0 = sum(pow(y, i + 1, L) * a[i] ** 2 for i in bits)
    t1 = bytes(total([(s, bases[0]), (beta, H), (e1, G), *zip(a, bases[1:])]))
    t0 = bytes(total([(rho, H), (e0, G)]))
    powers = [pow(z, j + 1, L) for j in range(1, relation.slots + 1)]
    mu = sum(p * sum(f * a[i] for i, f in row) for p, row in zip(powers, relation.weights))
    tc = bytes(total([(mu, G), (s * z, G), *((s * p, key) for p, key in zip(powers, slot_keys))]))
    shown = [t1, t0, tc]
    if wide:
        shown.append(bytes(total([(sum(pow(z, h, L) * a[i] for h, i in enumerate(wide, 1)), G), (eta, H)])))
    for label, block in zip(ANNOUNCED, shown):
        t.absorb(label, block)
    x = t.challenge("x")
    answers = [x * w + m for w, m in zip(witness, a)] + [x * r + s, x * x * alpha + x * beta + rho]
    proof = b""
    if wide:
        answers.append(x * sum(pow(z, h, L) * blinding for h, blinding in enumerate(g, 1)) + eta)
        filling = [0] * (padded(len(wide)) - len(wide))
        proof = range_prover.proved(fork, [witness[i] for i in wide] + filling, g + filling)
    return c + b"".join([*v, announced, *shown, *map(number, answers), proof]), r


def evaluated(coefficients, i):
    """A polynomial's value."""
    return sum(c * pow(i, h, L) for h, c in enumerate(coefficients)) % L


def dealt(election, dealer, part, polynomials, share_keys, bad=()):
    """The content of a dealing part (CRY-52, CRY-54); boxes of the recipients in `bad` hold a wrong share."""
    commitments = [public(a) for polynomial in polynomials for a in polynomial]
    t = Transcript("constant-term-possession", election).context(dealer=dealer, part=part).absorb_list("coefficient", commitments)
    proof, boxes = possession(t, [polynomial[0] for polynomial in polynomials]), []
    for i, key in enumerate(share_keys, 1):
        boxes.append(box(election, dealer, i, part, key, b"".join(number(evaluated(p, i) + (i in bad)) for p in polynomials)))
    return [part, b"".join(commitments), proof, boxes]


def box(election, dealer, recipient, part, share_key, plain):
    """A box (CRY-54) that holds these bytes."""
    e = secret()
    ephemeral, shared = public(e), bytes(e * point(share_key))
    t = Transcript("ephemeral-possession", election).context(dealer=dealer, recipient=recipient, part=part, Y=share_key)
    box_key = tagged_hash("share-key", election, dealer, recipient, part, ephemeral, share_key, shared)
    return [ephemeral, possession(t, [e]), chacha.sealing(box_key, plain)]
