"""Named changes of a good record, made as a board with its log key could make them: entries rechained, tree rebuilt, checkpoint signed."""

import note
import tree
from cbor import decode, encode
from record import Record, files_of
from schema import NAMES
from transcript import tagged_hash


def rechained(entries):
    """The entries with places and links made right again."""
    out, previous = [], bytes(32)
    for index, entry in enumerate(entries):
        fields = decode(entry)
        fields[0], fields[1] = index, previous
        out.append(encode(fields))
        previous = tagged_hash("entry", out[-1])
    return out


def flipped(data, at):
    """The bytes with one bit changed."""
    at %= len(data)
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]


def with_field(entry, place, change):
    """The entry with one of its six fields changed."""
    fields = decode(entry)
    fields[place] = change(fields[place])
    return encode(fields)


def with_body(entry, change):
    """The entry with a changed body, still under the old signature; `change` works on the fields in place."""
    def changed(body):
        kind, content = decode(body)
        change(content)
        return encode([kind, content])
    return with_field(entry, 4, changed)


class Tampering:
    """A good record, and the ways to spoil it. Each of `ways()` is (name, files, rules of which one must be named)."""

    def __init__(self, files, seed):
        self.files, self.seed = files, seed
        self.record = Record(files)
        self.entries = self.record.entries
        self.key = note.Key(self.record.origin, note.LOG_KEY, note.ed25519.public_key(seed))
        self.types = [NAMES[decode(decode(entry)[4])[0]] for entry in self.entries]

    def places(self, kind):
        """Where the entries of a type stand."""
        return [i for i, name in enumerate(self.types) if name == kind]

    def built(self, entries, chain=True, seed=None, root=None):
        """The files of these entries, signed by the log or by whoever has the seed."""
        entries = rechained(entries) if chain else entries
        root = root or tree.root_of(map(tree.leaf, entries))
        text = note.checkpoint_text(self.record.origin, len(entries), root)
        key = note.Key(self.record.origin, note.LOG_KEY, note.ed25519.public_key(seed or self.seed))
        return files_of(entries, note.signed(text, key, seed or self.seed))

    def with_entry(self, index, entry, chain=True):
        """The record with another entry in that place."""
        return self.built(self.entries[:index] + [entry] + self.entries[index + 1:], chain)

    def without(self, index):
        """The record without an entry."""
        return self.built(self.entries[:index] + self.entries[index + 1:])

    def exchanged(self, i, j):
        """The record with two entries in each other's place."""
        entries = list(self.entries)
        entries[i], entries[j] = entries[j], entries[i]
        return self.built(entries)

    def with_file(self, path, data):
        """The record with one file changed or added."""
        return {**self.files, path: data}

    def intact(self):
        """The same entries, built again: shows that building alone spoils nothing."""
        return self.built(self.entries)

    def ways(self):
        """Every tampering."""
        yield from self._of_ballots()
        yield from self._of_tally()
        yield from self._of_entries()
        yield from self._of_files()

    def _of_ballots(self):
        e, ballots = self.entries, self.places("Ballot")
        first, last = ballots[0], ballots[-1]
        closing = self.places("Closing")[0]

        def spoil(content):
            content[3][0] = flipped(content[3][0], -32)

        authors = [decode(e[i])[3] for i in ballots]
        again = next(i for i, author in zip(ballots, authors) if authors.count(author) > 1)
        later = next(i for i, author in zip(ballots, authors) if i > again and author == decode(e[again])[3])
        yield "a bit of a ballot's proof", self.with_entry(first, with_body(e[first], spoil)), {"ENT-5"}
        yield "a bit of a ballot's signature", self.with_entry(last, with_field(e[last], 5, lambda s: flipped(s, -32))), {"ENT-5"}
        yield "a ballot under another's credential", self.with_entry(first, with_field(e[first], 3, lambda _: authors[-1])), {"ENT-5", "BAL-5"}
        yield "a ballot dropped", self.without(last), {"CLO-1"}
        yield "a ballot twice", self.built(e[:first + 1] + e[first:]), {"ENT-6"}
        yield "a ballot twice under another signature", self.built(
            e[:first + 1] + [with_field(e[first], 5, lambda s: flipped(s, -1))] + e[first + 1:]), {"ENT-6"}
        yield "two voters' ballots exchanged", self.exchanged(ballots[-2], last), {"CLO-1"}
        yield "two ballots of one voter exchanged", self.exchanged(again, later), {"BAL-5"}
        yield "an earlier ballot dropped", self.without(again), {"BAL-5"}
        yield "a ballot after the closing", self.built(e[:last] + e[last + 1:closing + 1] + [e[last]] + e[closing + 1:]), {"CLO-1", "ENT-7"}

    def _of_tally(self):
        e, (p, q) = self.entries, self.places("PartialDecryption")[:2]
        closing, result = self.places("Closing")[0], self.places("Result")[0]

        def moved(content):
            content[2][0] += 1
            content[2][1] -= 1

        def longer(content):
            content[2].append(0)

        def other(content):
            content[0] = flipped(content[0], 0)

        swapped = list(e)
        swapped[p], swapped[q] = with_field(e[p], 4, lambda _: decode(e[q])[4]), with_field(e[q], 4, lambda _: decode(e[p])[4])
        yield "a total changed", self.with_entry(result, with_body(e[result], moved)), {"TAL-5"}
        yield "a total more than slots", self.with_entry(result, with_body(e[result], longer)), {"TAL-5"}
        yield "a signed result", self.with_entry(result, with_field(e[result], 5, lambda _: bytes(64))), {"ENT-5"}
        yield "two trustees' partial decryptions swapped", self.built(swapped), {"ENT-5"}
        yield "a partial decryption dropped", self.without(q), {"TAL-4"}
        yield "another counted set in the closing", self.with_entry(closing, with_body(e[closing], other)), {"ENT-5"}
        yield "an entry after the last result", self.built(e + [e[result]]), {"ENT-6"}

    def _of_entries(self):
        e, roll = self.entries, self.places("Roll")[0]
        opening, rehearsal = self.places("Opening")[0], self.places("Rehearsal")[0]

        def title(content):
            content[3] += "!"

        def heavier(content):
            content[2][0][1] += 1

        yield "another title in the manifest", self.with_entry(0, with_body(e[0], title)), {"ENT-5"}
        yield "a heavier row of the roll", self.with_entry(roll, with_body(e[roll], heavier)), {"ENT-5", "ROL-2"}
        yield "a rehearsal dropped", self.without(rehearsal), {"OPN-1", "CER-9"}
        yield "an opening before the roll", self.built(e[:roll] + [e[opening]] + e[roll:opening] + e[opening + 1:]), {"OPN-1"}
        yield "a link of the chain", self.with_entry(opening, with_field(e[opening], 1, lambda h: flipped(h, 0)), chain=False), {"ENT-2"}
        yield "an index", self.with_entry(opening, with_field(e[opening], 0, lambda i: i + 1), chain=False), {"ENT-1"}
        yield "a time that goes back", self.with_entry(opening, with_field(e[opening], 2, lambda _: 0)), {"ENT-3"}
        yield "a byte after an entry", self.with_entry(opening, e[opening] + b"\0", chain=False), {"ENC-1"}
        yield "an entry of no known type", self.with_entry(opening, with_field(e[opening], 4, lambda _: encode([19, []]))), {"ENC-1"}
        yield "a second manifest", self.built(e + [e[0]]), {"MAN-1"}

    def _of_files(self):
        files, bundle = self.files, max(path for path in self.files if path.startswith("tile/entries"))
        leaves = max(path for path in self.files if path.startswith("tile/0/"))
        line = files["checkpoint"].decode().splitlines()[-1] + "\n"
        stranger = bytes(a ^ 255 for a in self.seed)
        yield "a foreign file", self.with_file("report.html", b"<p>All is well.</p>"), {"REC-2"}
        yield "a tile of an earlier size left behind", self.with_file("tile/0/000.p/1", files[leaves][:32]), {"REC-2"}
        yield "a file missing", {path: data for path, data in files.items() if path != leaves}, {"REC-2"}
        yield "a truncated bundle", self.with_file(bundle, files[bundle][:-1]), {"REC-4"}
        yield "a byte of an entry", self.with_file(bundle, flipped(files[bundle], -1)), {"REC-4"}
        yield "a bit of a tile", self.with_file(leaves, flipped(files[leaves], 0)), {"REC-4"}
        yield "another root, signed by the log", self.built(self.entries, root=bytes(32)), {"REC-5"}
        yield "a checkpoint of another key", self.built(self.entries, seed=stranger), {"REC-3", "LOG-15"}
        signature = {"LOG-13", "LOG-15", "LOG-19", "REC-3"}
        yield "a bit of the checkpoint's signature", self.with_file("checkpoint", flipped(files["checkpoint"], -8)), signature
        yield "the log's line twice", self.with_file("checkpoint", files["checkpoint"] + line.encode()), {"REC-3"}
