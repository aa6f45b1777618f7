"""Sealed contests and their proof (CRY-30 to CRY-39)."""

from cbor import require
from ristretto import G, H, L, Q, point, scalar, total
from transcript import Transcript


class Sealed:
    """A sealed contest, decoded (CRY-31, CRY-32)."""

    def __init__(self, relation, data):
        k, n = relation.slots, relation.bits
        require(len(data) == relation.sealed_length(), "CRY-32", "a sealed contest of another length")
        blocks = [data[i:i + 32] for i in range(0, len(data), 32)]
        self.relation, self.blocks = relation, blocks
        decoded = [point(block) for block in blocks[:k + 5]]
        self.C, (self.A, self.T1, self.T0, self.TC) = decoded[:k + 1], decoded[k + 1:]
        numbers = [scalar(block) for block in blocks[k + 5:]]
        self.f, (self.z_r, self.z_h) = numbers[:n], numbers[n:]
        require(not self.C[0].is_identity(), "CRY-32", "C_0 is the identity")

    def challenges(self, context):
        """y, z and x (CRY-33); `context` holds election, opening, joint_key, contest, credential, sequence, previous."""
        k, relation, blocks = self.relation.slots, self.relation, self.blocks
        t = Transcript("selection", context["election"])
        for label in ("opening", "joint-key", "contest", "credential", "sequence", "previous"):
            t.absorb(label, context[label.replace("-", "_")])
        t.absorb("K", k).absorb("N", relation.bits).absorb("M", len(relation.rules))
        for block in blocks[:k + 1]:
            t.absorb("C", block)
        t.absorb("A", blocks[k + 1])
        y, z = t.challenge("y"), t.challenge("z")
        for label, block in zip(("T1", "T0", "TC"), blocks[k + 2:]):
            t.absorb(label, block)
        return y, z, t.challenge("x")

    def q(self, y, x):
        """CRY-34."""
        f, n, power, result = self.f, self.relation.bits, 1, 0
        for value in f:
            power = power * y % L
            result += power * value * (value - x)
        for row, target in self.relation.rules:
            power = power * y % L
            result += x * power * (sum(factor * f[i] for i, factor in row) - x * target)
        return result % L

    def equations(self, context, slot_keys):
        """E1 and E2 (CRY-37)."""
        y, z, x = self.challenges(context)
        first = [(x * value, Q(i)) for i, value in enumerate(self.f, 1)]
        first += [(x * self.z_r, Q(0)), (self.z_h, H), (self.q(y, x), G), (-x * x, self.A), (-x, self.T1), (-1, self.T0)]
        mu, power = 0, z
        second = [(z * self.z_r, G), (-x * z, self.C[0]), (-1, self.TC)]
        for row, key, c in zip(self.relation.weights, slot_keys, self.C[1:], strict=True):
            power = power * z % L
            mu += power * sum(factor * self.f[i] for i, factor in row)
            second += [(power * self.z_r, key), (-x * power, c)]
        return [first, second + [(mu, G)]]


def sealing(values, r, slot_keys):
    """The ciphertexts of slot values under r (CRY-30, CRY-39)."""
    return bytes(r * G) + b"".join(bytes(total([(m, G), (r, key)])) for m, key in zip(values, slot_keys, strict=True))
