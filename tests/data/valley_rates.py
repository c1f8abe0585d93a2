"""Reference valley-to-valley rates, occupations and metastable eigenvalues of gradient losses with several valleys.

Equation
    dX = -grad L dt + sqrt(2 D) dW, D a number, in a box, Psi = L / D; backward
        -div(exp(-Psi) D grad u) = lambda exp(-Psi) u,
    u = 0 on absorbing, grad u . n = 0 on reflecting sides.  The metastable
    eigenvalues are the smallest ones, as many as there are valleys; if nothing
    absorbs the first is 0 and is left out.

Definitions, with <f, g> = int exp(-Psi) f g and a(f, g) = int exp(-Psi) D grad f . grad g
    s_m, the committor of valley m: 1 at its minimum ("pin"), 0 at the other pins
    and on absorbing sides, a(s_m, v) = 0 for all v that vanish there.
    R_ml = a(s_m, s_l), S_ml = <s_m, s_l>, pi_m = <s_m, 1>.
    rate m -> l = -R_ml / pi_m, rate m -> exit = a(s_m, 1 on the absorbing side)
    with the sign that makes it positive, over pi_m; occupation = pi_m / <1, 1>.
    Rows of rates sum to zero and detailed balance pi_m rate_ml = pi_l rate_lm holds
    by definition.  In one dimension R_m,m+1 = -1 / int exp(Psi) / D between the pins.
    In several dimensions a point has no capacity: rates and occupations are defined
    up to a relative exp(-barrier/D) only, so the table has none of them at barrier/D = 10.

Eigenvalues from these: u = sum_m t_m s_m + w, w = 0 at the pins, gives
        R t = lambda sum_k lambda^k M_k t,  M_k = <s, G^k s>,  M_0 = S,
    G f the solution of a(G f, v) = <f, v> for all v that vanish at the pins.  This is
    exact and converges as the ratio of lambda to the eigenvalues of G^-1.

Methods
    One dimension
        1. Taylor-series shooting in multiple precision (escape_rates_1d.py), with the
           digits that the differences of depth need.
        2. R, S, M_k by composite Gauss-Legendre quadrature in 80-bit arithmetic.
        Rates and occupations are those of 2, checked by the trapezoidal rule with
        2^20 and 2^21 points, extrapolated.
    Two dimensions, not separable: valley_rates_2d.py
        1. Elements for u, pins near the minima, R, S, M_k; double precision, two meshes.
        2. Galerkin in the symmetrised form u = exp(Psi/2) v without pins; 80-bit
           Rayleigh-Ritz values.  Not at barrier/D = 50, where it would need more digits.
    Two dimensions, L = f(x) + g(y): eigenvalues are sums of one-dimensional ones, rates
        and occupations products (up to a relative exp(-barrier/D), the lowest barrier
        between two valleys; given with as many digits).

All decimal numbers are taken as exact decimals.

Run (see README.md for the time; prints the agreement of the methods):
    python3 tests/data/valley_rates.py
"""

from fractions import Fraction

import mpmath
import numpy as np
from mpmath import mp, mpf

import valley_rates_2d
from escape_rates_1d import Shooting, step_length
from extended_precision import (REAL, from_real, gauss_panel, panel_offsets, scientific, shifted,
                                smallest_eigenvalue, to_real, write_table)

# expression, coefficients of L from the constant up, critical points (minimum, saddle, minimum, ...)
# 60 (x + 1) (x + 0.5) (x - 0.1) (x - 0.6) (x - 1.1) is the slope.
THREE = ("10*x^6 - 3.6*x^5 - 20.55*x^4 + 5.58*x^3 + 9.48*x^2 - 1.98*x",
         ["0", "-1.98", "9.48", "5.58", "-20.55", "-3.6", "10"], ["-1", "-0.5", "0.1", "0.6", "1.1"])
# slopes 12 (x + 1) (x - 0.1) (x - 1) and 12 (x + 1) x (x - 0.8)
TWO_X = ("3*x^4 - 0.4*x^3 - 6*x^2 + 1.2*x", ["0", "1.2", "-6", "-0.4", "3"], ["-1", "0.1", "1"])
TWO_Y = ("3*y^4 + 0.8*y^3 - 4.8*y^2", ["0", "0", "-4.8", "0.8", "3"], ["-1", "0", "0.8"])

# case, loss, lower end, upper end, absorbing, D at barrier/D = 10, 50, 200; the barrier is the lowest
# one out of the deepest valley (at x = 1.1): 2.403125 to the next, 1.675384... to the low exit, which lies
# below the saddle at x = -0.5 by up to 170 D: exp(-Psi) there is far below that at the exit.
LINE = [
    ("three_valleys", THREE, "-1.3", "1.4", "none", ["0.2403125", "0.0480625", "0.012015625"]),
    ("three_valleys_exit", THREE, "-1.3", "1.3", "x+", ["0.2403125", "0.0480625", "0.012015625"]),
    ("three_valleys_low_exit", THREE, "-1.3", "1.25", "x+", ["0.1675384", "0.03350769", "0.008376923"]),
]
# Added in y on [-1.2, 1.2]; its lowest eigenvalues but 0 are those of no valley.
CHANNEL = "4*y^2"
# The lowest barrier out of the deepest valley, (-1, -1), is 2.6.
PRODUCT = ["0.26", "0.052", "0.013"]
# Lowest barriers between two valleys: within THREE (0.1 to 1.1) and TWO_Y (0.8 to -1).
LOWEST_LINE, LOWEST_PRODUCT = 1.053125, 1.4336

# Three wells on a ring around a maximum; the barrier out of the deepest is 1.0936.
RING = "(x^2 + y^2)^2 - 2*(x^2 + y^2) - 0.5*(x^3 - 3*x*y^2) + 0.1*x + 0.06*y"
RING_MINIMA = [(-0.6164, -1.0472), (-0.6209, 1.0323), (1.1945, -0.0113)]  # pins lie at the nearest nodes
RING_BOX = ("-1.3", "-1.6", "1.6")  # x from, y from, y to
# case, x to, absorbing, layers towards it, D at barrier/D = 10, 25, 50
RINGS = [
    ("ring", "1.65", "none", 0, ["0.1094", "0.0437", "0.0219"]),
    ("ring_exit", "1.5", "x+", 3, ["0.1094", "0.0437", "0.0219"]),
]
RING_CELLS = {  # per D: pinned coarse and fine (degree 12), symmetrised (degree 18)
    "0.1094": (14, 16, 11), "0.0437": (18, 20, 14), "0.0219": (22, 26, None)}


# --- secular equation of R, S, M_k ----------------------------------------------

def eigenvalues(rates, moments, closed):
    """Eigenvalues from the rows `rates` of positive numbers, R_m = (-R_m1, ..., -R_mM, to the exit), and
    M_0, M_1, ... (both mpf), in ascending order, without the 0 of a closed box."""
    n = len(rates)
    with mp.workdps(mp.dps + 200):  # the eigenvalues are that many orders of magnitude apart
        laplacian = mpmath.matrix(n)
        for m in range(n):
            for l in range(n):
                laplacian[m, l] = mpmath.fsum(rates[m]) if l == m else -rates[m][l]
        lower = mpmath.cholesky(moments[0])
        inverse = lower ** -1
        reduced = [inverse * matrix * inverse.T for matrix in [laplacian] + moments[1:]]
        result = []
        for index in range(1 if closed else 0, n):
            value = mpf(0)
            for _ in range(60):
                matrix = reduced[0].copy()
                for k, moment in enumerate(reduced[1:], 1):
                    matrix -= value ** (k + 1) * moment
                previous, value = value, sorted(mpmath.eigsy((matrix + matrix.T) / 2, eigvals_only=True))[index]
                if abs(value - previous) <= mpf(10) ** -25 * abs(value):
                    break
            else:
                raise RuntimeError("no convergence")
            result.append(value)
        return result


# --- one dimension: quadrature in 80-bit arithmetic ------------------------------

N_POWERS = 6  # G^i s for i < N_POWERS


class Line:
    """Committors between the pins of a loss in one variable, by composite Gauss-Legendre quadrature."""

    def __init__(self, loss, a, b, absorbing, diffusion, n, size):
        self.n, self.diffusion, self.exit = n, to_real(diffusion), absorbing == "x+"
        psi = [Fraction(c) / diffusion for c in loss[1]]
        critical = [Fraction(c) for c in loss[2]]
        self.pins = critical[::2]
        stops, edges = [a] + critical + [b], [a]
        for stop in stops[1:]:
            while edges[-1] < stop:
                local = shifted([float(c) for c in psi], float(edges[-1]))
                edges.append(min(edges[-1] + Fraction(step_length(local, size, 0.0625)), stop))
        at = {stop: edges.index(stop) for stop in stops}
        self.at_pins = [at[pin] for pin in self.pins]
        # segments between neighbouring fixed points; they are divided at the highest point between
        self.divides = [at[c] for c in critical[1::2]]
        nodes, weights, self.matrix = gauss_panel(n)
        self.weights = weights
        nodes = np.array([to_real(t) for t in nodes])
        self.half = np.array([to_real((r - l) / 2) for l, r in zip(edges[:-1], edges[1:])])
        left = np.array([to_real(e) for e in edges[:-1]])
        local = shifted([left * 0 + to_real(c) for c in psi], left)
        step = self.half[:, None] * (nodes[None, :] + 1)

        def relative(t):
            value = np.zeros_like(t)
            for c in local[:0:-1]:
                value = (value + (c[:, None] if t.ndim == 2 else c)) * t
            return value

        offset = panel_offsets(relative(2 * self.half))[:-1, None]
        self.rise, self.fall = (np.exp(sign * (offset + relative(step))) for sign in (1, -1))
        self.points = left[:, None] + step

    def after(self, f, first, last):
        """int_x^right end of f at the nodes of panels first ... last - 1, and int of all."""
        f, half = f[first:last], self.half[first:last]
        sums = (f @ self.weights) * half
        tail = np.concatenate([np.cumsum(sums[::-1])[::-1], [REAL(0)]])
        inner = (f @ self.matrix.T) * half[:, None]
        return sums[:, None] - inner + tail[1:, None], tail[0]

    def before(self, f, first, last):
        """int_left end^x of f likewise."""
        f, half = f[first:last], self.half[first:last]
        sums = (f @ self.weights) * half
        head = np.concatenate([[REAL(0)], np.cumsum(sums)])
        return (f @ self.matrix.T) * half[:, None] + head[:-1, None], head[-1]

    def committors(self):
        """s_m at the nodes, conductances 1 / int exp(Psi) / D between neighbours, the last to the exit."""
        ends = self.at_pins + ([len(self.half)] if self.exit else [])
        s = np.zeros((len(self.pins),) + self.rise.shape, dtype=REAL)
        s[0, :self.at_pins[0]] = 1
        if not self.exit:
            s[-1, self.at_pins[-1]:] = 1
        conductances = []
        for m, (first, last) in enumerate(zip(ends[:-1], ends[1:])):
            falling, total = self.after(self.rise, first, last)
            s[m, first:last] = falling / total
            if m + 1 < len(self.pins):
                s[m + 1, first:last] = self.before(self.rise, first, last)[0] / total
            conductances.append(self.diffusion / total)
        return s, conductances

    def green(self, f):
        """G f: zero at the pins (and where it is absorbed)."""
        w = np.zeros_like(f)
        source, rise = self.fall * f, self.rise / self.diffusion
        first, end = self.at_pins[0], len(self.half)
        w[:first] = self.after(rise * self.pad(self.before(source, 0, first)[0], 0), 0, first)[0]
        divides = list(self.divides)
        if not self.exit:
            last = self.at_pins[-1]
            w[last:] = self.before(rise * self.pad(self.after(source, last, end)[0], last), last, end)[0]
        else:
            divides.append(end)
        for first, divide, last in zip(self.at_pins, divides, self.at_pins[1:] + [end]):
            # the flux exp(-Psi) D w' = c - (int of the source from the divide on)
            inner = np.concatenate([-self.after(source, first, divide)[0], self.before(source, divide, last)[0]])
            upper, total = self.before(self.pad(inner, first) * rise, first, last)[1], \
                self.before(rise, first, last)[1]
            slope = self.pad(upper / total - inner, first) * rise
            w[first:divide] = self.before(slope, first, divide)[0]
            w[divide:last] = -self.after(slope, divide, last)[0]
        return w

    def pad(self, values, first):
        """Values on panels first, first + 1, ... on all panels."""
        result = np.zeros_like(self.rise)
        result[first:first + len(values)] = values
        return result

    def solve(self):
        """rates (rows with the exit last), S = M_0, M_1, ..., pi and <1, 1>: mpf."""
        n = len(self.pins)
        s, conductances = self.committors()
        rates = [[mpf(0)] * (n + 1) for _ in range(n)]
        for m, conductance in enumerate(conductances):
            value = from_real(conductance)
            if m + 1 < n:
                rates[m][m + 1] = rates[m + 1][m] = value
            else:
                rates[m][n] = value
        weight = self.fall * self.weights * self.half[:, None]
        powers = [s]
        for _ in range(N_POWERS - 1):
            powers.append(np.array([self.green(f) for f in powers[-1]]))
        moments = []
        for k in range(2 * N_POWERS - 1):
            f, g = powers[k // 2], powers[k - k // 2]
            moments.append(mpmath.matrix(n))
            for m in range(n):
                for l in range(n):
                    moments[k][m, l] = from_real((weight * f[m] * g[l]).sum())
        moments = [(matrix + matrix.T) / 2 for matrix in moments]
        return rates, moments, [from_real((weight * f).sum()) for f in s], from_real(weight.sum())


# --- one dimension: trapezoidal rule ---------------------------------------------

def trapezoidal(loss, a, b, absorbing, diffusion):
    """Conductances and occupations (pi_m / <1, 1>) in double precision, relative to exp(Psi) at the first pin."""
    coefficients = [float(Fraction(c) / diffusion) for c in loss[1]]
    pins = [float(Fraction(c)) for c in loss[2][::2]]
    ends = pins + ([float(b)] if absorbing == "x+" else [])

    def at(n):
        conductances, masses = [], np.zeros(len(pins))

        def line(low, high):
            x = np.linspace(low, high, n + 1)
            psi = np.polynomial.polynomial.polyval(x, coefficients)
            return (high - low) / n, psi

        def integral(h, f):
            return h * (f.sum() - (f[0] + f[-1]) / 2)

        low = [float(Fraction(a)), pins[-1]] if absorbing != "x+" else [float(Fraction(a))]
        high = [pins[0], float(Fraction(b))] if absorbing != "x+" else [pins[0]]
        for valley, l, r in zip((0, -1), low, high):
            h, psi = line(l, r)
            masses[valley] += integral(h, np.exp(-psi))
        whole = masses.sum()
        for m, (l, r) in enumerate(zip(ends[:-1], ends[1:])):
            h, psi = line(l, r)
            steps = h * (np.exp(psi[1:]) + np.exp(psi[:-1])) / 2
            rising = np.concatenate([[0.], np.cumsum(steps)])
            falling = np.concatenate([np.cumsum(steps[::-1])[::-1], [0.]])
            conductances.append(float(diffusion) / falling[0])
            masses[m] += integral(h, np.exp(-psi) * falling / falling[0])
            if m + 1 < len(pins):
                masses[m + 1] += integral(h, np.exp(-psi) * rising / falling[0])
            whole += integral(h, np.exp(-psi))
        return np.log(np.array(conductances)), np.log(masses / whole), np.log(whole)

    coarse, fine = at(2 ** 19), at(2 ** 20)
    return [f + (f - c) / 3 for c, f in zip(coarse, fine)]


# --- one dimension: shooting -----------------------------------------------------

def shoot(loss, a, b, absorbing, diffusion, start, digits, size):
    """The eigenvalue near start."""
    coefficients = [Fraction(c) for c in loss[1]]
    psi = [float(c / diffusion) for c in coefficients]
    levels = [np.polynomial.polynomial.polyval(float(Fraction(c)), psi) for c in loss[2][::2]]
    # an eigenfunction differs from valley to valley by as much as their weights
    digits += int((max(levels) - min(levels)) / np.log(10)) + 1
    solver = Shooting(coefficients, a, b, False, diffusion, digits, size)

    def value(eigenvalue):
        u = solver(eigenvalue)
        solver.positive = True  # which eigenvalue it is, the start tells
        return u if absorbing == "x+" else solver.slopes[1]

    value.positive = True
    return smallest_eigenvalue(value, start, mpf(10) ** -6, mpf(10) ** -30)


# --- table --------------------------------------------------------------------

class Table:
    def __init__(self):
        self.rows = []

    def add(self, case, settings, quantity, source, target, value, digits):
        self.rows.append([case, settings, quantity, source, target, scientific(value, digits),
                          mpmath.nstr(mpmath.log(value), digits + 1, strip_zeros=False)])

    def write(self):
        write_table("valley_rates.csv", ["case", "settings", "quantity", "from", "to", "value", "log_value"], self.rows)


def settings(dimension, expression, diffusion, lower, upper, absorbing):
    return "|".join(["Dimension=%d" % dimension, "Loss/Expression=" + expression, "Noise/Diffusion=" + diffusion,
                     "Domain/Lower=" + lower, "Domain/Upper=" + upper, "Domain/Absorbing=" + absorbing])


def gap(value, other):
    return mpmath.nstr(abs(value / other - 1), 2)


class LineResult:
    """Of a loss in one variable: eigenvalues, rates {(from, to): value}, occupations {minimum: value}."""

    def __init__(self, name, loss, a_text, b_text, absorbing, d_text):
        a, b, diffusion = Fraction(a_text), Fraction(b_text), Fraction(d_text)
        mp.dps = 60
        closed = absorbing != "x+"
        values = []
        for n, size in ((20, 3.), (24, 2.)):
            rates, moments, pi, whole = Line(loss, a, b, absorbing, diffusion, n, size).solve()
            values.append(eigenvalues(rates, moments, closed))
        self.eigenvalues = []
        for coarse, fine in zip(*values):
            start = mpf(mpmath.nstr(fine, 5))  # only five digits of the other method enter
            self.eigenvalues.append(shoot(loss, a, b, absorbing, diffusion, start, 46, 8.))
            mp.dps = 60
            print("%s %s eigenvalue %s | quadrature fine/coarse %s, shooting/quadrature %s" % (
                name, d_text, mpmath.nstr(fine, 18), gap(coarse, fine), gap(self.eigenvalues[-1], fine)), flush=True)
        minima = loss[2][::2]
        self.rates, pairs = {}, []
        for m, source in enumerate(minima):
            for l, target in enumerate(minima + ["x+"]):
                if rates[m][l] != 0:
                    self.rates[source, target] = rates[m][l] / pi[m]
                    if l > m:
                        pairs.append(rates[m][l] / whole)
        self.occupations = {minimum: value / whole for minimum, value in zip(minima, pi)}
        conductances, masses, log_whole = trapezoidal(loss, a, b, absorbing, diffusion)
        gaps = [abs(mpmath.log(value) - mpf(float(other)) + mpf(float(log_whole)))
                for value, other in zip(pairs, conductances)]
        gaps += [abs(mpmath.log(value) - mpf(float(other))) for value, other in zip(self.occupations.values(), masses)]
        print("%s %s rates and occupations, quadrature/trapezoidal %s" % (name, d_text, mpmath.nstr(max(gaps), 2)),
              flush=True)


def digits_of(barrier, d_text):
    """How many digits of rates are defined in two dimensions."""
    return min(15, int(barrier / float(d_text) / np.log(10)))


def lines(table):
    for case, loss, a, b, absorbing, diffusions in LINE:
        for position, d_text in enumerate(diffusions):
            result = LineResult(case, loss, a, b, absorbing, d_text)
            plane = loss[0] + " + " + CHANNEL
            for name, where, text, digits in (
                    (case, "%s", settings(1, loss[0], d_text, a, b, absorbing), 15),
                    (case + "_channel", "%s, 0", settings(2, plane, d_text, a + ", -1.2", b + ", 1.2", absorbing),
                     digits_of(LOWEST_LINE, d_text))):
                for value in result.eigenvalues:
                    table.add(name, text, "eigenvalue", "", "", value, 17)
                if name != case and position == 0:
                    continue
                for (source, target), value in result.rates.items():
                    table.add(name, text, "rate", where % source, target if target == "x+" else where % target, value,
                              digits)
                if absorbing == "none":
                    for minimum, value in result.occupations.items():
                        table.add(name, text, "occupation", where % minimum, "", value, digits)


def products(table):
    for position, d_text in enumerate(PRODUCT):
        f = LineResult("product, x", TWO_X, "-1.6", "1.6", "none", d_text)
        g = LineResult("product, y", TWO_Y, "-1.7", "1.5", "none", d_text)
        text = settings(2, TWO_X[0] + " + " + TWO_Y[0], d_text, "-1.6, -1.7", "1.6, 1.5", "none")
        for value in sorted([f.eigenvalues[0], g.eigenvalues[0], f.eigenvalues[0] + g.eigenvalues[0]]):
            table.add("four_valleys_product", text, "eigenvalue", "", "", value, 17)
        if position == 0:
            continue
        digits = digits_of(LOWEST_PRODUCT, d_text)
        for x, x_share in f.occupations.items():
            for y, y_share in g.occupations.items():
                here = "%s, %s" % (x, y)
                for (source, target), value in f.rates.items():
                    if source == x:
                        table.add("four_valleys_product", text, "rate", here, "%s, %s" % (target, y), value, digits)
                for (source, target), value in g.rates.items():
                    if source == y:
                        table.add("four_valleys_product", text, "rate", here, "%s, %s" % (x, target), value, digits)
                table.add("four_valleys_product", text, "occupation", here, "", x_share * y_share, digits)


def ring_loss(x, y):
    r = x * x + y * y
    return r * r - 2 * r - (x ** 3 - 3 * x * y * y) / 2 + x / 10 + 6 * y / 100


def ring_gradient(x, y):
    number = x.dtype.type
    r = x * x + y * y
    return (4 * x * r - 4 * x - (3 * x * x - 3 * y * y) / 2 + number(1) / 10,
            4 * y * r - 4 * y + 3 * x * y + number(6) / 100)


def rings(table):
    for case, end, absorbing, layers, diffusions in RINGS:
        for d_text in diffusions:
            coarse, fine, symmetrised = RING_CELLS[d_text]

            def breaks(n, layers):
                low, y_low, y_high = (REAL(text) for text in RING_BOX)
                x = low + np.arange(n + 1) * (REAL(end) - low) / n
                last = x[-1] - x[-2]
                x = np.concatenate([x[:-1], [x[-1] - last / 2 ** k for k in range(1, layers + 1)], x[-1:]])
                return x, y_low + np.arange(n + 1) * (y_high - y_low) / n

            values = []
            for n in (coarse, fine):
                rates, moments = valley_rates_2d.pinned(ring_loss, breaks(n, layers), absorbing, d_text, 12,
                                                        RING_MINIMA, -0.5, 5)
                mp.dps = 40
                values.append(eigenvalues(rates, moments, absorbing == "none"))
            other = [None] * 3
            if symmetrised:
                other = valley_rates_2d.symmetrised(ring_gradient, breaks(symmetrised, layers), absorbing, d_text, 18, 3)
                other = other[1:] if absorbing == "none" else other
            text = settings(2, RING, d_text, "%s, %s" % RING_BOX[:2], "%s, %s" % (end, RING_BOX[2]), absorbing)
            for rough, value, check in zip(values[0], values[1], other):
                error = max(abs(rough / value - 1), abs(check / value - 1) if check else 0, mpf("1e-13"))
                print("%s %s eigenvalue %s | pinned fine/coarse %s, symmetrised/pinned %s" % (
                    case, d_text, mpmath.nstr(value, 15), gap(rough, value), gap(check, value) if check else "-"),
                    flush=True)
                table.add(case, text, "eigenvalue", "", "", value, int(-mpmath.log10(error)) + 1)


def main():
    table = Table()
    lines(table)
    products(table)
    rings(table)
    table.write()


if __name__ == "__main__":
    main()
