"""The Merkle tree of RFC 6962 (LOG-1 to LOG-5) and its receipts (LOG-22 to LOG-24)."""

from hashlib import sha256

from cbor import Refused, require
from note import EMPTY_ROOT, LARGEST, base64, decimal, open_checkpoint


def leaf(entry):
    """The leaf hash of an entry."""
    return sha256(b"\0" + entry).digest()


def node(left, right):
    """The hash of an inner node."""
    return sha256(b"\1" + left + right).digest()


class Frontier:
    """The hashes of the maximal complete subtrees (LOG-2)."""

    def __init__(self):
        self.hashes, self.size = [], 0

    def append(self, leaf_hash):
        """One more leaf."""
        n = self.size
        while n & 1:
            leaf_hash = node(self.hashes.pop(), leaf_hash)
            n >>= 1
        self.hashes.append(leaf_hash)
        self.size += 1

    def root(self):
        """The root so far."""
        if not self.hashes:
            return EMPTY_ROOT
        root = self.hashes[-1]
        for left in self.hashes[-2::-1]:
            root = node(left, root)
        return root


def root_of(leaves):
    """The root of a list of leaf hashes."""
    frontier = Frontier()
    for leaf_hash in leaves:
        frontier.append(leaf_hash)
    return frontier.root()


def inclusion_holds(index, size, leaf_hash, path, root):
    """LOG-4."""
    if not 0 <= index < size <= LARGEST:
        return False
    inner = (index ^ (size - 1)).bit_length()
    if len(path) != inner + (index >> inner).bit_count():
        return False
    for i in range(inner):
        leaf_hash = node(path[i], leaf_hash) if index >> i & 1 else node(leaf_hash, path[i])
    for sibling in path[inner:]:
        leaf_hash = node(sibling, leaf_hash)
    return leaf_hash == root


def consistency_holds(m, n, old_root, new_root, path):
    """LOG-5."""
    if not 0 <= m <= n <= LARGEST:
        return False
    if m == n:
        return not path and old_root == new_root and (m > 0 or old_root == EMPTY_ROOT)
    if m == 0:
        return not path and old_root == EMPTY_ROOT
    shift = (m & -m).bit_length() - 1
    inner = ((m - 1) ^ (n - 1)).bit_length() - shift
    start = 0 if m & (m - 1) == 0 else 1
    if len(path) != start + inner + (m - 1 >> inner + shift).bit_count():
        return False
    a = b = path[0] if start else old_root
    for i in range(inner):
        p = path[start + i]
        if m - 1 >> shift + i & 1:
            a, b = node(p, a), node(p, b)
        else:
            b = node(b, p)
    for p in path[start + inner:]:
        a, b = node(p, a), node(p, b)
    return a == old_root and b == new_root


class Receipt:
    """A receipt file (LOG-22)."""

    def __init__(self, data):
        require(len(data) <= 393_214, "LOG-22", "longer than a receipt may be")
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            raise Refused("LOG-22", "not UTF-8") from None
        split = text.find("\n\n")
        require(split >= 0, "LOG-22", "no empty line")
        lines, self.checkpoint = text[:split].split("\n"), text[split + 2:].encode()
        require(lines.pop(0) == "c2sp.org/tlog-proof@v1", "LOG-22", "another first line")
        self.extra = b""
        if lines and lines[0].startswith("extra "):
            self.extra = base64(lines.pop(0)[6:], "LOG-22")
            require(self.extra, "LOG-22", "empty extra data")
        require(lines and lines[0].startswith("index "), "LOG-22", "no index line")
        self.index = decimal(lines.pop(0)[6:], "LOG-22")
        require(self.index <= LARGEST, "LOG-3", "an index that is too large")
        self.path = [base64(line, "LOG-22") for line in lines]
        require(len(self.path) <= 63 and all(len(h) == 32 for h in self.path), "LOG-22", "a path of another length")

    def proves(self, entry, keys):
        """Refuse unless the receipt proves that the entry has its index (LOG-23)."""
        _, size, root, _ = open_checkpoint(self.checkpoint, keys)
        require(inclusion_holds(self.index, size, leaf(entry), self.path, root), "LOG-23", "the inclusion proof does not hold")
