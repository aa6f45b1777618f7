"""The known answers of chapters 03 and 03b."""

import json
from pathlib import Path

import credential
from cbor import encode
from dealing import JointKey, Part, complaint_equations, lagrange, opened_box, share_scalar
from equality import equality_equations, rehearsal_equations
from equation import hold
from relation import Relation, tight_bits
from ristretto import G, H, L, Q, point, scalar, total, wide_scalar
from schnorr import possession_equation, signature_equation
from selection import Sealed, sealing
from strobe import Strobe
from transcript import PROTOCOL, Transcript

FOLDER = Path(__file__).resolve().parents[2] / "specs" / "vectors"
un = bytes.fromhex


def load(name):
    """One vector file."""
    return json.loads((FOLDER / name).read_text())


def little(n):
    """A scalar's bytes in hexadecimal."""
    return (n % L).to_bytes(32, "little").hex()


def generators(test):
    """Bases, and strings that are no points or scalars."""
    d = load("generators.json")
    test.same("G", bytes(G).hex(), d["G"])
    test.same("H", bytes(H).hex(), d["H"]["H"])
    for q in d["Q"]:
        test.same(f"Q_{q['index']}", (bytes(Q(q["index"])).hex(), encode(["vitrine/1/generator", q["index"]]).hex()), (q["Q"], q["input"]))
    for case in d["invalid_points"]:
        test.refused(case["defect"], lambda: point(un(case["bytes"])))
    for case in d["invalid_scalars"]:
        test.refused(case["defect"], lambda: scalar(un(case["bytes"])))


def transcripts(test):
    """The whole state after every message."""
    strobe = Strobe(PROTOCOL)
    for place, step in enumerate(load("transcript.json")["steps"]):
        if step["do"] == "absorb":
            strobe.message(step["label"].encode(), un(step["message"]))
        elif step["do"] == "challenge":
            out = strobe.squeeze(step["label"].encode(), 64)
            test.same(f"challenge {place}", little(wide_scalar(out)), step["squeezed"]["challenge"])
            test.same(f"bytes {place}", out.hex(), step["squeezed"].get("bytes", out.hex()))
        if "state" in step:
            test.same(f"state {place}", (strobe.state.hex(), strobe.position, strobe.start), (step["state"], step["position"], step["begin"]))


def schnorr(test):
    """Signatures and proofs of possession."""
    d = load("schnorr.json")
    election = un(d["election"])

    def signed(case):
        t = Transcript("entry-signature", election).absorb("author", un(d["signature"]["author"])).absorb("body", un(case["body"]))
        return hold([signature_equation(t, un(case["key"]), un(case["signature"]))])

    def possessed(case):
        t = Transcript(d["possession"]["kind"], election).absorb("dealer", case["dealer"])
        return hold([possession_equation(t, [un(key) for key in case["keys"]], un(case["possession"]))])

    for check, group in ((signed, d["signature"]), (possessed, d["possession"])):
        test.accepted("valid", lambda: check(group))
        for case in group["invalid"]:
            test.refused(case["defect"], lambda: check(case))


def read_relation(shape, slots, bits):
    """A relation as the vectors write it."""
    rules = [(rule["coefficients"], rule["target"]) for rule in shape["rules"]]
    return Relation(slots, bits, shape["weights"], rules)


def relations(test):
    """Contests over bits with every witness that holds."""
    d = load("relation.json")
    for case in d["valid"]:
        relation = read_relation(case["relation"], case["K"], case["N"])
        test.same(case["name"], relation.sealed_length(), case["sealed_bytes"])
        found = []
        for word in range(1 << case["N"]):
            witness = [word >> i & 1 for i in range(case["N"])]
            if relation.holds(witness):
                found.append(("".join(map(str, witness)), relation.values(witness)))
        expected = [(w["bits"], w["values"]) for w in case["witnesses_that_hold"]]
        test.same(case["name"] + ", witnesses", sorted(found), sorted(expected))
    for case in d["tight_bits"]:
        test.same(f"slack of {case['maximum']}", tight_bits(case["maximum"]), case["weights"])
    for case in d["invalid"]:
        test.refused(case["defect"], lambda: read_relation(case["relation"], case["K"], case["N"]))


def read_context(case):
    """The context of a sealed contest."""
    return {k: un(v) if isinstance(v, str) else v for k, v in case["context"].items()}


def intermediate(test, relation, d, keys):
    """What a vector says of a sealed contest besides that it holds; returns the contest."""
    sealed = Sealed(relation, un(d["sealed"]))
    y, z, x, _ = sealed.challenges(read_context(d))
    test.same(d["name"] + ", challenges", tuple(map(little, (y, z, x))), (d["y"], d["z"], d["x"]))
    test.same(d["name"] + ", q", little(sealed.q(y, x)), d["q_f_x"])
    r = scalar(un(d["r"]))
    test.same(d["name"] + ", opened", sealing(d["values"], r, keys).hex(), "".join(d["C"]))
    for j, (secret, value) in enumerate(zip(d["slot_secrets"], d["values"]), 1):
        test.same(f"{d['name']}, slot {j} decrypted", sealed.C[j] - scalar(un(secret)) * sealed.C[0], value * G)
    return sealed


def selections(test):
    """Sealed contests with every intermediate value, and forgeries."""
    for d in load("selection.json"):
        relation = read_relation(d["relation"], d["K"], d["N"])
        keys = [point(un(key)) for key in d["slot_keys"]]

        def check(case):
            return hold(Sealed(relation, un(case["sealed"])).equations(read_context(case), keys))

        intermediate(test, relation, d, keys)
        test.accepted(d["name"], lambda: check(d))
        for case in d.get("invalid", []):
            test.refused(f"{d['name']}: {case['defect']}", lambda: check(case))


def shamir(test):
    """Shares and Lagrange coefficients."""
    d = load("shamir.json")
    coefficients = [scalar(un(c)) for c in d["coefficients"]]
    for i, share in d["shares"].items():
        test.same(f"share {i}", little(sum(c * int(i) ** h for h, c in enumerate(coefficients))), share)
    for case in d["lagrange"]:
        found = lagrange(case["indices"])
        test.same(f"coefficients of {case['indices']}", [little(found[i]) for i in case["indices"]], case["coefficients"])
    for case in d.get("invalid", []):
        test.refused(case["defect"], lambda: lagrange(case["indices"]))


def sealed_shares(test):
    """One box."""
    d = load("sealed_share.json")

    def shares(case):
        c, box = case["context"], case["box"]
        y = scalar(un(d["recipient_secret"]))
        shared = bytes(y * point(un(box["ephemeral"])))
        fields = (un(c["election"]), c["dealer"], c["recipient"], c["part"], un(box["ephemeral"]), un(c["share_key"]), shared)
        plain = opened_box(fields, un(box["sealed"]), len(d["shares"]))
        return [little(share_scalar(plain[i:i + 32])) for i in range(0, len(plain), 32)]

    def possession(case):
        c, box = case["context"], case["box"]
        t = Transcript("ephemeral-possession", un(c["election"]))
        t.context(dealer=c["dealer"], recipient=c["recipient"], part=c["part"], Y=un(c["share_key"]))
        return hold([possession_equation(t, [un(box["ephemeral"])], un(box["possession"]))])

    test.same("the shares", shares(d), d["shares"])
    test.accepted("the possession", lambda: possession(d))
    for case in d.get("invalid", []):
        test.refused(case["defect"], lambda: shares(case))


def dealings(test):
    """A whole ceremony of two of three."""
    d = load("dealing.json")
    keys, election = [un(key) for key in d["share_keys"]], un(d["election"])

    def read(case):
        p = case["part"]
        boxes = [(un(b["ephemeral"]), un(b["possession"]), un(b["sealed"])) for b in p["boxes"]]
        return Part(election, case["dealer"], d["part"], d["threshold"], d["slots"], keys,
                    un("".join(p["coefficients"])), un(p["possession"]), boxes)

    parts = {case["dealer"]: read(case) for case in d["dealings"]}
    for dealer, part in parts.items():
        test.accepted(f"dealing {dealer}", lambda: hold(part.equations))
    for case in d.get("invalid", []):
        test.refused(case["defect"], lambda: hold(read(case).equations))
    joint = JointKey(d["threshold"], d["slots"], {i: part.commitments for i, part in parts.items()})
    test.same("slot keys", [bytes(key).hex() for key in joint.slot_keys], d["slot_keys"])
    for trustee in d["trustees"]:
        i, y = trustee["trustee"], scalar(un(trustee["share_key_secret"]))
        test.same(f"verification shares {i}", [bytes(x).hex() for x in joint.shares[i]], trustee["verification_shares"])
        opened = [part.opening(i, bytes(y * point(part.boxes[i - 1][0]))) for part in parts.values()]
        test.same(f"key shares {i}", [little(sum(column)) for column in zip(*opened)], trustee["key_shares"])
    for case in d["invalid_sums"]:
        test.refused(case["defect"], lambda: JointKey(d["threshold"], d["slots"], {
            int(i): [point(un(c)) for c in row] for i, row in case["coefficients"].items()}))


def complaints(test):
    """A complaint's equality proof."""
    d = load("equality.json")

    def check(case):
        c = {k: un(v) if isinstance(v, str) else v for k, v in case["context"].items()}
        return hold(complaint_equations(c, c["share_key"], c["ephemeral"], un(case["revealed_point"]), un(case["proof"])))

    test.accepted("the complaint", lambda: check(d))
    for case in d.get("invalid", []):
        test.refused(case["defect"], lambda: check(case))


def decryptions(test):
    """Partial decryptions, their combination, and a rehearsal."""
    d = load("decryption.json")
    shares = {p["context"]["trustee"]: [un(x) for x in p["verification_shares"]] for p in d["partials"]}

    def check(case):
        c = case["context"]
        t = Transcript("decryption", un(c["election"])).context(closing=un(c["closing"]), joint_key=un(c["joint_key"]))
        t.context(contest=c["contest"], group=c["group"], trustee=c["trustee"])
        points = [un(m) for m in case["partial_decryption"]]
        proof = un(case["proof"] if "proof" in case else case["steps"]["proof"])
        return hold(equality_equations(t, un(case.get("base", d["base"])), case_shares(case), points, proof))

    def case_shares(case):
        if "verification_shares" in case:
            return [un(x) for x in case["verification_shares"]]
        return shares.get(case["context"]["trustee"], shares[min(shares)])

    for p in d["partials"]:
        test.accepted(f"trustee {p['context']['trustee']}", lambda: check(p))
    for case in d.get("invalid", []):
        test.refused(case["defect"], lambda: check(case))
    weights = lagrange([p["context"]["trustee"] for p in d["partials"]])
    test.same("lagrange", [little(n) for n in weights.values()], d["lagrange"])
    for j, (c, t) in enumerate(zip(d["aggregate"], d["totals"])):
        terms = [(-weights[p["context"]["trustee"]], point(un(p["partial_decryption"][j]))) for p in d["partials"]]
        test.same(f"total {j}", total([(1, point(un(c)))] + terms), t * G)
    r = d["rehearsal"]

    def rehearsal(entry):
        t = Transcript("rehearsal", un(r["election"])).context(
            joint_key=un(r["joint_key"]), trustee=r["trustee"], index=entry, entry_hash=un(r["entry_hash"]))
        return hold(rehearsal_equations(t, shares[r["trustee"]], un(r["steps"]["proof"])))

    test.accepted("rehearsal", lambda: rehearsal(r["entry"]))
    test.refused("rehearsal of another entry", lambda: rehearsal(r["entry"] + 1))


def codes(test):
    """Credential codes."""
    d = load("credential_code.json")
    for case in d["valid"]:
        secret = credential.secret(un(case["election"]), case["registrar"], case["code"])
        test.same(case["code"], (credential.read(case["printed"]), little(secret), bytes(secret * G).hex()),
                  (case["code"], case["secret"], case["partial_key"]))
    for case in d["typed"]:
        test.same(f"typed {case['typed']!r}", credential.read(case["typed"]), case["code"])
    for case in d.get("invalid", []):
        test.refused(case["defect"], lambda: credential.read(case["typed"]))


SUITES = (generators, transcripts, schnorr, relations, selections, shamir, sealed_shares, dealings, complaints, decryptions, codes)
