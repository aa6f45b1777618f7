"""The bodies of chapter 02: what CBOR values they are (ENC-1 to ENC-3), read into named tuples."""

import unicodedata
from collections import namedtuple

from cbor import decode, require

SUITE = "vitrine/1/ristretto255"
REORDERING = {chr(c) for c in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}


def uint(value, largest=2**64 - 1):
    """An unsigned integer."""
    require(type(value) is int and 0 <= value <= largest, "ENC-1", "not an integer of the schema")
    return value


def u32(value):
    """An integer below 2^32."""
    return uint(value, 2**32 - 1)


def boolean(value):
    """false or true."""
    require(type(value) is bool, "ENC-1", "not a boolean")
    return value


def string(length=None):
    """A byte string, of that length if one is given."""
    def read(value):
        require(type(value) is bytes and length in (None, len(value)), "ENC-1", "not a byte string of the schema")
        return value
    return read


digest = point = scalar = string(32)
proof64, proof96 = string(64), string(96)


def nullable(kind):
    """A value, or null in its place."""
    def read(value):
        return None if value is None else kind(value)
    return read


def points(value):
    """A byte string of whole points."""
    require(type(value) is bytes and len(value) % 32 == 0, "ENC-1", "not a list of points")
    return value


def plain_text(value):
    """A text whose own format chapter 06 fixes."""
    require(type(value) is str, "ENC-1", "not a text")
    return value


def displayed(largest, allowed=""):
    """A text that people read (ENC-3).

    The Unicode of this Python may be older than the one that the rule names. Where it does not know a character it takes it for
    one that normalisation leaves alone, so at worst a text with a newer character is accepted that should be refused.
    """
    def read(value):
        plain_text(value)
        require(1 <= len(value.encode()) <= largest, "ENC-3", "a text of another length")
        require(unicodedata.is_normalized("NFC", value), "ENC-3", "a text not in normalisation form C")
        bad = any((unicodedata.category(c) == "Cc" and c not in allowed) or c in REORDERING for c in value)
        require(not bad, "ENC-3", "a control or reordering character")
        return value
    return read


text = displayed(400)


def exactly(*values):
    """One of these."""
    def read(value):
        require(any(type(value) is type(v) and value == v for v in values), "ENC-1", "another value than the schema has")
        return value
    return read


def listed(item, least=0):
    """An array of at least that many."""
    def read(value):
        require(type(value) is list and len(value) >= least, "ENC-1", "not a list of the schema")
        return [item(v) for v in value]
    return read


def fields(called, /, optional=0, **types):
    """An array of exactly these fields, in order; the last `optional` ones may be missing, and are None then. `made` is the class it gives."""
    made = namedtuple(called, types, defaults=[None] * optional)

    def read(value):
        known = type(value) is list and len(types) - optional <= len(value) <= len(types)
        require(known, "ENC-1", f"not exactly the fields of {called}")
        left_out = len(value) > len(types) - optional and value[-1] is None
        require(not left_out, "ENC-1", f"a field of {called} that is left out stands as null at the end")
        return made(*(kind(v) for kind, v in zip(types.values(), value)))
    read.made = made
    return read


def kind(value):
    """How a contest is filled in."""
    require(type(value) is list and value and type(value[0]) is int and value[0] < len(KINDS), "ENC-1", "not a kind of contest")
    return KINDS[value[0]](value[1:])


def nested_body(value):
    """A body inside a byte string, as (type, content, bytes)."""
    return (*body(string()(value)), value)


def deadlines(value):
    """Four times."""
    require(type(value) is list and len(value) == 4, "ENC-1", "not four deadlines")
    return [uint(v) for v in value]


KINDS = (
    fields("ChooseOne"),
    fields("Choose", minimum=u32, maximum=u32),
    fields("Score", top=u32),
    fields("Cumulative", points=u32, most=u32, exactly=boolean),
    fields("Budget", currency=text, pot=u32, step=u32),
    fields("Positional", minimum=u32, points=listed(u32, 1)),
    fields("Pairwise", complete=boolean, method=exactly(0, 1)),
    fields("Question", numerator=u32, denominator=u32),
    fields("Lists", minimum=u32, maximum=u32, whole=boolean, seats=exactly(0, 1, 2),
           lists=listed(fields("List", name=text, options=u32, limit=u32), 1)),
    fields("Linked", questions=listed(fields("LinkedQuestion", name=text, options=u32, minimum=u32, maximum=u32, condition=nullable(u32)), 1)),
)
ChooseOne, Choose, Score, Cumulative, Budget, Positional, Pairwise, Question, Lists, Linked = (kind.made for kind in KINDS)
official = fields("Official", name=text, signing_key=point, possession=proof64)
trustee = fields("Trustee", name=text, signing_key=point, share_key=point, possession=proof64)
share = fields("Share", numerator=u32, denominator=u32)
terms = fields("Terms", seats=u32, ties=exactly(0, 1, 2), order=exactly(0, 1), share=share)
contest = fields("Contest", optional=1, title=text, kind=kind, options=listed(text, 1), blank=boolean, terms=terms)

BODIES = (
    fields("Manifest", optional=2, suite=exactly(SUITE), sealing=exactly("homomorphic"), election_id=digest, title=text,
           texts=listed(fields("Text", name=text, digest=digest)),
           contests=listed(contest, 1), units=listed(fields("Unit", name=text, contests=listed(u32, 1)), 1),
           k=u32, q=u32, trustees=listed(trustee, 1), registrars=listed(official, 1), authority=official,
           roll_length=u32, largest_weight=u32, revote=exactly(0, 1), replacement=boolean, stage_deadlines=deadlines,
           opening=uint, closing=uint, latest_closing=uint, grace=uint,
           log_origin=plain_text, log_key=plain_text, policy=plain_text, minimum_unit=u32, waivers=listed(exactly(0, 1, 2)),
           overrides=nullable(exactly(True)), pages=fields("Pages", bundle=digest, boards=listed(plain_text))),
    fields("Roll", chunk=u32, chunks=u32, rows=listed(fields("Row", unit=u32, weight=u32, key=point), 1), possession=proof64),
    fields("DealingCommitment", parts=listed(digest, 1)),
    fields("Dealing", part=u32, coefficients=points, possession=proof64,
           boxes=listed(fields("Box", E=point, possession=proof64, sealed=string()), 1)),
    fields("Complaint", dealer=u32, part=u32, B=point, proof=proof96),
    fields("CeremonyConfirmation", dealings=digest, complaints=listed(u32)),
    fields("StageEnd", stage=u32, evidence=string()),
    fields("Rehearsal", J=digest, entry=uint, entry_hash=digest, proof=proof96),
    fields("Opening", J=digest, roll=digest, active=listed(u32, 1)),
    fields("Ballot", O=digest, sequence=uint, previous=digest, contests=listed(string(), 1)),
    fields("AuditedBallot", ballot=nested_body, openings=listed(fields("Opened", values=listed(uint, 1), r=scalar), 1)),
    fields("Replacement", index=u32, round=u32, key=point, possession=proof64),
    fields("Extension", closing=uint),
    fields("Closing", counted=digest, evidence=string()),
    fields("PartialDecryption", contest=u32, group=u32, partials=points, proof=proof96),
    fields("Result", contest=u32, group=u32, totals=listed(uint, 1)),
    fields("Continuation", old_origin=plain_text, old_size=uint, old_root=digest, new_key=plain_text),
    fields("Notice", text=displayed(10_000, "\n")),
    fields("Retirement", J=nullable(digest)),
    fields("Override", index=u32, reason=text),
)
NAMES = ("Manifest", "Roll", "DealingCommitment", "Dealing", "Complaint", "CeremonyConfirmation", "StageEnd", "Rehearsal", "Opening",
         "Ballot", "AuditedBallot", "Replacement", "Extension", "Closing", "PartialDecryption", "Result", "Continuation", "Notice",
         "Retirement", "Override")


def body(data):
    """(name of the type, content) of a body's bytes."""
    require(len(data) <= 65_000, "ENC-2", "a body of more than 65,000 bytes")
    value = decode(data)
    require(type(value) is list and len(value) == 2, "ENC-1", "not a body")
    require(type(value[0]) is int and value[0] < len(BODIES), "ENC-1", "a type nobody knows")
    return NAMES[value[0]], BODIES[value[0]](value[1])


def author(data):
    """(role, index or key) of an author's bytes."""
    value = decode(data)
    require(type(value) is list and value and type(value[0]) is int and value[0] <= 4, "ENC-1", "not an author")
    if value[0] in (0, 4):
        require(len(value) == 1, "ENC-1", "not an author")
        return ("authority", "anyone")[value[0] // 4], None
    require(len(value) == 2, "ENC-1", "not an author")
    if value[0] == 3:
        return "credential", point(value[1])
    return (None, "registrar", "trustee")[value[0]], u32(value[1])


class Entry:
    """An entry of the record, with the bytes that hashes and signatures cover."""

    def __init__(self, data):
        require(len(data) <= 65_535, "ENC-2", "an entry of more than 65,535 bytes")
        value = decode(data)
        require(type(value) is list and len(value) == 6, "ENC-1", "not an entry")
        self.index, self.previous, self.time = uint(value[0]), digest(value[1]), uint(value[2])
        self.author_bytes, self.body_bytes, self.signature = map(string(), value[3:])
        self.role, self.who = author(self.author_bytes)
        self.type, self.body = body(self.body_bytes)
        self.bytes = data
