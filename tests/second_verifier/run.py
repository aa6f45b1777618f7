"""Everything the second verifier is tested with: run.py [FOLDER | --vectors] [--against PROGRAM]

FOLDER (or the environment's VITRINE_RECORD) is what `make_record FOLDER 200` leaves: `record`, `expected.json`, `log-seed`; in
`continued` the record of an election that was continued in two successor logs; in `kinds` that of one with contests of every kind; and in
`contests.json` random contests with what they compile to there.
With a PROGRAM (`vitrine`), its `verify` must give the same verdicts on every election that is made here, and on every tampering.
Ends with 0 if nothing failed.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import meanings
import verify
import scenario_attacks
import scenario_ceremony
import scenario_contests
import scenario_continuation
import scenario_manifest
import scenario_overrides
import scenario_voting
import vectors_amounts
import vectors_ballot
import vectors_contests
import vectors_cryptography
import vectors_election
import vectors_evidence
import vectors_log
import vectors_witness
from cases import Cases, written
from outcome import Outcome
from record import read_folder
from tampering import Tampering

HERE = Path(__file__).resolve().parent


def program(*arguments):
    """(exit code, first line) of the program itself."""
    done = subprocess.run([sys.executable, HERE / "verify.py", *arguments], capture_output=True, text=True, check=False)
    return done.returncode, (done.stdout.splitlines() or [""])[0]


def good_record(test, folder, expected):
    """The record as the Rust side made it."""
    started = time.monotonic()
    verdict = verify.verify_folder(folder, bytes.fromhex(expected["F"]))
    print(f"verified in {time.monotonic() - started:.1f} s")
    for line in verdict.lines():
        print("  " + verify.shown(line))
    test.same("valid", (verdict.code, verdict.why), (verify.VALID, ""))
    if verdict.code == verify.VALID:
        test.same("totals", [g.totals for groups in verdict.election.tally.groups for g in groups], expected["results"])
        test.same("entries", len(verdict.election.hashes), expected["entries"])


def random_contests(test, cases):
    """Contests compile here to what they compile to there, and what is said in them is allowed here."""
    test.note("hundreds", len(cases) >= 300)
    for case in cases:
        vectors_contests.compiled(test, case)


def tamperings(test, good, cases):
    """Each is refused, by the rule that it breaks and not by accident."""
    test.same("built again, nothing changed", verify.verify(good.intact()).code, verify.VALID)
    test.note("ten at least", sum(1 for _ in good.ways()) >= 10)
    for name, files, rules in good.ways():
        verdict = verify.verify(files)
        found = verdict.code == verify.INVALID and verdict.rule in rules
        test.note(name, found, f"exit {verdict.code}, {verdict.rule}: {verdict.why}; expected one of {sorted(rules)}")
        cases.compare(name, files, None, "invalid", verdict.index, verdict.rule)
    result = good.places("Result")[0]
    verdict = verify.verify(good.built(good.entries[:result]))
    test.same("ends before the result", verdict.code, verify.INCOMPLETE)


def exits(test, folder, expected, good):
    """The program's exit codes, on folders."""
    test.same("valid", program(folder, "--expect", expected["F"])[0], verify.VALID)
    code, line = program(folder, "--expect", "00" * 32)
    test.note("another F expected", code == verify.INVALID and "VER-5" in line, line)
    test.same("no folder", program(HERE / "no such folder")[0], verify.UNREADABLE)
    test.same("no argument", program()[0], verify.USAGE)
    with tempfile.TemporaryDirectory() as place:
        shorter = written(good.built(good.entries[:good.places("Closing")[0]]), Path(place, "shorter"))
        test.same("still voting", program(shorter)[0], verify.INCOMPLETE)
        for name, spoil in (("an empty folder", lambda f: Path(f, "tile", "1").mkdir()),
                            ("a link", lambda f: Path(f, "tile", "link").symlink_to("..")),
                            ("a link in the place of a file", lambda f: Path(f, "checkpoint").rename(Path(place, "moved"))
                             and Path(f, "checkpoint").symlink_to(Path(place, "moved")))):
            copy = written(good.files, Path(place, name))
            spoil(copy)
            code, line = program(copy)
            test.note(name, code == verify.INVALID and "REC-2" in line, line)


SCENARIOS = (scenario_manifest.manifests, scenario_contests.manifests, scenario_contests.kinds, scenario_attacks.dealers, scenario_attacks.complainers, scenario_attacks.replays, scenario_ceremony.failures,
             scenario_voting.voted, scenario_voting.variants, scenario_overrides.overridden, scenario_continuation.continued, scenario_voting.large)


def main(arguments):
    """All of it."""
    other = None
    if len(arguments) >= 2 and arguments[-2] == "--against":
        other = str(Path(arguments.pop()).resolve())
        arguments.pop()
    folder = arguments[0] if arguments else os.environ.get("VITRINE_RECORD")
    if folder is None or len(arguments) > 1:
        print(__doc__.strip(), file=sys.stderr)
        return verify.USAGE
    test = Outcome()
    suites = [(s.__name__, s, (test,)) for s in vectors_cryptography.SUITES + vectors_amounts.SUITES + vectors_log.SUITES + vectors_witness.SUITES + vectors_evidence.SUITES + vectors_election.SUITES + vectors_ballot.SUITES + vectors_contests.SUITES + meanings.SUITES]
    if folder != "--vectors":
        record, expected = Path(folder, "record"), json.loads(Path(folder, "expected.json").read_text())
        good = Tampering(read_folder(record), bytes.fromhex(Path(folder, "log-seed").read_text().strip()))
        cases = Cases(test, other)
        suites += [("record", good_record, (test, record, expected))]
        for name in ("continued", "kinds"):
            place = Path(folder, name)
            suites += [(f"record: {name}", good_record, (test, place / "record", json.loads(Path(place, "expected.json").read_text())))]
        suites += [("random contests", random_contests, (test, json.loads(Path(folder, "contests.json").read_text())))]
        suites += [("tamperings", tamperings, (test, good, cases)),
                   ("exits", exits, (test, record, expected, good))]
        suites += [("elections made here: " + s.__name__, s, (cases,)) for s in SCENARIOS]
    for name, suite, given in suites:
        test.suite, before, started = name, (test.passed, test.failed), time.monotonic()
        suite(*given)
        passed, failed = test.passed - before[0], test.failed - before[1]
        print(f"{name}: {passed} passed, {failed} failed, {time.monotonic() - started:.1f} s", flush=True)
    if folder != "--vectors" and other:
        print("refused by both, by another rule (which is for people):")
        for line in cases.otherwise:
            print("  " + line)
    print(f"{test.passed} passed, {test.failed} failed")
    return 1 if test.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
