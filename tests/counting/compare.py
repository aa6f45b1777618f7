#!/usr/bin/env python3
"""Random profiles, counted by votelib: an implementation of the counting rules that shares nothing with ours.

    compare.py SEED CASES > profiles.json

Prints CASES cases of every kind, each with its ballots and what votelib makes of them. Textbook examples come first, and it ends with an
error if votelib itself does not give what the textbook has. profiles.json was made by votelib 0.4.0.
"""
import json
import random
import sys
from importlib.metadata import version

import votelib.component.rankscore
import votelib.convert as convert
import votelib.evaluate.condorcet as condorcet
import votelib.evaluate.core as core
import votelib.evaluate.proportional as proportional


def seats_of(result):
    """A selection as one list for each seat: who has it, or all who tie for it."""
    return [sorted(one) if isinstance(one, core.Tie) else [one] for one in result]


def plurality(votes, seats):
    """Nobody wins without votes (CNT-4): such options are left out."""
    return seats_of(core.Plurality().evaluate({option: count for option, count in votes.items() if count > 0}, seats))


def figures(votes, options):
    return [int(votes.get(option, 0)) for option in range(options)]


def profile(ballots, form):
    """Ballots as votelib has them: what was chosen, and how often."""
    votes = {}
    for weight, choice in ballots:
        votes[form(choice)] = votes.get(form(choice), 0) + weight
    return votes


def choose_one(case):
    votes = profile(case["ballots"], lambda choice: choice[0])
    return {"figures": figures(votes, case["options"]), "winners": plurality(votes, case["seats"])}


def choose(case):
    votes = convert.ApprovalToSimpleVotes().convert(profile(case["ballots"], frozenset))
    return {"figures": figures(votes, case["options"]), "winners": plurality(votes, case["seats"])}


def score(case):
    votes = profile(case["ballots"], lambda choice: frozenset(enumerate(choice)))
    votes = convert.ScoreToSimpleVotes("sum").convert(votes)
    return {"figures": figures(votes, case["options"]), "winners": plurality(votes, case["seats"])}


def positional(case):
    scorer = votelib.component.rankscore.Borda(base=0)
    votes = convert.RankedToPositionalVotes(scorer).convert(profile(case["ballots"], tuple))
    return {"figures": figures(votes, case["options"]), "winners": plurality(votes, case["seats"])}


def comparisons(case):
    votes = convert.RankedToCondorcetVotes().convert(profile(case["ballots"], tuple))
    options = range(case["options"])
    winner = condorcet.CondorcetWinner().evaluate(votes)
    return votes, {
        "matrix": [[votes.get((a, b), 0) for b in options] for a in options],
        "condorcet": winner[0] if winner else None,
    }


def schulze(case):
    votes, answer = comparisons(case)
    paths = condorcet.Schulze.widest_paths(votes)
    options = range(case["options"])
    answer["paths"] = [[paths.get((a, b), 0) for b in options] for a in options]
    beaten = {b for (a, b), strength in paths.items() if strength > paths.get((b, a), 0)}
    answer["first"] = [option for option in options if option not in beaten]
    # votelib orders by the number of options beaten, which is the Schulze order only where that is strict.
    strict = all(paths.get((a, b), 0) != paths.get((b, a), 0) for a in options for b in options if a != b)
    answer["winners"] = seats_of(condorcet.Schulze().evaluate(votes, case["seats"])) if strict else None
    return answer


def ranked_pairs(case):
    votes, answer = comparisons(case)
    options = range(case["options"])
    margins = [votes.get((a, b), 0) - votes.get((b, a), 0) for a in options for b in options if a < b]
    # votelib takes equal margins in any order, and we take them together: only different ones are the same question.
    strict = 0 not in margins and len({abs(margin) for margin in margins}) == len(margins)
    answer["winners"] = seats_of(condorcet.RankedPairs("margins").evaluate(votes, case["seats"])) if strict else None
    return answer


def divided(case):
    starts = [sum(case["lists"][:number]) for number in range(len(case["lists"]))]
    of = [number for number, size in enumerate(case["lists"]) for _ in range(size)]
    votes = {}
    for weight, choice in case["ballots"]:
        for option in range(starts[choice], starts[choice] + case["lists"][choice]) if isinstance(choice, int) else choice:
            votes[of[option]] = votes.get(of[option], 0) + weight
    rule = {"d-hondt": "d_hondt", "sainte-lague": "sainte_lague"}[case["kind"]]
    most = dict(enumerate(case["lists"]))
    result = proportional.HighestAverages(rule).evaluate(votes, case["seats"], max_seats=most)
    ties = [[sorted(one), seats] for one, seats in result.items() if isinstance(one, core.Tie)]
    return {
        "votes": figures(votes, len(case["lists"])),
        "lists": figures({one: seats for one, seats in result.items() if not isinstance(one, core.Tie)}, len(most)),
        "ties": ties,
    }


COUNT = {
    "choose-one": choose_one,
    "choose": choose,
    "score": score,
    "positional": positional,
    "schulze": schulze,
    "ranked-pairs": ranked_pairs,
    "d-hondt": divided,
    "sainte-lague": divided,
}

# Memphis, Nashville, Chattanooga, Knoxville: the voters' distances decide.
TENNESSEE = [[42, [0, 1, 2, 3]], [26, [1, 2, 3, 0]], [15, [2, 3, 1, 0]], [17, [3, 2, 1, 0]]]
# Schulze 2011, section 3, example of 45 voters and A to E, as Wikipedia has it.
SCHULZE = [[5, "ACBED"], [5, "ADECB"], [8, "BEDAC"], [3, "CABED"], [7, "CAEBD"], [2, "CBADE"], [7, "DCEBA"], [8, "EBADC"]]
SCHULZE = [[weight, ["ABCDE".index(option) for option in ranking]] for weight, ranking in SCHULZE]

# Name, case, and what the textbook has.
TEXTBOOK = [
    ("Tennessee, plurality", {"kind": "choose-one", "options": 4, "seats": 1,
     "ballots": [[weight, ranking[:1]] for weight, ranking in TENNESSEE]}, {"winners": [[0]], "figures": [42, 26, 15, 17]}),
    ("Tennessee, Borda", {"kind": "positional", "options": 4, "seats": 1, "ballots": TENNESSEE},
     {"winners": [[1]], "figures": [126, 194, 173, 107]}),
    ("Tennessee, Schulze", {"kind": "schulze", "options": 4, "seats": 4, "ballots": TENNESSEE},
     {"winners": [[1], [2], [3], [0]], "condorcet": 1}),
    ("Tennessee, ranked pairs", {"kind": "ranked-pairs", "options": 4, "seats": 4, "ballots": TENNESSEE},
     {"winners": None, "condorcet": 1}),
    ("Schulze's 45 voters", {"kind": "schulze", "options": 5, "seats": 5, "ballots": SCHULZE},
     {"winners": [[4], [0], [2], [1], [3]], "condorcet": None,
      "paths": [[0, 28, 28, 30, 24], [25, 0, 28, 33, 24], [25, 29, 0, 29, 24], [25, 28, 28, 0, 24], [25, 28, 28, 31, 0]]}),
    ("D'Hondt, eight seats", {"kind": "d-hondt", "lists": [8, 8, 8, 8], "seats": 8,
     "ballots": [[100000, [0]], [80000, [8]], [30000, [16]], [20000, [24]]]}, {"lists": [4, 3, 1, 0], "ties": []}),
    ("Sainte-Lague, seven seats", {"kind": "sainte-lague", "lists": [7, 7, 7], "seats": 7,
     "ballots": [[53000, [0]], [24000, [7]], [23000, [14]]]}, {"lists": [3, 2, 2], "ties": []}),
]


def textbook():
    for name, case, expected in TEXTBOOK:
        answer = COUNT[case["kind"]](case)
        for key, value in expected.items():
            if answer[key] != value:
                sys.exit(f"votelib disagrees with the textbook on {name}: {key} is {answer[key]}, not {value}")
        yield {"name": name, **case, "answer": answer}


def draw(kind, number, rng):
    """A random case. Few ballots make ties, many make none."""
    options = rng.randint(2, 5 if kind == "ranked-pairs" else 7)
    case = {"kind": kind, "options": options, "seats": rng.randint(1, options - 1)}
    weights = 1 if number % 2 else 1000
    count = rng.randint(1, 14)
    ranking = lambda length: rng.sample(range(options), length)
    complete = bool(number % 3)
    if kind == "choose-one":
        choices = [[rng.randrange(options)] for _ in range(count)]
    elif kind == "choose":
        choices = [sorted(ranking(rng.randint(1, options))) for _ in range(count)]
    elif kind == "score":
        case["top"] = rng.randint(1, 9)
        choices = [[rng.randint(0, case["top"]) for _ in range(options)] for _ in range(count)]
    elif kind in ("positional", "schulze", "ranked-pairs"):
        case["complete"] = complete
        # The first ranks everybody: votelib knows only options that somebody ranked.
        choices = [ranking(options if complete or first == 0 else rng.randint(1, options)) for first in range(count)]
    else:
        lists = [rng.randint(1, 4) for _ in range(rng.randint(2, 5))]
        case = {"kind": kind, "lists": lists, "seats": rng.randint(1, sum(lists))}
        whole = lambda: rng.randrange(len(lists))
        some = lambda: sorted(rng.sample(range(sum(lists)), 1 if number % 2 else rng.randint(1, sum(lists))))
        choices = [whole() if rng.random() < (number % 4) / 4 else some() for _ in range(count)]
    case["ballots"] = [[rng.randint(1, weights), choice] for choice in choices]
    return case


def main():
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    rng = random.Random(seed)
    cases = list(textbook())
    for kind in COUNT:
        for number in range(count):
            case = draw(kind, number, rng)
            cases.append({"name": f"{kind} {number} of seed {seed}", **case, "answer": COUNT[kind](case)})
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    print(f'{{"votelib": "{version("votelib")}", "seed": {seed}, "cases": [\n{lines}\n]}}')


main()
