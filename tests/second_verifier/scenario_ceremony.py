"""Rolls and ceremonies with everything that can go wrong in them (ROL, CER, OPN), under witnesses."""

import prover
from cbor import decode, encode
from maker import START, Maker
from prover import public, secret
from verify import INCOMPLETE

CONTESTS = [
    ["Rat", [0], ["Ada", "Blaise", "Carl"], True],
    ["Kommission", [1, 1, 3], ["a", "b", "c", "d"], False],
    ["Auflagen", [1, 0, 2], ["x", "y"], False],
    ["Liste", [1, 0, 5], [str(i) for i in range(171)], True],
]
UNITS = [["Unit A", [0, 1, 3]], ["Unit B", [0, 2]], ["Unit C", [0, 1]]]
VOTERS = [(0, 1), (0, 2), (0, 3), (1, 1), (1, 1), (2, 3), (2, 1), (2, 2), (1, 1), (0, 1)]


def notices(cases, maker):
    """What ENC and ENT refuse of any entry."""
    def entry(text="Hier.", **fields):
        return maker.by_authority("Notice", [text], **fields)

    t = maker.trustees[0][0]
    for name, data, *rules in (
        ("another index", entry(index=len(maker.entries) + 1), "ENT-1"), ("another link", entry(previous=bytes(32)), "ENT-2"),
        ("an earlier time", entry(time=START - 1), "ENT-3"), ("a notice by a trustee", maker.by_trustee(1, "Notice", ["Ich"]), "ENT-4"),
        ("a notice by nobody", maker.entry("anyone", None, "Notice", ["Ich"]), "ENT-4"),
        ("a roll by the authority", maker.by_authority("Roll", [0, 1, [[0, 1, public(t)]], bytes(64)]), "ENT-4"),
        ("trustee 0", maker.entry("trustee", 0, "DealingCommitment", [[bytes(32)]], t), "ENT-4"),
        ("a trustee too many", maker.entry("trustee", len(maker.trustees) + 1, "DealingCommitment", [[bytes(32)]], t), "ENT-4"),
        ("another's signature", maker.entry("authority", None, "Notice", ["Ich"], t), "ENT-5"),
        ("no signature", entry(signature=b""), "ENT-5"), ("a long signature", entry(signature=bytes(65)), "ENT-5"),
        ("a second manifest", maker.first(), "MAN-1"), ("an empty notice", entry(""), "ENC-3"), ("a tab", entry("a\tb"), "ENC-3"),
        ("a notice of 10,001 bytes", entry("n" * 10_001), "ENC-3"), ("two texts", maker.by_authority("Notice", ["a", "b"]), "ENC-1"),
        ("an unknown type", entry(body=encode([19, ["a"]])), "ENC-1"), ("no body", entry(body=b"\xf6"), "ENC-1"),
        ("a long body", entry(body=encode([17, ["n" * 65_001]])), "ENC-2"),
        ("a continuation", maker.by_authority("Continuation", [maker.origin, 1, bytes(32), maker.log_key.text()]), "CON-1"),
    ):
        cases.bad(name, maker, data, *rules)
    cases.good("a notice", maker, entry("n" * 9_998 + "\n."))
    cases.bad("the notice again", maker, entry("n" * 9_998 + "\n."), "ENT-6")


def rolls(cases, maker):
    """The rolls of two registrars."""
    def spoil(row, place, value):
        def change(rows):
            rows[row][place] = value
        return change

    for name, change, *rules in (
        ("an unknown unit", spoil(0, 0, len(UNITS)), "ROL-2"), ("no weight", spoil(0, 1, 0), "ROL-2"), ("too much weight", spoil(0, 1, 4), "ROL-2"),
        ("a key not proved", spoil(0, 2, public(secret())), "ROL-3"), ("a row too few", list.pop, "ROL-1"),
        ("a row too many", lambda rows: rows.append(rows[0]), "ROL-1"), ("an identity key", spoil(0, 2, bytes(32)), "ROL-3", "CRY-13"),
        ("a key not canonical", spoil(0, 2, b"\xff" * 32), "ROL-3", "CRY-1"),
    ):
        cases.bad(name, maker, maker.roll(1, change=change), *rules)
    cases.bad("an opening before all", maker, maker.by_authority("Opening", [bytes(32), bytes(32), [1]]), "OPN-1")
    cases.bad("a replacement before the roll", maker, maker.replacement(1, 0, 1, secret()), "ROL-7")
    cases.bad("a registrar 3", maker, maker.entry("registrar", 3, "Roll", [0, 1, [[0, 1, bytes(32)]], bytes(64)], secret()), "ENT-4")
    cases.good("the roll of registrar 2", maker, maker.roll(2))
    cases.bad("a roll twice", maker, maker.roll(2), "ENT-6", "ROL-1")
    cases.bad("another weight", maker, maker.roll(1, change=spoil(0, 1, 2)), "ROL-4")
    cases.bad("another unit", maker, maker.roll(1, change=spoil(0, 0, 1)), "ROL-4")
    kept = list(map(list, maker.credentials))
    for name, value in (("a sum twice", sum(kept[1]) - kept[0][1]), ("a sum of nothing", -kept[0][1])):
        maker.credentials[0][0] = value % prover.L
        cases.bad(name, maker, maker.roll(1), "ROL-5")
    maker.credentials = kept
    cases.good("the roll of registrar 1", maker, maker.roll(1))
    for name, data, *rules in (
        ("a replacement of nobody", maker.replacement(1, len(VOTERS), 1, secret()), "ROL-7"),
        ("a replacement in round 2", maker.replacement(1, 9, 2, secret()), "ROL-7"),
        ("a replacement in round 0", maker.replacement(1, 9, 0, secret()), "ROL-7"),
    ):
        cases.bad(name, maker, data, *rules)
    fresh = [secret(), secret()]
    cases.good("a replacement, half", maker, maker.replacement(2, 9, 1, fresh[1]))
    cases.bad("the same half again", maker, maker.replacement(2, 9, 1, secret()), "ROL-7")
    cases.bad("a replacement by one in use", maker, maker.replacement(1, 9, 1, (sum(kept[0]) - fresh[1]) % prover.L), "ROL-5")
    cases.bad("a replacement by the same", maker, maker.replacement(1, 9, 1, (sum(kept[9]) - fresh[1]) % prover.L), "ROL-5")
    cases.bad("a replacement not proved", maker, maker.entry(
        "registrar", 1, "Replacement", [9, 1, public(secret()), bytes(64)], maker.registrars[0]), "ROL-3", "CRY-1")
    cases.good("a replacement, whole", maker, maker.replacement(1, 9, 1, fresh[0]))
    maker.replaced, maker.credentials[9] = kept[9], fresh


def commitments(cases, maker, dealt):
    """Stage 1; the last trustee posts nothing."""
    n = len(maker.trustees)
    for name, data, *rules in (
        ("one part too few", maker.by_trustee(1, "DealingCommitment", [[bytes(32)]]), "CER-2"),
        ("a dealing before its stage", maker.by_trustee(1, "Dealing", dealt[1][0]), "CER-1"),
        ("a rehearsal before its stage", maker.by_trustee(1, "Rehearsal", [bytes(32), 0, bytes(32), bytes(96)]), "CER-9", "CER-1"),
        ("the end of stage 2", maker.by_authority("StageEnd", [2, maker.evidence(START + 200)]), "CER-8"),
        ("the end of stage 0", maker.by_authority("StageEnd", [0, maker.evidence(START + 200)]), "CER-8"),
    ):
        cases.bad(name, maker, data, *rules)
    for i in range(1, n):
        cases.good(f"commitment {i}", maker, maker.commitment(i, dealt[i]))
    cases.bad("a second commitment", maker, maker.commitment(1, dealt[2]), "CER-1")
    minutes = START + 100
    times = [60 * minutes] * 3
    for name, evidence in (
        ("too early", maker.evidence(minutes - 1)), ("by too few", maker.evidence(minutes, count=1)), ("none", b""),
        ("of other entries", maker.evidence(minutes, entries=maker.entries[:-1])), ("not a checkpoint", b"evidence"),
        ("with a stranger's line", maker.checkpoint(times=times) + "\u2014 x AAAAAAA=\n".encode()),
        ("a second early", maker.checkpoint(times=[60 * minutes, 60 * minutes - 1])),
    ):
        cases.bad(f"evidence {name}", maker, maker.by_authority("StageEnd", [1, evidence]), "CLO-2", "CER-8")
    cases.bad("a stage ended by a trustee", maker, maker.by_trustee(1, "StageEnd", [1, maker.evidence(minutes)]), "ENT-4")
    cases.good("the end of stage 1", maker, maker.by_authority("StageEnd", [1, maker.evidence(minutes)]))
    cases.bad("a commitment after its stage", maker, maker.commitment(n, dealt[n]), "CER-1")


def deals(cases, maker, dealt):
    """Stage 2; the last but one does not deal all parts."""
    n = len(maker.trustees)
    cases.bad("not what was committed to", maker, maker.by_trustee(1, "Dealing", dealt[2][0]), "CER-3")
    cases.bad("a part that there is not", maker, maker.by_trustee(1, "Dealing", [2, *dealt[1][0][1:]]), "CER-3")
    for i in range(1, n - 1):
        for part in reversed(dealt[i]):
            cases.good(f"dealing {i}, {part[0]}", maker, maker.by_trustee(i, "Dealing", part))
    cases.bad("a part twice", maker, maker.by_trustee(1, "Dealing", dealt[1][0]), "ENT-6", "CER-1")
    cases.bad("one who left", maker, maker.by_trustee(n, "Dealing", dealt[n][0]), "CER-1")
    cases.good("half a dealing", maker, maker.by_trustee(n - 1, "Dealing", dealt[n - 1][1]))
    cases.bad("a complaint before its stage", maker, maker.by_trustee(1, "Complaint", [2, 0, public(1), bytes(96)]), "CER-1")
    cases.good("the end of stage 2", maker, maker.by_authority("StageEnd", [2, maker.evidence(START + 200)]))


def checks(cases, maker, cheat, liar):
    """Stage 3: an upheld complaint of `cheat`, a false one by `liar`."""
    n, c = len(maker.trustees), maker.fold.ceremony
    for name, data, *rules in (
        ("a complaint of oneself", maker.complaint(1, 1, 0), "CER-5"),
        ("a complaint of one who left", maker.complaint(1, n - 1, 1), "CER-5"),
        ("a complaint of no part", maker.by_trustee(1, "Complaint", [cheat, 2, public(1), bytes(96)]), "CER-5"),
        ("a complaint of nobody", maker.by_trustee(1, "Complaint", [0, 0, public(1), bytes(96)]), "CER-5"),
        ("a complaint not proved", maker.by_trustee(1, "Complaint", [cheat, 0, public(1), public(1) * 2 + bytes(32)]), "CER-6", "CRY-57"),
        ("a complaint of nothing", maker.by_trustee(1, "Complaint", [cheat, 0, bytes(32), bytes(96)]), "CER-6", "CRY-57"),
        ("a complaint with another's point", maker.by_trustee(1, "Complaint", encoded(maker.complaint(2, cheat, 0))), "CER-6"),
        ("other dealings", maker.by_trustee(1, "CeremonyConfirmation", [bytes(32), []]), "CER-7"),
        ("complaints not made", maker.by_trustee(1, "CeremonyConfirmation", [c.dealings, [cheat]]), "CER-7"),
    ):
        cases.bad(name, maker, data, *rules)
    cases.good("a right complaint", maker, maker.complaint(1, cheat, 1))
    cases.bad("a second complaint of one dealer", maker, maker.complaint(1, cheat, 0), "CER-5")
    cases.bad("a complaint left out", maker, maker.by_trustee(1, "CeremonyConfirmation", [c.dealings, []]), "CER-7")
    c = maker.fold.ceremony
    cases.good("a false complaint", maker, maker.complaint(liar, 1, 0))
    cases.good("a false complaint of the cheat's good part", maker, maker.complaint(liar, cheat, 0))
    for i in c.remaining:
        cases.good(f"confirmation {i}", maker, maker.confirmation(i))
        if i == 1:
            cases.bad("a complaint after the confirmation", maker, maker.complaint(1, 2, 0), "CER-1")
            cases.bad("a second confirmation", maker, maker.confirmation(1), "ENT-6", "CER-1")


def encoded(entry):
    """The content of an entry's body."""
    return decode(decode(entry)[4])[1]


def rehearsals(cases, maker, absent):
    """Stage 4; one does not rehearse."""
    c, here = maker.fold.ceremony, len(maker.entries) - 1
    content = encoded(maker.rehearsal(1))
    for name, change in (("another key", [bytes(32), *content[1:]]),
                         ("an old entry", [content[0], here - 1, maker.fold.hashes[here - 1], content[3]]),
                         ("another hash", [*content[:2], bytes(32), content[3]]), ("an entry to come", [content[0], here + 1, *content[2:]]),
                         ("another's proof", encoded(maker.rehearsal(2)))):
        cases.bad(f"a rehearsal of {name}", maker, maker.by_trustee(1, "Rehearsal", change), "CER-9")
    cases.bad("a rehearsal by one who left", maker, maker.by_trustee(len(maker.trustees), "Rehearsal", content), "CER-1")
    cases.good("a rehearsal", maker, maker.rehearsal(1))
    cases.good("a second rehearsal, of the end of stage 3", maker, maker.rehearsal(1, place=here))
    for i in c.remaining[1:]:
        if i != absent:
            cases.good(f"a rehearsal of {i}", maker, maker.rehearsal(i))
    cases.bad("an opening too early", maker, maker.opening(), "OPN-1")
    cases.good("the end of stage 4", maker, maker.by_authority("StageEnd", [4, maker.evidence(START + 400)]))
    cases.bad("the end of stage 5", maker, maker.by_authority("StageEnd", [5, maker.evidence(START + 400)]), "CER-8")
    cases.bad("a rehearsal by one not active", maker, maker.rehearsal(absent), "CER-1")
    cases.good("a rehearsal after stage 4", maker, maker.rehearsal(2))


def opened(cases):
    """A maker whose election has been opened after all this. Trustees 1, 2 and 3 are active."""
    maker = Maker(trustees=8, registrars=2, voters=VOTERS, witnesses=3, contests=CONTESTS, units=UNITS, k=2, q=2, waivers=[], minimum_unit=3)
    cases.good("a large manifest", maker, maker.first())
    notices(cases, maker)
    dealt = {i: maker.dealing(i) for i in range(1, 9)}
    cheat, liar, absent = 4, 5, 6
    dealt[cheat] = maker.dealing(cheat)[:1] + maker.dealing(cheat, bad=[1])[1:]
    rolls(cases, maker)
    commitments(cases, maker, dealt)
    deals(cases, maker, dealt)
    checks(cases, maker, cheat, liar)
    cases.outcome.same("the qualified set", maker.fold.ceremony.remaining, [1, 2, 3, 6])
    rehearsals(cases, maker, absent)
    for name, change in (("another key", {"J": bytes(32)}), ("another roll", {"roll": bytes(32)}), ("others active", {"active": [1, 2, 3, 6]}),
                         ("active descending", {"active": [3, 2, 1]})):
        cases.bad(f"an opening with {name}", maker, maker.opening(**change), "OPN-2")
    cases.record("before the opening", maker, INCOMPLETE)
    cases.good("the opening", maker, maker.opening())
    return maker


def failures(cases):
    """Ceremonies that fail."""
    maker = Maker(witnesses=0)
    cases.good("a manifest", maker, maker.first())
    cases.bad("evidence where none is asked for", maker, maker.by_authority("StageEnd", [1, b"x"]), "CLO-2", "CER-8")
    cases.good("the end of stage 1, nobody left", maker, maker.by_authority("StageEnd", [1, b""]))
    cases.bad("a commitment after the failure", maker, maker.commitment(1, maker.dealing(1)), "ENT-7", "CER-1", "CER-15")
    cases.bad("an end after the failure", maker, maker.by_authority("StageEnd", [2, b""]), "ENT-7", "CER-15")
    cases.good("a notice of it", maker, maker.by_authority("Notice", ["Es gibt keine Wahl."]))
    cases.bad("a retirement of a key that there is not", maker, maker.by_trustee(1, "Retirement", [bytes(32)]), "RET-2")
    cases.bad("a retirement with nothing in it", maker, maker.by_trustee(1, "Retirement", []), "ENC-1")
    cases.bad("a retirement of false", maker, maker.by_trustee(1, "Retirement", [False]), "ENC-1")
    cases.good("a retirement after a failure", maker, maker.retirement(1))
    cases.bad("a retirement twice", maker, maker.retirement(1), "ENT-6")
    cases.record("a failed ceremony", maker, INCOMPLETE)
    for q, left in ((2, 2), (3, 3)):
        maker = Maker(q=q)
        cases.good("a manifest", maker, maker.first())
        dealt = {i: maker.dealing(i) for i in (1, 2, 3)}
        for i in (1, 2):
            cases.good(f"commitment {i}", maker, maker.commitment(i, dealt[i]))
        cases.good(f"the end of stage 1, q = {q}", maker, maker.by_authority("StageEnd", [1, b""]))
        cases.outcome.same("failed", maker.fold.phase == "Failed", q == 3)
    _late(cases)
    _from_the_future(cases)
    _nobody_rehearses(cases)
    _no_key(cases)


def _late(cases):
    """A stage that begins late lasts as long as was planned (CER-29): stage 3 was to take from START + 200 to START + 300."""
    maker = Maker(witnesses=3)
    cases.good("a manifest under witnesses", maker, maker.first())
    dealt = {i: maker.dealing(i) for i in (1, 2, 3)}
    for i in dealt:
        cases.good(f"commitment {i}", maker, maker.commitment(i, dealt[i]))
    for i in (1, 2):
        cases.good(f"dealing {i}", maker, maker.by_trustee(i, "Dealing", dealt[i][0]))
    maker.now = START + 295
    cases.good("a last dealing after its deadline", maker, maker.by_trustee(3, "Dealing", dealt[3][0]))
    cases.good("a confirmation at once", maker, maker.confirmation(3))
    for minutes in (START + 300, START + 394):
        cases.bad("the end of a stage that began late, too early", maker, maker.by_authority("StageEnd", [3, maker.evidence(minutes)]), "CLO-2", "CER-8")
    cases.good("another confirmation", maker, maker.confirmation(1))
    maker.now = START + 395
    cases.good("the end of a stage that began late", maker, maker.by_authority("StageEnd", [3, maker.evidence(START + 395)]))
    cases.outcome.same("the qualified set of the late", maker.fold.ceremony.remaining, [1, 3])
    for minutes in (START + 400, START + 494):
        cases.bad("the end of the next, too early", maker, maker.by_authority("StageEnd", [4, maker.evidence(minutes)]), "CLO-2", "CER-8")
    for i in (1, 3):
        cases.good(f"rehearsal {i}", maker, maker.rehearsal(i))
    cases.outcome.same("the ceremony of the late", maker.fold.ceremony.stage, 5)
    cases.record("a late ceremony", maker, INCOMPLETE)


def _from_the_future(cases):
    """The log claims that stage 2 began in a year; the witnesses know better (CER-29). Stage 2 was to end at START + 200."""
    maker = Maker(witnesses=3)
    cases.good("a manifest under witnesses", maker, maker.first())
    dealt = {i: maker.dealing(i) for i in (1, 2, 3)}
    for i in (1, 2):
        cases.good(f"commitment {i}", maker, maker.commitment(i, dealt[i]))
    began = maker.now = START + 500_000
    cases.good("commitment 3, in a year", maker, maker.commitment(3, dealt[3]))
    for i in (1, 3):
        cases.good(f"dealing {i}", maker, maker.by_trustee(i, "Dealing", dealt[i][0]))
    for minutes in (START + 199, began - 10, began + 99):
        cases.bad("the end of a stage of the future", maker, maker.by_authority("StageEnd", [2, maker.evidence(minutes)]), "CLO-2", "CER-8")
    cases.good("the end of a stage of the future", maker, maker.by_authority("StageEnd", [2, maker.evidence(START + 200)]))
    cases.outcome.same("who remains in the future", maker.fold.ceremony.remaining, [1, 3])
    cases.record("a ceremony of the future", maker, INCOMPLETE)


def _nobody_rehearses(cases):
    """A joint key that too few can use: it exists, and the ceremony has failed all the same."""
    maker = Maker()
    cases.good("a manifest", maker, maker.first())
    dealt = {i: maker.dealing(i) for i in (1, 2, 3)}
    for kind in (lambda i: maker.commitment(i, dealt[i]), lambda i: maker.by_trustee(i, "Dealing", dealt[i][0]), maker.confirmation):
        for i in dealt:
            cases.good(f"the ceremony of {i}", maker, kind(i))
    cases.bad("a retirement from a ceremony", maker, maker.retirement(1), "ENT-7")
    cases.good("one rehearsal", maker, maker.rehearsal(1))
    cases.good("the end of stage 4, too few left", maker, maker.by_authority("StageEnd", [4, b""]))
    cases.outcome.same("failed in stage 4", maker.fold.phase, "Failed")
    cases.bad("a rehearsal after the failure", maker, maker.rehearsal(2), "ENT-7")
    cases.bad("a retirement that denies the key", maker, maker.by_trustee(1, "Retirement", [None]), "RET-2")
    cases.good("a retirement that names it", maker, maker.retirement(3))
    cases.record("failed in stage 4", maker, INCOMPLETE)


def _no_key(cases):
    """Sums that give no key (CRY-56): two equal slot keys, a cancelled constant, a cancelled top coefficient."""
    for name in ("equal slot keys", "no slot key", "a lower threshold"):
        maker = Maker()
        cases.good("a manifest", maker, maker.first())
        dealt = {i: maker.dealing(i) for i in (1, 2, 3)}
        keys, last = [public(y) for _, y in maker.trustees], maker.polynomials[3]
        others = [[maker.polynomials[1][j][h] + maker.polynomials[2][j][h] for h in (0, 1)] for j in range(maker.fold.ceremony.slots)]
        if name == "equal slot keys":
            last[1][0] = (others[0][0] + last[0][0] - others[1][0]) % prover.L
        elif name == "no slot key":
            last[2][0] = -others[2][0] % prover.L
        else:
            last[2][1] = -others[2][1] % prover.L
        dealt[3] = [prover.dealt(maker.F, 3, 0, last, keys)]
        for i in dealt:
            cases.good(f"commitment {i}", maker, maker.commitment(i, dealt[i]))
        for i in dealt:
            cases.good(f"dealing {i}", maker, maker.by_trustee(i, "Dealing", dealt[i][0]))
        for i in dealt:
            cases.good(f"confirmation {i}", maker, maker.confirmation(i))
        cases.outcome.same(name, maker.fold.phase, "Failed")
        cases.record(name, maker, INCOMPLETE)
        cases.bad("a notice by nobody", maker, maker.by_authority("Opening", [bytes(32), bytes(32), [1]]), "ENT-7", "CER-15")
