"""Contests as relations over bits (CRY-20 to CRY-24)."""

from cbor import require
from ristretto import L

LARGEST = 4096
BOUND = 2**63


class Relation:
    """K slots with sparse rows of weights over N bits, and M rules, each sparse coefficients and a target."""

    def __init__(self, slots, bits, weights, rules):
        require(1 <= slots <= LARGEST and 1 <= bits <= LARGEST and len(rules) <= LARGEST, "CRY-23", "too few or too many rows")
        require(len(weights) == slots, "CRY-21", "not one row of weights for each slot")
        for row in weights + [coefficients for coefficients, _ in rules]:
            positions = [position for position, _ in row]
            require(all(a < b for a, b in zip(positions, positions[1:])), "CRY-21", "positions not ascending")
            require(all(0 <= position < bits for position in positions), "CRY-21", "a position outside the witness")
            require(all(factor for _, factor in row), "CRY-21", "a factor of zero")
        for row in weights:
            require(all(factor > 0 for _, factor in row), "CRY-21", "a weight that is not positive")
            require(sum(factor for _, factor in row) < BOUND, "CRY-22", "weights that may wrap around")
        for row, target in rules:
            require(sum(abs(factor) for _, factor in row) + abs(target) < BOUND, "CRY-22", "coefficients that may wrap around")
        self.slots, self.bits, self.weights, self.rules = slots, bits, weights, rules

    def sealed_length(self):
        """CRY-31."""
        return 32 * (self.slots + self.bits + 7)

    def holds(self, witness):
        """Whether a list of bits obeys every rule."""
        return all(bit in (0, 1) for bit in witness) and all(
            sum(factor * witness[i] for i, factor in row) == target for row, target in self.rules)

    def values(self, witness):
        """The slot values of a witness, modulo L."""
        return [sum(factor * witness[i] for i, factor in row) % L for row in self.weights]


def tight_bits(maximum):
    """The weights of bits whose sums are exactly 0..maximum (CRY-24)."""
    weights, power = [], 1
    while maximum:
        weights.append(min(power, maximum))
        maximum -= weights[-1]
        power *= 2
    return weights
