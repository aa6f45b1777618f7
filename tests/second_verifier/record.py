"""Tiles, bundles, and the record as a folder (LOG-7 to LOG-10, REC-1 to REC-8)."""

import os
import re
import stat
from pathlib import Path

from cbor import Refused, require
from note import Note, open_checkpoint, read_checkpoint
from tree import Frontier, leaf, root_of

FULL = 256
LAST = (2**63 - 1) // FULL


class Unreadable(Exception):
    """The record cannot be read at all."""


def path_of(level, index, width):
    """The path of a tile, or of a bundle if the level is `entries` (LOG-8)."""
    digits = f"{index:03d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[i:i + 3] for i in range(0, len(digits), 3)]
    number = "/".join(["x" + group for group in groups[:-1]] + groups[-1:])
    return f"tile/{level}/{number}" + ("" if width == FULL else f".p/{width}")


def read_path(path):
    """(level, index, width) of a path, refused unless it is the path of exactly one tile or bundle."""
    match = re.fullmatch(r"tile/(entries|[0-9]{1,2})/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([0-9]{1,3}))?", path, re.ASCII)
    require(match, "LOG-8", "no tile has this path")
    level = match[1] if match[1] == "entries" else int(match[1])
    index, width = int(re.sub("[x/]", "", match[2])), int(match[3] or FULL)
    require((level == "entries" or level <= 63) and index <= LAST, "LOG-8", "a level or an index out of range")
    require(path == path_of(level, index, width) and 1 <= width <= FULL, "LOG-8", "a path in another form")
    return level, index, width


def present(size):
    """Every bundle and tile of a tree (LOG-9), bundles first, as (level, index, width)."""
    found, level, count = [], 0, size
    while count:
        widths = [FULL] * (count // FULL) + ([count % FULL] if count % FULL else [])
        if level == 0:
            found += [("entries", index, width) for index, width in enumerate(widths)]
        found += [(level, index, width) for index, width in enumerate(widths)]
        level, count = level + 1, count // FULL
    return found


def read_bundle(data, width):
    """The entries of a bundle (LOG-10)."""
    entries, at = [], 0
    for _ in range(width):
        require(at + 2 <= len(data), "LOG-10", "the bundle ends within a length")
        length = int.from_bytes(data[at:at + 2], "big")
        require(at + 2 + length <= len(data), "LOG-10", "the bundle ends within an entry")
        entries.append(data[at + 2:at + 2 + length])
        at += 2 + length
    require(at == len(data), "LOG-10", "bytes after the last entry")
    return entries


def hashes_by_level(leaves):
    """The hashes of the tiles of every level, lowest first (LOG-7)."""
    levels, hashes = [], leaves
    while hashes:
        levels.append(hashes)
        hashes = [root_of(hashes[i:i + FULL]) for i in range(0, len(hashes) - FULL + 1, FULL)]
    return levels


def files_of(entries, checkpoint):
    """All files of a record, by path (REC-6)."""
    levels = hashes_by_level([leaf(entry) for entry in entries])
    files = {"checkpoint": checkpoint}
    for level, index, width in present(len(entries)):
        place = slice(index * FULL, index * FULL + width)
        items = [len(e).to_bytes(2, "big") + e for e in entries[place]] if level == "entries" else levels[level][place]
        files[path_of(level, index, width)] = b"".join(items)
    return files


def read_folder(folder):
    """All files of a folder, by path. An empty folder, a link or a device belongs to no record (VER-3)."""
    folder, files = Path(folder), {}
    if not folder.is_dir():
        raise Unreadable(f"{folder} is not a folder")

    def broken(error):
        raise Unreadable(str(error))

    for place, folders, names in os.walk(folder, onerror=broken):
        place = Path(place)
        require(folders or names or place == folder, "REC-2", f"an empty folder: {place.relative_to(folder)}")
        for name in folders:
            require(not (place / name).is_symlink(), "REC-2", f"a link: {(place / name).relative_to(folder)}")
        for name in names:
            path = place / name
            relative = path.relative_to(folder).as_posix()
            try:
                require(stat.S_ISREG(path.lstat().st_mode), "REC-2", f"not a plain file: {relative}")
                files[relative] = path.read_bytes()
            except OSError as error:
                raise Unreadable(str(error)) from None
    return files


def split(files):
    """The files of each log, log 1 first, by their names within it (REC-7)."""
    logs = {1: {}}
    for path, data in files.items():
        number, _, name = path.partition("/")
        log = int(number) if re.fullmatch("[1-9][0-9]{0,18}", number, re.ASCII) and number != "1" else 1
        logs.setdefault(log, {})[path if log == 1 else name] = data
    require(max(logs) == len(logs), "REC-7", "a log without the one before it")
    return [logs[number] for number in sorted(logs)]


class Record:
    """The files of one log's record, checked as far as no key is needed: REC-1, REC-2, REC-4 and REC-5."""

    def __init__(self, files):
        self.files = files
        require("checkpoint" in files, "REC-2", "no checkpoint")
        self.origin, self.size, self.root = read_checkpoint(Note(files["checkpoint"]).text)
        # A size that was only claimed must not make us list its tiles: no bundle holds more than 256 entries.
        require(self.size <= FULL * len(files), "REC-2", "a file is missing")
        expected = present(self.size)
        names = {path_of(*place) for place in expected} | {"checkpoint"}
        for name in sorted(set(files) - names):
            raise Refused("REC-2", f"a file that does not belong to the record: {name}")
        for name in sorted(names - set(files)):
            raise Refused("REC-2", f"a file is missing: {name}")
        self.entries = []
        for level, index, width in expected:
            if level == "entries":
                try:
                    self.entries += read_bundle(files[path_of(level, index, width)], width)
                except Refused as refusal:
                    raise Refused("REC-4", f"{path_of(level, index, width)}: {refusal.why}") from None
        self._compare()

    def _compare(self):
        levels = hashes_by_level([leaf(entry) for entry in self.entries])
        for level, index, width in present(self.size):
            if level == "entries":
                continue
            path, hashes = path_of(level, index, width), levels[level][index * FULL:index * FULL + width]
            data = self.files[path]
            require(len(data) == 32 * width, "REC-4", f"{path} has another length")
            for place, expected in enumerate(hashes):
                at = index * FULL + place
                require(data[32 * place:32 * place + 32] == expected, "REC-4", f"{path} does not fit hash {at}")
        frontier = Frontier()
        for entry in self.entries:
            frontier.append(leaf(entry))
        require(frontier.root() == self.root, "REC-5", "the root is not the checkpoint's")

    def opened(self, keys):
        """The lines of the checkpoint, each by one of the keys (REC-3)."""
        return open_checkpoint(self.files["checkpoint"], keys, strict=True)[3]
