"""The known answers of chapter 05b: what contests compile to, and what may be said in them."""

from cbor import Refused, decode
from contest import Contest
from manifest import check_totals
from schema import contest as read_contest
from vectors_cryptography import load, un


def said(selection):
    """A selection as `program` takes it."""
    return None if selection == "blank" else next(iter(selection.values()))


def compiled(test, case):
    """A contest is what a vector says."""
    data = un(case["contest"])
    contest, name = Contest(read_contest(decode(data))), case["rule"]
    relation = contest.relation
    rules = [{"coefficients": [list(term) for term in row], "target": target} for row, target in relation.rules]
    found = {"slots": relation.slots, "slot_maxima": contest.maxima, "witness": relation.length, "wide": relation.wide,
             "weights": [[list(term) for term in row] for row in relation.weights], "rules": rules, "sealed_length": relation.sealed_length()}
    for key, value in found.items():
        test.same(f"{name}: {key}", value, case[key])
    for filled in case["selections"]:
        label, witness, selection = f"{name}: {filled['selection']}", filled["witness"], said(filled["selection"])
        test.same(label, (relation.holds(witness), relation.values(witness)), (True, filled["values"]))
        test.same(f"{label}, filled in here", relation.values(contest.witness(selection)), filled["values"])
    for selection in case["refused_selections"]:
        test.refused(f"{name}: {selection}", lambda: contest.witness(said(selection)))


def known_contests(test):
    """Contests of every kind."""
    for case in load("contests.json")["contests"]:
        compiled(test, case)


def refused_contests(test):
    """Contests that no manifest may hold, each by its rule."""
    def whole(case):
        check_totals(1000, 1, [Contest(read_contest(decode(un(case["contest"]))))])
    for case in load("contests.json")["refused_contests"]:
        try:
            whole(case)
            test.note(case["contest"], False, "accepted")
        except Refused as refusal:
            test.same(case["contest"], refusal.rule, case["rule"])


SUITES = (known_contests, refused_contests)
