"""The mathematics of the key ceremony (CRY-50 to CRY-58)."""

import chacha
from cbor import Refused, require
from equality import equality_equations
from ristretto import G, IDENTITY, L, point, points, scalar, total
from schnorr import possession_equation
from transcript import Transcript, tagged_hash

MOST_TRUSTEES = 32


def lagrange(indices):
    """The coefficients at 0, by index (CRY-51)."""
    require(indices and all(1 <= i <= MOST_TRUSTEES for i in indices), "CRY-51", "no indices, or one out of range")
    require(len(set(indices)) == len(indices), "CRY-51", "an index twice")
    coefficients = {}
    for i in indices:
        above = below = 1
        for m in indices:
            if m != i:
                above, below = above * m, below * (m - i)
        coefficients[i] = above * pow(below, -1, L) % L
    return coefficients


class Part:
    """What a dealing part says: coefficients and possession as bytes, boxes as (E, possession, sealed)."""

    def __init__(self, election, dealer, part, threshold, slots, share_keys, coefficients, possession, boxes):
        n, commitments = len(share_keys), [coefficients[i:i + 32] for i in range(0, len(coefficients), 32)]
        require(1 <= threshold <= n <= MOST_TRUSTEES and 1 <= dealer <= n and slots >= 1, "CRY-53", "parameters out of range")
        require(len(coefficients) == 32 * threshold * slots, "CRY-53", "another number of coefficient commitments")
        require(len(boxes) == n, "CRY-53", "another number of boxes")
        require(all(len(sealed) == 32 * slots + 16 for _, _, sealed in boxes), "CRY-53", "sealed shares of another length")
        require(len({e for e, _, _ in boxes}) == n, "CRY-53", "an ephemeral point twice")
        self.commitments = points(coefficients, "CRY-53")
        require(not any(c.is_identity() for c in self.commitments), "CRY-53", "a coefficient commitment is the identity")
        self.election, self.dealer, self.part, self.threshold, self.slots = election, dealer, part, threshold, slots
        self.share_keys, self.boxes = share_keys, boxes
        t = Transcript("constant-term-possession", election).context(dealer=dealer, part=part)
        t.absorb_list("coefficient", commitments)
        self.equations = [possession_equation(t, commitments[::threshold], possession)]
        for recipient, (e, proof, _) in enumerate(boxes, 1):
            t = Transcript("ephemeral-possession", election)
            t.context(dealer=dealer, recipient=recipient, part=part, Y=share_keys[recipient - 1])
            self.equations.append(possession_equation(t, [e], proof))

    def opening(self, recipient, shared):
        """The shares of a box opened with D (32 bytes), refused for the first cause that makes it bad (CRY-55)."""
        e, _, sealed = self.boxes[recipient - 1]
        fields = (self.election, self.dealer, recipient, self.part, e, self.share_keys[recipient - 1], shared)
        plain = opened_box(fields, sealed, self.slots)
        shares = [share_scalar(plain[i:i + 32]) for i in range(0, len(plain), 32)]
        for j, share in enumerate(shares):
            row = self.commitments[j * self.threshold:(j + 1) * self.threshold]
            terms = [(-pow(recipient, h, L), c) for h, c in enumerate(row)]
            require(total([(share, G)] + terms).is_identity(), "CRY-55", "not the share that was committed to")
        return shares


def opened_box(fields, sealed, slots):
    """The plaintext of a box (CRY-54); `fields` are those of the share key, in order."""
    require(len(sealed) == 32 * slots + 16, "CRY-55", "sealed shares of another length")
    plain = chacha.opened(tagged_hash("share-key", *fields), sealed)
    require(plain is not None, "CRY-55", "the authenticated decryption fails")
    return plain


def share_scalar(data):
    """A share, canonical (CRY-55)."""
    return scalar(data, "CRY-55")


class JointKey:
    """Slot keys and verification shares (CRY-56); `dealings` gives each qualified dealer all its commitments, over all parts."""

    def __init__(self, threshold, slots, dealings):
        require(len(dealings) >= threshold, "CRY-56", "fewer dealers than the threshold")
        require(all(len(c) == threshold * slots for c in dealings.values()), "CRY-56", "a dealing of another size")
        sums = [IDENTITY] * (threshold * slots)
        for commitments in dealings.values():
            sums = [a + b for a, b in zip(sums, commitments)]
        rows = [sums[j:j + threshold] for j in range(0, len(sums), threshold)]
        self.slot_keys = [point(bytes(row[0])) for row in rows]
        require(not any(key.is_identity() for key in self.slot_keys), "CRY-56", "a slot key is the identity")
        require(len({bytes(key) for key in self.slot_keys}) == slots, "CRY-56", "two slot keys are equal")
        require(not any(row[-1].is_identity() for row in rows), "CRY-56", "a sum of top coefficients is the identity")
        self.qualified = sorted(dealings)
        self.shares = {i: [point(bytes(total([(pow(i, h, L), c) for h, c in enumerate(row)]))) for row in rows]
                       for i in self.qualified}


def complaint_equations(context, share_key, ephemeral, revealed, proof):
    """The equations of a complaint (CRY-57); `context` holds election, dealings, complainer, dealer, part."""
    require(not any(point(p).is_identity() for p in (share_key, ephemeral, revealed)), "CRY-57", "E, Y or B is the identity")
    t = Transcript("complaint-equality", context["election"])
    t.context(dealings=context["dealings"], complainer=context["complainer"], dealer=context["dealer"],
              part=context["part"], E=ephemeral, Y=share_key)
    return equality_equations(t, ephemeral, [share_key], [revealed], proof)


def is_bad(part, recipient, revealed):
    """Whether a box is bad when it is opened with the revealed point."""
    try:
        part.opening(recipient, revealed)
    except Refused:
        return True
    return False
