"""Single entries and whole records put before this verifier and, if there is one, before another."""

import json
import subprocess
import tempfile
from copy import deepcopy
from pathlib import Path

import verify
from cbor import Refused
from schema import Entry

NAMES = {verify.VALID: "valid", verify.INVALID: "invalid", verify.INCOMPLETE: "incomplete"}


def written(files, folder):
    """Write a record's files into a new folder."""
    for path, data in files.items():
        place = Path(folder, path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return folder


class Cases:
    """Where scenarios put their cases. `other` is the path of the other verifier's program, or None."""

    def __init__(self, outcome, other=None):
        self.outcome, self.other = outcome, other
        self.otherwise = []         # where both refuse, but name different rules: for people

    def good(self, name, maker, data):
        """An entry that is valid; it is recorded."""
        try:
            maker.post(data)
            self.outcome.note(name, True)
        except Refused as refusal:
            self.outcome.note(name, False, f"refused by {refusal}")
            raise

    def bad(self, name, maker, data, *rules):
        """An entry that is refused in the place behind those posted, by one of the rules."""
        here, found = len(maker.entries), "accepted"
        try:
            entry = Entry(data)
            if maker.fold is None:
                fold = verify.Election(entry)
            else:
                # What was posted has been, or will be, checked with the whole record.
                fold = deepcopy(maker.fold)
            fold.apply(entry)
            fold.batch.check()
        except Refused as refusal:
            found = refusal.rule
        self.outcome.note(name, found in rules, f"{found}; expected one of {rules}")
        self.compare(name, maker.files(data), maker.F, "invalid", here, found)

    def record(self, name, maker, code, times=None):
        """The whole record so far."""
        files = maker.files(times=times)
        verdict = verify.verify(files, maker.F)
        self.outcome.note(name, verdict.code == code, f"exit {verdict.code}: {verdict.rule} {verdict.why} {verdict.index}")
        self.compare(name, files, maker.F, NAMES[code])

    def compare(self, name, files, F, expected, place=None, rule=None):
        """The other verifier must give the same verdict, at the same entry if one is named."""
        if self.other is None:
            return
        with tempfile.TemporaryDirectory() as folder:
            command = [self.other, "verify", written(files, folder), "--json", "--quiet"] + (["--expect", F.hex()] if F else [])
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        try:
            verdict = json.loads(done.stdout)["verdict"]
        except (ValueError, KeyError):
            self.outcome.note(f"{name}, elsewhere", False, done.stdout[:300] + done.stderr[:300])
            return
        why = verdict.get("why") or {}
        holds = verdict["is"] == expected and (place is None or why.get("entry") == place)
        self.outcome.note(f"{name}, elsewhere", holds, json.dumps(verdict))
        if rule is not None and why.get("rule") != rule:
            self.otherwise.append(f"{name}: {rule} here, {why.get('rule')} elsewhere ({why.get('text')})")
