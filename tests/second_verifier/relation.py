"""Contests as relations over bits and amounts (CRY-20 to CRY-25)."""

import range_proof
from cbor import require
from ristretto import L

LARGEST = 4096
BOUND = 2**63
AMOUNT = 2**32 - 1
MOST_WIDE = 128


class Relation:
    """K slots with sparse rows of weights over a witness of N values, and M rules, each sparse coefficients and a target.

    The witness holds bits, and amounts below 2^32 at the positions that are listed in `wide`.
    """

    def __init__(self, slots, length, weights, rules, wide=()):
        require(1 <= slots <= LARGEST and 1 <= length <= LARGEST and len(rules) <= LARGEST, "CRY-23", "too few or too many rows")
        require(len(wide) <= MOST_WIDE, "CRY-25", "too many wide positions")
        require(all(a < b for a, b in zip(wide, wide[1:])), "CRY-25", "wide positions not ascending")
        require(all(0 <= position < length for position in wide), "CRY-25", "a wide position outside the witness")
        require(len(weights) == slots, "CRY-21", "not one row of weights for each slot")
        for row in weights + [coefficients for coefficients, _ in rules]:
            positions = [position for position, _ in row]
            require(all(a < b for a, b in zip(positions, positions[1:])), "CRY-21", "positions not ascending")
            require(all(0 <= position < length for position in positions), "CRY-21", "a position outside the witness")
            require(all(factor for _, factor in row), "CRY-21", "a factor of zero")
        self.largest = largest = [AMOUNT if i in wide else 1 for i in range(length)]
        for row in weights:
            require(all(factor > 0 for _, factor in row), "CRY-21", "a weight that is not positive")
            require(sum(factor * largest[i] for i, factor in row) < BOUND, "CRY-22", "weights that may wrap around")
        for row, target in rules:
            require(sum(abs(factor) * largest[i] for i, factor in row) + abs(target) < BOUND, "CRY-22", "coefficients that may wrap around")
        self.slots, self.length, self.weights, self.rules, self.wide = slots, length, weights, rules, list(wide)

    def sealed_length(self):
        """CRY-31, CRY-27."""
        amounts = len(self.wide)
        more = 32 * (amounts + 2) + range_proof.length(padded(amounts)) if amounts else 0
        return 32 * (self.slots + self.length + 7) + more

    def holds(self, witness):
        """Whether the values are in their ranges and obey every rule."""
        return all(0 <= value <= largest for value, largest in zip(witness, self.largest, strict=True)) and all(
            sum(factor * witness[i] for i, factor in row) == target for row, target in self.rules)

    def values(self, witness):
        """The slot values of a witness, modulo L."""
        return [sum(factor * witness[i] for i, factor in row) % L for row in self.weights]


def padded(count):
    """The power of two that a range proof is about."""
    return 1 << (count - 1).bit_length()


def tight_bits(maximum):
    """The weights of bits whose sums are exactly 0..maximum (CRY-24)."""
    weights, power = [], 1
    while maximum:
        weights.append(min(power, maximum))
        maximum -= weights[-1]
        power *= 2
    return weights
