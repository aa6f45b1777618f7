"""The known answers of chapter 06b: a witness asked, and what it answers."""

import json
from base64 import b64encode
from hashlib import sha256

import ed25519
import note
import tree
from cbor import Refused, require
from vectors_cryptography import FOLDER

un = bytes.fromhex
D = json.loads((FOLDER / "tlog-witness.json").read_text())
LONGEST = 24 + 63 * 45 + 1 + 262_144


def read_request(data):
    """(old size, proof, checkpoint) of a request (WIT-1)."""
    require(len(data) <= LONGEST, "WIT-1", "longer than a request may be")
    head, empty, checkpoint = data.decode().partition("\n\n")
    lines = head.split("\n")
    require(empty and lines[0].startswith("old "), "WIT-1", "no old size or no empty line")
    old, proof = note.decimal(lines[0][4:], "WIT-1"), [note.base64(line, "WIT-1") for line in lines[1:]]
    require(old <= note.LARGEST and len(proof) <= 63 and all(len(h) == 32 for h in proof), "WIT-1", "a size or proof that is none")
    return old, proof, checkpoint


def read_answer(text):
    """Names of the lines that cosign (WIT-2)."""
    require(text.endswith("\n") and "" not in text.split("\n")[:-1], "WIT-2", "an empty line, or no newline at the end")
    return [name for name, _, _ in note.Note(("text\n\n" + text).encode()).lines]


def read_size(text):
    """The size that is remembered (WIT-4)."""
    require(text.endswith("\n"), "WIT-4", "no newline at the end")
    size = note.decimal(text[:-1], "WIT-4")
    require(size <= note.LARGEST, "WIT-4", "a size that is too large")
    return size


def asked(request, log, seen):
    """(status, text that is cosigned or None, size remembered or None) by WIT-3 to WIT-5."""
    try:
        old, proof, checkpoint = read_request(request.encode())
        text = note.Note(checkpoint.encode()).text
        lines = text.split("\n")
        wrong_root = len(lines) == 4 and lines[1] == "0" and len(note.base64(lines[2])) == 32 and note.base64(lines[2]) != note.EMPTY_ROOT
        origin, size, root = (lines[0], 0, note.EMPTY_ROOT) if wrong_root else note.read_checkpoint(text)
    except Refused:
        return 400, None, None
    if origin != log.name:
        return 404, None, None
    try:
        note.Note(checkpoint.encode()).verified([log])
    except Refused:
        return 403, None, None
    if wrong_root:
        return 422, None, None
    if old > size:
        return 400, None, None
    latest, latest_root = (seen["size"], un(seen["root"])) if seen else (0, note.EMPTY_ROOT)
    if old != latest:
        return 409, None, latest
    try:
        holds = tree.consistency_holds(latest, size, latest_root, root, proof)
    except Refused:
        holds = False
    return (422, None, None) if holds is False else (200, text, None)


def requests(test):
    """Requests, answers and sizes as texts."""
    for case in D["requests"]["accepted"]:
        read = read_request(case["request"].encode())
        test.same("request", read, (case["old"], [un(h) for h in case["proof"]], case["checkpoint"]))
    for case in D["requests"]["refused"]:
        test.refused(case["defect"], lambda: read_request(case["request"].encode()))
    for case in D["answers"]["accepted"]:
        test.same("answer", read_answer(case["answer"]), case["names"])
    for case in D["answers"]["refused"]:
        test.refused(case["defect"], lambda: read_answer(case["answer"]))
    for case in D["sizes"]["accepted"]:
        test.same("size", read_size(case["answer"]), case["size"])
    for case in D["sizes"]["refused"]:
        test.refused(repr(case["answer"]), lambda: read_size(case["answer"]))
    for case in D["paths"]:
        test.same("path", sha256(case["origin"].encode()).hexdigest() + "/checkpoint", case["path"])


def exchanges(test):
    """Statuses, and the very bytes of a cosignature."""
    d = D["exchanges"]
    log, witness = note.read_key(d["log"], note.LOG_KEY), note.read_key(d["witness"], note.COSIGNER_KEY)
    for case in d["cases"]:
        status, text, latest = asked(case["request"], log, case["seen"])
        test.same(case["case"], status, case["status"])
        if text is not None:
            # Seed of witness 1 in these vectors: 32 bytes 101.
            message = f"cosignature/v1\ntime {d['time']}\n{text}".encode()
            signature = witness.identifier + d["time"].to_bytes(8, "big") + ed25519.sign(bytes([101]) * 32, message)
            test.same("cosignature", f"\u2014 {witness.name} {b64encode(signature).decode()}\n", case["body"])
        if latest is not None:
            test.same("size remembered", f"{latest}\n", case["body"])


SUITES = (requests, exchanges)
