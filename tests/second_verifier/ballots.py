"""Ballots and published audits (BAL-1 to BAL-7, AUD-1 to AUD-3)."""

from cbor import require
from ristretto import scalar
from selection import Sealed, sealing

MOST_BALLOTS = 64
MOST_AUDITS = 5
REVOTE_FIRST = 1


class Counted:
    """What the tally needs of a recorded ballot."""

    def __init__(self, position, roll_index, unit, weight, tracker, sealed):
        self.position, self.roll_index, self.unit, self.weight, self.tracker = position, roll_index, unit, weight, tracker
        self.sealed = sealed        # contest: points C_0..C_K


class Box:
    """The ballots and audits recorded so far."""

    def __init__(self, manifest, election, roll, opening, ceremony):
        self.manifest, self.election, self.roll, self.opening, self.ceremony = manifest, election, roll, opening, ceremony
        self.ballots = []
        self.latest = {}            # roll index: (number of ballots, tracker)
        self.audits = {}            # credential: how many
        self.seen = set()           # every C_0

    def has_ballot(self, roll_index):
        """Whether the voter has a ballot in the record."""
        return roll_index in self.latest

    def _sealed(self, credential, body):
        """The decoded contests, by index, and their equations (BAL-1 to BAL-4)."""
        require(credential in self.roll.index_of, "BAL-1", "no credential of the roll")
        require(body.O == self.opening, "BAL-2", "another opening")
        unit, _ = self.roll.units[self.roll.index_of[credential]]
        style = self.manifest.body.units[unit].contests
        require(len(body.contests) == len(style), "BAL-3", "another number of contests than the style has")
        lengths = [self.manifest.relations[c].sealed_length() for c in style]
        require([len(data) for data in body.contests] == lengths, "BAL-3", "a sealed contest of another length")
        found, equations = {}, []
        for contest, data in zip(style, body.contests):
            sealed = Sealed(self.manifest.relations[contest], data)
            context = {"election": self.election, "opening": self.opening, "joint_key": self.ceremony.J, "contest": contest,
                       "credential": credential, "sequence": body.sequence, "previous": body.previous}
            equations += sealed.equations(context, self.ceremony.joint.slot_keys[:sealed.relation.slots])
            found[contest] = sealed
        return found, equations

    def _fresh(self, found):
        """BAL-7."""
        firsts = [sealed.c[0] for sealed in found.values()]
        require(len(set(firsts)) == len(firsts) and not self.seen & set(firsts), "BAL-7", "a C_0 that occurred before")
        self.seen |= set(firsts)

    def ballot(self, entry, submission, overrides):
        """A `Ballot`; returns the equations of its proofs."""
        body, credential = entry.body, entry.who
        found, equations = self._sealed(credential, body)
        r = self.roll.index_of[credential]
        require(r not in overrides, "OVR-3", "the row has an override")
        count, tracker = self.latest.get(r, (0, bytes(32)))
        require(body.sequence == count + 1, "BAL-5", "another sequence number")
        require(body.previous == tracker, "BAL-5", "another previous tracker")
        most = 1 if self.manifest.body.revote == REVOTE_FIRST else MOST_BALLOTS
        require(count < most, "BAL-6", "too many ballots")
        self._fresh(found)
        self.latest[r] = (count + 1, submission)
        unit, weight = self.roll.units[r]
        points = {contest: sealed.C for contest, sealed in found.items()}
        self.ballots.append(Counted(entry.index, r, unit, weight, submission, points))
        return equations

    def audit(self, entry):
        """An `AuditedBallot`; returns the equations of its proofs."""
        kind, body, _ = entry.body.ballot
        require(kind == "Ballot", "AUD-1", "not the body of a ballot")
        found, equations = self._sealed(entry.who, body)
        require(len(entry.body.openings) == len(found), "AUD-1", "not one opening for each contest")
        for opened, sealed in zip(entry.body.openings, found.values()):
            slots = sealed.relation.slots
            require(len(opened.values) == slots, "AUD-2", "not one value for each slot")
            again = sealing(opened.values, scalar(opened.r, "AUD-2"), self.ceremony.joint.slot_keys[:slots])
            require(again == b"".join(sealed.c), "AUD-2", "the opening gives other ciphertexts")
        require(self.audits.get(entry.who, 0) < MOST_AUDITS, "AUD-3", "too many published audits")
        self._fresh(found)
        self.audits[entry.who] = self.audits.get(entry.who, 0) + 1
        return equations
