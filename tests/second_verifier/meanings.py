"""What the relation of a small contest allows, found by trying every witness, is exactly what the kind says in words (BAL-51 to BAL-59)."""

from itertools import combinations, permutations, product

from contest import Contest
from schema import contest as read_contest


def contest(kind, options, blank):
    """A contest of so many options."""
    return Contest(read_contest(["?", kind, [str(i) for i in range(options)], blank]))


def allowed(relation):
    """The slot values of every witness that holds. Positions are filled in order; a rule is tried when its last one is."""
    due = [[] for _ in range(relation.length)]
    for row, target in relation.rules:
        due[row[-1][0]].append((row, target))
    witnesses = [()]
    for place in range(relation.length):
        witnesses = [longer for witness in witnesses for bit in (0, 1) for longer in [(*witness, bit)]
                     if all(sum(factor * longer[i] for i, factor in row) == target for row, target in due[place])]
    return {tuple(relation.values(witness)) for witness in witnesses}


def marks(count, least, most):
    """Between least and most of so many, as 0 and 1."""
    return {values for values in product((0, 1), repeat=count) if least <= sum(values) <= most}


def table(m, places, least):
    """Rankings of some options, as a table of places."""
    return {tuple(int(ranking[q:q + 1] == (o,)) for q in range(places) for o in range(m))
            for length in range(least, places + 1) for ranking in permutations(range(m), length)}


def comparisons(m, complete):
    """Rankings as comparisons."""
    found = set()
    for length in [m] if complete else range(m + 1):
        for ranking in permutations(range(m), length):
            place = {option: place for place, option in enumerate(ranking)}
            pairs = combinations(range(m), 2) if complete else permutations(range(m), 2)
            found.add(tuple(int(a in place and place[a] < place.get(b, m)) for a, b in pairs))
    return found


def lists(shape, least, most, whole):
    """Marks within every list's limit, or a whole list."""
    m, found = sum(size for size, _ in shape), set()
    for values in marks(m, least, most):
        first, within = 0, True
        for size, limit in shape:
            within, first = within and sum(values[first:first + size]) <= limit, first + size
        if within:
            found.add(values + (0,) * len(shape) * whole)
    if whole:
        found |= {(0,) * m + tuple(int(i == j) for j in range(len(shape))) for i in range(len(shape))}
    return found


def linked(shape):
    """Answers to each question whose condition is marked, and none to the others."""
    found, first = {()}, 0
    for size, least, most, condition in shape:
        longer = set()
        for values in found:
            open_question = condition is None or values[condition]
            longer |= {values + answer for answer in (marks(size, least, most) if open_question else marks(size, 0, 0))}
        found = longer
    return found


def cases():
    """(kind, number of options, the slot values of ballots that are not blank)."""
    yield [0], 3, marks(3, 1, 1)
    for least, most in ((0, 3), (0, 2), (1, 3), (2, 2)):
        yield [1, least, most], 3, marks(3, least, most)
    for top in (1, 2, 3):
        yield [2, top], 2, set(product(range(top + 1), repeat=2))
    for points, most in ((3, 2), (4, 4), (5, 3)):
        for exactly in (True, False):
            spread = {v for v in product(range(most + 1), repeat=2) if sum(v) == points or (not exactly and sum(v) < points)}
            yield [3, points, most, exactly], 2, spread
    for pot, step in ((3, 1), (50, 10)):
        yield [4, "\u20ac", pot, step], 2, {v for v in product(range(pot // step + 1), repeat=2) if sum(v) <= pot // step}
    for m in (2, 3):
        for places in range(1, m + 1):
            for least in range(places + 1):
                yield [5, least, [0] * places], m, table(m, places, least)
    for m in (2, 3, 4):
        yield [6, True, 0], m, comparisons(m, True)
    for m in (2, 3):
        yield [6, False, 1], m, comparisons(m, False)
    yield [7, 1, 2], 3, marks(3, 1, 1)
    for shape, least, most in (([(2, 1), (2, 2)], 0, 4), ([(2, 1), (1, 1)], 1, 2), ([(2, 2), (1, 1)], 0, 3), ([(1, 1), (3, 2)], 3, 3)):
        for whole in (False, True):
            described = [[f"List {i}", size, limit] for i, (size, limit) in enumerate(shape)]
            yield [8, least, most, whole, 0, described], sum(size for size, _ in shape), lists(shape, least, most, whole)
    for shape in ([(2, 1, 1, None), (3, 0, 2, 0)], [(2, 0, 2, None), (2, 1, 1, 1), (2, 2, 2, 2)], [(1, 0, 1, None), (2, 0, 2, 0)]):
        yield [9, [[f"Question {i}", *part] for i, part in enumerate(shape)]], sum(size for size, *_ in shape), linked(shape)


def meanings(test):
    """Every small contest, with and without a blank. No range proof pays off where there are so few bits."""
    for kind, options, values in cases():
        for blank in (False, True):
            relation = contest(kind, options, blank).relation
            expected = {v + (0,) * blank for v in values}
            if blank:
                expected.add((0,) * (relation.slots - 1) + (1,))
            test.same(f"{kind} of {options}, blank: {blank}, N = {relation.length}", allowed(relation), expected)


SUITES = (meanings,)
