"""Counted set, tally groups, sums, decryption and results (TAL-1 to TAL-12)."""

from cbor import Refused, require
from dealing import lagrange
from equality import equality_equations
from equation import hold
from manifest import SMALL_TALLY
from ristretto import G, point, total
from schema import ChooseOne, Question
from transcript import Transcript, tagged_hash


class Group:
    """A tally group: its units and counted ballots, and, if it is open, sums and what was posted about them."""

    def __init__(self, units, ballots):
        self.units, self.ballots = units, ballots
        self.open = self.withheld = False
        self.right, self.wrong, self.totals = {}, set(), None

    def joined(self, other):
        """This group and the one after it, as one."""
        return Group(self.units + other.units, self.ballots + other.ballots)

    def aggregate(self, contest, slots):
        """The weighted sums of C_0..C_K (TAL-11)."""
        sums = []
        for j in range(slots + 1):
            value = total([(ballot.weight, ballot.sealed[contest][j]) for ballot in self.ballots])
            sums.append(point(bytes(value)))
        self.sums = sums

    def decrypted(self, threshold, others=False):
        """The points T_j from k right partial decryptions, the first or the last ones (TAL-9)."""
        chosen = sorted(self.right)[-threshold:] if others else sorted(self.right)[:threshold]
        weights = lagrange(chosen)
        return [total([(1, c)] + [(-weights[i], self.right[i][j]) for i in chosen]) for j, c in enumerate(self.sums[1:])]


def groups_of(units, ballots, smallest):
    """The tally groups of a contest (TAL-8); `ballots` are the counted ones, in the order of the record."""
    groups = [Group([unit], [b for b in ballots if b.unit == unit]) for unit in units]
    while len(groups) > 1:
        small = next((i for i, group in enumerate(groups) if 0 < len(group.ballots) < smallest), None)
        if small is None:
            break
        first = small if small + 1 < len(groups) else small - 1
        groups[first:first + 2] = [groups[first].joined(groups[first + 1])]
    return groups


class Tally:
    """The tally as the record before the `Closing` determines it."""

    def __init__(self, manifest, election, opening, ballots, overrides=()):
        self.manifest, self.election = manifest, election
        body = manifest.body
        last = {}
        for ballot in ballots:
            last[ballot.roll_index] = ballot
        # TAL-7, OVR-4
        counted = [b for b in ballots if last[b.roll_index] is b and b.roll_index not in overrides]
        self.counted = len(counted)
        self.groups = []
        for contest in range(len(body.contests)):
            units = [u for u, unit in enumerate(body.units) if contest in unit.contests]
            groups = groups_of(units, [b for b in counted if b.unit in units], body.minimum_unit)
            for group in groups:
                group.ballots.sort(key=lambda ballot: ballot.position)
                small = len(group.ballots) < body.minimum_unit
                group.withheld = bool(group.ballots) and small and SMALL_TALLY not in body.waivers
                group.open = bool(group.ballots) and not group.withheld
                if group.open:
                    group.aggregate(contest, manifest.relations[contest].slots)
            self.groups.append(groups)
        listed = [[[group.units, [b.tracker for b in group.ballots]] for group in groups] for groups in self.groups]
        self.fingerprint = tagged_hash("counted", opening, listed)

    def open_groups(self):
        """Every open group."""
        return [group for groups in self.groups for group in groups if group.open]

    def _open(self, body):
        known = body.contest < len(self.groups) and body.group < len(self.groups[body.contest])
        require(known and self.groups[body.contest][body.group].open, "TAL-1", "no open group")
        return self.groups[body.contest][body.group], self.manifest.relations[body.contest].slots

    def partial(self, ceremony, closing, trustee, body):
        """A `PartialDecryption` by an active trustee."""
        group, slots = self._open(body)
        require(len(body.partials) == 32 * slots, "TAL-2", "not one point for each slot")
        require(trustee in ceremony.remaining, "TAL-1", "the trustee is not active")
        parts = [body.partials[i:i + 32] for i in range(0, len(body.partials), 32)]
        t = Transcript("decryption", self.election).context(
            closing=closing, joint_key=ceremony.J, contest=body.contest, group=body.group, trustee=trustee)
        shares = [bytes(x) for x in ceremony.joint.shares[trustee][:slots]]
        try:
            right = hold(equality_equations(t, bytes(group.sums[0]), shares, parts, body.proof))
        except Refused:
            right = False
        if right:
            require(trustee not in group.right, "TAL-3", "a second right partial decryption")
            group.right[trustee] = [point(part) for part in parts]
        else:
            require(trustee not in group.wrong, "TAL-3", "a second wrong partial decryption")
            group.wrong.add(trustee)

    def result(self, body):
        """A `Result`; returns whether it was the last."""
        group, slots = self._open(body)
        m, k = self.manifest.body, self.manifest.body.k
        require(group.totals is None, "TAL-6", "a second result")
        require(len(group.right) >= k, "TAL-4", "fewer than k right partial decryptions")
        require(len(body.totals) == slots, "TAL-5", "not one total for each slot")
        contest, voters = self.manifest.contests[body.contest], m.roll_length * m.largest_weight
        within = all(t <= voters * most for t, most in zip(body.totals, contest.maxima))
        require(within, "TAL-5", "a total beyond its bound (TAL-10)")
        # VER-11: from two different choices of trustees where there are more than k.
        for others in (False, True):
            found = group.decrypted(k, others)
            require(all(t * G == p for t, p in zip(body.totals, found, strict=True)), "TAL-5", "a total that the ballots do not add up to")
        weight = sum(ballot.weight for ballot in group.ballots)
        within = all(t <= weight * most for t, most in zip(body.totals, contest.maxima))
        require(within, "VER-12", "a total above the weight of its ballots")
        if isinstance(contest.kind, (ChooseOne, Question)):
            require(sum(body.totals) == weight, "VER-12", "totals that do not add up to the weight of the ballots")
        group.totals = body.totals
        return all(g.totals is not None for g in self.open_groups())
