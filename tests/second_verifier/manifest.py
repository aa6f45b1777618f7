"""The rules of the manifest (MAN-2 to MAN-12, MAN-14, MAN-41); those of contests are in `contest`."""

import re

from cbor import require
from contest import Contest
from equation import hold
from note import LOG_KEY, is_name, read_key
from policy import Policy
from ristretto import point
from schnorr import possession_equation
from transcript import Transcript

THRESHOLD, NO_WITNESSES, SMALL_TALLY = 0, 1, 2
MOST = 32


def check_totals(roll_length, largest_weight, contests):
    """MAN-7."""
    largest = max(maximum for contest in contests for maximum in contest.maxima)
    require(roll_length * largest_weight * largest < 2**40, "MAN-7", "totals could reach 2^40")
    worth = max(contest.worth for contest in contests)
    require(roll_length * largest_weight * worth < 2**53, "MAN-7", "points or amounts could reach 2^53")


LABEL = "[a-z0-9-]{1,63}"
ADDRESS = re.compile(rf"(https://({LABEL}(\.{LABEL})*)|http://(localhost|127\.0\.0\.1))(:([1-9][0-9]{{0,4}}))?(/(?!\.{{1,2}}(/|\Z))[A-Za-z0-9._~-]+)*", re.ASCII)


def check_pages(pages):
    """MAN-41."""
    if pages is None:
        return
    require(len(pages.boards) <= 8, "MAN-41", "more than 8 boards")
    require(len(set(pages.boards)) == len(pages.boards), "MAN-41", "a board twice")
    for board in pages.boards:
        found = ADDRESS.fullmatch(board)
        require(found and len(board) <= 300, "MAN-41", "a board's address of another form")
        require(len(found[2] or "") <= 253 and int(found[6] or 1) <= 65535, "MAN-41", "a host or port out of bounds")


class Manifest:
    """A manifest that obeys its rules, with what follows from it alone."""

    def __init__(self, body):
        self.body = body
        self.contests = [Contest(contest) for contest in body.contests]
        self.relations = [contest.relation for contest in self.contests]
        self.slots = max(relation.slots for relation in self.relations)
        self._check_officials()
        self._check_contests()
        self._check_times()
        self._check_log()

    def _check_officials(self):
        m, n = self.body, len(self.body.trustees)
        require(1 <= m.k <= m.q <= n <= MOST, "MAN-3", "k, q and n out of order")
        require(len(m.registrars) <= MOST, "MAN-4", "too many registrars")
        equations, keys = [], []

        def possess(role, index, official, *own):
            require(not any(point(key, "MAN-4").is_identity() for key in own), "MAN-4", "a key is the identity")
            t = Transcript("key-possession", m.election_id).context(role=role, index=index, name=official.name)
            equations.append(possession_equation(t, own, official.possession))
            keys.extend(own)

        possess(0, 0, m.authority, m.authority.signing_key)
        for i, registrar in enumerate(m.registrars, 1):
            possess(1, i, registrar, registrar.signing_key)
        for i, trustee in enumerate(m.trustees, 1):
            possess(2, i, trustee, trustee.signing_key, trustee.share_key)
        require(len(set(keys)) == len(keys), "MAN-4", "a key stands twice in the manifest")
        require(hold(equations), "MAN-4", "a proof of possession is wrong")

    def _check_contests(self):
        m = self.body
        for contest in m.contests:
            require(len(set(contest.options)) == len(contest.options), "MAN-5", "two options are equal")
        require(len({unit.name for unit in m.units}) == len(m.units), "MAN-6", "two units of one name")
        for unit in m.units:
            ascending = all(a < b for a, b in zip(unit.contests, unit.contests[1:]))
            require(ascending and unit.contests[-1] < len(m.contests), "MAN-6", "contests of a unit not ascending, or unknown")
            contests = [self.contests[c] for c in unit.contests]
            size = 200 + sum(c.relation.sealed_length() + c.opened_length() + 50 for c in contests)
            require(size <= 65_000, "MAN-8", "ballots of a unit would not fit")
        listed = {c for unit in m.units for c in unit.contests}
        require(len(listed) == len(m.contests), "MAN-6", "a contest that no unit lists")
        require(m.roll_length >= 1 and m.largest_weight >= 1, "MAN-12", "an empty roll, or no weight")
        check_totals(m.roll_length, m.largest_weight, self.contests)

    def _check_times(self):
        m = self.body
        require(m.stage_deadlines == sorted(m.stage_deadlines), "MAN-9", "stage deadlines decrease")
        require(m.opening < m.closing <= m.latest_closing, "MAN-9", "opening and closing out of order")
        require(max(*m.stage_deadlines, m.latest_closing, m.grace) < 2**32, "MAN-9", "a time of 2^32 or more")

    def _check_log(self):
        m, n = self.body, len(self.body.trustees)
        require(is_name(m.log_origin), "MAN-10", "an origin that is no name")
        self.log_key, self.policy = read_key(m.log_key, LOG_KEY), Policy(m.policy)
        require(self.log_key.name == m.log_origin, "MAN-10", "the log's key has another name than its origin")
        require([key.text() for key in self.policy.logs] == [m.log_key], "MAN-10", "the policy has not exactly this log")
        names = [key.name for key in self.policy.witnesses.values()]
        require(len(names) <= 63, "MAN-14", "more witnesses than a note has lines for")
        size = 300 + 2 * len(m.log_origin.encode()) + sum(110 + len(name.encode()) for name in names)
        require(size <= 65_000, "MAN-14", "time evidence by all witnesses would not fit")
        require(m.waivers == sorted(set(m.waivers)), "MAN-11", "waivers not ascending")
        weak = n == 1 or m.k == n or 2 * m.k > n + 1
        require((THRESHOLD in m.waivers) == weak, "MAN-11", "the threshold waiver where it should not be, or not where it should")
        check_pages(m.pages)
        require((NO_WITNESSES in m.waivers) == (self.policy.quorum == "none"), "MAN-11", "the witness waiver does not fit the policy")

