"""What the reference escape rates in one variable share.

The scripts escape_rates_1d.py, escape_rates_noise_1d.py and escape_rates_radial.py
find the smallest eigenvalue gamma by shooting in multiple precision (mpmath), the
first two also by the integral operator
    (G f)(x) = int_x^b J(y) dy,  J(y) = exp(Psi(y)) int_a^y exp(-Psi(z)) f(z) dz
(with a factor 1/D), whose largest eigenvalue is 1 / gamma, in 80-bit extended
precision (numpy.longdouble, REAL).  This module holds the steps which do not
depend on the equation: conversions between exact fractions, multiple and extended
precision, the secant iteration, the Gauss-Legendre panels with the integrals over
them, the power iteration and the writing of a table.

Unless a function says otherwise, multiple precision means that of mpmath's context
at the time of the call.
"""

import csv
import functools
import os
from fractions import Fraction

import mpmath
import numpy as np
from mpmath import mpf

REAL = np.longdouble


# --- numbers ------------------------------------------------------------------

def to_mpf(q):
    """Multiple-precision number of a fraction."""
    return mpf(q.numerator) / q.denominator


def to_real(q):
    """Nearest extended-precision number to a fraction or an mpf."""
    high = float(q)
    with mpmath.workdps(50):
        value = to_mpf(q) if isinstance(q, Fraction) else q
        return REAL(high) + REAL(float(value - mpf(high)))


def from_real(value):
    """Multiple-precision number of an extended-precision one, beyond the range of a
    double too."""
    mantissa, exponent = np.frexp(value)
    high = float(mantissa)
    return mpmath.ldexp(mpf(high) + mpf(float(mantissa - REAL(high))), int(exponent))


def shifted(coefficients, x):
    """Coefficients of the same polynomial in powers of (argument - x)."""
    c = list(coefficients)
    for i in range(len(c) - 1):
        for j in range(len(c) - 2, i - 1, -1):
            c[j] = c[j] + x * c[j + 1]
    return c


# --- shooting -----------------------------------------------------------------

def smallest_eigenvalue(shooting, start, increment, goal):
    """Root of shooting(gamma) = u at the absorbing end, by secant iteration.

    start is good to a few digits, the second point is start * (1 + increment), and
    goal bounds the last relative change.  shooting.positive tells after each call
    whether u kept its sign, which singles out the smallest eigenvalue."""
    g0, g1 = start, start * (1 + increment)
    f0, f1 = shooting(g0), shooting(g1)
    for _ in range(30):
        g2 = g1 - f1 * (g1 - g0) / (f1 - f0)
        g0, f0, g1 = g1, f1, g2
        if abs(g1 - g0) <= goal * abs(g1):
            break
        f1 = shooting(g1)
    else:
        raise RuntimeError("no convergence")
    if not shooting.positive:
        raise RuntimeError("not the smallest eigenvalue")
    return g1


# --- integral operator --------------------------------------------------------

@functools.lru_cache(maxsize=None)
def gauss_panel(n):
    """Gauss-Legendre nodes (mpf, 60 digits) on [-1, 1], and in extended precision the
    weights and the matrix of int_-1^node_i."""
    with mpmath.workdps(60):
        guess = np.polynomial.legendre.leggauss(n)[0]
        nodes = [mpmath.findroot(lambda t: mpmath.legendre(n, t), mpf(float(t)))
                 for t in guess]
        legendre = [[mpf(1)] * n, list(nodes)]
        for k in range(1, n + 1):
            legendre.append([((2 * k + 1) * t * p - k * q) / (k + 1)
                             for t, p, q in zip(nodes, legendre[k], legendre[k - 1])])
        weights = []
        for i, t in enumerate(nodes):
            derivative = n * legendre[n - 1][i] / (1 - t * t)
            weights.append(2 / ((1 - t * t) * derivative ** 2))
        matrix = np.zeros((n, n), dtype=REAL)
        for i, t in enumerate(nodes):
            # int_-1^t P_k = (P_{k+1} - P_{k-1}) / (2 k + 1)
            integrals = [t + 1] + [(legendre[k + 1][i] - legendre[k - 1][i]) / (2 * k + 1)
                                   for k in range(1, n)]
            for j in range(n):
                matrix[i, j] = to_real(weights[j] * mpmath.fsum(
                    (2 * k + 1) * integrals[k] * legendre[k][j] / 2 for k in range(n)))
        return nodes, np.array([to_real(w) for w in weights]), matrix


def panel_offsets(jump):
    """Psi at the edges of the panels from its jumps over them; the smallest is 0."""
    offset = np.concatenate([[REAL(0)], np.cumsum(jump)])
    return offset - offset.min()


def flux(f, rise, fall, growth, half, n):
    """exp(Psi(y)) int_a^y exp(-Psi(z)) f(z) dz at the nodes of every panel.

    rise = exp(Psi) (times a factor of J, if any) and fall = exp(-Psi) at the nodes
    are relative to the left edge of the panel, growth is exp(Psi) at its right edge,
    half its half width and n its number of nodes."""
    _, weights, matrix = gauss_panel(n)
    inner = ((fall * f) @ matrix.T) * half[:, None]
    total = growth * (((fall * f) @ weights) * half)
    start = np.zeros(len(half) + 1, dtype=REAL)
    for k in range(len(half)):
        start[k + 1] = growth[k] * start[k] + total[k]
    return rise * (start[:-1, None] + inner)


def integral_to_upper_end(values, half, n):
    """int_x^b of values from every node x, summed from the right so that small values
    stay accurate."""
    _, weights, matrix = gauss_panel(n)
    sums = (values @ weights) * half
    after = np.concatenate([np.cumsum(sums[::-1])[::-1], [REAL(0)]])
    here = sums[:, None] - (values @ matrix.T) * half[:, None]
    return here + after[1:, None]


def power_iteration(operator, weight):
    """Smallest eigenvalue gamma of the problem with inverse f -> operator(f), from the
    Rayleigh quotient with the quadrature weights times exp(-Psi)."""
    f = np.ones(weight.shape, dtype=REAL)
    rate = REAL(0)
    for _ in range(400):
        g = operator(f)
        new = (weight * f * f).sum() / (weight * f * g).sum()
        f = g / np.abs(g).max()
        if abs(new - rate) <= 4 * np.finfo(REAL).eps * new:
            return new
        rate = new
    raise RuntimeError("no convergence")


# --- table --------------------------------------------------------------------

def scientific(value, digits):
    """Decimal text with an exponent and the given number of significant digits."""
    text = mpmath.nstr(value, digits, min_fixed=0, max_fixed=0, strip_zeros=False)
    return text if "e" in text else text + "e+0"


def write_table(name, columns, rows):
    """Write the table into the file of this name beside the scripts."""
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, name), "w", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
