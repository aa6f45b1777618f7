"""A contest of every kind: manifests, ballots, cheating provers, audits and results (MAN-5, MAN-20 to MAN-22, BAL-50 to BAL-60, CRY-25 and on)."""

from maker import Maker
from scenario_voting import plain
from verify import INCOMPLETE, VALID

POT = 2**32 - 1
PARTY = [["Rot", 2, 1], ["Blau", 3, 2]]
ASKED = [["Neubau?", 2, 1, 1, None], ["Wo?", 3, 0, 2, 0], ["Wann?", 2, 1, 2, 1]]


def options(count):
    """So many names."""
    return [f"Option {i}" for i in range(count)]


# Title, kind, options, blank, terms; and what the voters say: None is the blank.
CONTESTS = (
    (["Noten", [2, 5], options(3), True, [2, 1, 1, [0, 1]]], [0, 5, 3], None),
    (["Punkte, alle", [3, 10, 4, True], options(4), False], [4, 4, 2, 0], [1, 2, 3, 4]),
    (["Punkte, viele", [3, 2**24, 2**24, True], options(2), True], [1, 2**24 - 1], None),
    (["Haushalt", [4, "\u20ac", POT, 1], options(3), True], [POT - 3, 1, 2], [0, 0, 0]),
    (["Kleiner Haushalt", [4, "\u20ac", 50, 10], options(2), True], [10, 40], [20, 0]),
    (["Rangfolge", [5, 1, [3, 2, 1]], options(4), True, [2, 2, 0, [0, 1]]], [2, 0], [3, 2, 1]),
    (["Paare, alle", [6, True, 0], options(4), False], [3, 0, 2, 1], [0, 1, 2, 3]),
    (["Paare", [6, False, 1], options(4), True], [2, 3], None),
    (["Ja oder Nein?", [7, 2, 3], ["Ja", "Nein", "Enthaltung"], True], [0], None),
    (["Listen", [8, 1, 3, True, 1, PARTY], options(5), True, [3, 0, 0, [0, 1]]], [0, 2, 4], 1),
    (["Fragen", [9, ASKED], options(7), True], [0, 2, 4], [1, 5, 6]),
)


def altered(witness, *changes):
    """A witness with other values in some places."""
    witness = list(witness)
    for place, value in changes:
        witness[place] += value
    return witness


def cheats(contest, witness):
    """Witnesses that break a rule or a range, made of one that holds: (name, witness)."""
    relation = contest.relation
    for place in dict.fromkeys((0, relation.slots - 1, relation.length - 1)):
        up = -1 if witness[place] == 1 and place not in relation.wide else 1
        yield f"position {place} changed alone", altered(witness, (place, up))
    for row, target in relation.rules:
        ones = [place for place, factor in row if factor == 1]
        if len(ones) >= 2:
            # The rule holds, but not the ranges.
            most = 2**32 if ones[0] in relation.wide else 2
            yield "a value too large, and one below 0", altered(witness, (ones[0], most), (ones[1], -most))
            return


def ballots(cases, maker):
    """Ballots in every contest, each the whole style of a unit, and what is refused. Returns the witnesses of each contest's voters."""
    counted = []
    for place, (contest, (_, *said)) in enumerate(zip(maker.fold.manifest.contests, CONTESTS, strict=True)):
        first, second = witnesses = [contest.witness(selection) for selection in said]
        content = maker.ballot_content(2 * place, [first])[0]
        for name, wrong in cheats(contest, first):
            cases.outcome.note(f"{name} breaks the relation", not contest.relation.holds(wrong))
            data = maker.by_voter(2 * place, "Ballot", maker.ballot_content(2 * place, [wrong])[0])
            cases.bad(f"{contest.body.title}: {name}", maker, data, "BAL-4")
        if contest.body.title == "Haushalt":
            amounts(cases, maker, 2 * place, first, content)
        cases.good(f"{contest.body.title}: a ballot", maker, maker.by_voter(2 * place, "Ballot", content))
        audit, ((values, r),) = maker.audit(2 * place + 1, [first])
        wrong = [[*values[:-1], values[-1] ^ 1], r]
        cases.bad(f"{contest.body.title}: an audit of other values", maker, maker.by_voter(2 * place + 1, "AuditedBallot", [audit, [wrong]]), "AUD-2")
        cases.good(f"{contest.body.title}: an audit", maker, maker.by_voter(2 * place + 1, "AuditedBallot", [audit, [[values, r]]]))
        content = maker.ballot_content(2 * place + 1, [second])[0]
        cases.good(f"{contest.body.title}: another ballot", maker, maker.by_voter(2 * place + 1, "Ballot", content))
        counted.append(witnesses)
    return counted


def amounts(cases, maker, r, witness, content):
    """What a sealed contest with amounts has besides (03c): every field of it."""
    contest = maker.fold.manifest.contests[r // 2]
    relation, (good,) = contest.relation, content[3]
    k, n, wide = relation.slots, relation.length, len(relation.wide)
    cases.outcome.same("amounts and their slack", (wide, n), (4, 5))
    commitments, announced, answers = 32 * (k + 1), 32 * (k + 1 + wide), 32 * (k + wide + 6)
    proof = answers + 32 * (n + 3)
    (other,), (foreign,) = (maker.ballot_content(r, [witness], **change)[0][3] for change in ({}, {"sequence": 2}))

    def swapped(a, b):
        block = {a: good[b:b + 32], b: good[a:a + 32]}
        return b"".join(block.get(i, good[i:i + 32]) for i in range(0, len(good), 32))

    def cast(data):
        return maker.by_voter(r, "Ballot", [*content[:3], [data]])

    for name, at in (("the first V", commitments), ("the last V", announced - 32), ("A", announced), ("T_V", announced + 128), ("z_g", proof - 32),
                     ("the range proof's A", proof), ("its t_x", proof + 128), ("its first L", proof + 224), ("its b", len(good) - 32)):
        cases.bad(f"a bit of {name}", maker, cast(good[:at] + bytes([good[at] ^ 2]) + good[at + 1:]), "BAL-4", "CRY-1", "CRY-2", "CRY-47")
        cases.bad(f"{name} of another sealing", maker, cast(good[:at] + other[at:at + 32] + good[at + 32:]), "BAL-4")
    for name, data in (
        ("two V exchanged", swapped(commitments, commitments + 32)),
        ("every V of another sealing", good[:commitments] + other[commitments:announced] + good[announced:]),
        ("the range proof of another sealing", good[:proof] + other[proof:]),
        ("the range proof of another context", good[:proof] + foreign[proof:]),
        ("another sequence", foreign), ("the identity in the range proof", good[:proof] + bytes(32) + good[proof + 32:]),
        ("nothing in the range proof", good[:proof] + bytes(len(good) - proof)),
    ):
        cases.bad(name, maker, cast(data), "BAL-4", "CRY-47")
    for name, data in (("no range proof", good[:proof]), ("a range proof cut short", good[:-64]), ("a byte more", good + b"\0")):
        cases.bad(name, maker, cast(data), "BAL-3")


def kinds(cases):
    """One election with a contest of every kind, each in a unit of its own."""
    voters = [(unit, weight) for unit in range(len(CONTESTS)) for weight in (3, 1)]
    maker = plain(cases, voters, contests=[contest for contest, *_ in CONTESTS], units=[[contest[0], [place]] for place, (contest, *_) in enumerate(CONTESTS)])
    counted = ballots(cases, maker)
    cases.good("closing", maker, maker.closing())
    for place, contest in enumerate(maker.fold.manifest.contests):
        first, second = map(contest.relation.values, counted[place])
        totals = [3 * a + b for a, b in zip(first, second)]
        for i in (1, 3):
            cases.good(f"decryption of {contest.body.title} by {i}", maker, maker.partial(i, place, 0))
        for name, wrong in (("one more", altered(totals, (0, 1))), ("one too few", totals[:-1]), ("beyond the bound", altered(totals, (0, 2**40)))):
            cases.bad(f"{contest.body.title}: {name}", maker, maker.result(place, 0, wrong), "TAL-5")
        cases.good(f"the result of {contest.body.title}", maker, maker.result(place, 0, totals))
    cases.record("contests of every kind", maker, VALID)


def manifests(cases):
    """Contests at the bounds of their rules and beyond, in manifests of one entry."""
    for name, contest, more in (
        ("a score of one", [[2, 1], 1, False], {}), ("the largest score", [[2, 1000], 2, True], {}),
        ("as many points as fit", [[3, 12, 4, True], 3, True], {}), ("one point", [[3, 1, 1, False], 1, False], {}),
        ("the largest pot", [[4, "\u20ac", 2**32 - 1, 1], 2, True], {"roll_length": 256}), ("one step", [[4, "kr", 7, 7], 2, False], {}),
        ("128 amounts", [[4, "\u20ac", 2**32 - 1, 1], 127, True], {}), ("129 amounts", [[4, "\u20ac", 2**12, 1], 128, True], {}),
        ("every place", [[5, 3, [2, 1, 0]], 3, True], {}), ("no place needed", [[5, 0, [1]], 2, False], {}),
        ("22 to compare", [[6, True, 0], 22, False], {}), ("17 to compare", [[6, False, 1], 17, True], {}), ("two to compare", [[6, False, 0], 2, True], {}),
        ("more than all", [[7, 999_999, 1_000_000], 3, False], {}), ("any majority", [[7, 0, 1], 3, True], {}),
        ("one list", [[8, 0, 2, True, 2, [["A", 2, 2]]], 2, False], {}),
        ("a condition of a condition", [[9, ASKED], 7, False], {}),
    ):
        maker = Maker(contests=[["?", contest[0], options(contest[1]), contest[2]]], **more)
        cases.good(name, maker, maker.first())
        cases.record(name, maker, INCOMPLETE)
    for name, terms in (("no seat", [0, 0, 0, [0, 1]]), ("two seats", [2, 0, 0, [0, 1]]), ("a lot", [1, 2, 0, [0, 1]]), ("the finest share", [1, 0, 0, [1, 1_000_000]])):
        maker = Maker(contests=[["?", [0], options(2), True, terms]])
        cases.good(name, maker, maker.first())
        cases.record(name, maker, INCOMPLETE)
    for name, (kind, count, *terms), *rules in REFUSED:
        maker = Maker(contests=[["?", kind, options(count), True, *terms]])
        cases.bad(name, maker, maker.first(), *rules)
    for name, changes, *rules in (
        ("totals of 2^40", {"contests": [["?", [4, "\u20ac", 2**32 - 1, 1], options(2), True]], "roll_length": 257}, "MAN-7"),
        ("points of 2^53", {"contests": [["?", [5, 0, [1, 2**32 - 1]], options(2), True]], "roll_length": 2**21 + 1}, "MAN-7"),
        ("money of 2^53", {"contests": [["?", [4, "\u20ac", 2**31, 2**31], options(2), True]], "roll_length": 2**22}, "MAN-7"),
        ("more than fits a body", {"contests": [["?", [2, 1000], options(190), False]]}, "MAN-8"),
    ):
        maker = Maker(**changes)
        cases.bad(name, maker, maker.first(), *rules)


REFUSED = (
    ("terms that are the default", ([0], 2, [1, 0, 0, [0, 1]]), "MAN-20"),
    ("more seats than options", ([0], 2, [3, 0, 0, [0, 1]]), "MAN-20"), ("a share of 0", ([0], 2, [1, 0, 0, [0, 2]]), "MAN-20"),
    ("a share of all", ([0], 2, [1, 0, 0, [2, 2]]), "MAN-20"), ("too fine a share", ([0], 2, [1, 0, 0, [1, 1_000_001]]), "MAN-20"),
    ("a tie by another rule", ([0], 2, [1, 3, 0, [0, 1]]), "ENC-1"), ("another order", ([0], 2, [1, 0, 2, [0, 1]]), "ENC-1"),
    ("null for terms", ([0], 2, None), "ENC-1"), ("terms and more", ([0], 2, [2, 0, 0, [0, 1]], 0), "ENC-1"),
    ("seats for a budget", ([4, "\u20ac", 10, 1], 2, [2, 0, 0, [0, 1]]), "MAN-20"), ("a share for a question", ([7, 1, 2], 3, [1, 0, 0, [1, 2]]), "MAN-20"),
    ("a score of 0", ([2, 0], 2), "MAN-21"), ("a score of 1001", ([2, 1001], 2), "MAN-21"), ("a score and more", ([2, 1, 1], 2), "ENC-1"),
    ("no points", ([3, 0, 0, False], 2), "MAN-21"), ("more on one than on all", ([3, 3, 4, False], 2), "MAN-21"),
    ("points that cannot be spent", ([3, 13, 4, True], 3), "MAN-21"), ("exactly 1", ([3, 3, 1, 1], 3), "ENC-1"),
    ("no pot", ([4, "\u20ac", 0, 1], 2), "MAN-21"), ("no step", ([4, "\u20ac", 10, 0], 2), "MAN-21"),
    ("a step that does not divide", ([4, "\u20ac", 10, 3], 2), "MAN-21"), ("a currency without name", ([4, "", 10, 1], 2), "ENC-3", "MAN-21"),
    ("no place", ([5, 0, []], 2), "ENC-1", "MAN-21"), ("more places than options", ([5, 0, [3, 2, 1]], 2), "MAN-21"),
    ("more needed than there are places", ([5, 2, [1]], 2), "MAN-21"),
    ("one to compare", ([6, True, 0], 1), "MAN-21"), ("23 to compare", ([6, True, 0], 23), "MAN-21"), ("22 with a blank", ([6, True, 0], 22), "MAN-8"),
    ("18 to compare", ([6, False, 0], 18), "MAN-21"), ("another method", ([6, False, 2], 4), "ENC-1"),
    ("a question of two", ([7, 1, 2], 2), "MAN-21"), ("a majority of all", ([7, 2, 2], 3), "MAN-21"), ("too fine a majority", ([7, 1, 1_000_001], 3), "MAN-21"),
    ("a list of none", ([8, 0, 2, False, 0, [["A", 2, 1], ["B", 0, 0]]], 2), "MAN-21", "MAN-22"), ("no list", ([8, 0, 2, False, 0, []], 2), "ENC-1", "MAN-22"),
    ("lists of one name", ([8, 0, 2, False, 0, [["A", 1, 1], ["A", 1, 1]]], 2), "MAN-22"),
    ("lists of fewer options", ([8, 0, 2, False, 0, [["A", 1, 1]]], 2), "MAN-22"), ("lists of more options", ([8, 0, 2, False, 0, [["A", 3, 1]]], 2), "MAN-22"),
    ("a limit of 0", ([8, 0, 2, False, 0, [["A", 2, 0]]], 2), "MAN-21"), ("a limit above the list", ([8, 0, 2, False, 0, [["A", 2, 3]]], 2), "MAN-21"),
    ("a whole list too long", ([8, 0, 1, True, 0, [["A", 2, 2]]], 2), "MAN-21"),
    ("lists with a maximum below the minimum", ([8, 2, 1, False, 0, [["A", 2, 2]]], 2), "MAN-5"),
    ("lists with a maximum of 0", ([8, 0, 0, False, 0, [["A", 2, 2]]], 2), "MAN-5"),
    ("lists with a maximum above the options", ([8, 0, 3, False, 0, [["A", 2, 2]]], 2), "MAN-5"),
    ("a question of one name", ([9, [["A", 1, 0, 1, None], ["A", 1, 0, 1, None]]], 2), "MAN-22"),
    ("a condition of its own", ([9, [["A", 2, 0, 1, 0]]], 2), "MAN-21"), ("a condition that comes later", ([9, [["A", 1, 0, 1, None], ["B", 1, 0, 1, 1]]], 2), "MAN-21"),
    ("no answer possible", ([9, [["A", 2, 0, 0, None]]], 2), "MAN-21"), ("more answers than options", ([9, [["A", 2, 0, 3, None]]], 2), "MAN-21"),
    ("fewer than the least", ([9, [["A", 2, 2, 1, None]]], 2), "MAN-21"), ("an eleventh kind", ([10], 2), "ENC-1"), ("no kind", ([], 2), "ENC-1"),
)
