"""Reference escape rates in one dimension.

Equation
    dx = -L'(x) dt + sqrt(2 D) dW on [a, b]; the rate gamma is the smallest
    eigenvalue of
        -(D p' + p L')' = gamma p,
    with p = 0 on absorbing ends and zero flux D p' + p L' on the others.
    With p = exp(-Psi) u and Psi = L / D the flux is D exp(-Psi) u', and
        u'' = Psi' u' - (gamma / D) u,
    u = 0 on absorbing ends and u' = 0 on reflecting ends.

Two independent methods
    1. Shooting.  The u equation is integrated from a to b with its Taylor
       series (Psi is a polynomial, so the coefficients follow a short
       recurrence) in multiple precision, and gamma is the root of u(b) = 0.
       u is checked to keep its sign, which singles out the smallest
       eigenvalue.  Every case is run with two precisions and step sizes; the
       finer run is what the table holds.
    2. Integral operator.  The inverse of the problem is
           (G f)(x) = int_x^b J(y) dy / D,
           J(y) = exp(Psi(y)) int_a^y exp(-Psi(z)) f(z) dz
       (with a rank-one correction when a is absorbing too).  Its largest
       eigenvalue 1 / gamma comes from power iteration and a Rayleigh quotient
       in the weight exp(-Psi), with composite Gauss-Legendre quadrature in
       80-bit extended precision.

All decimal numbers (box, coefficients, D) are taken as exact decimals.

exit_probability_upper is the share of the escape flux that leaves through the
upper end once the quasi-stationary state is reached (1 if only x+ absorbs).

Run (about a minute; prints the agreement of the methods):
    python3 tests/data/escape_rates_1d.py
"""

from fractions import Fraction

import mpmath
import numpy as np
from mpmath import mp, mpf

from extended_precision import (REAL, flux, from_real, gauss_panel, integral_to_upper_end,
                                panel_offsets, power_iteration, scientific, shifted,
                                smallest_eigenvalue, to_mpf, to_real, write_table)

DOUBLE_WELL = ("x^4/4 - x^2/2", ["0", "0", "-1/2", "0", "1/4"])
TILTED = ("x^4/4 - x^2/2 + 0.05*x", ["0", "0.05", "-1/2", "0", "1/4"])
STYBLINSKI = ("0.5*(x^4 - 16*x^2 + 5*x)", ["0", "2.5", "-8", "0", "0.5"])
# 2 x^2 (x^2 - 1)^2 = 2 x^6 - 4 x^4 + 2 x^2
THREE_WELLS = ("2*x^2*(x^2 - 1)^2 - 0.1*x^2 + 0.02*x",
               ["0", "0.02", "1.9", "0", "-4", "0", "2"])

# case, (expression, coefficients of L from the constant up), a, b, absorbing, D
CASES = [
    ("double_well", DOUBLE_WELL, "-3", "0", "x+",
     ["2.5", "0.1", "0.05", "0.02", "0.01", "0.005", "0.002", "0.0005"]),
    ("double_well_past_saddle", DOUBLE_WELL, "-3", "0.8", "x+",
     ["0.05", "0.02", "0.01", "0.005", "0.0025"]),
    ("double_well_to_minimum", DOUBLE_WELL, "-2.5", "1", "x+",
     ["0.1", "0.05", "0.02", "0.005", "0.002"]),
    ("double_well_slope", DOUBLE_WELL, "-3", "-0.4", "x+",
     ["0.02", "0.01", "0.005", "0.0025"]),
    ("double_well_both_valleys", TILTED, "-2.5", "1.9", "x+",
     ["0.05", "0.02", "0.01"]),
    ("styblinski_tang", STYBLINSKI, "-5", "0.156731", "x+",
     ["10", "8", "5", "2", "1", "0.8", "0.4", "0.1"]),
    ("three_wells", THREE_WELLS, "-1.6", "1.5", "x- x+",
     ["0.05", "0.02", "0.008"]),
    # Ends of nearly equal height, so that the exit probability is not trivial.
    ("three_wells_split", THREE_WELLS, "-1.31", "1.3", "x- x+",
     ["0.05", "0.02", "0.008"]),
]

# Values known beforehand from an unrelated computation.
KNOWN = {
    ("double_well", "0.1"): "3.35452873080006109e-2",
    ("double_well", "0.05"): "2.77614063657272552e-3",
    ("double_well", "0.02"): "1.62321508872385379e-6",
    ("double_well", "0.005"): "8.61620074185609426e-23",
    ("double_well", "0.002"): "2.31868314120551753e-55",
    ("double_well_to_minimum", "0.1"): "1.58590308744297475e-2",
    ("double_well_to_minimum", "0.05"): "1.37918757477681210e-3",
    ("double_well_to_minimum", "0.02"): "8.11603458251778964e-7",
    ("double_well_to_minimum", "0.005"): "4.30810037092804713e-23",
    ("double_well_to_minimum", "0.002"): "1.15934157060275876e-55",
    ("styblinski_tang", "10"): "1.33413380662599315e-1",
    ("styblinski_tang", "5"): "2.72114816394665526e-3",
    ("styblinski_tang", "2"): "2.09018657458489917e-8",
    ("styblinski_tang", "1"): "5.97593069371832083e-17",
}


def step_length(local, size, longest):
    """Largest h = longest / 2^k with sum_k>0 |local_k| h^k <= size."""
    magnitudes = [abs(float(c)) for c in local[1:]]
    h = longest
    while sum(m * h ** (k + 1) for k, m in enumerate(magnitudes)) > size:
        h *= 0.5
    return h


# --- method 1: Taylor-series shooting -----------------------------------------

class Shooting:
    """u(b) as a function of gamma; Psi may change by `size` within a step."""

    def __init__(self, coefficients, a, b, two_sided, diffusion, digits, size):
        mp.dps = digits
        self.tiny = mpf(10) ** (-digits - 5)
        self.two_sided = two_sided
        psi = [to_mpf(c / diffusion) for c in coefficients]
        self.diffusion = to_mpf(diffusion)
        self.steps = []  # (h, coefficients of h Psi' in the scaled variable)
        x, end = to_mpf(a), to_mpf(b)
        self.psi_ends = (mpmath.polyval(psi[::-1], x),
                         mpmath.polyval(psi[::-1], end))
        while x < end:
            local = shifted(psi, x)
            h = mpf(step_length(local, size, 0.125))
            h = min(h, end - x)
            slope = [k * local[k] * h ** k for k in range(1, len(local))]
            self.steps.append((h, slope))
            x = x + h

    def __call__(self, gamma):
        """u(b); also stores u'(a), u'(b) and whether u keeps its sign."""
        u, v = (mpf(0), mpf(1)) if self.two_sided else (mpf(1), mpf(0))
        first = v
        # beyond the saddle u may drop below the rounding level
        noise = mpf(10) ** (-mp.dps // 2)
        self.positive, largest = True, mpf(10) ** -mp.dps
        for h, slope in self.steps:
            self.positive = self.positive and u > -noise * largest
            largest = max(largest, abs(u))
            kappa = gamma * h * h / self.diffusion
            # u = sum U_k t^k and h u' = sum W_k t^k on 0 <= t <= 1
            U, W = [u], [h * v]
            u_sum, w_sum = U[0], W[0]
            quiet, k = 0, 0
            while quiet < len(slope) + 2:
                w = -kappa * U[k]
                for j in range(min(k + 1, len(slope))):
                    w = w + slope[j] * W[k - j]
                w = w / (k + 1)
                U.append(W[k] / (k + 1))
                W.append(w)
                u_sum = u_sum + U[-1]
                w_sum = w_sum + w
                k += 1
                small = (abs(w) <= self.tiny * abs(w_sum)
                         and abs(U[-1]) <= self.tiny * abs(u_sum))
                quiet = quiet + 1 if small else 0
            u, v = u_sum, w_sum / h
        self.slopes = (first, v)
        return u

    def solve(self, start):
        """The rate, from a start good to a few digits, and the shares of the flux
        through the upper and the lower end."""
        goal = mpf(10) ** (-(2 * mp.dps) // 3)
        rate = smallest_eigenvalue(self, start, mpf(10) ** -6, goal)
        lower = mpmath.exp(-self.psi_ends[0]) * abs(self.slopes[0])
        upper = mpmath.exp(-self.psi_ends[1]) * abs(self.slopes[1])
        return rate, upper / (lower + upper), lower / (lower + upper)


# --- method 2: integral operator in extended precision ------------------------

def integral_rate(coefficients, a, b, two_sided, diffusion, n, size):
    nodes, weights, matrix = gauss_panel(n)
    nodes = np.array([to_real(t) for t in nodes])
    psi = [to_real(c / diffusion) for c in coefficients]
    exact = [c / diffusion for c in coefficients]
    edges = [a]
    while edges[-1] < b:
        h = Fraction(step_length(shifted([float(c) for c in exact], float(edges[-1])),
                                 size, 0.0625))
        edges.append(min(edges[-1] + h, b))
    left = np.array([to_real(e) for e in edges[:-1]])
    half = np.array([to_real((r - l) / 2) for l, r in zip(edges[:-1], edges[1:])])

    # Psi relative to the left edge of its panel: rel[p, i], and at the right edge.
    local = [left * 0 + c for c in psi]
    local = shifted(local, left)
    step = half[:, None] * (nodes[None, :] + 1)

    def relative(t):
        value = np.zeros_like(t)
        for c in local[:0:-1]:
            value = (value + (c[:, None] if t.ndim == 2 else c)) * t
        return value

    rel, jump = relative(step), relative(2 * half)
    rise, fall = np.exp(rel), np.exp(-rel)
    growth = np.exp(jump)
    offset = panel_offsets(jump)
    weight = np.exp(-(offset[:-1, None] + rel)) * weights * half[:, None]
    lower = None

    def accumulate(values):
        """Integral of values from a to every node, and the total."""
        inner = (values @ matrix.T) * half[:, None]
        sums = (values @ weights) * half
        start = np.concatenate([[REAL(0)], np.cumsum(sums)])
        return inner + start[:-1, None], start[-1]

    if two_sided:
        barrier = np.exp(offset[:-1, None] + rel)
        barrier_integral, barrier_total = accumulate(barrier)

    def inverse(f):
        nonlocal lower
        J = flux(f, rise, fall, growth, half, n)
        if not two_sided:
            return integral_to_upper_end(J, half, n) / to_real(diffusion)
        integral, whole = accumulate(J)
        share = whole / barrier_total
        lower = share / (weight * f).sum()
        return (share * barrier_integral - integral) / to_real(diffusion)

    rate = power_iteration(inverse, weight)
    return rate, lower


# --- table --------------------------------------------------------------------

def main():
    rows = []
    print("case D rate | relative differences: shooting fine/coarse, "
          "integral fine/coarse, shooting/integral, shooting/known | exit through x-")
    for case, (expression, text), a_text, b_text, absorbing, diffusions in CASES:
        coefficients = [Fraction(c) for c in text]
        a, b = Fraction(a_text), Fraction(b_text)
        two_sided = absorbing == "x- x+"
        for d_text in diffusions:
            problem = (coefficients, a, b, two_sided, Fraction(d_text))
            coarse, _ = integral_rate(*problem, 20, 3.0)
            fine, lower_integral = integral_rate(*problem, 24, 2.0)
            mp.dps = 50
            integral = from_real(fine)
            integral_gap = abs(from_real(coarse) / integral - 1)
            # only five digits of the other method enter the shooting
            start = mpf(mpmath.nstr(integral, 5))
            shot, _, _ = Shooting(*problem, 34, 12.0).solve(start)
            rate, upper, lower = Shooting(*problem, 46, 8.0).solve(start)
            gaps = [abs(shot / rate - 1), integral_gap, abs(integral / rate - 1)]
            known = KNOWN.get((case, d_text))
            gaps.append(abs(mpf(known) / rate - 1) if known else None)
            note = ""
            if two_sided:
                difference = abs(from_real(lower_integral) / lower - 1)
                note = "%s (methods differ by %s)" % (
                    mpmath.nstr(lower, 18), mpmath.nstr(difference, 2))
            number = scientific(rate, 21)
            log_rate = mpmath.nstr(mpmath.log(rate), 20, strip_zeros=False)
            share = mpmath.nstr(upper, 21, strip_zeros=False) if two_sided else "1"
            print(case, d_text, number, "|",
                  *["-" if g is None else mpmath.nstr(g, 2) for g in gaps], "|", note,
                  flush=True)
            rows.append([case, expression, a_text, b_text, absorbing, d_text,
                         number, log_rate, share])
    write_table("escape_rates_1d.csv",
                ["case", "expression", "lower", "upper", "absorbing", "diffusion",
                 "rate", "log_rate", "exit_probability_upper"], rows)


if __name__ == "__main__":
    main()
