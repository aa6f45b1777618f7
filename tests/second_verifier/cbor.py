"""Deterministic CBOR, as far as the schema uses it (ENC-1): unsigned integers, byte strings, texts, arrays, booleans, null."""


class Refused(Exception):
    """The bytes, or what they say, break a rule."""

    def __init__(self, rule, why, index=None):
        super().__init__(f"{rule}: {why}")
        self.rule, self.why, self.index = rule, why, index


def require(holds, rule, why):
    """Refuse unless `holds`."""
    if not holds:
        raise Refused(rule, why)


def head(major, n):
    """The shortest head."""
    if n < 24:
        return bytes([major << 5 | n])
    for extra, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if n < 1 << (8 * size):
            return bytes([major << 5 | extra]) + n.to_bytes(size, "big")
    raise ValueError("an integer above 2^64 - 1")


def encode(value):
    """The only encoding of a value."""
    if value is None:
        return b"\xf6"
    if isinstance(value, bool):
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, int):
        return head(0, value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        data = value.encode("utf-8")
        return head(3, len(data)) + data
    return head(4, len(value)) + b"".join(map(encode, value))


# The schema nests less deeply; whatever nests more is refused without exhausting the stack.
DEEPEST = 16


def decode(data):
    """The value of exactly these bytes."""
    value, end = _item(data, 0, 0)
    require(end == len(data), "ENC-1", "bytes after the end")
    return value


def _item(data, at, depth):
    require(at < len(data), "ENC-1", "the bytes end within an item")
    require(depth <= DEEPEST, "ENC-1", "nested too deeply")
    major, n = data[at] >> 5, data[at] & 31
    at += 1
    if major == 7:
        require(n in (20, 21, 22), "ENC-1", "neither false, true nor null")
        return (False, True, None)[n - 20], at
    require(major in (0, 2, 3, 4), "ENC-1", "a type that no schema has")
    if n >= 24:
        require(n <= 27, "ENC-1", "an indefinite or reserved length")
        size = 1 << (n - 24)
        require(at + size <= len(data), "ENC-1", "the bytes end within a head")
        n, at = int.from_bytes(data[at:at + size], "big"), at + size
        require(n >= (24, 1 << 8, 1 << 16, 1 << 32)[size.bit_length() - 1], "ENC-1", "a head that is not the shortest")
    if major == 0:
        return n, at
    if major == 4:
        require(n <= len(data) - at, "ENC-1", "an array longer than the bytes that follow")
        items = []
        for _ in range(n):
            item, at = _item(data, at, depth + 1)
            items.append(item)
        return items, at
    require(n <= len(data) - at, "ENC-1", "a string longer than the bytes that follow")
    string = data[at:at + n]
    if major == 2:
        return string, at + n
    try:
        return string.decode("utf-8"), at + n
    except UnicodeDecodeError:
        raise Refused("ENC-1", "a text that is not UTF-8") from None
