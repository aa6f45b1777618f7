"""Contests: what the manifest's rules ask of them (MAN-5, MAN-20 to MAN-22), and what follows from one."""

from cbor import Refused, require
from program import compiled
from schema import Budget, Choose, Cumulative, Linked, Lists, Pairwise, Positional, Question, Score

COMPLETE, NOT_COMPLETE = 22, 17
DEFAULT = (1, 0, 0, (0, 1))


class Contest:
    """A contest that obeys its rules, with what follows from it. `terms` are those in force."""

    def __init__(self, body):
        self.body, self.kind, self.options, self.blank = body, body.kind, len(body.options), body.blank
        self.terms = DEFAULT if body.terms is None else body.terms
        check(body)
        program = compiled(body)
        self.maxima = [variable.maximum for variable in program.variables[:program.slots]]
        try:
            self.relation = program.relation()
        except Refused as refusal:
            raise Refused("MAN-5", str(refusal)) from None

    def witness(self, selection):
        """The witness of a selection; refused if no ballot may say that."""
        require(self.blank or selection is not None, "BAL-61", "a blank that the contest does not offer")
        witness = compiled(self.body, selection).witness()
        require(self.relation.holds(witness), "BAL-61", "a selection that breaks a rule of the contest")
        return witness

    @property
    def worth(self):
        """The most that one ballot gives an option in points of places or in money; 0 where totals are all there is (MAN-7)."""
        if isinstance(self.kind, Positional):
            return max(self.kind.points)
        return self.kind.pot if isinstance(self.kind, Budget) else 0

    def opened_length(self):
        """The bytes that an opening's values take at most (MAN-8)."""
        return sum(1 if n < 24 else 2 if n < 2**8 else 3 if n < 2**16 else 5 for n in self.maxima)


def fraction(numerator, denominator, rule):
    """A share that something must exceed."""
    require(numerator < denominator <= 1_000_000, rule, "no share below one, or one too fine")


def check(contest):
    """MAN-5, MAN-20 to MAN-22."""
    kind, m = contest.kind, len(contest.options)
    require(len(set(contest.options)) == m, "MAN-5", "two options are equal")
    if contest.terms is not None:
        seats, ties, order, share = contest.terms
        require((seats, ties, order, tuple(share)) != DEFAULT, "MAN-20", "terms that are the default")
        require(seats <= m, "MAN-20", "more seats than options")
        if tuple(share) != (0, 1):
            require(share.numerator >= 1, "MAN-20", "a share of nothing")
            fraction(*share, "MAN-20")
        fixed = isinstance(kind, (Budget, Question))
        require(not fixed or (seats == 1 and tuple(share) == (0, 1)), "MAN-20", "seats or a share where the kind knows none")
    if isinstance(kind, Choose):
        between(kind, m, "MAN-5")
    elif isinstance(kind, Score):
        require(1 <= kind.top <= 1000, "MAN-21", "a score without points, or with too many")
    elif isinstance(kind, Cumulative):
        require(1 <= kind.most <= kind.points, "MAN-21", "points out of order")
        require(not kind.exactly or kind.most * m >= kind.points, "MAN-21", "points that cannot all be given")
    elif isinstance(kind, Budget):
        require(kind.pot >= 1 and kind.step >= 1 and kind.pot % kind.step == 0, "MAN-21", "a step that does not divide the pot")
    elif isinstance(kind, Positional):
        require(1 <= len(kind.points) <= m and kind.minimum <= len(kind.points), "MAN-21", "places out of order")
    elif isinstance(kind, Pairwise):
        require(2 <= m <= (COMPLETE if kind.complete else NOT_COMPLETE), "MAN-21", "too few or too many options to compare")
    elif isinstance(kind, Question):
        require(m == 3, "MAN-21", "a question without yes, no and abstain")
        fraction(kind.numerator, kind.denominator, "MAN-21")
    elif isinstance(kind, Lists):
        between(kind, m, "MAN-5")
        _parts(kind.lists, m)
        for part in kind.lists:
            require(1 <= part.limit <= part.options, "MAN-21", "a limit that a list cannot have")
            require(not kind.whole or part.options <= kind.maximum, "MAN-21", "a whole list above the maximum")
    elif isinstance(kind, Linked):
        _parts(kind.questions, m)
        first = 0
        for part in kind.questions:
            between(part, part.options, "MAN-21")
            require(part.condition is None or part.condition < first, "MAN-21", "a condition that is no earlier option")
            first += part.options


def between(bounds, m, rule):
    """A minimum and a maximum of m options."""
    require(bounds.minimum <= bounds.maximum and 1 <= bounds.maximum <= m, rule, "a minimum and maximum that do not fit")


def _parts(parts, m):
    names = [part.name for part in parts]
    require(len(set(names)) == len(names), "MAN-22", "two lists or questions of one name")
    require(all(part.options >= 1 for part in parts), "MAN-22", "a list or question without options")
    require(sum(part.options for part in parts) == m, "MAN-22", "lists or questions of other options than the contest's")
