"""The entries of an election, one after the other (ENT-1 to ENT-7), each refused by a rule or applied to the state."""

import note
from ballots import Box
from cbor import Refused, require
from ceremony import ENDED, Ceremony
from equation import Batch
from manifest import Manifest
from roll import Roll
from schnorr import signature_equation
from tally import Tally
from transcript import Transcript, tagged_hash
from tree import Frontier, leaf

SETUP, VOTING, CLOSED, TALLIED, FAILED = "Setup", "Voting", "Closed", "Tallied", "Failed"

AUTHORS = {
    "Manifest": "authority", "StageEnd": "authority", "Opening": "authority", "Extension": "authority", "Override": "authority", "Continuation": "authority",
    "Notice": "authority", "Roll": "registrar", "Replacement": "registrar", "DealingCommitment": "trustee", "Dealing": "trustee",
    "Complaint": "trustee", "CeremonyConfirmation": "trustee", "Rehearsal": "trustee", "PartialDecryption": "trustee",
    "Retirement": "trustee",
    "Ballot": "credential", "AuditedBallot": "credential", "Result": "anyone",
}
PHASES = {
    "Continuation": (SETUP, VOTING, CLOSED, TALLIED, FAILED), "Notice": (SETUP, VOTING, CLOSED, TALLIED, FAILED),
    "Rehearsal": (SETUP, VOTING), "Replacement": (SETUP, VOTING),
    "Ballot": (VOTING,), "AuditedBallot": (VOTING,), "Extension": (VOTING,), "Override": (VOTING,), "Closing": (VOTING,),
    "PartialDecryption": (CLOSED,), "Result": (CLOSED,), "Retirement": (TALLIED, FAILED),
}
MINUTE = 60
TOLERANCE = 600     # seconds (EVD-11)


class Election:
    """The state after the entries applied so far. Proofs are collected in `batch`: whoever applied entries must check it."""

    def __init__(self, first):
        require(first.type == "Manifest" and first.role == "authority", "MAN-1", "entry 0 is no manifest by an authority")
        self.manifest = Manifest(first.body)
        self.fingerprint = tagged_hash("election", first.body_bytes)
        self.phase, self.batch = SETUP, Batch()
        self.roll = Roll(first.body, self.fingerprint)
        self.ceremony = Ceremony(first.body, self.manifest.slots, self.fingerprint)
        self.hashes, self.ids, self.named = [], set(), set()
        self.time, self.tree = 0, Frontier()
        self.log, self.log_key, self.policy = 1, self.manifest.log_key, self.manifest.policy
        self.closing_time = first.body.closing
        self.opening = self.closing = self.box = self.tally = None
        self.overrides = {}     # roll index: reason

    def apply(self, entry):
        """Apply the next entry, or refuse it."""
        here = len(self.hashes)
        require(here == 0 or entry.type != "Manifest", "MAN-1", "a second manifest")
        submission = tagged_hash("submission", self.fingerprint, entry.author_bytes, entry.body_bytes)
        require(submission not in self.ids, "ENT-6", "a submission id occurs twice")
        self._check_author(entry)
        require(self.phase in PHASES.get(entry.type, (SETUP,)), "ENT-7", f"{entry.type} has no place in {self.phase}")
        require(entry.index == here, "ENT-1", "another index than its place")
        require(entry.previous == (self.hashes[-1] if here else bytes(32)), "ENT-2", "another entry before it")
        require(entry.time >= self.time, "ENT-3", "a time before that of the entry before")
        if here:
            claimed = getattr(self, "_" + entry.type)(entry, submission)
            if claimed:
                self.batch.claim(claimed[0], "a proof that does not hold", here, claimed[1])
        self.ids.add(submission)
        self.time = entry.time
        self.hashes.append(tagged_hash("entry", entry.bytes))
        self.tree.append(leaf(entry.bytes))
        if entry.type == "Continuation":
            self._continue(entry, here)
        self._settle(entry, here)

    def _check_author(self, entry):
        """ENT-4 and ENT-5."""
        m = self.manifest.body
        expected = AUTHORS.get(entry.type)
        if entry.type == "Closing":
            expected = "authority" if self.manifest.policy.quorum == "none" else "anyone"
        require(entry.role == expected, "ENT-4", f"{entry.type} by {entry.role}")
        if entry.role == "anyone":
            require(entry.signature == b"", "ENT-5", "a signature of nobody")
            return
        if entry.role in ("registrar", "trustee"):
            officials = m.registrars if entry.role == "registrar" else m.trustees
            require(1 <= entry.who <= len(officials), "ENT-4", "no such official")
            key = officials[entry.who - 1].signing_key
        else:
            key = m.authority.signing_key if entry.role == "authority" else entry.who
        t = Transcript("entry-signature", self.fingerprint).context(author=entry.author_bytes, body=entry.body_bytes)
        try:
            equation = signature_equation(t, key, entry.signature)
        except Refused as refusal:
            raise Refused("ENT-5", refusal.why) from None
        self.batch.claim("ENT-5", "the signature is not valid", len(self.hashes), [equation])

    def _settle(self, entry, here):
        """What follows from the entry: ends of stages and phases."""
        if self.phase == SETUP:
            self.ceremony.advance(here, entry.time)
            if self.ceremony.failed:
                self.phase = FAILED
        if entry.type == "Opening":
            self.phase, self.opening = VOTING, self.hashes[here]
            self.named.add(here)
            self.box = Box(self.manifest, self.fingerprint, self.roll, self.opening, self.ceremony)
        elif entry.type == "Closing":
            self.closing = self.hashes[here]
            self.phase = CLOSED if self.tally.open_groups() else TALLIED

    def _check_evidence(self, evidence, minutes, before=None):
        """Time evidence (CLO-2) that the time had come before this entry, and another (in seconds) had not."""
        policy = self.policy
        if policy.quorum == "none":
            require(evidence == b"", "CLO-2", "evidence where the authority's signature stands for it")
            return
        try:
            origin, size, root, found = note.open_checkpoint(evidence, policy.keys(), strict=True)
        except Refused as refusal:
            raise Refused("CLO-2", str(refusal)) from None
        require(origin == self.log_key.name, "CLO-2", "a checkpoint of another log")
        require((size, root) == (self.tree.size, self.tree.root()), "CLO-2", "a checkpoint of other entries")
        if before is not None:
            found = [(key, time) for key, time in found if time is not None and time < before]
        require(policy.is_met(found, MINUTE * minutes), "CLO-2", "the quorum has not seen that time")

    def _Roll(self, entry, submission):
        return "ROL-3", self.roll.chunk(entry.who, entry.body, submission)

    def _Replacement(self, entry, submission):
        require(entry.body.index not in self.overrides, "OVR-3", "the row has an override")
        voted = self.box.has_ballot if self.box else lambda r: False
        return "ROL-3", self.roll.replacement(entry.who, entry.body, voted)

    def _trustee(self, entry, submission):
        return self.ceremony.submitted(entry, self.hashes, self.named)

    _DealingCommitment = _Dealing = _Complaint = _CeremonyConfirmation = _Rehearsal = _trustee

    def _StageEnd(self, entry, submission):
        stage = entry.body.stage
        require(1 <= stage < ENDED and stage == self.ceremony.stage, "CER-8", "not the present stage")
        deadline, due = self.ceremony.manifest.stage_deadlines[stage - 1], self.ceremony.due()
        try:
            self._check_evidence(entry.body.evidence, due)
        except Refused:
            # CER-29: a beginning that the witnesses' clocks had not reached.
            if deadline == due:
                raise
            self._check_evidence(entry.body.evidence, deadline, MINUTE * self.ceremony.began - TOLERANCE)
        self.ceremony.end_stage(len(self.hashes), entry.time)

    def _Opening(self, entry, submission):
        body = entry.body
        require(self.roll.fingerprint is not None and self.ceremony.stage == ENDED, "OPN-1", "roll or ceremony not complete")
        require(body.J == self.ceremony.J, "OPN-2", "another joint key")
        require(body.roll == self.roll.fingerprint, "OPN-2", "another roll")
        require(body.active == self.ceremony.remaining, "OPN-2", "other active trustees")

    def _Ballot(self, entry, submission):
        return "BAL-4", self.box.ballot(entry, submission, self.overrides)

    def _AuditedBallot(self, entry, submission):
        return "AUD-2", self.box.audit(entry)

    def _Extension(self, entry, submission):
        closing = entry.body.closing
        require(self.closing_time < closing <= self.manifest.body.latest_closing, "EXT-1", "not a later closing time, or too late")
        self.closing_time = closing

    def _Override(self, entry, submission):
        m, index = self.manifest.body, entry.body.index
        require(m.overrides, "OVR-1", "the manifest allows no overrides")
        require(index < m.roll_length and index not in self.overrides, "OVR-2", "no row of the roll, or overridden already")
        self.overrides[index] = entry.body.reason

    def _Closing(self, entry, submission):
        self.tally = Tally(self.manifest, self.fingerprint, self.opening, self.box.ballots, self.overrides)
        require(entry.body.counted == self.tally.fingerprint, "CLO-1", "another counted set")
        self._check_evidence(entry.body.evidence, self.closing_time + self.manifest.body.grace)

    def _PartialDecryption(self, entry, submission):
        self.tally.partial(self.ceremony, self.closing, entry.who, entry.body)

    def _Result(self, entry, submission):
        if self.tally.result(entry.body):
            self.phase = TALLIED

    def _Retirement(self, entry, submission):
        require(entry.body.J == self.ceremony.J, "RET-2", "another joint key than the record's, or none")

    def _Continuation(self, entry, submission):
        body = entry.body
        require(body.old_origin == self.log_key.name, "CON-1", "another log than this one")
        require((body.old_size, body.old_root) == (self.tree.size, self.tree.root()), "CON-1", "another tree than this log's")
        try:
            key = note.read_key(body.new_key, note.LOG_KEY)
        except Refused as refusal:
            raise Refused("CON-1", str(refusal)) from None
        require(key.name == f"{self.manifest.body.log_origin}/{self.log + 1}", "CON-1", "a key of another name")

    def _continue(self, entry, here):
        """The entry is leaf 0 of a new log under its own key (CON-1, CON-2)."""
        self.log, self.log_key = self.log + 1, note.read_key(entry.body.new_key, note.LOG_KEY)
        self.policy = self.policy.with_log(self.log_key)
        self.tree = Frontier()
        self.tree.append(leaf(entry.bytes))
        self.named.add(here)

    def _Notice(self, entry, submission):
        pass
