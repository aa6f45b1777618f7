"""Files of evidence: what each shows, and of whom (EVD-1 to EVD-12, EVD-16 to EVD-18).

Of bodies it reads what the rules of evidence name. That they are complete is for the fold: the vectors' own manifests and ballots are not.
"""

from cbor import Refused, decode, require
from equation import hold
from note import LOG_KEY, open_checkpoint, read_key
from policy import Policy
from schema import BODIES, NAMES, author, digest, fields, listed, plain_text, point, points, proof64, proof96, string, u32, uint
from schnorr import signature_equation
from transcript import Transcript, tagged_hash
from tree import Receipt, consistency_holds, inclusion_holds, leaf

KINDS = ("split-view", "broken-promise", "broken-promise", "rollback", "clock", "clock", "two-messages", "broken-promise")
SIZES = (4, 3, 2, 2, 1, 2, 2, 4)
TOLERANCE = 600
# EVD-17: what a stage asks for. CER-45: what a trustee makes one of, told apart by these fields.
ASKED = {"DealingCommitment": 1, "Dealing": 2, "CeremonyConfirmation": 3, "Rehearsal": 4}
ONCE = {"DealingCommitment": (), "Dealing": (0,), "CeremonyConfirmation": (), "PartialDecryption": (0, 1)}
MANIFEST = {name: place for place, name in enumerate("""suite sealing election_id title texts contests units k q trustees registrars authority roll_length
    largest_weight revote replacement stage_deadlines opening closing latest_closing grace log_origin log_key policy minimum_unit waivers""".split())}
FIELDS = {"Manifest": len(MANIFEST), "Roll": 4, "DealingCommitment": 1, "Dealing": 4, "Complaint": 4, "CeremonyConfirmation": 2, "StageEnd": 2,
          "Rehearsal": 4, "Opening": 3, "Ballot": 4, "AuditedBallot": 2, "Replacement": 4, "Extension": 1, "Closing": 2, "PartialDecryption": 4,
          "Result": 3, "Continuation": 4, "Notice": 1, "Retirement": 1, "Override": 2}


# What convicts, clears or ends something is read in full (ENC-1), but for lists that must not be empty.
SHAPES = {
    "DealingCommitment": (listed(digest),), "Dealing": (u32, points, proof64, listed(fields("Box", E=point, possession=proof64, sealed=string()))),
    "Complaint": (u32, u32, point, proof96), "CeremonyConfirmation": (digest, listed(u32)), "StageEnd": (u32, string()),
    "Rehearsal": (digest, uint, digest, proof96), "Opening": (digest, digest, listed(u32)), "Closing": (digest, string()),
    "PartialDecryption": (u32, u32, points, proof96), "Continuation": (plain_text, uint, digest, plain_text),
}


def array(value, length, what):
    """An array of that many."""
    require(type(value) is list and len(value) == length, "EVD-1", f"not {what}")
    return value


def without_last_fields(content):
    """A manifest's fields without those that may be left out (MAN-25, MAN-40)."""
    known = type(content) is list
    if known and len(content) == FIELDS["Manifest"] + 2 and (content[-2] is True or content[-2] is None) and type(content[-1]) is list:
        bundle, boards = array(content[-1], 2, "pages")
        string(32)(bundle)
        listed(plain_text)(boards)
        return content[:-2]
    if known and len(content) == FIELDS["Manifest"] + 1 and content[-1] is True:
        return content[:-1]
    return content


def body(data):
    """(type, its fields) of a body."""
    require(len(data) <= 65_000, "ENC-2", "a body of more than 65,000 bytes")
    number, content = array(decode(data), 2, "a body")
    require(type(number) is int and number < len(BODIES), "ENC-1", "a type nobody knows")
    name = NAMES[number]
    if name == "Manifest":
        content = without_last_fields(content)
    array(content, FIELDS[name], "a body of its type")
    for read, value in zip(SHAPES.get(name, ()), content):
        read(value)
    return name, content


class Message:
    """What somebody signed: author, body, signature."""

    def __init__(self, parts):
        self.author_bytes, self.body_bytes, self.signature = map(string(), parts)
        self.role, self.who = author(self.author_bytes)
        self.type, self.content = body(self.body_bytes)

    def signed_with(self, key, election):
        """Refuse unless this key signed it for the election (ENT-5)."""
        context = Transcript("entry-signature", election).context(author=self.author_bytes, body=self.body_bytes)
        require(hold([signature_equation(context, key, self.signature)]), "ENT-5", "a signature that does not hold")


class Entry(Message):
    """What the board made of it."""

    def __init__(self, data):
        require(len(data) <= 65_535, "ENC-2", "an entry of more than 65,535 bytes")
        value = array(decode(data), 6, "an entry")
        self.index, self.time, self.bytes = uint(value[0]), uint(value[2]), data
        digest(value[1])
        super().__init__(value[3:])


class Evidence:
    """A file; `check` gives what the vectors state of it."""

    def __init__(self, data):
        require(len(data) <= 1_048_576, "EVD-1", "longer than evidence can be")
        form, self.manifest_bytes, continuations, claim = array(decode(data), 4, "a file of evidence")
        require(form == "vitrine/1/evidence" and type(continuations) is list, "EVD-1", "another format")
        self.number, parts = array(claim, 2, "a claim")
        require(type(self.number) is int and self.number < len(KINDS), "EVD-1", "a claim nobody knows")
        self.fields = array(parts, SIZES[self.number], "the fields of its claim")
        self.F = tagged_hash("election", string()(self.manifest_bytes))
        name, manifest = body(self.manifest_bytes)
        require(name == "Manifest", "EVD-2", "no manifest")
        self.policy = Policy(manifest[MANIFEST["policy"]])
        self.trustees, origin = manifest[MANIFEST["trustees"]], manifest[MANIFEST["log_origin"]]
        self.log, self.first = read_key(manifest[MANIFEST["log_key"]], LOG_KEY), 0
        for number, data in enumerate(continuations, 2):
            entry = Entry(string()(data))
            old_origin, old_size, _, key = entry.content if entry.type == "Continuation" else (None, 0, None, "")
            follows = entry.role == "authority" and old_origin == self.log.name and entry.index == self.first + old_size
            require(follows, "EVD-2", "an entry that continues nothing")
            entry.signed_with(manifest[MANIFEST["authority"]][1], self.F)
            self.log, self.first = read_key(key, LOG_KEY), entry.index
            require(self.log.name == f"{origin}/{number}", "EVD-2", "a successor of another name")
        self.continued = bool(continuations)
        self.keys = [self.log, *self.policy.witnesses.values()]

    # What stands in a file (EVD-3).

    def note(self, text):
        """(size, root, lines) of a checkpoint."""
        require(type(text) is str, "EVD-1", "not a text")
        _, size, root, found = open_checkpoint(text.encode(), self.keys)
        return size, root, found

    def receipt(self, text, leaf_hash=None):
        """(receipt, its lines, the size under it)."""
        require(type(text) is str, "EVD-1", "not a text")
        receipt = Receipt(text.encode())
        size, root, found = self.note(receipt.checkpoint.decode())
        holds = inclusion_holds(receipt.index, size, leaf_hash or leaf(receipt.extra), receipt.path, root)
        require(holds, "EVD-3", "a receipt that does not hold")
        return receipt, found, size

    def entry(self, text):
        """(entry, lines, receipt)."""
        receipt, found, _ = self.receipt(text)
        entry = Entry(receipt.extra)
        require(entry.index == self.first + receipt.index, "EVD-3", "an entry of another index")
        return entry, found, receipt

    def attested(self, found, rule):
        """Refuse what does not meet the policy."""
        require(self.policy.is_met(found), rule, "not attested")

    def stated(self, found, counts, rule):
        """Refuse unless a quorum stated such times (EVD-9, EVD-10)."""
        lines = [(key, time) for key, time in found if time and counts(time)]
        require(self.policy.quorum != "none" and self.policy.is_met(lines), rule, "no quorum stated such times")

    # Who is convicted.

    def log_culprit(self):
        """The log."""
        return {"role": "log", "name": self.log.name, "key": self.log.text()}

    def witnesses(self, guilty):
        """Those of the policy of whom that is so."""
        return [{"role": "witness", "name": name, "key": key.text()} for name, key in self.policy.witnesses.items() if guilty(key)]

    def both_sides(self, one, other):
        """EVD-12."""
        on = [{key.public for key, time in found if time is not None} for found in (one, other)]
        return [self.log_culprit()] + self.witnesses(lambda key: key.public in on[0] and key.public in on[1])

    def trustee(self, message, rule):
        """(index, name, key) of the trustee that signed it."""
        known = message.role == "trustee" and 1 <= message.who <= len(self.trustees)
        require(known, rule, "not by a trustee of the manifest")
        name, key = self.trustees[message.who - 1][:2]
        message.signed_with(key, self.F)
        return message.who, name, key

    def check(self):
        """The finding."""
        culprits, cleared = getattr(self, f"_claim_{self.number}")(*self.fields)
        finding = {"election": self.F.hex(), "kind": KINDS[self.number], "proved": bool(culprits), "culprits": culprits}
        return finding | ({"cleared": cleared} if cleared else {})

    # The claims.

    def _claim_0(self, smaller, larger, beginning, proof):
        (m, root_m, one), (n, root_n, other) = self.note(smaller), self.note(larger)
        require(len(string()(proof)) % 32 == 0, "EVD-1", "not hashes")
        path = [proof[at:at + 32] for at in range(0, len(proof), 32)]
        require(consistency_holds(m, n, digest(beginning), root_n, path), "EVD-5", "the proof does not hold")
        require(beginning != root_m, "EVD-5", "one history")
        return self.both_sides(one, other), None

    def _claim_1(self, promise, shown, there):
        promised, one, _ = self.entry(promise)
        other = self._elsewhere(promised, shown, there)
        return self.both_sides(one, other), None

    def _elsewhere(self, promised, shown, there):
        """EVD-6."""
        receipt, found, _ = self.receipt(shown, digest(there))
        self.attested(found, "EVD-6")
        require(self.first + receipt.index == promised.index, "EVD-6", "another place")
        require(there != leaf(promised.bytes), "EVD-6", "what was promised")
        return found

    def _claim_2(self, promise, ending):
        promised, _, _ = self.entry(promise)
        end, found, _ = self.entry(ending)
        self.attested(found, "EVD-7")
        require(end.index < promised.index and self._ends(end, promised), "EVD-7", "it may still come")
        try:
            cleared = self._cleared(promised, end)
        except Refused:
            cleared = None
        return [self.log_culprit()], cleared if promised.time < end.time else None

    @staticmethod
    def _ends(end, promised):
        """The table of EVD-7."""
        stages = {"DealingCommitment": 1, "Dealing": 2, "Complaint": 3, "CeremonyConfirmation": 3}
        stage = promised.content[0] if promised.type == "StageEnd" else stages.get(promised.type)
        setup = stage is not None or promised.type in ("Roll", "Opening")
        voting = promised.type in ("Rehearsal", "Ballot", "AuditedBallot", "Replacement", "Extension", "Closing")
        if end.type == "StageEnd" and promised.type == "Rehearsal":
            return end.content[0] == 4 and promised.time < end.time
        if end.type == "StageEnd":
            return stage is not None and stage <= end.content[0]
        return end.type == "Opening" and setup or end.type == "Closing" and (setup or voting)

    def _claim_3(self, larger, smaller):
        (n, _, one), (m, _, other) = self.note(larger), self.note(smaller)
        require(n > m, "EVD-8", "the sizes in the wrong order")

        def went_back(key):
            times = [[time for k, time in found if k is key and time] for found in (one, other)]
            return all(times) and max(times[1]) > min(times[0])
        return self.witnesses(went_back), None

    def _claim_4(self, entry):
        entry, found, _ = self.entry(entry)
        self.stated(found, lambda time: time + TOLERANCE < 60 * entry.time, "EVD-9")
        return [self.log_culprit()], None

    def _claim_5(self, entry, without):
        entry, _, receipt = self.entry(entry)
        size, _, found = self.note(without)
        require(receipt.index >= size, "EVD-10", "the tree holds it")
        self.stated(found, lambda time: time > 60 * entry.time + 59 + TOLERANCE, "EVD-10")
        return [], None

    def _claim_6(self, first, second):
        require(not self.continued, "EVD-16", "about no log")
        one, other = (Message(array(decode(string()(data)), 3, "a submission")) for data in (first, second))
        index, name, key = self.trustee(one, "EVD-16")
        require(self.trustee(other, "EVD-16")[0] == index and one.type == other.type and one.type in ONCE, "EVD-16", "not one step")
        require(all(one.content[at] == other.content[at] for at in ONCE[one.type]), "EVD-16", "not one step")
        ids = [tagged_hash("submission", self.F, m.author_bytes, m.body_bytes) for m in (one, other)]
        require(ids[0] < ids[1], "EVD-16", "one message, or in the wrong order")
        require(one.type != "PartialDecryption" or one.content[2] != other.content[2], "EVD-16", "the same points")
        return [{"role": "trustee", "name": f"{index} ({name})", "key": key.hex()}], None

    def _claim_7(self, promise, shown, there, ending):
        promised, one, _ = self.entry(promise)
        other = self._elsewhere(promised, shown, there)
        end, _, receipt = self.entry(ending)
        require(receipt.checkpoint == Receipt(shown.encode()).checkpoint, "EVD-17", "under two checkpoints")
        require(end.index >= promised.index, "EVD-17", "the stage ended before")
        return self.both_sides(one, other), self._cleared(promised, end)

    def _cleared(self, promised, end):
        """EVD-18."""
        stage = ASKED.get(promised.type)
        require(stage is not None and end.type == "StageEnd" and end.content[0] == stage, "EVD-17", "not what the stage asks")
        index, name, _ = self.trustee(promised, "EVD-17")
        return {"trustee": index, "name": name, "stage": stage}
