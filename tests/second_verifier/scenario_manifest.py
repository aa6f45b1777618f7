"""Manifests at their bounds and beyond (MAN-1 to MAN-12, MAN-14, ENC-3)."""

import note
import prover
from cbor import encode
from maker import START, Maker
from transcript import tagged_hash
from verify import INCOMPLETE

BOARDS = [f"https://board-{i}.example.org/vote" for i in range(9)]
YES_NO = ["Ja oder Nein?", [0], ["Ja", "Nein"], True]


def options(n):
    """So many different options."""
    return [f"{i:x}" for i in range(n)]


def spoiled(field, change):
    """A manifest with one field changed in place."""
    maker = Maker()
    maker.manifest[field] = change(maker.manifest[field], maker)
    maker.F = tagged_hash("election", encode([0, list(maker.manifest.values())]))
    return maker


def witnessed(maker, count, length):
    """A policy of so many witnesses, whose keys have names of that length."""
    keys = [note.Key(f"{i:02}" + "w" * (length - 2), note.COSIGNER_KEY, note.ed25519.public_key(bytes([i] * 32))) for i in range(1, count + 1)]
    return f"log {maker.log_key.text()}\n" + "".join(f"witness {i} {key.text()}\n" for i, key in enumerate(keys)) + "quorum 0\n"


def stranger(kind=note.LOG_KEY):
    """Another log's key, as text; or a cosigner's of the right name."""
    return note.Key("elsewhere.example", kind, note.ed25519.public_key(bytes(32))).text()


def manifests(cases):
    """Each is a record of one entry: incomplete if the manifest is valid."""
    for name, changes in {
        "a title of 400 bytes": {"title": "t" * 400},
        "a title in Greek": {"title": "\u0395\u03ba\u03bb\u03bf\u03b3\u03ad\u03c2"},
        "texts": {"texts": [["Statut", bytes(32)], ["Statut", bytes(32)]]},
        "the longest ballot": {"contests": [["?", [0], options(991), True]]},
        "the largest totals": {"roll_length": 2**31, "largest_weight": 511},
        "closing at the latest": {"latest_closing": START + 1000},
        "the latest time": {"latest_closing": 2**32 - 1, "grace": 2**32 - 1},
        "deadlines all at once": {"stage_deadlines": [0] * 4},
        "choose none to all": {"contests": [["?", [1, 0, 3], options(3), False]]},
        "choose one to one": {"contests": [["?", [1, 1, 1], options(1), True]]},
        "every waiver": {"k": 3, "q": 3, "waivers": [0, 1, 2]},
        "two units": {"units": [["a", [0]], ["A", [0]]]},
        "pages of the board that serves them": {"overrides": None, "pages": [bytes(32), []]},
        "pages, boards and overrides": {"overrides": True, "pages": [bytes(range(32)), BOARDS[:8]]},
        "the longest address": {"overrides": None, "pages": [bytes(32), ["https://a/" + "x" * 290]]},
    }.items():
        maker = Maker(**changes)
        cases.good(name, maker, maker.first())
        cases.record(name, maker, INCOMPLETE)
    for count in (1, 32):
        maker = Maker(trustees=count, registrars=count)
        cases.good(f"{count} trustees", maker, maker.first())
        cases.record(f"{count} trustees", maker, INCOMPLETE)
    _refused(cases)


def _refused(cases):
    contest = "contests"
    for name, changes, *rules in (
        ("another suite", {"suite": "vitrine/2/ristretto255"}, "MAN-2", "ENC-1"),
        ("another sealing", {"sealing": "mix"}, "MAN-2", "ENC-1"),
        ("k = 0", {"k": 0}, "MAN-3"), ("k above q", {"k": 3, "q": 2, "waivers": [0, 1]}, "MAN-3"), ("q above n", {"q": 4}, "MAN-3"),
        ("equal options", {contest: [["?", [0], ["a", "a"], True]]}, "MAN-5"),
        ("no option", {contest: [["?", [0], [], True]]}, "MAN-5", "ENC-1"),
        ("maximum 0", {contest: [["?", [1, 0, 0], ["a", "b"], True]]}, "MAN-5"),
        ("minimum above maximum", {contest: [["?", [1, 2, 1], ["a", "b"], True]]}, "MAN-5"),
        ("maximum above the options", {contest: [["?", [1, 0, 3], ["a", "b"], True]]}, "MAN-5"),
        ("another kind", {contest: [["?", [10], ["a", "b"], True]]}, "ENC-1"),
        ("an option without text", {contest: [["?", [0], ["a", ""], True]]}, "ENC-3"),
        ("too many slots", {contest: [["?", [0], options(4097), False]]}, "MAN-5", "CRY-23", "MAN-8"),
        ("too long a ballot", {contest: [["?", [0], options(992), True]]}, "MAN-8"),
        ("no contest", {contest: [], "units": [["u", []]]}, "MAN-5", "MAN-6", "ENC-1"),
        ("no unit", {"units": []}, "MAN-6", "ENC-1"), ("units of one name", {"units": [["u", [0]], ["u", [0]]]}, "MAN-6"),
        ("a unit without contest", {"units": [["u", []]]}, "MAN-6", "ENC-1"),
        ("a contest twice", {"units": [["u", [0, 0]]]}, "MAN-6"), ("an unknown contest", {"units": [["u", [0, 1]]]}, "MAN-6"),
        ("a contest unlisted", {contest: [YES_NO, YES_NO]}, "MAN-6"),
        ("contests descending", {contest: [YES_NO, YES_NO], "units": [["u", [1, 0]]]}, "MAN-6"),
        ("totals of 2^40", {"roll_length": 2**31, "largest_weight": 512}, "MAN-7"),
        ("an empty roll", {"roll_length": 0}, "MAN-12"), ("no weight", {"largest_weight": 0}, "MAN-12"),
        ("a deadline before the one before", {"stage_deadlines": [2, 1, 3, 4]}, "MAN-9"),
        ("three deadlines", {"stage_deadlines": [1, 2, 3]}, "ENC-1"),
        ("closing at the opening", {"opening": START + 1000}, "MAN-9"), ("closing after the latest", {"latest_closing": START}, "MAN-9"),
        ("a time of 2^32", {"latest_closing": 2**32}, "MAN-9"), ("a deadline of 2^32", {"stage_deadlines": [0, 0, 0, 2**32]}, "MAN-9"),
        ("a grace of 2^32", {"grace": 2**32}, "MAN-9"),
        ("another origin", {"log_origin": "elsewhere.example"}, "MAN-10"), ("a policy without log", {"policy": "quorum none\n"}, "MAN-10"),
        ("no policy", {"policy": ""}, "MAN-10", "LOG-26"),
        ("a waiver twice", {"waivers": [1, 1]}, "MAN-11"), ("waivers descending", {"waivers": [2, 1]}, "MAN-11"),
        ("a threshold waiver without need", {"waivers": [0, 1]}, "MAN-11"), ("no threshold waiver", {"k": 3, "q": 3}, "MAN-11"),
        ("no witness waiver", {"waivers": []}, "MAN-11"), ("an unknown waiver", {"waivers": [1, 3]}, "ENC-1", "MAN-11"),
        ("another revote rule", {"revote": 2}, "ENC-1"), ("replacement as a number", {"replacement": 1}, "ENC-1"),
        ("a title of 401 bytes", {"title": "t" * 401}, "ENC-3"), ("no title", {"title": ""}, "ENC-3"),
        ("a newline in a title", {"title": "a\nb"}, "ENC-3"), ("U+0085 in a title", {"title": "a\u0085b"}, "ENC-3"),
        ("a title that reorders", {"title": "a\u202eb"}, "ENC-3"), ("a title that isolates", {"title": "a\u2069b"}, "ENC-3"),
        ("a decomposed title", {"title": "a\u0308"}, "ENC-3"), ("the Angstrom sign", {"title": "\u212b"}, "ENC-3"),
        ("a text without name", {"texts": [["", bytes(32)]]}, "ENC-3"), ("a number of 33 bits", {"minimum_unit": 2**32}, "ENC-1"),
        ("nine boards", {"overrides": None, "pages": [bytes(32), BOARDS]}, "MAN-41"),
        ("a board twice", {"overrides": True, "pages": [bytes(32), BOARDS[:1] * 2]}, "MAN-41"),
        ("a board in the open", {"overrides": None, "pages": [bytes(32), ["http://board.example.org"]]}, "MAN-41"),
        ("a board with a line feed", {"overrides": None, "pages": [bytes(32), [BOARDS[0] + "\n"]]}, "MAN-41"),
        ("a board with another script's digit", {"overrides": None, "pages": [bytes(32), ["https://a:\u0661"]]}, "MAN-41"),
        ("pages without their digest", {"overrides": None, "pages": [[]]}, "ENC-1"),
        ("pages where overrides stand", {"pages": [bytes(32), []]}, "ENC-1"), ("null for pages", {"overrides": True, "pages": None}, "ENC-1"),
        ("false before pages", {"overrides": False, "pages": [bytes(32), []]}, "ENC-1"),
    ):
        maker = Maker(**changes)
        cases.bad(name, maker, maker.first(), *rules)

    for name, field, change, *rules in (
        ("a proof of another", "trustees", lambda t, m: [t[1][:3] + [t[0][3]]] + t[1:], "MAN-4"),
        ("a key twice", "registrars", lambda r, m: [m.official(1, 1, "Registrar 1", m.authority)], "MAN-4"),
        ("share key and signing key equal", "trustees", lambda t, m: [m.official(2, 1, "T", m.trustees[0][0], m.trustees[0][0])] + t[1:], "MAN-4"),
        ("an identity key", "authority", lambda a, m: m.official(0, 0, "Authority", 0), "MAN-4"),
        ("a key that is not canonical", "authority", lambda a, m: [a[0], b"\xff" * 32, a[2]], "MAN-4"),
        ("a proof under another name", "registrars", lambda r, m: [["Registrar", *r[0][1:]]], "MAN-4"),
        ("no registrar", "registrars", lambda r, m: [], "MAN-4", "ENC-1"),
        ("33 registrars", "registrars", lambda r, m: [m.official(1, i, "R", prover.secret()) for i in range(1, 34)], "MAN-4"),
        ("33 trustees", "trustees", lambda t, m: [m.official(2, i, "T", prover.secret(), prover.secret()) for i in range(1, 34)], "MAN-3", "MAN-11"),
        ("a log key of another type", "log_key", lambda k, m: note.Key(m.origin, note.COSIGNER_KEY, m.log_key.public).text(), "MAN-10", "LOG-27"),
        ("a policy of two logs", "policy", lambda p, m: f"log {stranger()}\n" + p, "MAN-10"),
        ("a policy of another log", "policy", lambda p, m: f"log {stranger()}\nquorum none\n", "MAN-10"),
        ("64 witnesses", "policy", lambda p, m: witnessed(m, 64, 2), "MAN-14", "MAN-11"),
        ("witnesses of long names", "policy", lambda p, m: witnessed(m, 63, (64_700 - 2 * len(m.origin)) // 63 - 109), "MAN-14", "MAN-11"),
    ):
        maker = spoiled(field, change)
        cases.bad(name, maker, maker.first(), *rules)
    maker = Maker()
    cases.bad("a manifest by a trustee", maker, maker.entry("trustee", 1, "Manifest", list(maker.manifest.values()), maker.trustees[0][0]), "MAN-1")
    cases.bad("no manifest", maker, maker.by_authority("Notice", ["Hier?"]), "MAN-1")
    forged = maker.entry("authority", None, "Manifest", list(maker.manifest.values()), prover.secret())
    cases.bad("a manifest under another key", maker, forged, "ENT-5")
