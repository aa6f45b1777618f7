"""Verify the record of an election (chapter 08): verify.py RECORD_FOLDER [--expect F]

Ends with 0 valid, 1 invalid, 2 usage, 3 unreadable, 4 incomplete (VER-2).
"""

import sys

from cbor import Refused, require
from fold import FAILED, TALLIED, Election
from record import Record, Unreadable, read_folder
from schema import Entry

VALID, INVALID, USAGE, UNREADABLE, INCOMPLETE = 0, 1, 2, 3, 4
WAIVERS = ("threshold: fewer than a majority decrypt, or all are needed", "no witnesses: nobody but the board attests one history",
           "small tally: totals of few ballots are published")


def shown(text):
    """A text for a terminal: what does not print, or reorders text, as escapes (VER-17)."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text)


class Verdict:
    """The answer, and what the answer rests on."""

    def __init__(self, code, why, rule=None, index=None, election=None, compared=False):
        self.code, self.why, self.rule, self.index = code, why, rule, index
        self.election, self.compared = election, compared

    def lines(self):
        """The report: the verdict, the waivers, and for a valid record its totals (VER-16)."""
        if self.code == INVALID:
            place = "" if self.index is None else f"; entry {self.index}"
            yield f"INVALID: {self.rule}: {self.why}{place}"
        elif self.code == UNREADABLE:
            yield f"UNREADABLE: {self.why}"
        elif self.code == INCOMPLETE:
            yield f"INCOMPLETE: {self.why}"
        elif self.compared:
            yield f"VALID: every check passed. It is of the election with the expected fingerprint {self.election.fingerprint.hex()}."
        else:
            yield f"VALID, but no fingerprint was compared: the record agrees with itself. F is {self.election.fingerprint.hex()}."
        if self.election is None or self.code not in (VALID, INCOMPLETE):
            return
        for waiver in self.election.manifest.body.waivers:
            yield "WAIVED: " + WAIVERS[waiver]
        if self.code == VALID:
            yield from self._totals()

    def _totals(self):
        body, tally = self.election.manifest.body, self.election.tally
        yield f"{len(self.election.box.ballots)} ballots, {tally.counted} counted"
        for contest, groups in zip(body.contests, tally.groups):
            for group in groups:
                names = ", ".join(body.units[u].name for u in group.units)
                yield f"{contest.title}: {names}: {len(group.ballots)} ballots"
                if group.withheld:
                    yield "  withheld: too few ballots"
                for name, total in zip(contest.options + ["(blank)"] * contest.blank, group.totals or ()):
                    yield f"  {total:8} {name}"


def verify(files, expected=None):
    """The verdict about a record's files."""
    try:
        return _verified(files, expected)
    except Refused as refusal:
        return Verdict(INVALID, refusal.why, refusal.rule, refusal.index)


def _placed(index, check, *arguments):
    """Whatever the check refuses, it refuses entry `index`."""
    try:
        return check(*arguments)
    except Refused as refusal:
        raise Refused(refusal.rule, refusal.why, index) from None


def _verified(files, expected):
    record = Record(files)
    require(record.entries, "MAN-1", "a record without a manifest")
    first = _placed(0, Entry, record.entries[0])
    if first.type == "Continuation":
        return Verdict(INCOMPLETE, "the log continues another, whose record is needed (VER-13)")
    election = _placed(0, Election, first)
    if expected is not None and election.fingerprint != expected:
        raise Refused("VER-5", f"the election is {election.fingerprint.hex()}, not the expected one", 0)
    policy = election.manifest.policy
    found = record.opened(policy.keys())
    require(record.origin == election.manifest.body.log_origin, "REC-3", "a checkpoint of another log")
    refusal = None
    for index, data in enumerate(record.entries):
        try:
            election.apply(Entry(data))
        except Refused as broken:
            refusal = Refused(broken.rule, broken.why, index)
            break
    # Proofs are decided after all else; a wrong one stands before the entry that was refused, and so is the first broken rule.
    election.batch.check()
    if refusal:
        raise refusal
    missing = []
    if not policy.is_met(found):
        missing.append("the checkpoint lacks the policy's quorum")
    if election.phase == FAILED:
        missing.append("the key ceremony has failed")
    elif election.phase != TALLIED:
        missing.append(f"the election is in the phase {election.phase}")
    if missing:
        return Verdict(INCOMPLETE, "; ".join(missing), election=election)
    return Verdict(VALID, "", election=election, compared=expected is not None)


def verify_folder(folder, expected=None):
    """The verdict about a folder."""
    try:
        return verify(read_folder(folder), expected)
    except Unreadable as cause:
        return Verdict(UNREADABLE, str(cause))
    except Refused as refusal:
        return Verdict(INVALID, refusal.why, refusal.rule)


def main(arguments):
    """The program."""
    expected = None
    if len(arguments) == 3 and arguments[1] == "--expect":
        try:
            expected = bytes.fromhex(arguments.pop())
        except ValueError:
            expected = b""
        arguments.pop()
    if len(arguments) != 1 or len(expected or bytes(32)) != 32:
        print(__doc__.strip(), file=sys.stderr)
        return USAGE
    verdict = verify_folder(arguments[0], expected)
    for line in verdict.lines():
        print(shown(line))
    return verdict.code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
