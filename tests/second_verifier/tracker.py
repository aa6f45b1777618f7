"""Trackers as people read and type them (BAL-25, BAL-26)."""

import re

from cbor import require
from credential import ALPHABET, READ_AS

LONGEST = 20


def shown(tracker):
    """The first 100 bits in 20 characters, in groups of five."""
    bits = int.from_bytes(tracker, "big") >> 156
    text = "".join(ALPHABET[bits >> 5 * i & 31] for i in range(LONGEST - 1, -1, -1))
    return "-".join(text[i:i + 5] for i in range(0, LONGEST, 5))


def matches(typed, tracker):
    """Whether what was typed is this tracker or the beginning of it."""
    kept = re.sub("[\\s\u2010-\u2015-]", "", typed)
    if len(kept) == 64:
        require(re.fullmatch("[0-9A-Fa-f]*", kept), "BAL-26", "not hexadecimal")
        return bytes.fromhex(kept) == tracker
    require(4 <= len(kept) <= LONGEST, "BAL-26", "a tracker of another length")
    read = "".join(READ_AS.get(c, c) for c in kept.upper())
    require(all(c in ALPHABET for c in read), "BAL-26", "a character that no tracker has")
    return shown(tracker).replace("-", "").startswith(read)
