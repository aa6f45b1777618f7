"""The known answers of chapter 02: a small election entry by entry."""

from cbor import Refused
from fold import TALLIED, Election
from schema import Entry, body
from transcript import tagged_hash
from tree import leaf
from vectors_cryptography import load, un


def elections(test):
    """Every entry's bytes, ids, hashes and fingerprints; and that all of them are valid."""
    d = load("encoding.json")["valid_election"]
    entries = [Entry(un(case["entry"])) for case in d["entries"]]
    election = Election(entries[0])
    for entry, case in zip(entries, d["entries"]):
        election.apply(entry)
        here = entry.index
        submission = tagged_hash("submission", election.fingerprint, entry.author_bytes, entry.body_bytes)
        found = (entry.type, submission.hex(), election.hashes[-1].hex(), leaf(entry.bytes).hex(), election.tree.root().hex())
        test.same(f"entry {here}", found, tuple(case[k] for k in ("type", "submission_id", "entry_hash", "leaf_hash", "root_after")))
        test.note(f"author of entry {here}", case["author"].split()[0] == entry.role)
    test.accepted("proofs", election.batch.check)
    ceremony = election.ceremony
    for name, found in (("F", election.fingerprint), ("J", ceremony.J), ("O", election.opening), ("dealings_fingerprint", ceremony.dealings),
                        ("roll_fingerprint", election.roll.fingerprint), ("closing_fingerprint", election.closing),
                        ("counted_fingerprint", election.tally.fingerprint)):
        test.same(name, found.hex(), d[name])
    test.same("slot keys", [bytes(key).hex() for key in ceremony.joint.slot_keys], d["slot_keys"])
    test.same("log key", election.manifest.log_key.text(), d["log_key"])
    test.same("totals", (election.phase, election.tally.groups[0][0].totals), (TALLIED, d["totals"]))


def bodies(test):
    """Encodings that are refused, each by its rule."""
    for case in load("encoding.json")["refused_bodies"]:
        try:
            body(un(case["body"]))
            test.note(case["defect"], False, "accepted")
        except Refused as refusal:
            test.same(case["defect"], refusal.rule, case["rule"])


def manifests(test):
    """The manifest's last fields (MAN-25, MAN-40, MAN-41): entry 0 of small elections, taken or refused."""
    d = load("manifest.json")
    for case in d["valid"]:
        election = Election(Entry(un(case["entry"])))
        body = election.manifest.body
        pages = body.pages and {"bundle": body.pages.bundle.hex(), "boards": body.pages.boards}
        found = (election.fingerprint.hex(), body.overrides is True, pages)
        test.same(case["name"], found, (case["F"], case["overrides"], case["pages"]))
    for case in d["refused"]:
        try:
            Election(Entry(un(case["entry"])))
            test.note(case["defect"], False, "accepted")
        except Refused as refusal:
            test.same(case["defect"], refusal.rule, case["rule"])


SUITES = (elections, bodies, manifests)
