"""The known answers of chapter 06."""

import json

import ed25519
import note
import tree
from policy import Policy
from record import Record, files_of, path_of, present, read_bundle, read_path
from vectors_cryptography import FOLDER

un = bytes.fromhex
D = json.loads((FOLDER / "tlog.json").read_text())


def entries_of(size):
    """Entry i is the 8 bytes of i."""
    return [i.to_bytes(8, "big") for i in range(size)]


def root(size):
    """The root of that log."""
    return tree.root_of(map(tree.leaf, entries_of(size)))


def trees(test):
    """Hashes, roots and proofs."""
    d = D["tree"]
    for case in d["leaf_hashes"]:
        test.same("leaf", tree.leaf(un(case["entry"])).hex(), case["hash"])
    n = d["node_hash"]
    test.same("node", tree.node(un(n["left"]), un(n["right"])).hex(), n["hash"])
    for case in d["roots"]:
        test.same(f"root of {case['size']}", root(case["size"]).hex(), case["root"])

    def included(case, leaf_hash, tree_root):
        return tree.inclusion_holds(case["index"], case["size"], leaf_hash, [un(h) for h in case["path"]], tree_root)

    for case in d["inclusion"]["accepted"]:
        test.accepted(f"{case['index']} of {case['size']}", lambda: included(case, tree.leaf(case["index"].to_bytes(8, "big")), root(case["size"])))
    for case in d["inclusion"]["refused"]:
        test.refused(case["defect"], lambda: included(case, un(case["leaf"]), un(case["root"])))

    def consistent(case, old, new):
        return tree.consistency_holds(case["old_size"], case["new_size"], old, new, [un(h) for h in case["path"]])

    for case in d["consistency"]["accepted"]:
        test.accepted(f"{case['old_size']} to {case['new_size']}", lambda: consistent(case, root(case["old_size"]), root(case["new_size"])))
    for case in d["consistency"]["refused"]:
        test.refused(case["defect"], lambda: consistent(case, un(case["old_root"]), un(case["new_root"])))


def tiles(test):
    """Names, which tiles there are, and what they hold."""
    d = D["tiles"]
    for case in d["names"]:
        place = (case["level"], case["index"], case["width"])
        place = ("entries", *place[1:]) if place[0] in (None, "entries") else place
        test.same(case["path"], (path_of(*place), read_path(case["path"])), (case["path"], place))
    for case in d["names_refused"]:
        test.refused(case["defect"], lambda: read_path(case["path"]))
    for case in d["present"]:
        test.same(f"tiles of {case['size']}", sorted(path_of(*p) for p in present(case["size"])), sorted(case["paths"]))
    for case in d["counted"]:
        found = [path_of(*p) for p in present(case["size"])]
        test.same(f"tiles of {case['size']}", (len(found), sorted(p for p in found if ".p" in p)), (case["number_of_paths"], sorted(case["partial"])))
    files = files_of(entries_of(600), b"")
    for case in d["content_of_600"]:
        data = files[case["path"]]
        test.same(case["path"], (data[:32].hex(), data[-32:].hex(), tree.leaf(data).hex()),
                  (case["first_hash"], case["last_hash"], case["leaf_hash_of_bytes"]))
    for case in D["bundles"]["accepted"]:
        test.same("bundle", [e.hex() for e in read_bundle(un(case["bytes"]), len(case["entries"]))], case["entries"])
    for case in D["bundles"]["refused"]:
        test.refused(case["defect"], lambda: read_bundle(un(case["bytes"]), case["count"]))


def keys(test):
    """Keys as text, and keys and signatures that lax readers take."""
    d = D["keys"]
    for case in d["accepted"]:
        key = note.read_key(case["vkey"])
        test.same(case["vkey"], (key.name, key.kind, key.identifier.hex(), key.public.hex()),
                  (case["name"], case["type"], case["key_id"], case["public_key"]))
        test.same(case["name"] + ", from its seed", ed25519.public_key(un(case["seed"])), key.public)
    for case in d["refused"]:
        test.refused(case["defect"], lambda: note.read_key(case["vkey"]))
    for case in d["points_refused"]:
        test.refused(case["defect"], lambda: ed25519.point(un(case["public_key"])))
    for case in d["signatures_refused"]:
        test.refused(case["defect"], lambda: note.Note(case["note"].encode()).verified([note.read_key(case["vkey"])]))


def notes(test):
    """Notes, checkpoints, cosignatures."""
    for case in D["notes"]["accepted"]:
        key = note.Key(case["name"], note.LOG_KEY, ed25519.public_key(un(case["seed"])))
        read = note.Note(case["note"].encode())
        test.same("text", read.text, case["text"])
        test.accepted("signature", lambda: read.verified([key]))
        test.same("signing", note.signed(case["text"], key, un(case["seed"])).decode(), case["note"])
    for case in D["notes"]["refused"]:
        test.refused(case["defect"], lambda: note.Note(case["note"].encode()))
    for case in D["checkpoints"]["accepted"]:
        test.same("checkpoint", note.read_checkpoint(case["body"]), (case["origin"], case["size"], un(case["root"])))
        test.same("checkpoint written", note.checkpoint_text(case["origin"], case["size"], un(case["root"])), case["body"])
    for case in D["checkpoints"]["refused"]:
        test.refused(case["defect"], lambda: note.read_checkpoint(case["body"]))
    for case in D["checkpoints"]["opening"]:
        known = [note.read_key(key) for key in case["keys"]]
        for strict, expected in ((False, case["wire"]), (True, case["record"])):
            check = test.accepted if expected else test.refused
            check(case["case"], lambda: note.open_checkpoint(case["note"].encode(), known, strict))
    for case in D["cosignatures"]:
        key = note.Key(case["name"], note.COSIGNER_KEY, ed25519.public_key(un(case["seed"])))
        read = note.Note((case["checkpoint"] + "\n" + case["line"].rstrip("\n") + "\n").encode())
        test.same("cosignature", read.verified([key])[0][1], case["time"])


def policies(test):
    """Policies and whom they count."""
    for case in D["policies"]["accepted"]:
        policy = Policy(case["policy"])
        found = note.open_checkpoint(case["checkpoint"].encode(), policy.keys())[3]
        counted = sorted(map(list, policy.counted(found, case["since"]).items()))
        test.same("policy", (policy.is_met(found, case["since"]), counted), (case["quorum_met"], sorted(case["counted"])))
    for case in D["policies"]["refused"]:
        test.refused(case["defect"], lambda: Policy(case["policy"]))


def receipts(test):
    """Receipts for an entry."""
    def proves(case):
        tree.Receipt(case["receipt"].encode()).proves(un(case["entry"]), [note.read_key(case["log"])])

    for case in D["receipts"]["accepted"]:
        test.accepted("receipt", lambda: proves(case))
    for case in D["receipts"]["refused"]:
        test.refused(case["defect"], lambda: proves(case))


def records(test):
    """Whole logs as files."""
    d = D["records"]
    key = note.read_key(d["log"])

    def check(files):
        record = Record({path: un(data) for path, data in files.items()})
        record.opened([key])
        return record

    for case in d["accepted"]:
        test.accepted("record", lambda: check(case["files"]) and None)
        test.same("entries", [e.hex() for e in check(case["files"]).entries], case["entries"])
        written = files_of([un(e) for e in case["entries"]], un(case["files"]["checkpoint"]))
        test.same("written", {path: data.hex() for path, data in written.items()}, case["files"])
    for case in d["refused"]:
        test.refused(case["defect"], lambda: check(case["files"]))
    files = files_of(entries_of(600), None)
    del files["checkpoint"]
    expected = {k: v for k, v in d["leaf_hash_of_each_file_of_600"].items() if k != "checkpoint"}
    test.same("record of 600", {path: tree.leaf(data).hex() for path, data in files.items()}, expected)


SUITES = (trees, tiles, keys, notes, policies, receipts, records)
