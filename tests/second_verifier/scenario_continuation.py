"""An election whose log was lost twice (CON-1, CON-2, REC-7 to REC-10), under witnesses."""

import note
from maker import START
from scenario_voting import plain, vote
from verify import INCOMPLETE, INVALID, VALID, verify


def wrong(cases, maker):
    """Continuations that do not fit the log they would end."""
    origin, key, _ = maker.successor()
    other = note.Key(origin + "0", note.LOG_KEY, key.public)
    witness = note.Key(origin, note.COSIGNER_KEY, key.public)
    for name, change in (
        ("another origin", {"origin": origin}), ("a smaller tree", {"size": len(maker.entries) - maker.start - 1}),
        ("a larger tree", {"size": len(maker.entries) + 1}), ("another root", {"root": bytes(32)}),
        ("another number", {"key": other.text()}), ("the old log's name", {"key": maker.log_key.text()}),
        ("a witness's key", {"key": witness.text()}), ("no key", {"key": "key"}),
    ):
        cases.bad(f"a continuation of {name}", maker, maker.continuation(**change), "CON-1")
    cases.bad("a continuation by a trustee", maker, maker.by_trustee(1, "Continuation", [origin, 1, bytes(32), key.text()]), "ENT-4")


def goes_on(cases, maker):
    """The next log."""
    wrong(cases, maker)
    cases.good("the continuation", maker, maker.continuation())
    maker.continued()
    cases.record("right after it", maker, INCOMPLETE)


def spoiled(cases, maker):
    """The finished record, each time with one thing wrong."""
    files = maker.files()
    line = files["2/checkpoint"].decode().splitlines()[4] + "\n"
    second = {path: data for path, data in files.items() if path.startswith("2/")}
    rest = {path: data for path, data in files.items() if path not in second}
    for name, changed, rules in (
        ("no log 2", rest, {"REC-7"}), ("log 3 twice", files | {"4/" + path[2:]: data for path, data in files.items() if path.startswith("3/")}, {"REC-8", "ENT-1", "ENT-6"}),
        ("log 2 as log 3", rest | {"3/" + path[2:]: data for path, data in second.items()} | second, {"REC-8", "ENT-1", "ENT-6"}),
        ("a foreign file in log 2", files | {"2/report.html": b"well"}, {"REC-2"}), ("a folder of log 1", files | {"1/checkpoint": files["checkpoint"]}, {"REC-2"}),
        ("a number in another form", files | {"02/checkpoint": files["2/checkpoint"]}, {"REC-2"}),
        ("log 2's checkpoint for log 3", files | {"3/checkpoint": files["2/checkpoint"]}, {"REC-2", "REC-5", "REC-8"}),
        ("the log's line twice", files | {"2/checkpoint": files["2/checkpoint"] + line.encode()}, {"REC-3"}),
        ("an empty log behind", files | {"4/checkpoint": note.signed(
            note.checkpoint_text(maker.successor()[0], 0, note.EMPTY_ROOT), maker.successor()[1], maker.successor()[2])}, {"REC-8"}),
    ):
        verdict = verify(changed, maker.F)
        cases.outcome.note(name, verdict.code == INVALID and verdict.rule in rules, f"{verdict.code} {verdict.rule} {verdict.why}")
        cases.compare(name, changed, maker.F, "invalid")
    alone = {path[2:]: data for path, data in second.items()}
    cases.outcome.same("the second log alone", verify(alone).code, INCOMPLETE)
    cases.compare("the second log alone", alone, None, "incomplete")


def continued(cases):
    """The whole: one log ends while people vote, the next right after the closing."""
    maker = plain(cases, [(0, 1)] * 4, witnesses=3)
    cases.bad("a continuation in the middle", maker, maker.continuation(size=0, root=note.EMPTY_ROOT), "CON-1")
    vote(cases, maker, 0, 0)
    vote(cases, maker, 1, 1)
    goes_on(cases, maker)
    vote(cases, maker, 0, 2)
    vote(cases, maker, 2, 2)
    closing = START + 1010
    old = maker.checkpoint(maker.entries, [60 * closing] * 3, maker.ended[0][1:])
    cases.bad("time evidence under the old log's key", maker, maker.closing(evidence=old), "CLO-2")
    cases.good("the closing", maker, maker.closing())
    goes_on(cases, maker)
    for i in (1, 3):
        cases.good("decryption", maker, maker.partial(i, 0, 0))
    cases.good("result", maker, maker.result(0, 0))
    cases.record("three logs", maker, VALID)
    cases.record("three logs, the last without a quorum", maker, INCOMPLETE, times=[60 * START])
    unseen = maker.files(earlier=[60 * START])
    cases.outcome.same("the earlier ones without a quorum", verify(unseen, maker.F).code, INCOMPLETE)
    cases.compare("the earlier ones without a quorum", unseen, maker.F, "incomplete")
    spoiled(cases, maker)
