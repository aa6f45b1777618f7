"""The known answers of chapter 03c: amounts, their commitments and range proofs."""

import range_proof
from cbor import Refused
from equation import hold
from relation import AMOUNT, Relation
from ristretto import G, H, point, total
from selection import Sealed
from vectors_cryptography import intermediate, load, read_context, un

# Which rules a forgery may break, by the reason that a vector gives.
RULES = {"length": {"CRY-32"}, "point": {"CRY-1", "CRY-47"}, "scalar": {"CRY-2", "CRY-47"}, "identity": {"CRY-32", "CRY-47"}, "range": {"range", "CRY-47"}}


def read_relation(case):
    """A relation with wide positions."""
    rules = [(rule["coefficients"], rule["target"]) for rule in case["relation"]["rules"]]
    return Relation(case["K"], case["N"], case["relation"]["weights"], rules, case["S"])


def range_bases(test):
    """Where the range proof's own bases come from, and relations with wide positions that are refused."""
    d = load("amounts.json")
    for case in d["range_bases"]:
        for letter, name in ((b"G", "U"), (b"H", "U'")):
            found = range_proof.generators(letter, case["h"] - 1)[case["i"]]
            test.same(f"{name} of {case['h']}, {case['i']}", bytes(found).hex(), case[name])
    for case in d["invalid_relations"]:
        test.refused(case["defect"], lambda: read_relation(case))


def reason(relation, case, keys):
    """Why a forgery is refused, in the words of the vectors; None if it is not."""
    try:
        found = Sealed(relation, un(case["sealed"])).equations(read_context(case), keys)
    except Refused as refusal:
        return refusal.rule
    if not hold(found[:3]):
        return "equation"
    return None if hold(found[3:]) else "range"


def sealed_amounts(test):
    """Sealed contests with amounts, with every intermediate value, and forgeries by their reason."""
    for d in load("amounts.json")["contests"]:
        relation, keys, name = read_relation(d), [point(un(key)) for key in d["slot_keys"]], d["name"]
        sealed = intermediate(test, relation, d, keys)
        for value, blinding, v in zip((d["witness"][i] for i in d["S"]), d["g"], d["V"], strict=True):
            test.note(f"{name}: an amount in range", 0 <= value <= AMOUNT)
            g = int.from_bytes(un(blinding), "little")
            test.same(f"{name}: a commitment", bytes(total([(value, G), (g, H)])).hex(), v)
        test.same(f"{name}: its commitments", [v.hex() for v in sealed.v], d["V"])
        test.same(f"{name}: the range proof", len(sealed.range_proof), range_proof.length(1 << (len(d["S"]) - 1).bit_length()))
        test.same(f"{name} holds", reason(relation, d, keys), None)
        for case in d.get("invalid", []):
            found = reason(relation, case, keys)
            test.note(f"{name}: {case['defect']}", found in RULES.get(case["reason"], {case["reason"]}), f"{found}, not {case['reason']}")


SUITES = (range_bases, sealed_amounts)
