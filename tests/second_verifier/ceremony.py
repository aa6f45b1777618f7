"""The key ceremony (CER-1 to CER-20)."""

from cbor import Refused, require
from dealing import JointKey, Part, complaint_equations, is_bad
from equality import rehearsal_equations
from transcript import Transcript, tagged_hash

STAGE_OF = {"DealingCommitment": 1, "Dealing": 2, "Complaint": 3, "CeremonyConfirmation": 3}
REHEARSAL_STAGE, ENDED = 4, 5
MOST_REHEARSALS = 16
RECENT = 4096


class Ceremony:
    """The stages as the record shows them."""

    def __init__(self, manifest, slots, election):
        self.manifest, self.slots, self.election = manifest, slots, election
        self.n = len(manifest.trustees)
        self.remaining = list(range(1, self.n + 1))
        self.stage, self.failed = 1, False
        self.per_part = 1700 // (manifest.k + self.n)
        self.part_count = -(-slots // self.per_part)
        self.committed = {}         # trustee: part hashes
        self.parts = {}             # (dealer, part): Part
        self.ephemeral = set()
        self.complaints = {}        # author: dealers complained of
        self.confirmed = set()
        self.leaving = set()        # dealers with upheld complaints, authors of false ones
        self.rehearsals = {}        # trustee: how many
        self.began = None           # the time of the entry with which the stage before ended
        self.dealings = self.J = self.joint = self.ended_stage_3 = None

    def submitted(self, entry, entry_hashes, named):
        """A trustee's body; `named` are indices of opening and continuations. Returns (rule, equations) of its proofs."""
        i, body = entry.who, entry.body
        if entry.type == "Rehearsal":
            return self._rehearsal(i, body, entry_hashes, named)
        require(STAGE_OF[entry.type] == self.stage and not self.failed, "CER-1", "not in this stage")
        require(i in self.remaining and not self._completed(i), "CER-1", "a trustee that has left, or completed the stage")
        return getattr(self, "_" + entry.type)(i, body, entry)

    def _completed(self, i):
        if self.stage == 1:
            return i in self.committed
        if self.stage == 2:
            return all((i, part) in self.parts for part in range(self.part_count))
        return i in (self.confirmed if self.stage == 3 else self.rehearsals)

    def _DealingCommitment(self, i, body, entry):
        require(len(body.parts) == self.part_count, "CER-2", "another number of parts")
        self.committed[i] = body.parts
        return "CER-2", []

    def _Dealing(self, i, body, entry):
        part = body.part
        require(part < self.part_count and (i, part) not in self.parts, "CER-3", "no such part, or posted before")
        found = tagged_hash("dealing", self.election, i, part, entry.body_bytes)
        require(found == self.committed[i][part], "CER-3", "another part than was committed to")
        slots = min(self.per_part, self.slots - part * self.per_part)
        share_keys = [trustee.share_key for trustee in self.manifest.trustees]
        read = Part(self.election, i, part, self.manifest.k, slots, share_keys, body.coefficients, body.possession, body.boxes)
        points = {box.E for box in body.boxes}
        require(not points & self.ephemeral, "CER-4", "an ephemeral point of another part")
        self.ephemeral |= points
        self.parts[i, part] = read
        return "CER-4", read.equations

    def _Complaint(self, i, body, entry):
        dealer, part = body.dealer, body.part
        require(dealer in self.remaining and dealer != i, "CER-5", "a dealer that does not remain, or oneself")
        require((dealer, part) in self.parts, "CER-5", "no such part")
        require(dealer not in self.complaints.get(i, ()), "CER-5", "a second complaint of one dealer")
        context = {"election": self.election, "dealings": self.dealings, "complainer": i, "dealer": dealer, "part": part}
        box = self.parts[dealer, part].boxes[i - 1]
        equations = complaint_equations(context, self.manifest.trustees[i - 1].share_key, box.E, body.B, body.proof)
        # CER-12. The proof is checked with all others; without it the entry, and so the verdict, does not stand.
        self.leaving.add(dealer if is_bad(self.parts[dealer, part], i, body.B) else i)
        self.complaints.setdefault(i, set()).add(dealer)
        return "CER-6", equations

    def _CeremonyConfirmation(self, i, body, entry):
        require(body.dealings == self.dealings, "CER-7", "other dealings")
        require(body.complaints == sorted(self.complaints.get(i, ())), "CER-7", "not exactly the dealers complained of")
        self.confirmed.add(i)
        return "CER-7", []

    def _rehearsal(self, i, body, entry_hashes, named):
        require(self.stage >= REHEARSAL_STAGE and not self.failed, "CER-9", "before the end of stage 3")
        require(i in self.remaining, "CER-1", "a trustee that has left")
        require(self.rehearsals.get(i, 0) < MOST_REHEARSALS, "CER-10", "too many rehearsals")
        place, here = body.entry, len(entry_hashes)
        require(body.J == self.J, "CER-9", "another joint key")
        require(self.ended_stage_3 <= place < here, "CER-9", "an entry outside the range")
        recent = place >= here - RECENT or place == self.ended_stage_3 or place in named
        require(recent and entry_hashes[place] == body.entry_hash, "CER-9", "an entry too old, or another hash")
        t = Transcript("rehearsal", self.election).context(
            joint_key=self.J, trustee=i, index=place, entry_hash=body.entry_hash)
        equations = rehearsal_equations(t, [bytes(x) for x in self.joint.shares[i]], body.proof)
        self.rehearsals[i] = self.rehearsals.get(i, 0) + 1
        return "CER-9", equations

    def due(self):
        """When the present stage may be ended by the authority (CER-29)."""
        deadlines, s = self.manifest.stage_deadlines, self.stage - 1
        return max(deadlines[s], self.began + deadlines[s] - deadlines[s - 1]) if s else deadlines[0]

    def advance(self, index, time):
        """End the stage if its last remaining trustee has completed it (CER-13), at the entry with this index."""
        if self.stage < ENDED and not self.failed and all(map(self._completed, self.remaining)):
            self.end_stage(index, time)

    def end_stage(self, index, time):
        """What happens when a stage ends (CER-11, CER-13, CER-14)."""
        self.remaining = [i for i in self.remaining if self._completed(i) and i not in self.leaving]
        self.stage, self.began = self.stage + 1, time
        if len(self.remaining) < self.manifest.q:
            self.failed = True
        elif self.stage == 3:
            hashes = [[i, self.committed[i]] for i in self.remaining]
            self.dealings = tagged_hash("dealings", self.election, hashes)
        elif self.stage == REHEARSAL_STAGE:
            self.ended_stage_3 = index
            self._make_key()

    def _make_key(self):
        try:
            self.joint = JointKey(self.manifest.k, self.slots, {
                i: [c for part in range(self.part_count) for c in self.parts[i, part].commitments] for i in self.remaining})
        except Refused:
            self.failed = True
            return
        keys = [bytes(key) for key in self.joint.slot_keys]
        shares = [[bytes(x) for x in self.joint.shares[i]] for i in self.remaining]
        self.J = tagged_hash("joint-key", self.election, self.dealings, self.remaining, keys, shares)
