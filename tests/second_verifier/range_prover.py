"""Range proofs, made by the rules that verify them. For tests: nothing here hides a secret from a clock."""

from secrets import randbelow

from range_proof import BITS, all_generators, begun, powers, squeezed
from ristretto import G, H, L, total


def secrets(count):
    """Uniform scalars."""
    return [randbelow(L) for _ in range(count)]


def inner(xs, ys):
    """The inner product."""
    return sum(x * y for x, y in zip(xs, ys, strict=True)) % L


def put(state, label, value):
    """Absorb a point or a scalar, and return its bytes."""
    data = value % L if isinstance(value, int) else value
    data = data.to_bytes(32, "little") if isinstance(data, int) else bytes(data)
    state.message(label, data)
    return data


def proved(state, values, blindings, bits=BITS):
    """A proof that these values, in commitments with these blindings, are in range; one that is not gives a proof that does not hold."""
    m, n = len(values), len(values) * bits
    gs, hs = all_generators(b"G", m, bits), all_generators(b"H", m, bits)
    begun(state, [bytes(total([(v, G), (g, H)])) for v, g in zip(values, blindings)], bits)
    ones = [v >> i & 1 for v in values for i in range(bits)]
    alpha, rho, tau1, tau2 = secrets(4)
    sl, sr = secrets(n), secrets(n)
    out = put(state, b"A", total([(alpha, H), *zip(ones, gs), *zip((one - 1 for one in ones), hs)]))
    out += put(state, b"S", total([(rho, H), *zip(sl, gs), *zip(sr, hs)]))
    y, z = squeezed(state, b"y"), squeezed(state, b"z")
    ys, zs = powers(y, n), [z * z * power % L for power in powers(z, m)]
    l0 = [one - z for one in ones]
    r0 = [(ys[i] * (one - 1 + z) + zs[i // bits] * 2**(i % bits)) % L for i, one in enumerate(ones)]
    r1 = [factor * s % L for factor, s in zip(ys, sr)]
    out += put(state, b"T_1", total([(inner(l0, r1) + inner(sl, r0), G), (tau1, H)]))
    out += put(state, b"T_2", total([(inner(sl, r1), G), (tau2, H)]))
    x = squeezed(state, b"x")
    a, b = [(p + x * q) % L for p, q in zip(l0, sl)], [(p + x * q) % L for p, q in zip(r0, r1)]
    out += put(state, b"t_x", inner(a, b))
    out += put(state, b"t_x_blinding", inner(zs, blindings) + x * tau1 + x * x * tau2)
    out += put(state, b"e_blinding", alpha + x * rho)
    return out + _folded(state, squeezed(state, b"w"), gs, hs, powers(pow(y, -1, L), n), a, b)


def _folded(state, w, gs, hs, h_factors, a, b):
    """The inner product argument. The generators stay as they are; only what each counts for in the folded ones is kept."""
    state.message(b"dom-sep", b"ipp v1")
    state.message(b"n", len(a).to_bytes(8, "little"))
    out, g_factors, h_factors = b"", [1] * len(gs), list(h_factors)
    while len(a) > 1:
        half = len(a) // 2

        def half_sum(a_half, b_half, g_high):
            """What one side shows: a half of a over the other half of the generators G, b likewise."""
            terms = [(inner(a_half, b_half) * w, G)]
            for i, (g, h) in enumerate(zip(gs, hs)):
                place = i % (2 * half)
                if (place >= half) == g_high:
                    terms.append((a_half[place % half] * g_factors[i], g))
                else:
                    terms.append((b_half[place % half] * h_factors[i], h))
            return total(terms)

        out += put(state, b"L", half_sum(a[:half], b[half:], True))
        out += put(state, b"R", half_sum(a[half:], b[:half], False))
        u = squeezed(state, b"u")
        v = pow(u, -1, L)
        a, b = ([(p * s + q * t) % L for p, q in zip(n[:half], n[half:])] for n, s, t in ((a, u, v), (b, v, u)))
        for i in range(len(gs)):
            high = i % (2 * half) >= half
            g_factors[i] = g_factors[i] * (u if high else v) % L
            h_factors[i] = h_factors[i] * (v if high else u) % L
    return out + b"".join((n % L).to_bytes(32, "little") for n in (a[0], b[0]))
