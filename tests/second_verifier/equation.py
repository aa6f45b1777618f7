"""Equations `sum of n * point = 0`, and many of them together (CRY-40 to CRY-43)."""

from secrets import randbits

from cbor import Refused
from ristretto import L, total


class Batch:
    """Equations collected while entries are read. Each belongs to a claim: what is refused if it does not hold."""

    def __init__(self):
        self.claims = []

    def __deepcopy__(self, memo):
        """A copied state owes the proofs of what is applied to the copy only."""
        return Batch()

    def claim(self, rule, why, index, equations):
        """Note equations, each a list of (n, point), that must all hold."""
        self.claims.append((rule, why, index, equations))

    def check(self):
        """Refuse with the first claim that is wrong."""
        if self._sum(self.claims).is_identity():
            return
        for rule, why, index, equations in self.claims:
            if not all(total(equation).is_identity() for equation in equations):
                raise Refused(rule, why, index)
        raise AssertionError("every equation holds but their weighted sum does not")

    @staticmethod
    def _sum(claims):
        """All equations with weights of their own (CRY-41); terms with the same point object are put together."""
        factors, points = {}, {}
        for *_, equations in claims:
            for equation in equations:
                weight = randbits(128)
                for n, point in equation:
                    points[id(point)] = point
                    factors[id(point)] = (factors.get(id(point), 0) + weight * n) % L
        return total([(n, points[key]) for key, n in factors.items()])


def hold(equations):
    """Whether every equation holds, each by itself, exactly (CRY-40)."""
    return bool(equations) and all(total(equation).is_identity() for equation in equations)
