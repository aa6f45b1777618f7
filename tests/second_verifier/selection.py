"""Sealed contests and their proof (CRY-30 to CRY-39); with amounts, those of chapter 03c."""

from copy import deepcopy

import range_proof
from cbor import require
from relation import padded
from ristretto import G, H, L, Q, point, scalar, total
from transcript import Transcript


# The labels of what is announced; the last only where there are amounts.
ANNOUNCED = ("T1", "T0", "TC", "TV")


class Blocks:
    """Bytes taken off in blocks of 32."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        """The next blocks."""
        found = [self.data[self.at + 32 * i:self.at + 32 * i + 32] for i in range(count)]
        self.at += 32 * count
        return found

    def rest(self):
        """All that is left."""
        return self.data[self.at:]


def begun(relation, context, c, v):
    """The transcript up to the ciphertexts (CRY-33, CRY-28); `context` holds election, opening, joint_key, contest, credential, sequence, previous."""
    t = Transcript("selection", context["election"])
    for label in ("opening", "joint-key", "contest", "credential", "sequence", "previous"):
        t.absorb(label, context[label.replace("-", "_")])
    t.absorb("K", relation.slots).absorb("N", relation.length).absorb("M", len(relation.rules))
    for block in c:
        t.absorb("C", block)
    if relation.wide:
        t.absorb("n", len(relation.wide))
    for position, block in zip(relation.wide, v, strict=True):
        t.absorb("S", position).absorb("V", block)
    return t


def forked(t):
    """The state that the range proof continues (CRY-45)."""
    state = deepcopy(t.strobe)
    state.message(b"fork", b"range-proof")
    return state


class Sealed:
    """A sealed contest, decoded (CRY-31, CRY-32, CRY-27)."""

    def __init__(self, relation, data):
        k, n, wide = relation.slots, relation.length, len(relation.wide)
        require(len(data) == relation.sealed_length(), "CRY-32", "a sealed contest of another length")
        blocks = Blocks(data)
        self.relation = relation
        self.c, self.v, (self.a,) = blocks.take(k + 1), blocks.take(wide), blocks.take(1)
        self.announced = blocks.take(4 if wide else 3)
        numbers = blocks.take(n + (3 if wide else 2))
        self.range_proof = blocks.rest()
        self.C, self.V, self.A = [point(c) for c in self.c], [point(v) for v in self.v], point(self.a)
        self.T1, self.T0, self.TC, self.TV = [*map(point, self.announced), None][:4]
        answers = [scalar(number) for number in numbers]
        self.f, (self.z_r, self.z_h, self.z_g) = answers[:n], [*answers[n:], None][:3]
        require(not self.C[0].is_identity(), "CRY-32", "C_0 is the identity")

    def challenges(self, context):
        """y, z and x (CRY-33), and the state that the range proof continues."""
        t = begun(self.relation, context, self.c, self.v)
        fork = forked(t)
        t.absorb("A", self.a)
        y, z = t.challenge("y"), t.challenge("z")
        for label, block in zip(ANNOUNCED, self.announced):
            t.absorb(label, block)
        return y, z, t.challenge("x"), fork

    def q(self, y, x):
        """CRY-34, CRY-44."""
        f, power, result = self.f, 1, 0
        for i, value in enumerate(f):
            power = power * y % L
            if self.relation.largest[i] == 1:
                result += power * value * (value - x)
        for row, target in self.relation.rules:
            power = power * y % L
            result += x * power * (sum(factor * f[i] for i, factor in row) - x * target)
        return result % L

    def equations(self, context, slot_keys):
        """E1 and E2 (CRY-37), and with amounts E3 and those of the range proof (CRY-44, CRY-48)."""
        y, z, x, fork = self.challenges(context)
        first = [(x * value, Q(i)) for i, value in enumerate(self.f, 1)]
        first += [(x * self.z_r, Q(0)), (self.z_h, H), (self.q(y, x), G), (-x * x, self.A), (-x, self.T1), (-1, self.T0)]
        mu, power = 0, z
        second = [(z * self.z_r, G), (-x * z, self.C[0]), (-1, self.TC)]
        for row, key, c in zip(self.relation.weights, slot_keys, self.C[1:], strict=True):
            power = power * z % L
            mu += power * sum(factor * self.f[i] for i, factor in row)
            second += [(power * self.z_r, key), (-x * power, c)]
        found = [first, second + [(mu, G)]]
        return found + self._amounts(z, x, fork) if self.V else found

    def _amounts(self, z, x, fork):
        total, power, third = 0, 1, [(self.z_g, H), (-1, self.TV)]
        for position, v in zip(self.relation.wide, self.V):
            power = power * z % L
            total += power * self.f[position]
            third.append((-x * power, v))
        filled = self.v + [bytes(32)] * (padded(len(self.v)) - len(self.v))
        return [third + [(total, G)], *range_proof.equations(fork, filled, self.range_proof)]


def sealing(values, r, slot_keys):
    """The ciphertexts of slot values under r (CRY-30, CRY-39)."""
    return bytes(r * G) + b"".join(bytes(total([(m, G), (r, key)])) for m, key in zip(values, slot_keys, strict=True))
