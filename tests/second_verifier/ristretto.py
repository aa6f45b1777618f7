"""ristretto255 (RFC 9496): points and scalars as 32 bytes (CRY-1 to CRY-3)."""

from functools import lru_cache
from hashlib import sha3_512

import edwards
from cbor import encode as cbor, require
from edwards import D, L, P, SQRT_M1


def sqrt_ratio(u, v):
    """(was square, the non-negative square root of u/v or of i u/v), RFC 9496 section 4.2."""
    r = u * pow(v, 3, P) * pow(u * pow(v, 7, P) % P, (P - 5) // 8, P) % P
    check = v * r * r % P
    u %= P
    if check in (-u % P, -u * SQRT_M1 % P):
        r = r * SQRT_M1 % P
    return check in (u, -u % P), min(r, P - r, key=lambda n: n & 1)


INVSQRT_A_MINUS_D = sqrt_ratio(1, -1 - D)[1]
# RFC 9496 section 4.1 takes the other root here, the negative one.
SQRT_AD_MINUS_ONE = P - sqrt_ratio(-D - 1, 1)[1]
assert SQRT_AD_MINUS_ONE == 25063068953384623474111414158702152701244531502492656460079210482610430750235


class Point:
    """An element of the group."""

    __slots__ = ("xyzt", "_bytes")

    def __init__(self, xyzt, encoding=None):
        self.xyzt, self._bytes = xyzt, encoding

    def __add__(self, other):
        return Point(edwards.add(self.xyzt, other.xyzt))

    def __neg__(self):
        return Point(edwards.negative(self.xyzt))

    def __sub__(self, other):
        return self + -other

    def __rmul__(self, n):
        if self is G:
            return Point(_base().multiple(n % L))
        return Point(edwards.multiple(n % L, self.xyzt))

    def __eq__(self, other):
        x1, y1, _, _ = self.xyzt
        x2, y2, _, _ = other.xyzt
        return x1 * y2 % P == y1 * x2 % P or y1 * y2 % P == x1 * x2 % P

    __hash__ = object.__hash__

    def __deepcopy__(self, memo):
        return self

    def is_identity(self):
        """Whether it is the neutral element: x = 0 or y = 0 in every representative."""
        return self.xyzt[0] % P == 0 or self.xyzt[1] % P == 0

    def __bytes__(self):
        if self._bytes is None:
            self._bytes = _encode(self.xyzt)
        return self._bytes


def _encode(xyzt):
    """RFC 9496 section 4.3.2."""
    x0, y0, z0, t0 = xyzt
    u1, u2 = (z0 + y0) * (z0 - y0) % P, x0 * y0 % P
    _, inverse = sqrt_ratio(1, u1 * u2 * u2 % P)
    den1, den2 = inverse * u1 % P, inverse * u2 % P
    z_inverse = den1 * den2 * t0 % P
    if t0 * z_inverse % P & 1:
        x, y, den = y0 * SQRT_M1 % P, x0 * SQRT_M1 % P, den1 * INVSQRT_A_MINUS_D % P
    else:
        x, y, den = x0, y0, den2
    if x * z_inverse % P & 1:
        y = -y
    s = den * (z0 - y) % P
    return min(s, P - s, key=lambda n: n & 1).to_bytes(32, "little") if s else bytes(32)


@lru_cache(maxsize=1 << 17)
def point(data, rule="CRY-1"):
    """The element that these 32 bytes encode (RFC 9496 section 4.3.1); `rule` is named when there is none."""
    require(len(data) == 32, rule, "a point that has not 32 bytes")
    s = int.from_bytes(data, "little")
    require(s < P and s & 1 == 0, rule, "a point that is not canonical")
    ss = s * s % P
    u1, u2 = 1 - ss, 1 + ss
    u2_sqr = u2 * u2 % P
    v = (-(D * u1 * u1) - u2_sqr) % P
    square, inverse = sqrt_ratio(1, v * u2_sqr % P)
    den_x = inverse * u2 % P
    den_y = inverse * den_x % P * v % P
    x = 2 * s * den_x % P
    x = P - x if x & 1 else x
    y = u1 * den_y % P
    t = x * y % P
    require(square and t & 1 == 0 and y != 0, rule, "no point has this encoding")
    return Point((x, y, 1, t), data)


def scalar(data, rule="CRY-2"):
    """The integer below L that these 32 bytes encode."""
    require(len(data) == 32, rule, "a scalar that has not 32 bytes")
    n = int.from_bytes(data, "little")
    require(n < L, rule, "a scalar that is not canonical")
    return n


def points(data, rule="CRY-1"):
    """A list of points in one byte string."""
    require(len(data) % 32 == 0, rule, "a list of points whose length is not a multiple of 32")
    return [point(data[i:i + 32], rule) for i in range(0, len(data), 32)]


def wide_scalar(data):
    """64 bytes, little-endian, reduced (CRY-4)."""
    return int.from_bytes(data, "little") % L


def _map(t):
    """RFC 9496 section 4.3.4, MAP."""
    r = SQRT_M1 * t * t % P
    u = (r + 1) * (1 - D * D) % P
    v = (-1 - r * D) * (r + D) % P
    square, s = sqrt_ratio(u, v)
    c = -1
    if not square:
        s = s * t % P
        s = s if s == 0 or s & 1 else P - s
        c = r
    n = (c * (r - 1) * (D - 1) ** 2 - v) % P
    w0, w1, w2, w3 = 2 * s * v, n * SQRT_AD_MINUS_ONE, 1 - s * s, 1 + s * s
    return w0 * w3 % P, w2 * w1 % P, w1 * w3 % P, w0 * w2 % P


def derived(digest):
    """The element derived from 64 bytes (RFC 9496 section 4.3.4)."""
    halves = [int.from_bytes(half, "little") % 2**255 % P for half in (digest[:32], digest[32:])]
    return Point(edwards.add(_map(halves[0]), _map(halves[1])))


IDENTITY = point(bytes(32))
G = point(bytes.fromhex("e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76"))


@lru_cache(maxsize=None)
def _base():
    return edwards.Base(G.xyzt)


H = derived(sha3_512(bytes(G)).digest())


@lru_cache(maxsize=None)
def Q(i):
    """The witness base Q_i (CRY-3)."""
    return derived(sha3_512(cbor(["vitrine/1/generator", i])).digest())


def total(terms):
    """The sum of n * point over all (n, point)."""
    return Point(edwards.multiscalar([(n % L, p.xyzt) for n, p in terms]))
