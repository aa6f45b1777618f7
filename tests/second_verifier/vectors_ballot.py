"""The known answers of chapter 05."""

import credential
import tracker
from cbor import decode, encode
from equation import hold
from contest import Contest
from ristretto import G, L, point, scalar
from schema import body, contest as contest_of
from schnorr import signature_equation
from selection import Sealed, sealing
from transcript import Transcript, tagged_hash
from vectors_cryptography import load, read_relation, un


def same_relation(test, name, relation, d):
    """A relation is the one that a vector states."""
    expected = read_relation(d, d["slots"], d["witness"])
    pairs = [list(map(list, row)) for row in relation.weights], [(list(map(list, row)), target) for row, target in relation.rules]
    test.same(name, (relation.slots, relation.length, *pairs, relation.sealed_length()),
              (expected.slots, expected.length, expected.weights, expected.rules, d["sealed_length"]))


def contests(test):
    """Contests as relations, and selections as witnesses that hold."""
    for case in load("ballot.json")["contests"]:
        kind = [0] if case["kind"] == "choose one" else [1, case["minimum"], case["maximum"]]
        contest = Contest(contest_of(["?", kind, [str(i) for i in range(case["options"])], case["blank"]]))
        relation = contest.relation
        name = f"{case['kind']}, {case['minimum']} to {case['maximum']} of {case['options']}, blank: {case['blank']}"
        same_relation(test, name, relation, case["compiled"])
        for selected in case["selections"]:
            witness = [int(bit) for bit in selected["witness"]]
            marked = [case["options"]] if selected["selection"] == "blank" else selected["selection"]
            test.same(f"{name}: {selected['selection']}", (relation.holds(witness), relation.values(witness)),
                      (True, [int(j in marked) for j in range(relation.slots)]))
            test.same(f"{name}: {selected['selection']}, filled in", contest.witness(None if selected["selection"] == "blank" else marked), witness)


def trackers(test):
    """Trackers shown and typed."""
    d = load("ballot.json")["trackers"]
    whole = un(d["tracker"])
    test.same("shown", tracker.shown(whole), d["shown"])
    for typed in d["matching"]:
        test.accepted(typed, lambda: tracker.matches(typed, whole))
    for typed in d["other"]:
        test.same(typed, tracker.matches(typed, whole), False)
    for typed in d["refused"]:
        test.refused(repr(typed), lambda: tracker.matches(typed, whole))


def a_ballot(test):
    """One voter's codes, ballot, tracker and audit."""
    d = load("ballot.json")
    F, b = un(d["election"]), d["ballot"]
    secrets = [credential.secret(F, i, credential.read(code)) for i, code in enumerate(d["credential"]["codes"], 1)]
    key = un(d["credential"]["key"])
    test.same("the credential", bytes(sum(secrets) % L * G), key)
    test.same("its parts", secrets, [scalar(un(s)) for s in d["credential"]["secrets"]])
    cast, author = un(b["cast"]["body"]), un(b["cast"]["author"])
    context = Transcript("entry-signature", F).context(author=author, body=cast)
    test.same("the author", author, encode([3, key]))
    test.accepted("the signature", lambda: hold([signature_equation(context, key, un(b["cast"]["signature"]))]))
    found = tagged_hash("submission", F, author, cast)
    test.same("the tracker", (found.hex(), tracker.shown(found)), (b["cast"]["tracker"], b["cast"]["shown"]))
    suite, election, voter, audited, openings = decode(un(b["audited"]["file"]))
    test.same("the audit file", (suite, election, voter), ("vitrine/1/audit-opening", F, key))
    test.same("its tracker", tagged_hash("submission", F, author, audited).hex(), b["audited"]["tracker"])
    test.note("its contests", len(openings) == len(b["contests"]))
    for data in (cast, audited):
        _, ballot = body(data)
        test.same("the opening", ballot.O, un(b["opening"]))
        for place, (shape, sealed) in enumerate(zip(b["contests"], ballot.contests, strict=True)):
            relation = read_relation(shape, shape["slots"], shape["witness"])
            keys = [point(un(p)) for p in b["slot_keys"][:relation.slots]]
            given = {"election": F, "opening": ballot.O, "joint_key": un(b["joint_key"]), "contest": place, "credential": key,
                     "sequence": ballot.sequence, "previous": ballot.previous}
            test.accepted(f"contest {place}", lambda: hold(Sealed(relation, sealed).equations(given, keys)))
            if data is audited:
                values, r = openings[place]
                test.same(f"contest {place} opened", sealing(values, scalar(r), keys), sealed[:32 * (relation.slots + 1)])


SUITES = (contests, trackers, a_ballot)
