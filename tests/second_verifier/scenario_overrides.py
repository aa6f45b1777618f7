"""Overrides (OVR), and the field of the manifest that allows them (MAN-25)."""

from maker import Maker
from prover import secret
from scenario_voting import one, plain, vote
from verify import INCOMPLETE, VALID


def overridden(cases):
    """Rows taken out of the count, with and without ballots, in two units of which one becomes small."""
    for last in (False, None, 1, "true"):
        maker = Maker(overrides=last)
        cases.bad(f"a manifest with {last!r} at its end", maker, maker.first(), "ENC-1")
    maker = plain(cases, [(0, 1)] * 2)
    cases.bad("an override that is not allowed", maker, maker.by_authority("Override", [0, "came in person"]), "OVR-1")
    units = [["Unit 0", [0]], ["Unit 1", [0]]]
    maker = Maker(voters=[(0, 1)] * 4, overrides=True)
    cases.good("a manifest that allows overrides", maker, maker.first())
    cases.bad("an override before the opening", maker, maker.by_authority("Override", [0, "too early"]), "ENT-7")
    maker = plain(cases, [(0, 1), (0, 2), (0, 1), (1, 3), (1, 1), (1, 1)], units=units, largest_weight=3, minimum_unit=2, overrides=True)
    for r, marked in ((0, 0), (1, 1), (3, 0), (4, 1), (5, 0), (1, 0)):
        vote(cases, maker, r, marked)
    by = maker.by_authority
    for name, data, *rules in (
        ("of no row", by("Override", [6, "came in person"]), "OVR-2"), ("without a reason", by("Override", [1, ""]), "ENC-3"),
        ("with a reason in two lines", by("Override", [1, "came\nin person"]), "ENC-3"),
        ("with a long reason", by("Override", [1, "x" * 401]), "ENC-3"), ("of one field", by("Override", [1]), "ENC-1"),
        ("by a registrar", maker.entry("registrar", 1, "Override", [1, "came in person"], maker.registrars[0]), "ENT-4"),
        ("by its voter", maker.by_voter(1, "Override", [1, "came in person"]), "ENT-4"),
        ("signed by another", maker.entry("authority", None, "Override", [1, "came in person"], secret()), "ENT-5"),
    ):
        cases.bad(f"an override {name}", maker, data, *rules)
    for row in (1, 2, 4, 3):
        cases.good(f"an override of row {row}", maker, by("Override", [row, "came in person"]))
    cases.bad("the override again", maker, by("Override", [1, "came in person"]), "ENT-6")
    cases.bad("an override of an overridden row", maker, by("Override", [1, "came again"]), "OVR-2")
    for name, r, marked in (("a row with ballots", 1, 1), ("a row without", 2, 1)):
        data = maker.by_voter(r, "Ballot", maker.ballot_content(r, [one(3, marked)])[0])
        cases.bad(f"a ballot of {name}, overridden", maker, data, "OVR-3")
    cases.bad("a replacement of an overridden row", maker, maker.replacement(1, 2, 1, secret()), "OVR-3")
    cases.record("overridden, still voting", maker, INCOMPLETE)
    every = maker.fold.overrides
    maker.fold.overrides = {}
    uncounted = maker.closing()
    maker.fold.overrides = every
    cases.bad("a closing that counts overridden ballots", maker, uncounted, "CLO-1")
    cases.good("closing", maker, maker.closing())
    # Rows 0 and 5 are left: one ballot each, so that the two units are added up together.
    cases.outcome.same("groups", [(g.units, len(g.ballots)) for g in maker.fold.tally.groups[0]], [([0, 1], 2)])
    cases.bad("an override after the closing", maker, by("Override", [0, "too late"]), "ENT-7")
    for i in (1, 3):
        cases.good("decryption", maker, maker.partial(i, 0, 0))
    cases.bad("totals with the overridden ballots", maker, maker.result(0, 0, [5, 1, 0]), "TAL-5", "VER-12")
    cases.good("result", maker, maker.result(0, 0, [2, 0, 0]))
    cases.record("overridden rows", maker, VALID)
