"""Reference escape rates in one dimension with state dependent noise.

Equation
    dX = -L'(x) dt + sqrt(2 D(x)) dW on [a, b] in the sense of Ito (alpha = 0),
    Stratonovich (alpha = 1/2) or anti-Ito (alpha = 1); the rate gamma is the
    smallest eigenvalue of
        J' = gamma p,   J = -L' p - D p' - (1 - alpha) D' p,
    with p = 0 at the upper end and J = 0 at the lower end.
    With Phi = int L'/D dx + (1 - alpha) log D and p = exp(-Phi) u the flux is
    J = -D exp(-Phi) u', and
        D u'' + (alpha D' - L') u' + gamma u = 0,   u'(a) = 0,  u(b) = 0.

Cases
    polynomial         D = k (1 + x/4 + x^2/2)
    absolute           D = eta/2 sqrt(L''(x)^2 + 1/4)
    loss_proportional  D = 2 eta L (the curvature of L at its minimum -1 is 2)
    two_temperature    D = eta/2 F, 1/F = (1 - S)/2 + S,
                       S = (1 + erf((L + 1/8)/w))/2, w = 0.0125
                       (curvatures 2 at the minimum -1 and 1 at the saddle 0;
                       -1/8 is half way between their losses)

Two independent methods
    1. Shooting.  The u equation is integrated from a to b with its Taylor series;
       those of D and 1/D follow recurrences.  gamma is the root of u(b) = 0 in
       multiple precision, u is checked to keep its sign, which singles out the
       smallest eigenvalue.  Run with two precisions and step sizes.  Phi is not
       used.
    2. Integral operator.  The inverse of the problem is
           (G f)(x) = int_x^b J(y) dy,
           J(y) = exp(Phi(y)) / D(y) int_a^y exp(-Phi(z)) f(z) dz.
       Its largest eigenvalue 1 / gamma comes from power iteration and a Rayleigh
       quotient in the weight exp(-Phi), with composite Gauss-Legendre quadrature
       in 80-bit extended precision and closed forms of int L'/D dx.

All decimal numbers are taken as exact decimals.  The table holds the shooting
rates with 17 significant digits (19 of the logarithm), those which both methods
confirm.

Run (about two minutes; prints the agreement of the methods):
    python3 tests/data/escape_rates_noise_1d.py
"""

from fractions import Fraction

import mpmath
import numpy as np
from mpmath import mp, mpf

from extended_precision import (flux, from_real, gauss_panel, integral_to_upper_end,
                                panel_offsets, power_iteration, scientific, shifted,
                                smallest_eigenvalue, to_mpf, to_real, write_table)

DIGITS, LOG_DIGITS = 17, 19
INTERPRETATIONS = [("ito", Fraction(0)), ("stratonovich", Fraction(1, 2)),
                   ("anti-ito", Fraction(1))]
EXPRESSION = "x^4/4 - x^2/2"

# case, a, b, expression, constant of L, noise settings, scales of the noise
CASES = [
    ("polynomial", "-2.5", "0.5", EXPRESSION, "0",
     "Noise/Type=expression|Noise/Expressions=%s*(1 + x/4 + x^2/2)",
     ["0.1", "0.02", "0.005", "0.001"]),
    ("absolute", "-2", "0.5", EXPRESSION, "0",
     "Noise/Type=hessian aligned|Noise/Hessian=absolute|Noise/Floor=0.5|"
     "Noise/Learning rate=%s|Noise/Batch size=1",
     ["0.1", "0.02", "0.004"]),
    ("loss_proportional", "-2", "0.5", EXPRESSION + " + 0.3", "0.3",
     "Noise/Type=loss proportional|Noise/Learning rate=%s|Noise/Batch size=1",
     ["0.2", "0.05", "0.01"]),
    ("two_temperature", "-2", "0.7", EXPRESSION, "0",
     "Noise/Type=hessian aligned|Noise/Hessian=two temperature|"
     "Noise/Path parameter s=0.5|Noise/Transition width=0.0125|"
     "Noise/Learning rate=%s|Noise/Batch size=1",
     ["0.1", "0.02", "0.005"]),
]


def loss(constant):
    return [to_mpf(constant), mpf(0), mpf(-1) / 2, mpf(0), mpf(1) / 4]


# --- method 1: Taylor-series shooting -----------------------------------------

def product(p, q, order):
    """Power series of the product, truncated after the given order."""
    return [mpmath.fsum(p[j] * q[k - j]
                        for j in range(max(0, k - len(q) + 1), min(k + 1, len(p))))
            for k in range(order + 1)]


def reciprocal(p, order):
    out = [1 / p[0]]
    for k in range(1, order + 1):
        out.append(-mpmath.fsum(p[j] * out[k - j]
                                for j in range(1, min(k + 1, len(p)))) / p[0])
    return out


def square_root(p, order):
    out = [mpmath.sqrt(p[0])]
    for k in range(1, order + 1):
        known = mpmath.fsum(out[j] * out[k - j] for j in range(1, k))
        out.append(((p[k] if k < len(p) else 0) - known) / (2 * out[0]))
    return out


def noise_series(case, scale, constant, x, order):
    """Taylor coefficients of D and of 1/D in powers of (argument - x)."""
    if case == "polynomial":
        D = shifted([scale, scale / 4, scale / 2], x)
        return D, reciprocal(D, order)
    if case == "loss_proportional":
        D = shifted([2 * scale * c for c in loss(constant)], x)
        return D, reciprocal(D, order)
    if case == "absolute":
        curvature = [3 * x * x - 1, 6 * x, mpf(3)]
        square = product(curvature, curvature, 4)
        square[0] = square[0] + mpf(1) / 4
        D = [scale / 2 * c for c in square_root(square, order)]
        return D, reciprocal(D, order)
    z = shifted([c * 80 for c in [mpf(1) / 8] + loss(constant)[1:]], x)
    minus_square = [-c for c in product(z, z, 8)]
    bell = [mpmath.exp(minus_square[0])]       # exp(-z^2)
    step = [mpmath.erf(z[0])]                  # erf(z)
    for k in range(1, order + 1):
        step.append(2 / mpmath.sqrt(mp.pi) / k * mpmath.fsum(
            j * z[j] * bell[k - j] for j in range(1, min(k, 4) + 1)))
        bell.append(mpmath.fsum(j * minus_square[j] * bell[k - j]
                                for j in range(1, min(k, 8) + 1)) / k)
    inverse = [c / (2 * scale) for c in step]  # (2/eta) (3 + erf)/4
    inverse[0] = inverse[0] + 3 / (2 * scale)
    return reciprocal(inverse, order), inverse


class Shooting:
    """Steps for a case; size bounds the growth exp(size) within a step, order is the
    length of the Taylor series of D'/D, L'/D and 1/D."""

    def __init__(self, case, a, b, constant, scale, digits, size, order):
        mp.dps = digits
        self.digits = digits
        self.tiny = mpf(10) ** (-digits - 5)
        scale = to_mpf(scale)
        self.steps = []  # (h, L'/D, D'/D, 1/D), in powers of (x - left)/h
        x, end = to_mpf(a), to_mpf(b)
        while x < end:
            D, inverse = noise_series(case, scale, constant, x, order)
            slope = [k * c for k, c in enumerate(shifted(loss(constant), x))][1:]
            drift = product(slope, inverse, order)
            change = product([k * c for k, c in enumerate(D)][1:], inverse, order - 1)
            h = min(mpf(1) / 8, end - x)
            while not (self.resolved([drift, change], h) and self.resolved([inverse], h)
                       and mpmath.fsum(abs(c) * h ** (k + 1) / (k + 1)
                                       for k, c in enumerate(drift)) <= size):
                h = h * mpf("0.85")
            self.steps.append([h] + self.scaled([drift, change], h, 1)
                              + self.scaled([inverse], h, 2))
            x = x + h

    def resolved(self, group, h):
        """Whether the last terms of the series in a sum are negligible at step h."""
        terms = [[abs(c) * h ** k for k, c in enumerate(series)] for series in group]
        return (max(max(t[-4:]) for t in terms)
                <= self.tiny * max(max(t) for t in terms))

    def scaled(self, group, h, power):
        out = [[c * h ** (k + power) for k, c in enumerate(series)] for series in group]
        bound = self.tiny * max(abs(c) for series in out for c in series)
        for series in out:
            while len(series) > 1 and abs(series[-1]) <= bound:
                series.pop()
        return out

    def prepare(self, alpha):
        """Coefficients of u'' = grow u' - gamma inverse u in every step."""
        alpha = to_mpf(alpha)
        self.current = []
        for h, drift, change, inverse in self.steps:
            length = max(len(drift), len(change))
            grow = [(drift[k] if k < len(drift) else 0)
                    - alpha * (change[k] if k < len(change) else 0)
                    for k in range(length)]
            self.current.append((h, grow, inverse))

    def __call__(self, gamma):
        u, v = mpf(1), mpf(0)
        self.positive = True
        # beyond the saddle u may drop below the rounding level
        noise = mpf(10) ** (-self.digits // 2)
        for h, grow, inverse in self.current:
            self.positive = self.positive and u > -noise
            # u = sum U_k t^k and h u' = sum W_k t^k on 0 <= t <= 1
            U, W = [u], [h * v]
            u_sum, w_sum = U[0], W[0]
            quiet, k = 0, 0
            while quiet < 8:
                # zip stops at the shorter of series and solution
                w = (mpmath.fdot(zip(grow, reversed(W)))
                     - gamma * mpmath.fdot(zip(inverse, reversed(U)))) / (k + 1)
                U.append(W[k] / (k + 1))
                W.append(w)
                u_sum = u_sum + U[-1]
                w_sum = w_sum + w
                k += 1
                small = (abs(w) <= self.tiny * abs(w_sum)
                         and abs(U[-1]) <= self.tiny * abs(u_sum))
                quiet = quiet + 1 if small else 0
            u, v = u_sum, w_sum / h
        return u

    def solve(self, alpha, start):
        """The rate, from a start good to a few digits."""
        mp.dps = self.digits
        self.prepare(alpha)
        goal = mpf(10) ** (-(self.digits * 3) // 5)
        return smallest_eigenvalue(self, start, mpf(10) ** -6, goal)


# --- method 2: integral operator in extended precision ------------------------

def noise_and_potential(case, scale, constant, x):
    """D(x) and int L'/D dx up to a constant."""
    L = mpmath.polyval(loss(constant)[::-1], x)
    if case == "polynomial":
        # x^3 - x = (2 x - 1) q + r1 x + r0, q = ((x + 1/4)^2 + 31/16) / 2
        q = 1 + x / 4 + x * x / 2
        r1, r0 = mpf(-11) / 4, mpf(1)
        c = mpmath.sqrt(mpf(31)) / 4
        integral = (x * x - x + r1 * mpmath.log(q)
                    + (r0 - r1 / 4) * 2 / c * mpmath.atan((x + mpf(1) / 4) / c))
        return scale * q, integral / scale
    if case == "absolute":
        v = 3 * x * x - 1
        root = mpmath.sqrt(v * v + mpf(1) / 4)
        return scale / 2 * root, 2 / scale * (root - 2 * mpmath.asinh(2 * v)) / 18
    if case == "loss_proportional":
        return 2 * scale * L, mpmath.log(L) / (2 * scale)
    w = mpf(1) / 80
    z = (L + mpf(1) / 8) / w
    step = mpmath.erf(z)
    integral = 3 * L / 4 + w / 4 * (z * step + mpmath.exp(-z * z) / mpmath.sqrt(mp.pi))
    return scale / 2 * 4 / (3 + step), 2 / scale * integral


class IntegralOperator:
    def __init__(self, case, a, b, constant, scale, n, size, longest):
        mp.dps = 34
        self.n = n
        nodes, self.weights, _ = gauss_panel(n)
        scale = to_mpf(scale)
        evaluate = lambda x: noise_and_potential(case, scale, constant, x)
        x, end = to_mpf(a), to_mpf(b)
        left = evaluate(x)
        half, parts, steps = [], [], []
        h = mpf(longest)
        while x < end:
            h = min(2 * h, mpf(longest), end - x)
            slope = lambda y: abs(y ** 3 - y) / evaluate(y)[0]
            while h * max(slope(x), slope(x + h / 2), slope(x + h)) > size:
                h = h / 2
            right = evaluate(x + h)
            row = [evaluate(x + h / 2 * (t + 1)) for t in nodes]
            # relative to the left edge of the panel
            relative = [(D, phi - left[1], mpmath.log(D / left[0])) for D, phi in row]
            parts.append([[to_real(c) for c in r] for r in relative])
            steps.append([to_real(right[1] - left[1]),
                          to_real(mpmath.log(right[0] / left[0]))])
            half.append(to_real(h / 2))
            x, left = x + h, right
        parts, steps = np.array(parts), np.array(steps)
        self.half = np.array(half)
        self.D = parts[:, :, 0]
        self.parts, self.steps = parts[:, :, 1:], steps

    def rate(self, alpha):
        factor = to_real(1 - to_mpf(alpha))
        rel = self.parts[:, :, 0] + factor * self.parts[:, :, 1]
        jump = self.steps[:, 0] + factor * self.steps[:, 1]
        fall, rise, growth = np.exp(-rel), np.exp(rel) / self.D, np.exp(jump)
        offset = panel_offsets(jump)
        weight = (np.exp(-(offset[:-1, None] + rel)) * self.weights
                  * self.half[:, None])

        def inverse(f):
            J = flux(f, rise, fall, growth, self.half, self.n)
            return integral_to_upper_end(J, self.half, self.n)

        return power_iteration(inverse, weight)


# --- table --------------------------------------------------------------------

def main():
    rows = []
    print("case scale interpretation rate | relative differences: shooting fine/coarse, "
          "integral fine/coarse, shooting/integral")
    for case, a_text, b_text, expression, constant, noise, scales in CASES:
        for scale in scales:
            problem = (case, Fraction(a_text), Fraction(b_text), Fraction(constant),
                       Fraction(scale))
            longest = (1 / 64, 1 / 96) if case == "two_temperature" else (1 / 16, 1 / 20)
            operators = (IntegralOperator(*problem, 20, 3, longest[0]),
                         IntegralOperator(*problem, 24, 2, longest[1]))
            coarse_shooting = Shooting(*problem, 30, 8, 56)
            fine_shooting = Shooting(*problem, 40, 6, 64)
            for name, alpha in INTERPRETATIONS:
                coarse, fine = [from_real(operator.rate(alpha)) for operator in operators]
                # only five digits of the other method enter the shooting
                start = mpf(mpmath.nstr(fine, 5))
                shot = coarse_shooting.solve(alpha, start)
                rate = fine_shooting.solve(alpha, start)
                gaps = [abs(shot / rate - 1), abs(coarse / fine - 1), abs(fine / rate - 1)]
                print(case, scale, name, scientific(rate, 25), "|",
                      *[mpmath.nstr(g, 2) for g in gaps], flush=True)
                rows.append([case, "Dimension=1|Loss/Expression=%s|%s|"
                             "Noise/Interpretation=%s|Domain/Lower=%s|Domain/Upper=%s|"
                             "Domain/Absorbing=x+" % (expression, noise % scale, name,
                                                      a_text, b_text),
                             scientific(rate, DIGITS),
                             mpmath.nstr(mpmath.log(rate), LOG_DIGITS, strip_zeros=False)])
    write_table("escape_rates_noise_1d.csv", ["case", "settings", "rate", "log_rate"], rows)


if __name__ == "__main__":
    main()
