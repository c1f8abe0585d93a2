"""Reference escape rates from a ball, radially symmetric, any real dimension n.

Equation
    dX = -L'(r) dt + sqrt(2 D(r)) dW (Ito, D times the identity) in |X| < R;
    the rate gamma is the smallest eigenvalue of
        r^(1-n) (r^(n-1) J)' = gamma p,   J = -L' p - (D p)',
    with p = 0 at r = R and p regular (J = 0) at r = 0.  The adjoint problem
        D (u'' + (n-1)/r u') - L' u' = -gamma u,   u'(0) = 0,  u(R) = 0
    has the same eigenvalues.

Cases (R = 1)
    loss_proportional   L = 0.01 + r^2/2, D = T L
    ornstein_uhlenbeck  L = r^2/2, D constant
    ball                L = 0, D = 1

Two independent methods
    1. Special functions.  u(R) as a function F(gamma) is, with c = 0.01,
           2F1(alpha, beta; n/2; -R^2/(2c)),
               alpha + beta = n/2 - 1 - 1/T, alpha beta = gamma/(2T);
           1F1(-gamma/2; n/2; R^2/(2D));
           and 0F1(; n/2; -gamma R^2/4) for the ball, whose roots are squared
           zeros of the Bessel function J_{n/2-1}.
       F(0) = 1 and F = prod_k (1 - gamma/gamma_k), all gamma_k > 0, so that
       Newton's iteration from gamma = 0 rises to the smallest root.
    2. Shooting.  The u equation times r has polynomial coefficients in r.  It is
       integrated from 0 to R with its Taylor series and gamma is the root of
       u(R) = 0, from a start that shares four digits with method 1.  u is
       checked to stay positive inside, which again singles out the smallest
       eigenvalue.  Run with two precisions and step sizes.
The table holds method 1 with 25 significant digits.

All decimal numbers are taken as exact decimals.

Run (a few seconds; prints the agreement of the methods):
    python3 tests/data/escape_rates_radial.py
"""

from fractions import Fraction

import mpmath
from mpmath import mp, mpf

from extended_precision import (scientific, shifted, smallest_eigenvalue, to_mpf,
                                write_table)

DIGITS = 25

# (n, T), rate known beforehand from an unrelated computation
LOSS_PROPORTIONAL = [
    ("1", "0.1", "4.4139287147449189e-18"),
    ("2", "0.1", "1.6434601510756536e-16"),
    ("3", "0.1", "3.7844377087006175e-15"),
    ("10", "0.1", "7.6253804469590854e-8"),
    ("1", "0.3", "6.9068170587577631e-7"),
    ("2", "0.3", "1.3170699971443827e-5"),
    ("3", "0.3", "1.4278931972958402e-4"),
    ("10", "0.3", "0.46976819330967597"),
    ("10", "0.05", "5.3272056345453016e-23"),
    ("100", "0.01", "1.5365800502374993e-57"),
    ("3", "1", "0.16809373755405256"),
    ("30", "0.1", "1.4069450063068470"),
    ("2.5", "0.2", None),
]
# (n, D), rate known beforehand
ORNSTEIN_UHLENBECK = [
    ("1", "0.02", "7.6717131989118614e-11"),
    # differs in the 12th digit, probably by a slip in writing "66879830" down
    ("2", "0.02", "6.6534686266298830e-10"),
    ("3", "0.02", "3.6715839311260838e-9"),
    ("2", "0.005", "7.3649830731150732e-42"),
    ("1.5", "0.05", None),
    ("10", "0.02", None),
]
BALL = ["1", "2", "3", "2.5"]


# --- method 1: special functions ----------------------------------------------

def special_function(kind, n, diffusion):
    n, d = to_mpf(n), to_mpf(diffusion)
    if kind == "loss_proportional":
        total = n / 2 - 1 - 1 / d

        def value(gamma):
            root = mpmath.sqrt(total ** 2 - 2 * gamma / d)
            # the parameter of larger modulus first, to avoid cancellation
            beta = (total - root) / 2 if mpmath.re(total) < 0 else (total + root) / 2
            alpha = gamma / (2 * d * beta)
            return mpmath.re(mpmath.hyp2f1(alpha, beta, n / 2, mpf(-50)))
    elif kind == "ornstein_uhlenbeck":
        def value(gamma):
            return mpmath.hyp1f1(-gamma / 2, n / 2, 1 / (2 * d))
    else:
        def value(gamma):
            return mpmath.hyp0f1(n / 2, -gamma / (4 * d))
    return value


def special_rate(kind, n, diffusion, digits):
    with mpmath.workdps(digits):
        value = special_function(kind, n, diffusion)
        # first step: F(0) = 1, and F'(0) from a step far below any root
        small = mpf(10) ** (-digits // 2 - 10)
        with mpmath.workdps(2 * digits):
            gamma = small / (1 - value(small))
        for _ in range(60):
            f = value(gamma)
            increment = gamma * mpf(10) ** (-digits // 3)
            correction = -f * increment / (value(gamma + increment) - f)
            gamma = gamma + correction
            if abs(correction) <= gamma * mpf(10) ** (-digits // 2):
                return gamma
    raise RuntimeError("no convergence")


# --- method 2: Taylor-series shooting -----------------------------------------

class Shooting:
    """u(R) as a function of gamma for A u'' + B u' + gamma r u = 0."""

    def __init__(self, kind, n, diffusion, digits, ratio):
        mp.dps = digits
        self.tiny = mpf(10) ** (-digits - 5)
        n, d = to_mpf(n), to_mpf(diffusion)
        if kind == "loss_proportional":
            D, slope = [d / 100, mpf(0), d / 2], mpf(1)
            singular = mpmath.sqrt(mpf(2) / 100)  # zeros of D at +- i times this
        else:
            D, slope = [d, mpf(0), mpf(0)], mpf(1 if kind != "ball" else 0)
            singular = mpf(1)
        A = [mpf(0)] + D                       # r D
        B = [(n - 1) * c for c in D] + [mpf(0)]  # (n-1) D - r L'
        B[2] = B[2] - slope
        self.steps = []
        r = mpf(0)
        while r < 1:
            radius = min(mpmath.sqrt(r * r + singular ** 2), r if r > 0 else mpf(1))
            h = ratio * radius
            # the solution may grow by about exp(6) within a step
            while r > 0:
                drift = (r + h) / mpmath.polyval(D[::-1], r + h) * slope
                if h * drift <= 6 and h * (n - 1) / r <= 6:
                    break
                h = h / 2
            if r + h > 1 - mpf(10) ** -6:
                h = 1 - r
            a, b = shifted(A, r), shifted(B, r)
            self.steps.append((h, r, [c * h ** (j - 1) for j, c in enumerate(a)],
                               [c * h ** j for j, c in enumerate(b)]))
            r = r + h

    def __call__(self, gamma):
        u, v = mpf(1), mpf(0)
        self.positive = True
        for h, r, a, b in self.steps:
            self.positive = self.positive and u > 0
            g0, g1 = gamma * h * r, gamma * h * h
            # all terms of the equation times h^(k+1), in the variable t = (r-r0)/h:
            # a_j (k-j+2)(k-j+1) U_{k-j+2} + b_j (k-j+1) U_{k-j+1} + g0 U_k + g1 U_{k-1}
            U = [u, v * h]
            u_sum, w_sum = U[0] + U[1], U[1]
            quiet, k = 0, 0
            while quiet < 8:
                if r == 0:
                    # a_0 = 0: the equation of order k+1 yields U_{k+2}
                    rest = g0 * U[k + 1] + g1 * U[k]
                    for j in range(2, min(k + 2, len(a))):
                        m = k - j + 3
                        rest = rest + a[j] * m * (m - 1) * U[m]
                    for j in range(1, min(k + 2, len(b))):
                        m = k - j + 2
                        rest = rest + b[j] * m * U[m]
                    m = k + 2
                    new = -rest / (a[1] * m * (m - 1) + b[0] * m)
                else:
                    rest = g0 * U[k] + (g1 * U[k - 1] if k > 0 else 0)
                    for j in range(1, min(k + 1, len(a))):
                        m = k - j + 2
                        rest = rest + a[j] * m * (m - 1) * U[m]
                    for j in range(0, min(k + 1, len(b))):
                        m = k - j + 1
                        rest = rest + b[j] * m * U[m]
                    new = -rest / (a[0] * (k + 2) * (k + 1))
                U.append(new)
                w = (k + 2) * new
                u_sum, w_sum = u_sum + new, w_sum + w
                k += 1
                small = (abs(new) <= self.tiny * abs(u_sum)
                         and abs(w) <= self.tiny * abs(w_sum))
                quiet = quiet + 1 if small else 0
            u, v = u_sum, w_sum / h
        return u

    def solve(self, start):
        goal = mpf(10) ** (-(2 * mp.dps) // 3)
        return smallest_eigenvalue(self, start, mpf(10) ** -5, goal)


# --- table --------------------------------------------------------------------

def main():
    problems = []
    for n, t, known in LOSS_PROPORTIONAL:
        problems.append(("loss_proportional", n, t, known,
                         "Loss/Expression=0.01 + r^2/2|Noise/Type=loss proportional|"
                         "Noise/Learning rate=%s|Noise/Batch size=1" % t))
    for n, d, known in ORNSTEIN_UHLENBECK:
        problems.append(("ornstein_uhlenbeck", n, d, known,
                         "Loss/Expression=r^2/2|Noise/Diffusion=%s" % d))
    for n in BALL:
        problems.append(("ball", n, "1", None, "Loss/Expression=0|Noise/Diffusion=1"))

    rows = []
    print("case n T-or-D rate | relative differences: special function 80/120 digits, "
          "shooting fine/coarse, special/shooting, special/known")
    for case, n, d, known, settings in problems:
        problem = (case, Fraction(n), Fraction(d))
        coarse = special_rate(*problem, 80)
        rate = special_rate(*problem, 120)
        start = mpf(mpmath.nstr(rate, 4))
        shot_coarse = Shooting(*problem, 34, mpf("0.5")).solve(start)
        shot = Shooting(*problem, 50, mpf("0.35")).solve(start)
        mp.dps = 60
        gaps = [abs(coarse / rate - 1), abs(shot_coarse / shot - 1), abs(shot / rate - 1)]
        gaps.append(abs(mpf(known) / rate - 1) if known else None)
        print(case, n, d, scientific(rate, DIGITS), "|",
              *["-" if g is None else mpmath.nstr(g, 2) for g in gaps], flush=True)
        rows.append([case, "Dimension=1|%s|Domain/Type=radial|Domain/Radius=1|"
                     "Domain/Effective dimension=%s" % (settings, n),
                     scientific(rate, DIGITS),
                     mpmath.nstr(mpmath.log(rate), DIGITS, strip_zeros=False)])
    write_table("escape_rates_radial.csv", ["case", "settings", "rate", "log_rate"], rows)


if __name__ == "__main__":
    main()
