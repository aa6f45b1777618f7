"""Verify the record of an election (chapter 08): verify.py RECORD_FOLDER [--expect F]

Ends with 0 valid, 1 invalid, 2 usage, 3 unreadable, 4 incomplete (VER-2).
"""

import sys

from cbor import Refused, require
from fold import FAILED, TALLIED, Election
from record import Record, Unreadable, read_folder, split
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
    logs = []
    for number, part in enumerate(split(files), 1):
        try:
            logs.append(Record(part))
        except Refused as refusal:
            raise Refused(refusal.rule, f"log {number}: {refusal.why}") from None
    require(logs[0].entries, "MAN-1", "a record without a manifest")
    first = _placed(0, Entry, logs[0].entries[0])
    if first.type == "Continuation":
        return Verdict(INCOMPLETE, "the log continues another, whose record is needed (VER-19)")
    election = _placed(0, Election, first)
    if expected is not None and election.fingerprint != expected:
        raise Refused("VER-5", f"the election is {election.fingerprint.hex()}, not the expected one", 0)
    lacking, refusal = [], None
    try:
        for number, log in enumerate(logs, 1):
            if not _follow(election, number, log):
                lacking.append(number)
    except Refused as broken:
        refusal = broken
    # Proofs are decided after all else; a wrong one stands before the entry that was refused, and so is the first broken rule.
    election.batch.check()
    if refusal:
        raise refusal
    missing = []
    for number in lacking:
        missing.append(f"the checkpoint of log {number} lacks the policy's quorum")
    if election.phase == FAILED:
        missing.append("the key ceremony has failed")
    elif election.phase != TALLIED:
        missing.append(f"the election is in the phase {election.phase}")
    if missing:
        return Verdict(INCOMPLETE, "; ".join(missing), election=election)
    return Verdict(VALID, "", election=election, compared=expected is not None)


def _follow(election, number, log):
    """All entries of one log (REC-8, REC-9); whether its checkpoint has the policy's quorum."""
    require(log.entries, "REC-8", f"log {number} does not begin with a continuation")
    met = False
    for place, data in enumerate(log.entries):
        index = len(election.hashes)
        entry = _placed(index, Entry, data)
        if (entry.type == "Continuation") != (number > 1 and place == 0):
            raise Refused("REC-8", "a continuation is leaf 0 of each log but the first, and nothing else is", index)
        _placed(index, election.apply, entry)
        if place == 0:
            met = election.policy.is_met(log.opened(election.policy.keys()))
            require(log.origin == election.log_key.name, "REC-9", "a checkpoint of another log")
    return met


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
