"""Merlin 1.0 over STROBE-128 1.0.2, as CRY-8 describes them. hashlib has SHA-3 but not its permutation, so that is here too."""

RATE = 166
MASK = (1 << 64) - 1


def _tables():
    """The round constants and, lane by lane, where rho and pi move it (FIPS 202 sections 3.2.2, 3.2.3 and 3.2.5)."""
    constants, bit = [], 1
    for _ in range(24):
        constant = 0
        for j in range(7):
            constant |= (bit & 1) << ((1 << j) - 1)
            bit = bit << 1 ^ (0x171 if bit & 0x80 else 0)
        constants.append(constant)
    offset = {(0, 0): 0}
    x, y = 1, 0
    for t in range(24):
        offset[x, y] = (t + 1) * (t + 2) // 2 % 64
        x, y = y, (2 * x + 3 * y) % 5
    # Lane (x, y) moves to (y, 2x + 3y). Listed by target: source and rotation.
    moves = [None] * 25
    for (x, y), turn in offset.items():
        moves[y + 5 * ((2 * x + 3 * y) % 5)] = (x + 5 * y, x, turn)
    return constants, moves


CONSTANTS, MOVES = _tables()


def keccak_f(state):
    """Keccak-f[1600] of a bytearray of 200 bytes, in place."""
    a = [int.from_bytes(state[i:i + 8], "little") for i in range(0, 200, 8)]
    for constant in CONSTANTS:
        c = [a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20] for x in range(5)]
        d = [c[x - 1] ^ (c[x - 4] << 1 & MASK | c[x - 4] >> 63) for x in range(5)]
        b = []
        for source, x, turn in MOVES:
            lane = a[source] ^ d[x]
            b.append((lane << turn | lane >> (64 - turn)) & MASK)
        a = []
        for y in (0, 5, 10, 15, 20):
            p, q, r, s, t = b[y:y + 5]
            a += (p ^ (~q & r), q ^ (~r & s), r ^ (~s & t), s ^ (~t & p), t ^ (~p & q))
        a[0] ^= constant
    state[:] = b"".join(lane.to_bytes(8, "little") for lane in a)


class Strobe:
    """The state of CRY-8 with its steps."""

    def __init__(self, protocol):
        self.state = bytearray(200)
        self.position = self.start = 0
        self.state[0:6] = bytes.fromhex("01a801000160")
        self.state[6:18] = b"STROBEv1.0.2"
        keccak_f(self.state)
        self._begin(0x12)
        self._absorb(b"Merlin v1.0")
        self.message(b"dom-sep", protocol)

    def _permute(self):
        self.state[self.position] ^= self.start
        self.state[self.position + 1] ^= 0x04
        self.state[RATE + 1] ^= 0x80
        keccak_f(self.state)
        self.position = self.start = 0

    def _absorb(self, data):
        for byte in data:
            self.state[self.position] ^= byte
            self.position += 1
            if self.position == RATE:
                self._permute()

    def _begin(self, flags):
        old = self.start
        self.start = self.position + 1
        self._absorb(bytes([old, flags]))

    def message(self, label, message):
        """Absorb a message under a label."""
        self._begin(0x12)
        self._absorb(label)
        self._absorb(len(message).to_bytes(4, "little"))
        self._begin(0x02)
        self._absorb(message)

    def squeeze(self, label, n):
        """Squeeze n bytes under a label."""
        self._begin(0x12)
        self._absorb(label)
        self._absorb(n.to_bytes(4, "little"))
        self._begin(0x07)
        if self.position:
            self._permute()
        out = bytearray()
        for _ in range(n):
            out.append(self.state[self.position])
            self.state[self.position] = 0
            self.position += 1
            if self.position == RATE:
                self._permute()
        return bytes(out)
