"""Signed notes, their keys, checkpoints and cosignatures (LOG-6, LOG-12 to LOG-21)."""

import binascii
import re
from base64 import b64decode, b64encode
from hashlib import sha256

import ed25519
from cbor import Refused, require

LOG_KEY, COSIGNER_KEY = 1, 4
SPACES = {" ", "\u00a0", "\u1680", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"} | {chr(c) for c in range(0x2000, 0x200B)}
LARGEST = 2**63 - 1
EMPTY_ROOT = sha256(b"").digest()


def decimal(text, rule="LOG-6"):
    """A number in a text."""
    require(re.fullmatch("0|[1-9][0-9]*", text) and len(text) <= 20, rule, "not a decimal")
    return int(text)


def base64(text, rule="LOG-6"):
    """Bytes in a text, of which they have one only."""
    try:
        data = b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise Refused(rule, "not base64") from None
    require(b64encode(data).decode() == text, rule, "base64 in another form")
    return data


def is_name(text):
    """Whether a text is a name."""
    return text != "" and not any(c == "+" or c in SPACES or c < " " or "\x7f" <= c <= "\x9f" for c in text)


class Key:
    """A vkey (LOG-14)."""

    def __init__(self, name, kind, public):
        self.name, self.kind, self.public = name, kind, public
        self.identifier = sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]

    def text(self):
        """As text."""
        return f"{self.name}+{self.identifier.hex()}+{b64encode(bytes([self.kind]) + self.public).decode()}"

    def verify(self, text, signature):
        """Check one line's signature; returns the time that a cosignature states, else None."""
        if self.kind == LOG_KEY:
            ed25519.verify(self.public, text.encode(), signature)
            return None
        require(len(signature) == 72, "LOG-20", "a cosignature that has not 72 bytes")
        time = int.from_bytes(signature[:8], "big")
        require(time <= LARGEST, "LOG-21", "a time that is too large")
        read_checkpoint(text)
        ed25519.verify(self.public, f"cosignature/v1\ntime {time}\n{text}".encode(), signature[8:])
        return time


def read_key(text, kind=None):
    """The key that a vkey states, of the kind asked for."""
    parts = text.split("+", 2)
    require(len(parts) == 3 and is_name(parts[0]), "LOG-14", "not a vkey")
    data = base64(parts[2], "LOG-14")
    require(len(data) == 33 and data[0] in (LOG_KEY, COSIGNER_KEY), "LOG-14", "a key of another type or length")
    require(kind in (None, data[0]), "LOG-27", "a key of the other type")
    ed25519.point(data[1:])
    key = Key(parts[0], data[0], data[1:])
    require(key.text() == text, "LOG-14", "an identifier that does not belong to the key")
    return key


class Note:
    """A note: its text and its lines as (name, identifier, signature)."""

    def __init__(self, data):
        require(len(data) <= 262_144, "LOG-12", "longer than a note may be")
        try:
            note = data.decode("utf-8")
        except UnicodeDecodeError:
            raise Refused("LOG-12", "not UTF-8") from None
        require(not any(c < " " and c != "\n" for c in note), "LOG-12", "a control character")
        require(note.endswith("\n"), "LOG-12", "no newline at the end")
        split = note.rfind("\n\n")
        require(split > 0, "LOG-12", "no text and empty line")
        self.text, lines = note[:split + 1], note[split + 2:].split("\n")[:-1]
        require(1 <= len(lines) <= 64, "LOG-12", "no signature line, or too many")
        self.lines = []
        for line in lines:
            words = line.split(" ")
            require(len(words) == 3 and words[0] == "\u2014" and is_name(words[1]), "LOG-13", "not a signature line")
            signature = base64(words[2], "LOG-13")
            require(len(signature) > 4, "LOG-13", "a key identifier without a signature")
            self.lines.append((words[1], signature[:4], signature[4:]))

    def verified(self, keys, strict=False):
        """The (key, time) of each line by one of the keys, all of which must be valid (LOG-15); strictly by REC-3."""
        known = {(key.name, key.identifier): key for key in keys}
        found = []
        for name, identifier, signature in self.lines:
            key = known.get((name, identifier))
            require(key or not strict, "REC-3", "a line by a key that was not given")
            if key:
                require(not strict or all(key is not other for other, _ in found), "REC-3", "two lines by one key")
                found.append((key, key.verify(self.text, signature)))
        require(found, "LOG-15", "no line by a known key")
        return found


def read_checkpoint(text):
    """(origin, size, root) of a checkpoint's text (LOG-16)."""
    lines = text.split("\n")
    require(len(lines) == 4 and lines[3] == "", "LOG-16", "not exactly three lines")
    require(is_name(lines[0]), "LOG-16", "an origin that is no name")
    size, root = decimal(lines[1], "LOG-16"), base64(lines[2], "LOG-16")
    require(size <= LARGEST, "LOG-16", "a size that is too large")
    require(len(root) == 32, "LOG-16", "a root that has not 32 bytes")
    require(size > 0 or root == EMPTY_ROOT, "LOG-16", "size 0 with another root than the empty tree's")
    return lines[0], size, root


def open_checkpoint(data, keys, strict=False):
    """(origin, size, root, [(key, time)]) of a signed checkpoint (LOG-18)."""
    note = Note(data)
    found = note.verified(keys, strict)
    origin, size, root = read_checkpoint(note.text)
    names = [key.name for key, _ in found if key.kind == LOG_KEY]
    require(names and all(name == origin for name in names), "LOG-18", "not signed by the log")
    return origin, size, root, found


def checkpoint_text(origin, size, root):
    """The text that is signed."""
    return f"{origin}\n{size}\n{b64encode(root).decode()}\n"


def signed(text, key, seed):
    """A note with one line by a log's key."""
    line = b64encode(key.identifier + ed25519.sign(seed, text.encode())).decode()
    return f"{text}\n\u2014 {key.name} {line}\n".encode()
