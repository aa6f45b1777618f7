"""The curve of ristretto255 and Ed25519: -x^2 + y^2 = 1 + d x^2 y^2 over the integers modulo p, in extended coordinates."""

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
D2 = 2 * D % P
SQRT_M1 = pow(2, (P - 1) // 4, P)
NEUTRAL = (0, 1, 1, 0)


def add(a, b):
    """The sum of two points; complete (RFC 8032 section 5.1.4)."""
    x1, y1, z1, t1 = a
    x2, y2, z2, t2 = b
    m = (y1 - x1) * (y2 - x2) % P
    n = (y1 + x1) * (y2 + x2) % P
    c = t1 * t2 % P * D2 % P
    d = 2 * z1 * z2 % P
    e, f, g, h = n - m, d - c, d + c, n + m
    return e * f % P, g * h % P, f * g % P, e * h % P


def double(a):
    """Twice a point."""
    x1, y1, z1, _ = a
    m, n = x1 * x1 % P, y1 * y1 % P
    h = m + n
    e = h - (x1 + y1) ** 2 % P
    g = m - n
    f = 2 * z1 * z1 % P + g
    return e * f % P, g * h % P, f * g % P, e * h % P


def negative(a):
    """The point's negative."""
    x, y, z, t = a
    return -x % P, y, z, -t % P


def multiple(n, point):
    """n times a point, by windows of four bits. Nothing here is secret, so no care is taken of time."""
    table = [NEUTRAL, point]
    for _ in range(14):
        table.append(add(table[-1], point))
    total = NEUTRAL
    for digit in f"{n:x}":
        total = double(double(double(double(total))))
        if digit != "0":
            total = add(total, table[int(digit, 16)])
    return total


class Base:
    """A point that is multiplied often: its multiples by every digit at every place are kept."""

    def __init__(self, point):
        self.rows = []
        for _ in range(64):
            row = [NEUTRAL, point]
            for _ in range(14):
                row.append(add(row[-1], point))
            self.rows.append(row)
            point = add(row[-1], point)

    def multiple(self, n):
        """n times the point, for n below 2^256."""
        total = NEUTRAL
        for row in self.rows:
            if n & 15:
                total = add(total, row[n & 15])
            n >>= 4
        return total


def multiscalar(terms):
    """The sum of n * point over all (n, point), by Pippenger's buckets."""
    terms = [(n, point) for n, point in terms if n]
    if len(terms) < 8:
        total = NEUTRAL
        for n, point in terms:
            total = add(total, multiple(n, point))
        return total
    width = max(3, min(12, len(terms).bit_length() - 3))
    windows = -(-max(n.bit_length() for n, _ in terms) // width)
    mask = (1 << width) - 1
    total = NEUTRAL
    for window in range(windows - 1, -1, -1):
        for _ in range(width):
            total = double(total)
        buckets, shift = {}, window * width
        for n, point in terms:
            digit = n >> shift & mask
            if digit:
                buckets[digit] = add(buckets[digit], point) if digit in buckets else point
        # The bucket of digit i is to be counted i times: the running sums from the top do that.
        running = NEUTRAL
        for digit in range(mask, 0, -1):
            if digit in buckets:
                running = add(running, buckets[digit])
            total = add(total, running)
    return total
