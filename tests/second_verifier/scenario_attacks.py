"""Dishonest trustees in the key ceremony (THR-70 to THR-79), byte for byte, and ceremonies that go on without them."""

from copy import deepcopy

import prover
from cbor import decode, encode
from maker import Maker
from prover import number, public
from ristretto import G, L, point
from scenario_ceremony import encoded
from transcript import Transcript, tagged_hash
from verify import INCOMPLETE


def begun(cases, trustees):
    """A maker at stage 1, and everybody's only part."""
    maker = Maker(trustees=trustees, k=2, q=2, waivers=[1])
    cases.good("a manifest", maker, maker.first())
    return maker, {i: maker.dealing(i)[0] for i in range(1, trustees + 1)}


def committed(cases, maker, dealt):
    """Stage 1."""
    for i in dealt:
        cases.good(f"commitment {i}", maker, maker.commitment(i, [dealt[i]]))


def held(cases, name, maker, qualified):
    """The ceremony ends with these, and only these."""
    cases.outcome.same(f"{name}: the qualified set", maker.fold.ceremony.remaining, qualified)
    for i in qualified:
        cases.good(f"rehearsal {i}", maker, maker.rehearsal(i))
    cases.outcome.same(f"{name}: stage", maker.fold.ceremony.stage, 5)
    cases.record(name, maker, INCOMPLETE)


def plain(maker, dealer, recipient):
    """The shares that a box ought to hold."""
    return b"".join(number(prover.evaluated(p, recipient)) for p in maker.polynomials[dealer])


def challenge(t, key, announcement):
    """The challenge of a proof of possession of one key."""
    return t.absorb("count", 1).absorb("key", key).absorb("R", announcement).challenge("c")


def dealers(cases):
    """Dealings that everybody sees to be wrong, from trustee 3 on, each committed to as it is; trustees 1 and 2 go on."""
    ways = ("a box too few", "a box too many", "a share too few", "swapped boxes", "another's box", "another's constant terms and their proof",
            "an identity constant term", "an identity top coefficient", "a coefficient more for each slot", "an identity ephemeral point",
            "a shifted ephemeral point", "a shifted ephemeral point, with a response shifted elsewhere", "another's part")
    maker, dealt = begun(cases, 2 + len(ways))
    y2, honest = maker.trustees[1][1], deepcopy(dealt[1])
    e, proof, _ = honest[3][1]
    for i, way in enumerate(ways, 3):
        content = dealt[i]
        boxes, box = content[3], content[3][1]
        if way == "a box too few":
            boxes.pop(0)
        elif way == "a box too many":
            boxes.append(boxes[0])
        elif way == "a share too few":
            boxes[1] = prover.box(maker.F, i, 2, 0, public(y2), plain(maker, i, 2)[32:])
        elif way == "swapped boxes":
            boxes[0], boxes[1] = boxes[1], boxes[0]
        elif way == "another's box":
            boxes[1] = honest[3][1]
        elif way == "another's constant terms and their proof":
            content[1], content[2] = honest[1], honest[2]
        elif way == "an identity constant term":
            content[1] = bytes(32) + content[1][32:]
        elif way == "an identity top coefficient":
            content[1] = content[1][:-32] + bytes(32)
        elif way == "a coefficient more for each slot":
            content[1] = b"".join(content[1][j:j + 64] + public(1) for j in range(0, len(content[1]), 64))
        elif way == "an identity ephemeral point":
            # sG = R: a true proof that the exponent 0 is known.
            box[0], box[1] = bytes(32), public(5) + number(5)
        elif way.startswith("a shifted ephemeral point"):
            shifted, key = bytes(point(e) + 5 * G), public(y2)
            dealer = 1 if way.endswith("elsewhere") else i
            t = Transcript("ephemeral-possession", maker.F).context(dealer=dealer, recipient=2, part=0, Y=key)
            c = challenge(t, e if dealer == 1 else shifted, proof[:32])
            box[0], box[1] = shifted, proof[:32] + number(int.from_bytes(proof[32:], "little") + 5 * c)
        else:
            content[:] = honest
    committed(cases, maker, dealt)
    for when in ("before anybody", "after the others"):
        for i, way in enumerate(ways, 3):
            cases.bad(f"{way}, {when}", maker, maker.by_trustee(i, "Dealing", dealt[i]), "CER-4", "CRY-53", "CRY-13")
        if when == "before anybody":
            for i in (1, 2):
                cases.good(f"dealing {i}", maker, maker.by_trustee(i, "Dealing", dealt[i]))
    cases.good("the end of stage 2", maker, maker.by_authority("StageEnd", [2, b""]))
    for i in (1, 2):
        cases.good(f"confirmation {i}", maker, maker.confirmation(i))
    held(cases, "without those who dealt wrongly", maker, [1, 2])


def complainers(cases):
    """Boxes that only their recipients see to be bad, and complaints of all kinds."""
    maker, dealt = begun(cases, 7)
    keys = {i: public(y) for i, (_, y) in enumerate(maker.trustees, 1)}

    def sealed(dealer, recipient, content):
        dealt[dealer][3][recipient - 1] = prover.box(maker.F, dealer, recipient, 0, keys[recipient], content)

    first = plain(maker, 3, 1)
    sealed(3, 1, (int.from_bytes(first[:32], "little") + L).to_bytes(32, "little") + first[32:])        # the same share, not canonical
    sealed(4, 1, plain(maker, 4, 2))
    sealed(4, 2, plain(maker, 4, 1))
    for i in range(1, 8):       # 7 (x - 1)(x - 3) more than was committed to: trustees 1 and 3 do not see it
        share = prover.evaluated(maker.polynomials[5][0], i) + 7 * (i - 1) * (i - 3)
        sealed(5, i, number(share) + plain(maker, 5, i)[32:])
    sealed(6, 6, plain(maker, 6, 1))        # a bad box for itself
    committed(cases, maker, dealt)
    for i in dealt:
        cases.good(f"dealing {i}", maker, maker.by_trustee(i, "Dealing", dealt[i]))

    def of_another_box(i, dealer, of, recipient):
        c, y = maker.fold.ceremony, maker.trustees[i - 1][1]
        e = c.parts[of, 0].boxes[recipient - 1][0]
        t = Transcript("complaint-equality", maker.F).context(dealings=c.dealings, complainer=i, dealer=dealer, part=0, E=e, Y=public(y))
        revealed, proof = prover.equality(t, e, [y])
        return maker.by_trustee(i, "Complaint", [dealer, 0, revealed[0], proof])

    for dealer, of, recipient in ((1, 1, 2), (1, 2, 7), (3, 3, 1), (3, 1, 7)):
        cases.bad(f"of {dealer}, for the box of {of} for {recipient}", maker, of_another_box(7, dealer, of, recipient), "CER-6")
    right = maker.complaint(1, 3, 0)
    revealed, proof = encoded(right)[2:]
    for name, change in (("a shifted point", [3, 0, bytes(point(revealed) + G), proof]), ("the share key", [3, 0, keys[1], proof]),
                         ("a shifted response", [3, 0, revealed, proof[:64] + number(int.from_bytes(proof[64:], "little") + 1)]),
                         ("a response that is not canonical", [3, 0, revealed, proof[:64] + (int.from_bytes(proof[64:], "little") + L).to_bytes(32, "little")])):
        cases.bad(name, maker, maker.by_trustee(1, "Complaint", change), "CER-6", "CRY-61", "CRY-2")
    cases.bad("of oneself, and truly bad", maker, maker.complaint(6, 6, 0), "CER-5")
    for dealer in (0, 8, 2**32 - 1):
        cases.bad(f"of trustee {dealer}", maker, maker.by_trustee(1, "Complaint", [dealer, 0, revealed, proof]), "CER-5")
    cases.good("of a share that is not canonical", maker, right)
    cases.bad("the same by another", maker, maker.by_trustee(2, "Complaint", encoded(right)), "CER-6")
    for complaints in ([], [3, 3], [0], [3, 8], [4]):
        cases.bad(f"a confirmation with {complaints}", maker, maker.by_trustee(1, "CeremonyConfirmation", [maker.fold.ceremony.dealings, complaints]), "CER-7")
    for i, dealer in ((1, 4), (2, 4), (2, 5)):
        cases.good(f"of {dealer} by {i}", maker, maker.complaint(i, dealer, 0))
    for i in range(1, 7):
        cases.good(f"confirmation {i}", maker, maker.confirmation(i))
    cases.good("a false complaint as the last word", maker, maker.complaint(7, 1, 0))
    cases.good("the end of stage 3", maker, maker.by_authority("StageEnd", [3, b""]))
    cases.bad("a complaint after it", maker, maker.complaint(2, 1, 0), "CER-1")
    cases.outcome.same("who is left", maker.fold.ceremony.remaining, [1, 2, 6])
    for i in (1, 2):
        cases.good(f"rehearsal {i}", maker, maker.rehearsal(i))
    cases.good("the end of stage 4", maker, maker.by_authority("StageEnd", [4, b""]))
    cases.outcome.same("who is active", maker.fold.ceremony.remaining, [1, 2])
    cases.record("a ceremony among liars", maker, INCOMPLETE)


def replays(cases):
    """What was signed in an election before, with the same id and keys."""
    maker = Maker()
    old = deepcopy(maker)
    old.manifest["title"] = "The one before"
    old.F = tagged_hash("election", encode([0, list(old.manifest.values())]))
    sent = {}

    def went(name, data):
        old.post(data)
        sent[name] = data

    old.post(old.first())
    dealt = {i: old.dealing(i) for i in (1, 2, 3)}
    for name, make in (("commitment", lambda i: old.commitment(i, dealt[i])), ("dealing", lambda i: old.by_trustee(i, "Dealing", dealt[i][0])),
                       ("confirmation", old.confirmation), ("rehearsal", old.rehearsal)):
        if name == "confirmation":
            went("complaint", old.complaint(3, 1, 0))
        for i in (1, 2, 3):
            if name != "rehearsal" or i < 3:
                went(f"{name} {i}", make(i))

    def again(name):
        """The same author, body and signature, in this election's next place."""
        _, _, _, author, body, signature = decode(sent[name])
        here = tagged_hash("entry", maker.entries[-1])
        return encode([len(maker.entries), here, maker.now, author, body, signature])

    def anew(name, i):
        """The same body, signed for this election."""
        kind = {"commitment": "DealingCommitment", "dealing": "Dealing", "complaint": "Complaint", "confirmation": "CeremonyConfirmation",
                "rehearsal": "Rehearsal"}[name.split()[0]]
        return maker.by_trustee(i, kind, encoded(sent[name]))

    cases.good("a manifest with the id of another", maker, maker.first())
    fresh = {i: maker.dealing(i) for i in (1, 2, 3)}
    cases.bad("an old commitment", maker, again("commitment 1"), "ENT-5")
    for i in (1, 2):
        cases.good(f"commitment {i}", maker, maker.commitment(i, fresh[i]))
    cases.good("a commitment to an old dealing", maker, maker.commitment(3, dealt[3]))
    cases.bad("an old dealing", maker, again("dealing 3"), "ENT-5", "CER-4")
    cases.bad("an old dealing, signed anew", maker, anew("dealing 3", 3), "CER-4")
    cases.bad("an old dealing that was not committed to", maker, anew("dealing 1", 1), "CER-3")
    for i in (1, 2):
        cases.good(f"dealing {i}", maker, maker.by_trustee(i, "Dealing", fresh[i][0]))
    cases.good("the end of stage 2", maker, maker.by_authority("StageEnd", [2, b""]))
    cases.bad("an old complaint, signed anew", maker, maker.by_trustee(2, "Complaint", encoded(sent["complaint"])), "CER-6")
    cases.bad("an old confirmation", maker, again("confirmation 1"), "CER-7", "ENT-5")
    cases.bad("an old confirmation, signed anew", maker, anew("confirmation 1", 1), "CER-7")
    for i in (1, 2):
        cases.good(f"confirmation {i}", maker, maker.confirmation(i))
    cases.bad("an old rehearsal", maker, again("rehearsal 1"), "CER-9", "ENT-5")
    before, now = encoded(sent["rehearsal 1"]), encoded(maker.rehearsal(1))
    for content in (before, [now[0], *before[1:]], [before[0], *now[1:]], [*now[:3], before[3]]):
        cases.bad("an old rehearsal, signed anew", maker, maker.by_trustee(1, "Rehearsal", content), "CER-9")
    cases.bad("another's rehearsal", maker, maker.by_trustee(1, "Rehearsal", encoded(maker.rehearsal(2))), "CER-9")
    cases.bad("a rehearsal by one who left", maker, maker.by_trustee(3, "Rehearsal", now), "CER-1")
    cases.bad("a retirement in another's name", maker, maker.entry("trustee", 1, "Retirement", [now[0]], maker.trustees[1][0]), "ENT-5", "ENT-7")
    held(cases, "nothing of the old election", maker, [1, 2])
    cases.bad("an opening with the old key", maker, maker.by_authority("Opening", [before[0], bytes(32), [1, 2]]), "OPN-1", "OPN-2")
