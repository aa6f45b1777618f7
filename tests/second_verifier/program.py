"""How contests of every kind compile (BAL-10, BAL-11, BAL-50 to BAL-60).

A selection is None (the blank), or by the kind: the options marked, as a list; the amounts of all options; the ranking, from first to last;
or a whole list, as its number.
"""

from collections import namedtuple
from itertools import combinations, permutations

from cbor import require
from relation import MOST_WIDE, Relation, padded, tight_bits
from schema import Budget, Choose, ChooseOne, Cumulative, Linked, Lists, Pairwise, Positional, Question, Score

Variable = namedtuple("Variable", "maximum value wide", defaults=(0, False))


def ones(count, first=0):
    """The terms of so many variables in order, each once."""
    return [(1, variable) for variable in range(first, first + count)]


class Program:
    """Variables, the slots first, and rules over them (BAL-50); the values are those of one selection."""

    def __init__(self, contest, selection, maximum, values, wide=False):
        self.variables, self.rules = [Variable(maximum, value, wide) for value in values], []
        if contest.blank:
            self.blank_slot = self.new(1, int(selection is None))
        self.has_blank, self.slots = contest.blank, len(self.variables)

    def blank(self, factor=1):
        """The blank's term, if the contest offers one."""
        return [(factor, self.blank_slot)] if self.has_blank else []

    def new(self, maximum=1, value=0, wide=False):
        """The next variable."""
        self.variables.append(Variable(maximum, value, wide))
        return len(self.variables) - 1

    def value(self, variable):
        """The value that a variable has."""
        return self.variables[variable].value

    def sum(self, terms):
        """What the terms (coefficient, variable) come to."""
        return sum(factor * self.value(variable) for factor, variable in terms)

    def rule(self, terms, target, slack=0, wide=False):
        """The sum of the terms, and of a new slack variable if its maximum is not 0, is the target."""
        if slack:
            terms = [*terms, (1, self.new(slack, target - self.sum(terms), wide))]
        self.rules.append((terms, target))

    def difference(self, terms, maximum=1):
        """The terms come to 0..maximum: a new variable is taken off."""
        self.rules.append(([*terms, (-1, self.new(maximum, self.sum(terms)))], 0))

    def relation(self):
        """The relation, and where each variable's weights stand."""
        places, wide, length = [], [], 0
        for variable in self.variables:
            weights = [1] if variable.wide else tight_bits(variable.maximum)
            wide += [length] if variable.wide else []
            places.append([(length + i, weight) for i, weight in enumerate(weights)])
            length += len(weights)

        def row(terms):
            return sorted((place, factor * weight) for factor, variable in terms for place, weight in places[variable])

        return Relation(self.slots, length, places[:self.slots], [(row(terms), target) for terms, target in self.rules], wide)

    def witness(self):
        """The bits and amounts of the values; of several ways to write a slack, the one with the last weights."""
        found = []
        for variable in self.variables:
            bits, rest = [], variable.value
            for weight in [rest] if variable.wide else reversed(tight_bits(variable.maximum)):
                bits.insert(0, int(weight <= rest) if not variable.wide else rest)
                rest -= weight * bits[0] if not variable.wide else rest
            require(rest == 0, "BAL-61", "no value of this variable")
            found += bits
        return found


def costs_less_wide(values, total):
    """Whether so many values that add up to a total are wide (BAL-60)."""
    p = padded(values)
    logarithm = (32 * p).bit_length() - 1
    return values <= MOST_WIDE and 32 * (2 * values + 2 * logarithm + 11) + 320 * p < 32 * values * len(tight_bits(total))


def compiled(contest, selection=None):
    """The program of a contest that obeys its rules, with the values of a selection."""
    return COMPILERS[type(contest.kind)](contest, contest.kind, len(contest.options), selection)


def marked(selection, count):
    """1 for each option marked, else 0."""
    marks = [] if selection is None else selection
    require(len(set(marks)) == len(marks) and all(0 <= mark < count for mark in marks), "BAL-61", "a mark twice, or on no option")
    return [int(option in marks) for option in range(count)]


def amounts(selection, count):
    """The amount of each option."""
    found = [0] * count if selection is None else selection
    require(len(found) == count, "BAL-61", "not one amount for each option")
    return found


def _choose_one(contest, kind, m, selection):
    """BAL-51."""
    program = Program(contest, selection, 1, marked(selection, m))
    program.rule(ones(m) + program.blank(), 1)
    return program


def _bounded(program, options, count, bounds):
    """Between minimum and maximum of the options, or none and the blank; no rule where nothing is asked."""
    if bounds.minimum == 0 and bounds.maximum == count and not program.has_blank:
        return
    program.rule(options + program.blank(bounds.maximum), bounds.maximum, bounds.maximum - bounds.minimum)


def _choose(contest, kind, m, selection):
    """BAL-11, BAL-51."""
    program = Program(contest, selection, 1, marked(selection, m))
    _bounded(program, ones(m), m, kind)
    return program


def _score(contest, kind, m, selection):
    """BAL-52."""
    program = Program(contest, selection, kind.top, amounts(selection, m))
    if contest.blank:
        program.rule(ones(m) + program.blank(kind.top * m), kind.top * m, kind.top * m)
    return program


def _cumulative(contest, kind, m, selection):
    """BAL-53."""
    slack = 0 if kind.exactly else kind.points
    wide = kind.most == kind.points and costs_less_wide(m + (not kind.exactly), kind.points)
    program = Program(contest, selection, kind.most, amounts(selection, m), wide)
    program.rule(ones(m) + program.blank(kind.points), kind.points, slack, wide)
    return program


def _budget(contest, kind, m, selection):
    """BAL-54."""
    total, given = kind.pot // kind.step, amounts(selection, m)
    require(all(amount % kind.step == 0 for amount in given), "BAL-61", "an amount between the steps")
    wide = costs_less_wide(m + 1, total)
    program = Program(contest, selection, total, [amount // kind.step for amount in given], wide)
    program.rule(ones(m) + program.blank(total), total, total, wide)
    return program


def _positional(contest, kind, m, selection):
    """BAL-55."""
    p, least, ranking = len(kind.points), kind.minimum, selection or []
    ranked = marked(ranking, m)
    require(len(ranking) <= p, "BAL-61", "more options ranked than there are places")
    program = Program(contest, selection, 1, [int(ranking[q:q + 1] == [o]) for q in range(p) for o in range(m)])
    empty = {q: program.new(1, int(q >= len(ranking))) for q in range(least, p)}
    all_ranked = least == p == m
    unranked = [] if all_ranked else [program.new(1, 1 - one) for one in ranked]
    for q in range(p):
        program.rule(ones(m, q * m) + (program.blank() if q < least else [(1, empty[q])]), 1)
    for o in range(m):
        program.rule([(1, q * m + o) for q in range(p)] + (program.blank() if all_ranked else [(1, unranked[o])]), 1)
    for q in range(least, p):
        before = [(-1, empty[q - 1])] if q > least else program.blank(-1)
        if before:
            program.difference([(1, empty[q]), *before])
    return program


def _no_circles(program, before, m):
    """Of three options the first is before the third wherever it is before the second and that before the third."""
    for a, b, c in combinations(range(m), 3):
        program.difference([(1, before[a, b]), (1, before[b, c]), (-1, before[a, c])])


def _pairwise(contest, kind, m, selection):
    """BAL-56 and BAL-57."""
    ranked = marked(selection, m)
    # The order of what is not ranked is free; here it is that of the options. A complete blank has zeros: the ranking backwards.
    ranking = [*(selection or ()), *(o for o in range(m) if not ranked[o])]
    if selection is None and kind.complete:
        ranking = list(range(m))[::-1]
    place = {option: place for place, option in enumerate(ranking)}
    require(selection is None or not kind.complete or all(ranked), "BAL-61", "not every option is ranked")
    pairs = list(combinations(range(m), 2))
    first = {(a, b): int(place[a] < place[b]) for a, b in permutations(range(m), 2)}
    if kind.complete:
        program = Program(contest, selection, 1, [first[pair] for pair in pairs])
        _no_circles(program, {pair: slot for slot, pair in enumerate(pairs)}, m)
        if contest.blank:
            program.rule(ones(len(pairs)) + program.blank(len(pairs)), len(pairs), len(pairs))
        return program
    both = list(permutations(range(m), 2))
    program = Program(contest, selection, 1, [int(ranked[a] and first[a, b]) for a, b in both])
    slot = {pair: number for number, pair in enumerate(both)}
    r = [program.new(1, one) for one in ranked]
    before = {pair: program.new(1, first[pair]) for pair in pairs}
    for a, b in pairs:
        c = before[a, b]
        product = [(1, c), (1, r[a]), (-2, slot[a, b])]
        opposite = [(-1, c), (1, r[b]), (-2, slot[b, a])]
        order = [(1, c), (-1, r[a]), (1, r[b])]
        u, u2 = program.new(1, program.sum(product)), program.new(1, 1 + program.sum(opposite))
        v = program.new(1, program.sum(order))
        program.rules += [(product + [(-1, u)], 0), (opposite + [(-1, u2)], -1), (order + [(-1, v)], 0)]
    _no_circles(program, before, m)
    if contest.blank:
        program.rule([(1, variable) for variable in r] + program.blank(m), m, m)
    return program


def _lists(contest, kind, m, selection):
    """BAL-58."""
    whole = [selection] if isinstance(selection, int) else []
    values = marked([] if whole else selection, m)
    wholes = marked(whole, len(kind.lists)) if kind.whole else []
    require(kind.whole or not whole, "BAL-61", "whole lists cannot be chosen")
    program = Program(contest, selection, 1, values + wholes)
    bounded = [(kind.maximum, m + number) for number in range(len(wholes))]
    if bounded or contest.blank or kind.minimum or kind.maximum < m:
        program.rule(ones(m) + bounded + program.blank(kind.maximum), kind.maximum, kind.maximum - kind.minimum)
    first = 0
    for part in kind.lists:
        if part.limit < part.options:
            program.rule(ones(part.options, first), part.limit, part.limit)
        first += part.options
    return program


def _linked(contest, kind, m, selection):
    """BAL-59."""
    program, first = Program(contest, selection, 1, marked(selection, m)), 0
    for part in kind.questions:
        own = ones(part.options, first)
        if part.condition is None:
            _bounded(program, own, part.options, part)
        else:
            program.rule(own + [(-part.maximum, part.condition)], 0, part.maximum - part.minimum)
        first += part.options
    return program


COMPILERS = {
    ChooseOne: _choose_one, Choose: _choose, Score: _score, Cumulative: _cumulative, Budget: _budget, Positional: _positional,
    Pairwise: _pairwise, Question: _choose_one, Lists: _lists, Linked: _linked,
}
