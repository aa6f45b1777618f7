"""Policies: whose cosignatures make a checkpoint final (LOG-25 to LOG-28)."""

import re
from copy import copy

from cbor import require
from note import COSIGNER_KEY, LOG_KEY, decimal, read_key

MOST = 64


class Policy:
    """A policy's logs, witnesses, groups and quorum."""

    def __init__(self, text):
        require(len(text.encode()) <= 65_536, "LOG-25", "longer than a policy may be")
        require(not any((c < " " and c not in "\t\n") or c == "\x7f" for c in text), "LOG-25", "a control character")
        require(text == "" or text.endswith("\n"), "LOG-25", "no newline at the end")
        self.logs, self.witnesses, self.groups, self.quorum = [], {}, {}, None
        self._members = set()
        for line in text.split("\n")[:-1]:
            words = [word for word in re.split("[ \t]+", line) if word]
            if words and not words[0].startswith("#"):
                self._line(words)
        require(self.quorum is not None, "LOG-26", "no quorum line")

    def _line(self, words):
        keyword, rest = words[0], words[1:]
        require(keyword in ("log", "witness", "group", "quorum"), "LOG-25", "an unknown keyword")
        if keyword == "log":
            require(1 <= len(rest) <= 2, "LOG-25", "a log line of another form")
            key = read_key(rest[0], LOG_KEY)
            require(all(key.public != other.public for other in self.logs), "LOG-27", "a log's key twice")
            self.logs.append(key)
            require(len(self.logs) <= MOST, "LOG-27", "too many logs")
        elif keyword == "witness":
            require(2 <= len(rest) <= 3, "LOG-25", "a witness line of another form")
            self._define(rest[0])
            key = read_key(rest[1], COSIGNER_KEY)
            require(all(key.public != other.public for other in self.witnesses.values()), "LOG-27", "a witness's key twice")
            self.witnesses[rest[0]] = key
            require(len(self.witnesses) <= MOST, "LOG-27", "too many witnesses")
        elif keyword == "group":
            require(len(rest) >= 3, "LOG-25", "a group line of another form")
            name, threshold, *members = rest
            self._define(name)
            for member in members:
                require(member in self.witnesses or member in self.groups, "LOG-26", "a member not defined above")
                require(member not in self._members, "LOG-26", "a member of two groups, or twice of one")
                self._members.add(member)
            n = {"any": 1, "all": len(members)}.get(threshold)
            n = decimal(threshold, "LOG-25") if n is None else n
            require(1 <= n <= len(members), "LOG-26", "a threshold out of range")
            self.groups[name] = (n, members)
            require(len(self.groups) <= MOST, "LOG-27", "too many groups")
        else:
            require(len(rest) == 1, "LOG-25", "a quorum line of another form")
            require(self.quorum is None, "LOG-26", "two quorum lines")
            require(rest[0] == "none" or rest[0] in self.witnesses or rest[0] in self.groups, "LOG-26", "a quorum not defined above")
            self.quorum = rest[0]

    def _define(self, name):
        require(name != "none" and name not in self.witnesses and name not in self.groups, "LOG-26", "a name twice, or `none`")

    def with_log(self, key):
        """This policy for a successor log (CON-2)."""
        other = copy(self)
        other.logs = [key]
        return other

    def keys(self):
        """All logs and witnesses together."""
        return self.logs + list(self.witnesses.values())

    def counted(self, found, since):
        """The latest time of each witness, by name, that is not before `since`; `found` comes from the opened checkpoint."""
        times = {}
        for name, witness in self.witnesses.items():
            stated = [time for key, time in found if time is not None and key.public == witness.public and time >= since]
            if stated:
                times[name] = max(stated)
        return times

    def is_met(self, found, since=0):
        """Whether the quorum has witnessed an opened checkpoint (LOG-28)."""
        names = set(self.counted(found, since)) | {"none"}

        def has(name):
            if name in self.groups:
                threshold, members = self.groups[name]
                return sum(map(has, members)) >= threshold
            return name in names

        return has(self.quorum)
