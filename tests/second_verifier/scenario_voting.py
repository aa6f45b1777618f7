"""Ballots, audits, closing, groups, decryption and results (BAL, AUD, EXT, CLO, TAL), behind a ceremony with everything in it."""

import prover
import scenario_ceremony
from cbor import decode, encode
from maker import START, Maker
from prover import public, secret
from scenario_ceremony import encoded
from verify import INCOMPLETE, VALID


def one(n, place):
    """n bits, one of them set."""
    return [int(i == place) for i in range(n)]


def ada(voter_unit, marked=0):
    """Witnesses for every contest of a unit of scenario_ceremony."""
    council = one(4, marked)
    if voter_unit == 1:
        return [council, [1, 0]]
    commission = [0, 0, 1, 0, 1, 1]
    if voter_unit == 2:
        return [council, commission]
    # Five of 171 at most, or blank: the slack of 5 has the weights 1, 2, 2.
    return [council, [1, 1, 1, 0, 0, 0], [1] * 3 + [0] * 168 + [0] + [0, 1, 0]]


def ballots(cases, maker):
    """Voting, with what is refused then."""
    content, _ = maker.ballot_content(3, ada(1))
    O, sequence, previous, contests = content
    council, conditions = contests

    def cast(*fields, r=3):
        return maker.by_voter(r, "Ballot", list(fields))

    def proved(witnesses, r=3, **change):
        return maker.by_voter(r, "Ballot", maker.ballot_content(r, witnesses, **change)[0])

    def flip(data, at):
        return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]

    stranger, wide = secret(), (int.from_bytes(council[-32:], "little") + prover.L).to_bytes(32, "little")
    for name, data, *rules in (
        ("a ballot by a stranger", maker.by_voter(3, "Ballot", content, x=stranger), "BAL-1"),
        ("a ballot by the replaced", maker.by_voter(9, "Ballot", content, x=sum(maker.replaced) % prover.L), "BAL-1"),
        ("a ballot of another opening", proved(ada(1), opening=bytes(32)), "BAL-2"),
        ("one contest only", cast(O, 1, previous, [council]), "BAL-3"),
        ("contests exchanged", cast(O, 1, previous, [conditions, council]), "BAL-3"),
        ("another's style", maker.by_voter(3, "Ballot", maker.ballot_content(5, ada(2))[0]), "BAL-3"),
        ("a byte less", cast(O, 1, previous, [council[:-1], conditions]), "BAL-3"),
        ("another's ballot", maker.by_voter(4, "Ballot", content), "BAL-4"),
        ("a bit of a response", cast(O, 1, previous, [flip(council, -32), conditions]), "BAL-4"),
        ("a bit of C_1", cast(O, 1, previous, [flip(council, 33), conditions]), "BAL-4", "CRY-1"),
        ("a scalar of l more", cast(O, 1, previous, [council[:-32] + wide, conditions]), "BAL-4", "CRY-2"),
        ("two marked", proved([[1, 1, 0, 0], [1, 0]]), "BAL-4"), ("none marked", proved([[0] * 4, [1, 0]]), "BAL-4"),
        ("two for one", proved([[2, 0, 0, 0], [1, 0]]), "BAL-4"), ("two and minus one", proved([[2, -1, 0, 0], [1, 0]]), "BAL-4"),
        ("two in a free contest", proved([one(4, 0), [2, 0]]), "BAL-4"),
        ("another joint key", proved(ada(1), joint_key=bytes(32)), "BAL-4"),
        ("another credential", proved(ada(1), credential=public(stranger)), "BAL-4"),
        ("another election", proved(ada(1), election=bytes(32)), "BAL-4"),
        ("sequence 2 first", proved(ada(1), sequence=2), "BAL-5"), ("sequence 0", proved(ada(1), sequence=0), "BAL-5"),
        ("a tracker of nothing", proved(ada(1), previous=bytes([1]) + bytes(31)), "BAL-5"),
        ("a ballot signed by another", maker.entry("credential", public(maker.credential(3)), "Ballot", content, stranger), "ENT-5"),
        ("four of three", proved([one(4, 0), [1, 1, 1, 1, 0, 0]], r=5), "BAL-4"),
        ("none of one", proved([one(4, 0), [0] * 4 + [1, 1]], r=5), "BAL-4"),
        ("blank and marked", proved(ada(0)[:2] + [[1] + [0] * 170 + [1, 0, 0, 0]], r=0), "BAL-4"),
    ):
        cases.bad(name, maker, data, *rules)
    first = maker.by_voter(3, "Ballot", content)
    cases.good("a ballot", maker, first)
    cases.bad("the ballot again", maker, first, "ENT-6")
    cases.bad("the ballot again, signed again", maker, maker.by_voter(3, "Ballot", content), "ENT-6")
    cases.bad("a second first ballot", maker, proved(ada(1), sequence=1, previous=bytes(32)), "BAL-5")
    cases.bad("a second ballot without the first", maker, proved(ada(1), previous=bytes(32)), "BAL-5")
    cases.bad("the same contests as a second ballot", maker, cast(O, 2, maker.ids[-1], contests), "BAL-4", "BAL-7")
    cases.good("a second ballot", maker, proved(ada(1, marked=3)))
    cases.bad("replacement after a ballot", maker, maker.replacement(1, 3, 1, secret()), "ROL-8")
    cases.good("a replacement before a ballot, half", maker, maker.replacement(1, 4, 1, maker.credentials[4][0]))
    cases.good("a ballot between the halves", maker, proved(ada(1, 1), r=4))
    cases.bad("the other half after it", maker, maker.replacement(2, 4, 1, secret()), "ROL-8")
    for name, r, witnesses in (("five of 171", 0, ada(0)[:2] + [[1] * 5 + [0] * 167 + [0] * 3]),
                               ("blank of 171", 1, ada(0)[:2] + [[0] * 171 + [1, 0, 0, 0]]),
                               ("of the replacement", 9, ada(0)), ("of weight 3", 5, ada(2, 1)), ("blank", 6, ada(2, 3))):
        cases.good(f"a ballot, {name}", maker, proved(witnesses, r=r))


def audits(cases, maker):
    """Published audits."""
    r, good = 7, maker.audit(7, ada(2))
    ballot, openings = good
    kind, (O, sequence, previous, contests) = decode(ballot)

    def post(*content, by=r):
        return maker.by_voter(by, "AuditedBallot", list(content))

    cheat = maker.audit(r, [[1, 1, 0, 0], ada(2)[1]])
    for name, data, *rules in (
        ("one opening only", post(ballot, openings[:1]), "AUD-1"), ("openings exchanged", post(ballot, openings[::-1]), "AUD-2"),
        ("another value", post(ballot, [[[0, 1, 0, 0], openings[0][1]], openings[1]]), "AUD-2"),
        ("a value too few", post(ballot, [[openings[0][0][:-1], openings[0][1]], openings[1]]), "AUD-2"),
        ("another r", post(ballot, [[openings[0][0], prover.number(1)], openings[1]]), "AUD-2"),
        ("an r not canonical", post(ballot, [[openings[0][0], b"\xff" * 32], openings[1]]), "AUD-2"),
        ("not a ballot", post(encode([17, ["Hier."]]), openings), "AUD-1"), ("no body", post(b"", openings), "ENC-1", "AUD-1"),
        ("a selection outside the rules", post(*cheat), "AUD-2", "BAL-4"), ("another's audit", post(ballot, openings, by=5), "AUD-2", "BAL-4"),
        ("an audit by a stranger", maker.by_voter(r, "AuditedBallot", good, x=secret()), "BAL-1", "AUD-1"),
        ("an audit of another opening", post(*maker.audit(r, ada(2), opening=bytes(32))), "BAL-2", "AUD-1"),
        ("an audit of a part", post(encode([9, [O, sequence, previous, contests[:1]]]), openings[:1]), "BAL-3", "AUD-1"),
    ):
        cases.bad(f"audit: {name}", maker, data, *rules)
    cases.good("an audit", maker, post(*good))
    cases.bad("the audited ballot cast", maker, maker.by_voter(r, "Ballot", [O, sequence, previous, contests]), "BAL-7")
    cases.bad("the audit again", maker, post(*good), "ENT-6")
    mixed = maker.ballot_content(r, ada(2))[0]
    mixed[3][0] = contests[0]
    cases.bad("a contest of the audited ballot cast", maker, maker.by_voter(r, "Ballot", mixed), "BAL-7")
    for sequence in (0, 1, 2**64 - 1, 7):
        cases.good(f"an audit of sequence {sequence}", maker, post(*maker.audit(r, ada(2), sequence=sequence, previous=bytes([7]) * 32)))
    cases.bad("a sixth audit", maker, post(*maker.audit(r, ada(2))), "AUD-3")
    for i in (1, 2):
        maker.credentials[r][i - 1] = x = secret()
        cases.good(f"an audited credential replaced, {i}", maker, maker.replacement(i, r, 1, x))
    cases.good("a sixth audit, by the successor", maker, post(*maker.audit(r, ada(2))))
    content, rs = maker.ballot_content(r, ada(2, 2))
    cases.good("its ballot", maker, maker.by_voter(r, "Ballot", content))
    opened = [[maker.fold.manifest.relations[c].values(w), prover.number(x)] for c, w, x in zip((0, 1), ada(2, 2), rs)]
    cases.bad("a cast ballot opened", maker, post(encode([9, content]), opened), "BAL-7")


def ends(cases, maker):
    """Extensions and the closing, by witnessed time."""
    c = START + 1000
    for name, minutes in (("the same time", c), ("an earlier time", c - 1), ("beyond the latest", START + 2001)):
        cases.bad(f"extension: {name}", maker, maker.by_authority("Extension", [minutes]), "EXT-1")
    cases.good("an extension", maker, maker.by_authority("Extension", [c + 100]))
    cases.bad("the same extension", maker, maker.by_authority("Extension", [c + 100]), "ENT-6")
    c += 100
    for name, evidence in (("too early", maker.evidence(c + 9)), ("none", b""), ("by too few", maker.evidence(c + 10, count=1)),
                           ("of other entries", maker.evidence(c + 10, entries=maker.entries[:-1]))):
        cases.bad(f"closing: evidence {name}", maker, maker.closing(evidence), "CLO-2")
    cases.bad("closing: another counted set", maker, maker.closing(counted=bytes(32)), "CLO-1")
    content = encoded(maker.closing())
    cases.bad("closing by the authority", maker, maker.by_authority("Closing", content), "ENT-4")
    cases.bad("closing signed by nobody", maker, maker.entry("anyone", None, "Closing", content, signature=bytes(64)), "ENT-5")
    cases.bad("a partial decryption before the closing", maker, maker.by_trustee(1, "PartialDecryption", [0, 0, bytes(128), bytes(96)]), "ENT-7")
    cases.good("the closing", maker, maker.closing(maker.evidence(c + 10, count=3)))
    for name, data in (("a ballot", maker.by_voter(8, "Ballot", maker.ballot_content(8, ada(1))[0])), ("a rehearsal", maker.rehearsal(1)),
                       ("an extension", maker.by_authority("Extension", [c + 200])), ("a replacement", maker.replacement(1, 8, 1, secret()))):
        cases.bad(f"{name} after the closing", maker, data, "ENT-7")


def counts(cases, maker):
    """Decryption and results."""
    groups = maker.fold.tally.groups
    shape = [[(group.units, len(group.ballots), group.open, group.withheld) for group in contest] for contest in groups]
    # Unit A has 3 ballots, B 2, C 3; the minimum is 3. B joins C in contest 0, and is withheld where it stands alone.
    cases.outcome.same("groups", shape, [
        [([0], 3, True, False), ([1, 2], 5, True, False)], [([0], 3, True, False), ([2], 3, True, False)],
        [([1], 2, False, True)], [([0], 3, True, False)]])
    content = encoded(maker.partial(1, 0, 0))
    for name, data, *rules in (
        ("a withheld group", maker.by_trustee(1, "PartialDecryption", [2, 0, bytes(64), bytes(96)]), "TAL-1"),
        ("no such group", maker.by_trustee(1, "PartialDecryption", [0, 2, *content[2:]]), "TAL-1"),
        ("no such contest", maker.by_trustee(1, "PartialDecryption", [4, 0, *content[2:]]), "TAL-1"),
        ("a point too few", maker.by_trustee(1, "PartialDecryption", [0, 0, content[2][:-32], content[3]]), "TAL-2"),
        ("half a point", maker.by_trustee(1, "PartialDecryption", [0, 0, content[2][:-16], content[3]]), "TAL-2", "ENC-1"),
        ("one not active", maker.by_trustee(6, "PartialDecryption", content), "TAL-1"),
        ("a result before any", maker.result(0, 0, [1, 1, 1, 0]), "TAL-4"),
    ):
        cases.bad(f"decryption: {name}", maker, data, *rules)
    cases.good("a wrong one", maker, maker.partial(1, 0, 0, wrong=True))
    cases.bad("a second wrong one", maker, maker.partial(1, 0, 0, wrong=True), "TAL-3")
    cases.good("a wrong one, not canonical", maker, maker.by_trustee(2, "PartialDecryption", [0, 0, b"\xff" * 128, b"\xff" * 96]))
    cases.good("a wrong one, another's", maker, maker.by_trustee(3, "PartialDecryption", content))
    cases.good("a right one", maker, maker.partial(1, 0, 0))
    cases.bad("a second right one", maker, maker.partial(1, 0, 0), "TAL-3")
    cases.bad("a result too early", maker, maker.result(0, 0, [1, 1, 1, 0]), "TAL-4")
    for contest, number in ((0, 0), (0, 1), (1, 0), (1, 1), (3, 0)):
        for i in (3, 1, 2) if contest == 0 else (2, 3):
            if (contest, number, i) != (0, 0, 1):
                cases.good(f"decryption of {contest}, {number} by {i}", maker, maker.partial(i, contest, number))
    totals = maker.totals(0, 0)
    for name, claimed in (("one more", [totals[0] + 1, *totals[1:]]),
                          ("exchanged", [totals[1], totals[0], *totals[2:]] if totals[0] != totals[1] else [9] * 4),
                          ("one less", totals[:-1]), ("beyond the bound", [2**40, *totals[1:]]), ("modulo l", [2**64 - 1, *totals[1:]])):
        cases.bad(f"result: {name}", maker, maker.result(0, 0, claimed), "TAL-5", "TAL-10")
    cases.bad("result: a withheld group", maker, maker.result(2, 0, [1, 1]), "TAL-1")
    cases.bad("result by the authority", maker, maker.by_authority("Result", [0, 0, totals]), "ENT-4")
    cases.good("a result", maker, maker.result(0, 0))
    cases.bad("the same result", maker, maker.result(0, 0), "ENT-6")
    for contest, number in ((3, 0), (1, 1), (1, 0)):
        cases.good(f"the result of {contest}, {number}", maker, maker.result(contest, number))
    cases.record("without the last result", maker, INCOMPLETE)
    cases.bad("a retirement before the last result", maker, maker.retirement(1), "ENT-7")
    cases.good("the last result", maker, maker.result(0, 1))
    cases.bad("a decryption after it", maker, maker.partial(1, 0, 1), "ENT-6", "ENT-7")
    cases.good("a notice after it", maker, maker.by_authority("Notice", ["Danke."]))
    for name, data, *rules in (
        ("of no key", maker.by_trustee(1, "Retirement", [None]), "RET-2"), ("of another key", maker.by_trustee(1, "Retirement", [bytes(32)]), "RET-2"),
        ("by the authority", maker.by_authority("Retirement", [maker.fold.ceremony.J]), "ENT-4"),
        ("by one who is no trustee", maker.entry("trustee", 9, "Retirement", [maker.fold.ceremony.J], maker.trustees[0][0]), "ENT-4"),
        ("signed by another", maker.entry("trustee", 2, "Retirement", [maker.fold.ceremony.J], maker.trustees[0][0]), "ENT-5"),
    ):
        cases.bad(f"a retirement {name}", maker, data, *rules)
    for name, i in (("of an active trustee", 1), ("of a dealer found guilty", 4), ("of one who was silent from the beginning", 8)):
        cases.good(f"a retirement {name}", maker, maker.retirement(i))
    cases.bad("a retirement twice", maker, maker.retirement(1), "ENT-6")
    cases.record("the whole election", maker, VALID)
    start = 60 * (START + 1)
    cases.record("two of three witnesses", maker, VALID, times=[start] * 2)
    cases.record("one of three witnesses", maker, INCOMPLETE, times=[start])
    cases.record("no witness", maker, INCOMPLETE, times=[])


def voted(cases):
    """The whole."""
    maker = scenario_ceremony.opened(cases)
    ballots(cases, maker)
    audits(cases, maker)
    ends(cases, maker)
    counts(cases, maker)


def plain(cases, voters, **changes):
    """A maker whose election is open, without incidents."""
    maker = Maker(voters=voters, **changes)
    cases.good("manifest", maker, maker.first())
    dealt = {i: maker.dealing(i) for i in range(1, len(maker.trustees) + 1)}
    for chunk in range(-(-len(voters) // 1000)):
        for registrar in range(len(maker.registrars), 0, -1):
            cases.good(f"roll {registrar}, {chunk}", maker, maker.roll(registrar, chunk))
    for kind in (lambda i: [maker.commitment(i, dealt[i])], lambda i: [maker.by_trustee(i, "Dealing", p) for p in dealt[i]],
                 lambda i: [maker.confirmation(i)], lambda i: [maker.rehearsal(i)]):
        for i in dealt:
            for data in kind(i):
                cases.good(f"ceremony {i}", maker, data)
    cases.good("opening", maker, maker.opening())
    return maker


def vote(cases, maker, r, marked):
    """A ballot for one option of a choose-one contest."""
    n = maker.fold.manifest.relations[0].slots
    cases.good("ballot", maker, maker.by_voter(r, "Ballot", maker.ballot_content(r, [one(n, marked)])[0]))


def variants(cases):
    """Small elections: what the rules say at their edges."""
    maker = plain(cases, [(0, 1)] * 3, revote=1)
    vote(cases, maker, 0, 0)
    cases.bad("a second ballot where the first counts", maker, maker.by_voter(0, "Ballot", maker.ballot_content(0, [one(3, 1)])[0]), "BAL-6")
    maker = plain(cases, [(0, 1)] * 2, trustees=1)
    for count in range(64):
        vote(cases, maker, 0, count % 3)
    cases.bad("a ballot too many", maker, maker.by_voter(0, "Ballot", maker.ballot_content(0, [one(3, 0)])[0]), "BAL-6")
    for count in range(15):
        cases.good(f"rehearsal {count + 2}", maker, maker.rehearsal(1, place=None if count % 2 else maker.fold.ceremony.ended_stage_3))
    cases.bad("a rehearsal too many", maker, maker.rehearsal(1), "CER-10")
    cases.good("closing", maker, maker.closing())
    cases.good("decryption", maker, maker.partial(1, 0, 0))
    cases.good("result", maker, maker.result(0, 0, [1, 0, 0]))
    cases.record("a trustee alone", maker, VALID)
    maker = plain(cases, [(0, 1)] * 2, replacement=False)
    cases.bad("a replacement that is not allowed", maker, maker.replacement(1, 0, 1, secret()), "ROL-6")
    cases.good("closing without ballots", maker, maker.closing())
    cases.bad("a decryption of nothing", maker, maker.by_trustee(1, "PartialDecryption", [0, 0, bytes(96), bytes(96)]), "ENT-7", "TAL-1")
    cases.record("nobody voted", maker, VALID)
    units = [[f"Unit {u}", [0]] for u in range(4)]
    for name, marks, least, waivers, shape in (
        ("small in the middle", (2, 1, 0, 2), 2, [1], [([0], 2), ([1, 2, 3], 3)]),
        ("small at the end", (2, 2, 0, 1), 2, [1], [([0], 2), ([1, 2, 3], 3)]),
        ("all small", (1, 1, 1, 0), 9, [1], [([0, 1, 2, 3], 3)]), ("all small, waived", (1, 0, 1, 0), 9, [1, 2], [([0, 1, 2, 3], 2)]),
        ("empty ones", (0, 3, 0, 0), 3, [1], [([0], 0), ([1], 3), ([2], 0), ([3], 0)]),
        ("small before empty", (0, 0, 1, 0), 2, [1], [([0, 1, 2, 3], 1)]),
    ):
        voters = [(unit, 1) for unit, count in enumerate(marks) for _ in range(count)] + [(0, 1)]
        maker = plain(cases, voters, units=units, minimum_unit=least, waivers=waivers)
        for r in range(len(voters) - 1):
            vote(cases, maker, r, 1)
        cases.good(f"closing, {name}", maker, maker.closing())
        cases.outcome.same(name, [(g.units, len(g.ballots)) for g in maker.fold.tally.groups[0]], shape)
        for number, group in enumerate(maker.fold.tally.groups[0]):
            if group.open:
                for i in (1, 3):
                    cases.good("decryption", maker, maker.partial(i, 0, number))
                cases.good("result", maker, maker.result(0, number))
        cases.record(name, maker, VALID)


def large(cases):
    """A roll of two chunks."""
    maker = Maker(voters=[(0, 1)] * 1001)
    cases.good("manifest", maker, maker.first())
    content = encoded(maker.roll(1, 1))
    for name, change in (("two of one", [content[0], 1]), ("of three", [content[0], 3]), ("number 2", [2, 2]), ("number 0 with its rows", [0, 2])):
        x = maker.registrars[0]
        cases.bad(f"a chunk, {name}", maker, maker.entry("registrar", 1, "Roll", [*change, *content[2:]], x), "ROL-1")
    cases.good("chunk 1", maker, maker.roll(1, 1))
    cases.bad("a replacement before chunk 0", maker, maker.replacement(1, 1000, 1, secret()), "ROL-7")
    cases.good("chunk 0", maker, maker.roll(1, 0))
    cases.outcome.note("the roll is complete", maker.fold.roll.fingerprint is not None)
    cases.record("a roll of two chunks", maker, INCOMPLETE)
