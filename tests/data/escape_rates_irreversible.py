"""Reference escape rates in two dimensions without detailed balance.

Equation
    dX = b dt + sqrt(2 D(x)) dW in a box, b = -grad L + f, with the flux
        J = b P - D grad P - (1 - a) P div D,   (div D)_i = sum_j d_j D_ij
    (a = 0 Ito, a = 1 anti-Ito); the rate gamma is the smallest eigenvalue of
        div J(p) = gamma p,
    p = 0 on absorbing sides, J.n = 0 on the others.

Cases
    maier_stein         drift (x - x^3 - 10 x y^2, -(1 + x^2) y), constant D I
    hessian_aligned_2d  D = eta/2 sqrt(H^2 + 0.5^2), H the Hessian of L
    power_law_2d        D = eta L diag(1, 3), H = diag(1, 3)
    ou_rotation         L = (x^2 + y^2)/2, f = omega (-y, x), constant D I

Both methods use p = exp(-psi) u with a gauge psi that leaves u of order one
between the valley and the exit:
    J = -exp(-psi) G(u),   G(u) = D grad u + w u,
    w = -b + (1 - a) div D - D grad psi.
The answer does not depend on psi.  It is a multiple of L / D (constant D), or a
polynomial fitted to -log of the stationary density of a closed box, followed
from high to low noise (variable D).

    1. Galerkin, orthonormal Legendre products (zero on absorbing sides):
           int G(u) . (grad v + v grad psi) = lambda int u v.
    2. Collocation, Chebyshev-Gauss-Lobatto points, strong form
           -div G(u) + grad psi . G(u) = lambda u,
       rows n . G(u) = 0 on reflecting and u = 0 on absorbing sides.

Either eigenproblem is solved by Newton steps on (u, lambda) with one LU
factorisation in double precision and residuals in 80-bit arithmetic.  lambda has
an absolute accuracy only, so the rate is the flux out of the box over the
content, gamma = -int exp(-psi) G.n / int exp(-psi) u, which keeps its relative
accuracy.  Collocation takes the flux from the derivatives on the absorbing sides
(hessian_aligned_2d: across x = 0).  Galerkin takes it from the form, tested with
functions that do not vanish on the absorbing side (error of second order, like
that of a two-sided Rayleigh quotient); at the lowest noise the left vector is
not resolved to the size of the rate, and the derivatives are used.  Symmetries of a case
reduce the unknowns.  In hessian_aligned_2d x is stretched around the places
where an eigenvalue of H vanishes.

Each method is run at two resolutions, and collocation with a second gauge.  The
table holds the finer Galerkin value, with the digits that the finer collocation
and the two resolutions of one of the methods confirm.  ou_rotation without
rotation is compared with the one-dimensional rate from a zero of Kummer's
function.

Run (about nine minutes, 2 GB; prints the agreement):
    python3 tests/data/escape_rates_irreversible.py
"""

import csv
import os
import time

import mpmath
import numpy as np
from scipy.linalg import lu_factor, lu_solve

from escape_rates_tensor import REAL, chebyshev, decimal, gauss, legendre


class Axis:
    """x = centre + width sinh(a t + b) for t in [-1, 1], or the linear map."""

    def __init__(self, low, high, bend):
        self.low, self.high, self.bend = low, high, bend
        if bend:
            self.centre, self.width = decimal(bend[0]), decimal(bend[1])
            ends = [np.arcsinh((e - self.centre) / self.width) for e in (low, high)]
            self.a, self.b = (ends[1] - ends[0]) / 2, (ends[1] + ends[0]) / 2

    def inverse(self, x):
        if not self.bend:
            return 2 * (x - self.low) / (self.high - self.low) - 1
        return (np.arcsinh((x - self.centre) / self.width) - self.b) / self.a

    def at(self, t):
        """x and dx/dt."""
        if not self.bend:
            half = (self.high - self.low) / 2
            return self.low + half * (t + 1), half + 0 * t
        s = self.a * t + self.b
        return (self.centre + self.width * np.sinh(s), self.a * self.width * np.cosh(s))


def axes(problem):
    return (Axis(problem.box[0], problem.box[1], problem.bend[0]),
            Axis(problem.box[2], problem.box[3], problem.bend[1]))


def chebyshev_series(n, t):
    """T_0 .. T_{n-1} and their derivatives at t, as columns."""
    value = np.zeros((len(t), n), dtype=REAL)
    slope = np.zeros_like(value)
    value[:, 0] = 1
    value[:, 1], slope[:, 1] = t, 1
    for k in range(1, n - 1):
        value[:, k + 1] = 2 * t * value[:, k] - value[:, k - 1]
        slope[:, k + 1] = 2 * value[:, k] + 2 * t * slope[:, k] - slope[:, k - 1]
    return value, slope


class Problem:
    """Fields: flux G(u) = D grad u + w u, gauge psi with gradient (px, py).

    sides: which of x-, x+, y-, y+ absorb.  parity: '' none, 'y' even in y,
    'xy' even under (x, y) -> (-x, -y), 'x,y' even in x and in y.
    """
    sides = "x+"
    parity = ""
    bend = (None, None)
    section = None
    direct = False  # Galerkin: flux from derivatives

    def fields(self, x, y):
        """D11, D12, D22, w_x, w_y, psi_x, psi_y on the product grid."""
        x, y = x[:, None], y[None, :]
        zero = np.zeros((x.shape[0], y.shape[1]), dtype=REAL)
        d11, d12, d22, cx, cy = self.model(x, y)
        px, py = self.gauge(x, y)[1:]
        return [zero + f for f in (d11, d12, d22, cx - d11 * px - d12 * py,
                                   cy - d12 * px - d22 * py, px, py)]

    def weight(self, x, y):
        return np.exp(-self.gauge(x[:, None], y[None, :])[0])

    # gauge: Chebyshev series in (x - x0) / hx, (y - y0) / hy, fitted below
    series = None

    def gauge(self, x, y):
        if self.series is None:
            return [0 * (x + y)] * 3
        c, x0, hx, y0, hy = self.series
        vx, sx = chebyshev_series(c.shape[0], (x.ravel() - x0) / hx)
        vy, sy = chebyshev_series(c.shape[1], (y.ravel() - y0) / hy)
        return vx @ c @ vy.T, sx @ c @ vy.T / hx, vx @ c @ sy.T / hy


class MaierStein(Problem):
    parity = "y"

    def __init__(self, diffusion, scale):
        self.box = [decimal(t) for t in ("-2", "0", "-1.2", "1.2")]
        self.d, self.scale = decimal(diffusion), decimal(scale)

    def loss(self, x, y):
        return (x ** 4 / 4 - x * x / 2 + y * y / 2 + x * x * y * y / 2,
                x ** 3 - x + x * y * y, y + x * x * y)

    def model(self, x, y):
        _, lx, ly = self.loss(x, y)
        return self.d, 0, self.d, lx + 9 * x * y * y, ly

    def gauge(self, x, y):
        """Multiple of L / D; about 0.7 of the barrier of L is felt."""
        value, gx, gy = self.loss(x, y)
        k = self.scale / self.d
        return k * (value + REAL("0.25")), k * gx, k * gy


class Rotation(Problem):
    sides = "x- x+ y- y+"
    parity = "xy"

    def __init__(self, diffusion, omega, scale="1"):
        self.box = [decimal(t) for t in ("-1", "1", "-1", "1")]
        self.d, self.scale, self.omega = decimal(diffusion), decimal(scale), decimal(omega)

    def model(self, x, y):
        return self.d, 0, self.d, x + self.omega * y, y - self.omega * x

    def gauge(self, x, y):
        return [f * self.scale / self.d for f in ((x * x + y * y) / 2, x, y)]


class PowerLaw(Problem):
    sides = "x- x+ y- y+"
    parity = "x,y"

    even = (True, True)
    closed = ("-1", "1", "-1", "1")
    frame = ("0", "1", "0", "1")

    def __init__(self, eta, a):
        self.box = [decimal(t) for t in ("-1", "1", "-1", "1")]
        self.eta, self.a = decimal(eta), decimal(a)

    def model(self, x, y):
        loss = REAL("0.05") + x * x / 2 + 3 * y * y / 2
        k = 1 + (1 - self.a) * self.eta
        k3 = 1 + (1 - self.a) * 3 * self.eta
        return self.eta * loss, 0, 3 * self.eta * loss, k * x, k3 * 3 * y


class HessianAligned(Problem):
    FLOOR = REAL("0.5")

    even = (True, False)
    bend = (("-0.7", "0.8"), None)
    section = "0"
    closed = ("-2", "0", "-1.6", "1.2")
    frame = ("0", "2", "-0.2", "1.4")

    def __init__(self, eta, a):
        self.box = [decimal(t) for t in ("-2", "0.3", "-1.6", "1.2")]
        self.eta, self.a = decimal(eta), decimal(a)

    def loss(self, x, y):
        c, q = REAL("0.3"), REAL("0.1")
        return (x ** 4 / 4 - x * x / 2 + y * y / 2 + c * x * x * y + q * y ** 4,
                x ** 3 - x + 2 * c * x * y, y + c * x * x + 4 * q * y ** 3)

    def root(self, x, y):
        """F = sqrt(H^2 + floor^2) = (A + s) / t, s = sqrt(det A), t = sqrt(tr A + 2 s)
        with A = H^2 + floor^2, and div F."""
        c2, q12 = REAL("0.6"), REAL("1.2")
        h = (3 * x * x - 1 + c2 * y, c2 * x, 1 + q12 * y * y)
        slopes = ((6 * x, c2, 0), (c2, 0, 2 * q12 * y))

        def square(p, q):  # (p q + q p) / 2
            return (p[0] * q[0] + p[1] * q[1],
                    (p[0] * q[1] + p[1] * q[2] + q[0] * p[1] + q[1] * p[2]) / 2,
                    p[1] * q[1] + p[2] * q[2])

        a = square(h, h)
        a = (a[0] + self.FLOOR ** 2, a[1], a[2] + self.FLOOR ** 2)
        s = np.sqrt(a[0] * a[2] - a[1] * a[1])
        t = np.sqrt(a[0] + a[2] + 2 * s)
        f = ((a[0] + s) / t, a[1] / t, (a[2] + s) / t)
        df = []
        for slope in slopes:
            b = [2 * e for e in square(h, slope)]
            ds = (b[0] * a[2] + a[0] * b[2] - 2 * a[1] * b[1]) / (2 * s)
            dt = (b[0] + b[2] + 2 * ds) / (2 * t)
            df.append([(b[0] + ds - f[0] * dt) / t, (b[1] - f[1] * dt) / t,
                       (b[2] + ds - f[2] * dt) / t])
        return f, (df[0][0] + df[1][1], df[0][1] + df[1][2])

    def model(self, x, y):
        f, div = self.root(x, y)
        _, lx, ly = self.loss(x, y)
        k = self.eta / 2
        c = (1 - self.a) * k
        return k * f[0], k * f[1], k * f[2], lx + c * div[0], ly + c * div[1]


# --- both methods ---------------------------------------------------------------

def absorbs(problem):
    return [s in problem.sides.split() for s in ("x-", "x+", "y-", "y+")]


def rate_from_flux(problem, sample, slopes, count=240):
    """Outward flux -e^-psi G.n through the absorbing sides over int e^-psi u.

    sample(tx, ty) gives u on a product grid of [-1, 1]^2, slopes the gradient.
    With a section x = s given, both refer to the part of the box below it.
    """
    t, weight = gauss_rule(count)
    axis_x, axis_y = axes(problem)
    (x, mx), (y, my) = axis_x.at(t), axis_y.at(t)
    wx, wy = weight * mx, weight * my

    def content(tx, wx):
        return (wx[:, None] * wy[None, :] * problem.weight(axis_x.at(tx)[0], y)
                * sample(tx, t)).sum()

    mass = content(t, wx)
    if problem.section is None:
        ends = [(side, REAL(1 if side % 2 else -1))
                for side, on in enumerate(absorbs(problem)) if on]
    else:
        cut = axis_x.inverse(decimal(problem.section))
        ends = [(1, cut)]
        beyond = cut + (1 - cut) / 2 * (t + 1)
        mass -= content(beyond, weight * axis_x.at(beyond)[1] * (1 - cut) / 2)
    out = REAL(0)
    for side, end in ends:
        end = np.array([end])
        tx, ty = (end, t) if side < 2 else (t, end)
        grid = axis_x.at(tx)[0], axis_y.at(ty)[0]
        d11, d12, d22, cx, cy = problem.fields(*grid)[:5]
        u, (ux, uy) = sample(tx, ty), slopes(tx, ty)
        flux = d11 * ux + d12 * uy + cx * u if side < 2 else d12 * ux + d22 * uy + cy * u
        sign = -1 if side % 2 else 1
        out += sign * ((wy if side < 2 else wx) * (problem.weight(*grid) * flux).ravel()).sum()
    return out / mass


RULES = {}


def gauss_rule(n):
    if n not in RULES:
        RULES[n] = gauss(n)
    return RULES[n]


def solve_eigen(matrix, apply, mass, ones, goal):
    """Eigenvector of A u = lambda M u for the smallest eigenvalue, goal . u = 1.

    Newton steps on (A u - lambda M u, goal . u - 1) with the double-precision
    factors at u = ones, lambda = 0, residuals in 80-bit arithmetic; the first
    steps keep the column -M ones (lambda M u is negligible then).
    """
    n = len(ones)
    u, rate = ones.copy(), REAL(0)
    bordered = np.empty((n + 1, n + 1), order="F")
    bordered[:n, :n] = matrix
    bordered[:n, n] = -mass(u)
    bordered[n, :n] = goal
    bordered[n, n] = 0
    del matrix
    row = 1 / np.abs(bordered).max(axis=1)  # balances operator and boundary rows
    bordered *= row[:, None]
    factors = lu_factor(bordered, overwrite_a=True, check_finite=False)

    def factored(r):
        size = np.abs(r).max()
        return size * lu_solve(factors, (r / size).astype(float)) if size > 0 else 0 * r

    start = mass(u)
    best = np.inf
    for step in range(60):
        border = mass(u) if step > 4 else start
        r = np.append(apply(u) - rate * border, goal.astype(REAL) @ u - 1) * row
        delta = factored(r)
        if step > 4:  # last column: -mass(u) instead of -start
            z = factored(np.append(start - border, 0) * row)
            delta = delta - z * (delta[n] / (1 + z[n]))
        u, rate = u - delta[:n], rate - delta[n]
        change = float(np.abs(delta[:n]).max() / np.abs(u).max())
        if not np.isfinite(change) or step > 12 and change > 0.3 * best and best < 1e-12:
            break
        if step > 4:
            best = min(best, change)
    return u


# --- Galerkin -------------------------------------------------------------------

def raw_basis(n, t, low_zero, high_zero):
    value, slope = legendre(n + 2, t)
    if low_zero and high_zero:
        return value[:, :n] - value[:, 2:], slope[:, :n] - slope[:, 2:]
    if high_zero:
        return value[:, :n] - value[:, 1:n + 1], slope[:, :n] - slope[:, 1:n + 1]
    return value[:, :n], slope[:, :n]


class Basis:
    def __init__(self, n, axis, low_zero, high_zero, even):
        t, w = gauss_rule(n + max(24, n // 2))
        self.t, self.args, self.axis = t, (n, low_zero, high_zero), axis
        self.x, self.jacobian = axis.at(t)
        self.w = w * self.jacobian
        # orthonormal for even and odd functions apart
        value, slope = raw_basis(n, t, low_zero, high_zero)
        gram = ((value.T * self.w) @ value).astype(float)
        if low_zero == high_zero and not axis.bend or even:
            k = np.arange(n)
            gram[(k[:, None] + k[None, :]) % 2 == 1] = 0
        mix = np.linalg.inv(np.linalg.cholesky(gram)).T.astype(REAL)
        # all functions, and those of the parity wanted
        self.full, self.full_slope = value @ mix, slope @ mix / self.jacobian[:, None]
        self.step, self.mix = 2 if even else 1, mix
        step = self.step
        self.value, self.slope = self.full[:, ::step], self.full_slope[:, ::step]

    def at(self, t):
        value, slope = raw_basis(self.args[0], t, *self.args[1:])
        return ((value @ self.mix)[:, ::self.step],
                (slope @ self.mix / self.axis.at(t)[1][:, None])[:, ::self.step])


def galerkin(problem, nx, ny):
    zero = absorbs(problem)
    axis_x, axis_y = axes(problem)
    bx = Basis(nx, axis_x, *zero[:2], problem.parity == "x,y")
    by = Basis(ny, axis_y, *zero[2:], problem.parity in ("y", "x,y"))
    kx, ky = bx.value.shape[1], by.value.shape[1]
    keep = np.ones((kx, ky), dtype=bool)
    if problem.parity == "xy":
        keep = (np.arange(kx)[:, None] + np.arange(ky)[None, :]) % 2 == 0
    pick = np.flatnonzero(keep.ravel())
    n = len(pick)
    d11, d12, d22, wx, wy, px, py = problem.fields(bx.x, by.x)
    weight = bx.w[:, None] * by.w[None, :]

    def evaluate(c):
        full = np.zeros(kx * ky, dtype=REAL)
        full[pick] = c
        c = full.reshape(kx, ky)
        right = c @ by.value.T
        return bx.value @ right, bx.slope @ right, bx.value @ (c @ by.slope.T)

    def test(value, along_x, along_y):
        return (bx.value.T @ (value @ by.value) + bx.slope.T @ (along_x @ by.value)
                + bx.value.T @ (along_y @ by.slope)).ravel()[pick]

    def apply(c):
        u, ux, uy = evaluate(c)
        gx = weight * (d11 * ux + d12 * uy + wx * u)
        gy = weight * (d12 * ux + d22 * uy + wy * u)
        return test(px * gx + py * gy, gx, gy)

    def mass(c):
        u = weight * evaluate(c)[0]
        return test(u, 0 * u, 0 * u)

    # matrix by sum factorisation; rows test, columns trial
    double = lambda m: np.ascontiguousarray(m, dtype=float)
    vx, sx, vy, sy = map(double, (bx.value, bx.slope, by.value, by.slope))
    row, col = pick // ky, pick % ky
    a = np.zeros((n, n))
    kind = {"v": (vx, vy), "x": (sx, vy), "y": (vx, sy)}
    coefficient = {
        "vv": px * wx + py * wy, "vx": px * d11 + py * d12, "vy": px * d12 + py * d22,
        "xv": wx, "xx": d11, "xy": d12, "yv": wy, "yx": d12, "yy": d22}
    for key, c in coefficient.items():
        if not np.any(c):
            continue
        c = double(c * weight)
        (tx, ty), (ux, uy) = kind[key[0]], kind[key[1]]
        inner = np.einsum("rl,rm->rlm", ty, uy).reshape(len(by.x), ky * ky)
        for k in range(kx):
            # (k', r) -> (k', l l')
            part = (((tx[:, k:k + 1] * ux).T @ c) @ inner).reshape(kx, ky, ky)
            part = part.transpose(1, 0, 2).reshape(ky, kx * ky)
            mine = row == k
            a[mine] += part[col[mine]][:, pick]

    ones = test(weight, 0 * weight, 0 * weight)
    goal = test(weight * problem.weight(bx.x, by.x), 0 * weight, 0 * weight)
    goal = goal.astype(float) / float(goal @ ones)
    u = solve_eigen(a, apply, mass, ones, goal)

    if problem.direct:
        full = np.zeros(kx * ky, dtype=REAL)
        full[pick] = u
        full = full.reshape(kx, ky)

        def sample(tx, ty):
            return bx.at(tx)[0] @ full @ by.at(ty)[0].T

        def slopes(tx, ty):
            (px, qx), (py, qy) = bx.at(tx), by.at(ty)
            return qx @ full @ py.T, px @ full @ qy.T

        return rate_from_flux(problem, sample, slopes)

    # flux through a side: the form tested with the projection of e^-psi on the
    # side, continued by a power of the distance from the opposite side
    value, ux, uy = evaluate(u)
    gx = weight * (d11 * ux + d12 * uy + wx * value)
    gy = weight * (d12 * ux + d22 * uy + wy * value)
    total = (weight * problem.weight(bx.x, by.x) * value).sum()
    out = REAL(0)
    for side, on in enumerate(zero):
        if not on:
            continue
        across, along = (bx, by) if side < 2 else (by, bx)
        at = np.array([problem.box[side]])
        density = problem.weight(*((at, along.x) if side < 2 else (along.x, at))).ravel()
        c = along.full.T @ (along.w * density)
        trace, trace_slope = along.full @ c, along.full_slope @ c
        sign = 1 if side % 2 else -1
        s = (1 + sign * across.t) / 2
        lift, lift_slope = s ** 8, sign * 4 * s ** 7 / across.jacobian
        if side < 2:
            v, vx = np.outer(lift, trace), np.outer(lift_slope, trace)
            vy = np.outer(lift, trace_slope)
        else:
            v, vx = np.outer(trace, lift), np.outer(trace_slope, lift)
            vy = np.outer(trace, lift_slope)
        # form(v) - gamma (u, v) = side integral of v G.n
        out -= (gx * (vx + px * v) + gy * (vy + py * v)).sum()
        total -= (weight * value * v).sum()
    return out / total


# --- collocation ----------------------------------------------------------------

def interpolation(n, t):
    """Matrix from values at the Chebyshev-Gauss-Lobatto points to values at t."""
    nodes = chebyshev(n, REAL(-1), REAL(1))[0]
    k = np.arange(n + 1)
    c = np.where((k == 0) | (k == n), REAL(1) / 2, REAL(1)) * (-1.0) ** k
    gap = t[:, None] - nodes[None, :]
    hit = gap == 0
    gap[hit] = 1
    m = c[None, :] / gap
    m = m / m.sum(axis=1)[:, None]
    for i in np.flatnonzero(hit.any(axis=1)):
        m[i] = hit[i]
    return m


def collocation(problem, nx, ny):
    x, dx = chebyshev(nx, REAL(-1), REAL(1))
    y, dy = chebyshev(ny, REAL(-1), REAL(1))
    (x, mx), (y, my) = (axis.at(t) for axis, t in zip(axes(problem), (x, y)))
    dx, dy = dx / mx[:, None], dy / my[:, None]
    d11, d12, d22, wx, wy, px, py = problem.fields(x, y)
    index = np.arange((nx + 1) * (ny + 1)).reshape(nx + 1, ny + 1)
    images = [index]
    if problem.parity == "y":
        images.append(index[:, ::-1])
    elif problem.parity == "xy":
        images.append(index[::-1, ::-1])
    elif problem.parity == "x,y":
        images += [index[::-1], index[:, ::-1], index[::-1, ::-1]]
    lowest = np.min(images, axis=0).ravel()
    pick, fold = np.unique(lowest, return_inverse=True)
    fold = fold.ravel()
    n = len(pick)
    sides = [(0, slice(None)), (-1, slice(None)), (slice(None), 0), (slice(None), -1)]
    zero = absorbs(problem)

    def rows(r, gx, gy, u):
        for s, on in enumerate(zero):
            if not on:
                r[sides[s]] = (gx if s < 2 else gy)[sides[s]]
        for s, on in enumerate(zero):
            if on:
                r[sides[s]] = u[sides[s]]
        return r

    def apply(v):
        u = v[fold].reshape(nx + 1, ny + 1)
        ux, uy = dx @ u, u @ dy.T
        gx = d11 * ux + d12 * uy + wx * u
        gy = d12 * ux + d22 * uy + wy * u
        r = -(dx @ gx + gy @ dy.T) + px * gx + py * gy
        return rows(r, gx, gy, u).ravel()[pick]

    inside = np.ones((nx + 1, ny + 1))
    for side in sides:
        inside[side] = 0
    inside = inside.ravel()[pick]

    def mass(v):
        return inside * v

    double = lambda m: np.ascontiguousarray(m, dtype=float)
    fx, fy = double(dx), double(dy)
    e11, e12, e22, ex, ey, ax, ay = map(double, (d11, d12, d22, wx, wy, px, py))
    mixed = np.any(d12)
    a = np.zeros((n, n))
    for m, p in enumerate(pick):
        i, j = divmod(p, ny + 1)
        full = np.zeros((nx + 1, ny + 1))
        reflecting = None
        for s, (on, at) in enumerate(zip(zero, (i == 0, i == nx, j == 0, j == ny))):
            if at and on:
                reflecting = "absorbing"
            elif at and reflecting != "absorbing":
                reflecting = "x" if s < 2 else "y"
        if reflecting == "absorbing":
            full[i, j] = 1
        else:
            # functionals gx(i, j), gy(i, j), and -(dx gx + gy dy) for the interior
            def add_gx(weights, fixed_j):  # sum_m weights[m] gx[m, fixed_j]
                full[:, fixed_j] += (weights * e11[:, fixed_j]) @ fx + weights * ex[:, fixed_j]
                if mixed:
                    full[:, :] += (weights * e12[:, fixed_j])[:, None] * fy[fixed_j][None, :]

            def add_gy(weights, fixed_i):
                full[fixed_i, :] += (weights * e22[fixed_i]) @ fy + weights * ey[fixed_i]
                if mixed:
                    full[:, :] += fx[fixed_i][:, None] * (weights * e12[fixed_i])[None, :]

            unit_x, unit_y = np.zeros(nx + 1), np.zeros(ny + 1)
            unit_x[i], unit_y[j] = 1, 1
            if reflecting == "x":
                add_gx(unit_x, j)
            elif reflecting == "y":
                add_gy(unit_y, i)
            else:
                add_gx(ax[i, j] * unit_x - fx[i], j)
                add_gy(ay[i, j] * unit_y - fy[j], i)
        a[m] = np.bincount(fold, full.ravel(), n)

    ones = np.ones(n, dtype=REAL)
    for s, on in enumerate(zero):
        if on:
            mark = np.zeros((nx + 1, ny + 1), dtype=bool)
            mark[sides[s]] = True
            ones[mark.ravel()[pick]] = 0
    angle = np.outer(np.sin(np.pi * np.arange(nx + 1) / nx),
                     np.sin(np.pi * np.arange(ny + 1) / ny))
    goal = np.bincount(fold, (angle * problem.weight(x, y)).astype(float).ravel(), n)
    goal /= goal.sum()
    v = solve_eigen(a, apply, mass, ones, goal)
    u = v[fold].reshape(nx + 1, ny + 1)

    def sample(tx, ty):
        return interpolation(nx, tx) @ u @ interpolation(ny, ty).T

    def slopes(tx, ty):
        px, py = interpolation(nx, tx), interpolation(ny, ty)
        return px @ (dx @ u) @ py.T, px @ (u @ dy.T) @ py.T

    if not any(zero):
        return sample
    return rate_from_flux(problem, sample, slopes)


# --- gauge ----------------------------------------------------------------------

def fit_gauge(make, noises, degree, size):
    """Series for the last noise level: -log of the stationary density of the closed box.

    Continuation in the noise: each level uses the gauge of the one before.
    """
    series = None
    for level, noise in enumerate(noises):
        problem = make(noise)
        problem.sides = ""
        problem.box = [decimal(t) for t in problem.closed]
        if series is not None:
            ratio = decimal(noises[level - 1]) / decimal(noise)
            problem.series = (series[0] * ratio,) + series[1:]
        sample = collocation(problem, *size)
        t = gauss_rule(60)[0]
        x, y = (axis.at(t)[0] for axis in axes(problem))
        u = sample(t, t)
        p = problem.gauge(x[:, None], y[None, :])[0]
        target = p - np.log(np.maximum(u, 1e-6))
        target = target - target.min()
        x0, hx, y0, hy = [decimal(t) for t in problem.frame]
        vx = chebyshev_series(degree[0] + 1, (x - x0) / hx)[0].astype(float)
        vy = chebyshev_series(degree[1] + 1, (y - y0) / hy)[0].astype(float)
        kx = np.arange(0, degree[0] + 1, 2 if problem.even[0] else 1)
        ky = np.arange(0, degree[1] + 1, 2 if problem.even[1] else 1)
        c = np.zeros((degree[0] + 1, degree[1] + 1))
        c[np.ix_(kx, ky)] = np.linalg.pinv(vx[:, kx]) @ target.astype(float) \
            @ np.linalg.pinv(vy[:, ky]).T
        series = (c.astype(REAL), x0, hx, y0, hy)
    # least value zero
    problem.series = series
    series[0][0, 0] -= problem.gauge(x[:, None], y[None, :])[0].min()
    return series


def levels(start, ratio, end):
    """Noise levels from start down to end, as decimal texts."""
    values, value = [], float(start)
    while value > 1.05 * float(end):
        values.append("%.5g" % value)
        value *= ratio
    return values + [end]


# --- table ------------------------------------------------------------------------

def maier_stein(diffusion):
    settings = [
        "Loss/Expression=x^4/4 - x^2/2 + y^2/2 + x^2*y^2/2", "Force/Expression=-9*x*y^2; 0",
        "Noise/Diffusion=" + diffusion, "Domain/Lower=-2, -1.2", "Domain/Upper=0, 1.2",
        "Domain/Absorbing=x+"]
    problems = [MaierStein(diffusion, scale) for scale in ("0.7", "0.65")]
    problems[0].direct = float(diffusion) < 0.005
    sizes = ([(92, 108), (100, 118)], [(100, 118), (110, 128)]) \
        if float(diffusion) < 0.005 else ([(72, 84), (84, 100)], [(84, 100), (96, 112)])
    return ("maier_stein", settings, problems) + sizes


def ou_rotation(diffusion, omega):
    force = [] if omega == "0" else ["Force/Expression=-%s*y; %s*x" % (omega, omega)]
    settings = ["Loss/Expression=(x^2 + y^2)/2"] + force + [
        "Noise/Diffusion=" + diffusion, "Domain/Lower=-1, -1", "Domain/Upper=1, 1",
        "Domain/Absorbing=all"]
    problems = [Rotation(diffusion, omega, scale) for scale in ("1", "0.95")]
    sizes = ([(80, 80), (94, 94)], [(96, 96), (110, 110)]) if omega == "10" \
        else ([(64, 64), (74, 74)], [(80, 80), (92, 92)])
    return ("ou_rotation", settings, problems) + sizes


def fitted(make, noise, start, ratio, degrees, size):
    problems = []
    for degree in degrees:
        problem = make(noise)
        problem.series = fit_gauge(make, levels(start, ratio, noise), degree, size)
        problems.append(problem)
    return problems


def power_law(eta, interpretation):
    settings = [
        "Loss/Expression=0.05 + x^2/2 + 3*y^2/2", "Noise/Type=loss proportional",
        "Noise/Learning rate=" + eta, "Noise/Batch size=1",
        "Noise/Interpretation=" + interpretation, "Domain/Lower=-1, -1", "Domain/Upper=1, 1",
        "Domain/Absorbing=all"]
    a = ["ito", "anti-ito"].index(interpretation)
    problems = fitted(lambda noise: PowerLaw(noise, str(a)), eta, "0.5", 0.6,
                      [(16, 16), (12, 12)], (48, 48))
    weak = [(126, 126), (142, 142)] if float(eta) < 0.05 else [(106, 106), (124, 124)]
    return "power_law_2d", settings, problems, weak, [(120, 120), (136, 136)]


def hessian_aligned(eta, interpretation):
    settings = [
        "Loss/Expression=x^4/4 - x^2/2 + y^2/2 + 0.3*x^2*y + 0.1*y^4",
        "Noise/Type=hessian aligned", "Noise/Hessian=absolute", "Noise/Floor=0.5",
        "Noise/Learning rate=" + eta, "Noise/Batch size=1",
        "Noise/Interpretation=" + interpretation, "Domain/Lower=-2, -1.6",
        "Domain/Upper=0.3, 1.2", "Domain/Absorbing=x+"]
    a = ["ito", "anti-ito"].index(interpretation)
    problems = fitted(lambda noise: HessianAligned(noise, str(a)), eta, "1", 0.5,
                      [(10, 8), (14, 12)], (56, 44))
    problems[0].direct = float(eta) < 0.05
    sizes = ([(114, 50), (132, 52)], [(132, 52), (150, 54)]) if float(eta) < 0.02 \
        else ([(100, 44), (114, 50)], [(116, 48), (132, 52)])
    return ("hessian_aligned_2d", settings, problems) + sizes


CASES = (
    [(maier_stein, d) for d in ("0.03", "0.0107", "0.0066", "0.003")]
    + [(hessian_aligned, eta, i) for eta in ("0.1", "0.034") for i in ("ito", "anti-ito")]
    + [(hessian_aligned, "0.015", "ito")]  # anti-ito: six digits only
    + [(power_law, eta, i) for eta in ("0.1", "0.045", "0.02") for i in ("ito", "anti-ito")]
    + [(ou_rotation, d, omega) for omega in ("0", "2", "10") for d in ("0.05", "0.02", "0.01")])


def kummer(diffusion):
    """Rate of dX = -X dt + sqrt(2 D) dW in [-1, 1]: 1F1(-gamma/2; 1/2; 1/(2 D)) = 0."""
    with mpmath.workdps(30):
        d = mpmath.mpf(diffusion)
        guess = mpmath.sqrt(2 / (mpmath.pi * d)) * mpmath.exp(-1 / (2 * d))
        zero = mpmath.findroot(lambda g: mpmath.hyp1f1(-g / 2, 0.5, 1 / (2 * d)),
                               (0.9 * guess, guess))
        return REAL(mpmath.nstr(zero, 25))


def run(case, *arguments):
    begin = time.time()
    name, settings, (problem, other), weak_sizes, strong_sizes = case(*arguments)
    weak = [galerkin(problem, *size) for size in weak_sizes]
    strong = [collocation(problem, *size) for size in strong_sizes]
    rate, second = weak[1], collocation(other, *strong_sizes[0])
    gap = lambda value, reference: abs(float(value / reference - 1))
    error = max(min(gap(weak[0], rate), gap(strong[0], strong[1])), gap(strong[1], rate), 1e-16)
    digits = int(-np.log10(error))
    print("%s %s %s log %.3f | Galerkin %.1e, collocation %.1e, Galerkin/collocation %.1e, "
          "second gauge %.1e | %d digits, %.0f s" % (
              name, " ".join(arguments), np.format_float_scientific(rate, 17),
              float(np.log(rate)), gap(weak[0], rate), gap(strong[0], strong[1]),
              gap(strong[1], rate), gap(second, rate), digits, time.time() - begin),
          flush=True)
    if case is ou_rotation and arguments[1] == "0":
        print("  twice the one-dimensional rate: %.1e" % gap(2 * kummer(arguments[0]), rate))
    return [name, "|".join(["Dimension=2"] + settings),
            np.format_float_scientific(rate, digits - 1, unique=False),
            np.format_float_positional(np.log(rate), digits, unique=False)]


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    rows = [run(*case) for case in CASES]
    with open(os.path.join(here, "escape_rates_irreversible.csv"), "w", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["case", "settings", "rate", "log_rate"])
        writer.writerows(rows)


if __name__ == "__main__":
    main()
