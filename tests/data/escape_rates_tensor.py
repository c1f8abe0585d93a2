"""Reference escape rates in two dimensions with a constant diffusion tensor.

Equation
    dX = -grad L dt + sqrt(2 D) dW in a box; the rate gamma is the smallest
    eigenvalue of
        -div(D grad p + p grad L) = gamma p,
    p = 0 on absorbing sides, n . (D grad p + p grad L) = 0 on the others.
    If D does not commute with the Hessian of L, the stationary flow has
    circulating currents and the problem has no symmetric form.

Both methods use p = exp(-phi) u with phi = L / (2 d), d = trace(D) / 2, and the
scaled flux
    G(u) = D grad u + u (grad L - D grad phi),

    1. Galerkin, orthonormal Legendre products (zero on the absorbing side):
           int G(u) . (grad v + v grad phi) = gamma int u v.
       Everything is polynomial, so Gauss quadrature is exact.  Right and left
       eigenvectors come from inverse iteration in double precision; gamma is
       their two-sided Rayleigh quotient, evaluated in 80-bit arithmetic.  The
       quotient is stationary, so errors of the vectors enter squared.
    2. Collocation, Chebyshev-Gauss-Lobatto points, strong form
           -div G(u) + grad phi . G(u) = gamma u,
       rows n . G(u) = 0 on reflecting and u = 0 on absorbing sides.  Inverse
       iteration; each solve is refined with residuals in 80-bit arithmetic.

Each method is run at two resolutions.  The table holds the finer Galerkin
value, with the digits that the coarser run and the collocation confirm (at most
17).  A check against a separable problem whose rate is known from the
one-dimensional equation is printed first.

Run (about two and a half minutes, 1.5 GB; prints the agreement):
    python3 tests/data/escape_rates_tensor.py
"""

import csv
import os

import numpy as np
from scipy.linalg import lu_factor, lu_solve

REAL = np.longdouble

COUPLED = {"expression": "x^4/4 - x^2/2 + y^2/2 + 0.3*x*y", "coupling": "0.3"}
SEPARABLE = {"expression": "x^4/4 - x^2/2 + y^2/2", "coupling": "0"}
BOX = ("-2.2", "0", "-2", "2")  # x from, x to, y from, y to

# case, D11, D12, D22
CASES = [
    ("tensor", "0.12", "0.03", "0.08"),
    ("tensor", "0.06", "0.015", "0.04"),
    ("isotropic", "0.1", "0", "0.1"),
]
GALERKIN = [(52, 64), (60, 74)]     # numbers of functions in x and y
COLLOCATION = [(52, 68), (60, 76)]  # polynomial degrees in x and y


def decimal(text):
    """Nearest extended-precision number to a decimal string."""
    return REAL(text)


class Problem:
    def __init__(self, potential, d11, d12, d22):
        self.coupling = decimal(potential["coupling"])
        self.d11, self.d12, self.d22 = decimal(d11), decimal(d12), decimal(d22)
        self.scale = 1 / (self.d11 + self.d22)  # phi = L * scale
        self.box = [decimal(t) for t in BOX]

    def gradient(self, x, y):
        return x ** 3 - x + self.coupling * y, y + self.coupling * x

    def fields(self, x, y):
        """grad phi and grad L - D grad phi."""
        gx, gy = self.gradient(x, y)
        fx, fy = self.scale * gx, self.scale * gy
        return (fx, fy, gx - self.d11 * fx - self.d12 * fy,
                gy - self.d12 * fx - self.d22 * fy)


# --- Galerkin -----------------------------------------------------------------

def legendre(n, t):
    """P_0 .. P_{n-1} and their derivatives at t, as columns."""
    value = np.zeros((len(t), n + 1), dtype=t.dtype)
    slope = np.zeros_like(value)
    value[:, 0] = 1
    value[:, 1], slope[:, 1] = t, 1
    for k in range(1, n):
        value[:, k + 1] = ((2 * k + 1) * t * value[:, k] - k * value[:, k - 1]) / (k + 1)
        slope[:, k + 1] = slope[:, k - 1] + (2 * k + 1) * value[:, k]
    return value[:, :n], slope[:, :n]


def gauss(n):
    """Gauss-Legendre rule polished in extended precision."""
    t = np.polynomial.legendre.leggauss(n)[0].astype(REAL)
    for _ in range(3):
        value, slope = legendre(n + 1, t)
        t = t - value[:, n] / slope[:, n]
    slope = legendre(n + 1, t)[1][:, n]
    return t, 2 / ((1 - t * t) * slope * slope)


def basis(n, low, high, absorbing_high):
    """Quadrature points, weights, functions and derivatives on [low, high]."""
    t, w = gauss(n + 8)
    half = (high - low) / 2
    value, slope = legendre(n + 1, t)
    if absorbing_high:  # P_k - P_{k+1} vanishes at t = 1; then orthonormalise
        value, slope = value[:, :-1] - value[:, 1:], slope[:, :-1] - slope[:, 1:]
    else:
        value, slope = value[:, :n], slope[:, :n]
    gram = (value.T * (w * half)) @ value
    inverse = np.linalg.inv(np.linalg.cholesky(gram.astype(float))).T.astype(REAL)
    return low + half * (t + 1), w * half, value @ inverse, slope @ inverse / half


def galerkin(problem, nx, ny):
    x, wx, bx, dx = basis(nx, problem.box[0], problem.box[1], True)
    y, wy, by, dy = basis(ny, problem.box[2], problem.box[3], False)
    fx, fy, cx, cy = problem.fields(x[:, None], y[None, :])
    weight = wx[:, None] * wy[None, :]

    def flatten(matrix):
        return np.ascontiguousarray(matrix, dtype=float)

    value = np.kron(flatten(bx), flatten(by))
    along_x = np.kron(flatten(dx), flatten(by))
    along_y = np.kron(flatten(bx), flatten(dy))
    column = lambda field: flatten(field).reshape(-1, 1)
    d11, d12, d22 = float(problem.d11), float(problem.d12), float(problem.d22)
    w = column(weight)
    a = (along_x + column(fx) * value).T @ (
        w * (d11 * along_x + d12 * along_y + column(cx) * value))
    a += (along_y + column(fy) * value).T @ (
        w * (d12 * along_x + d22 * along_y + column(cy) * value))
    mass = value.T @ (w * value)
    del value, along_x, along_y
    factors = lu_factor(a)

    u = v = np.ones(nx * ny)
    for _ in range(60):
        u = lu_solve(factors, mass @ u)
        v = lu_solve(factors, mass @ v, trans=1)
        u, v = u / np.linalg.norm(u), v / np.linalg.norm(v)

    def evaluate(c):
        c = c.reshape(nx, ny).astype(REAL)
        return bx @ c @ by.T, dx @ c @ by.T, bx @ c @ dy.T

    u, ux, uy = evaluate(u)
    v, vx, vy = evaluate(v)
    flux_x = problem.d11 * ux + problem.d12 * uy + cx * u
    flux_y = problem.d12 * ux + problem.d22 * uy + cy * u
    form = (weight * (flux_x * (vx + fx * v) + flux_y * (vy + fy * v))).sum()
    return form / (weight * u * v).sum()


# --- collocation --------------------------------------------------------------

def chebyshev(n, low, high):
    """Chebyshev-Gauss-Lobatto points from low to high, differentiation matrix."""
    pi = REAL("3.14159265358979323846264338327950288")
    k = np.arange(n + 1)
    angle = pi * k.astype(REAL) / n
    t = -np.cos(angle)
    c = np.where((k == 0) | (k == n), REAL(2), REAL(1)) * (-1.0) ** k
    # t_i - t_j without cancellation
    gap = 2 * np.sin((angle[:, None] + angle[None, :]) / 2) \
        * np.sin((angle[:, None] - angle[None, :]) / 2)
    gap[k, k] = 1
    d = (c[:, None] / c[None, :]) / gap
    d[k, k] = 0
    d[k, k] = -d.sum(axis=1)
    half = (high - low) / 2
    return low + half * (t + 1), d / half


def collocation(problem, nx, ny):
    x, dx = chebyshev(nx, problem.box[0], problem.box[1])
    y, dy = chebyshev(ny, problem.box[2], problem.box[3])
    fx, fy, cx, cy = problem.fields(x[:, None], y[None, :])

    def apply(u):
        """Rows of the discrete operator for nodal values u (80-bit)."""
        ux, uy = dx @ u, u @ dy.T
        gx = problem.d11 * ux + problem.d12 * uy + cx * u
        gy = problem.d12 * ux + problem.d22 * uy + cy * u
        r = -(dx @ gx + gy @ dy.T) + fx * gx + fy * gy
        r[0, :] = gx[0, :]
        r[:, 0], r[:, -1] = gy[:, 0], gy[:, -1]
        r[-1, :] = u[-1, :]
        return r

    ex, ey = np.eye(nx + 1), np.eye(ny + 1)
    column = lambda field: np.asarray(field, dtype=float).reshape(-1, 1)
    along_x, along_y = np.kron(dx.astype(float), ey), np.kron(ex, dy.astype(float))
    d11, d12, d22 = float(problem.d11), float(problem.d12), float(problem.d22)
    index = np.arange((nx + 1) * (ny + 1))
    grid = index.reshape(nx + 1, ny + 1)
    gx = d11 * along_x + d12 * along_y
    gx[index, index] += column(cx)[:, 0]
    gy = d12 * along_x + d22 * along_y
    gy[index, index] += column(cy)[:, 0]
    a = column(fx) * gx + column(fy) * gy - along_x @ gx - along_y @ gy
    a[grid[0]] = gx[grid[0]]
    for edge in (grid[:, 0], grid[:, -1]):
        a[edge] = gy[edge]
    a[grid[-1]] = 0
    a[grid[-1], grid[-1]] = 1
    del along_x, along_y, gx, gy
    # balance the rows of the operator and of the boundary conditions
    row = 1 / np.abs(a).max(axis=1)
    factors = lu_factor(a * row[:, None])
    row = row.reshape(nx + 1, ny + 1)

    def solve(right):
        u = np.zeros((nx + 1, ny + 1), dtype=REAL)
        for _ in range(6):
            residual = (right - apply(u)) * row
            size = np.abs(residual).max()
            u = u + size * lu_solve(factors, (residual / size).astype(float).ravel()) \
                .reshape(u.shape)
        return u

    u = np.ones((nx + 1, ny + 1), dtype=REAL)
    rate = REAL(0)
    for _ in range(100):
        right = u.copy()
        right[0, :] = right[-1, :] = 0
        right[:, 0] = right[:, -1] = 0
        new = solve(right)
        inside = (slice(1, -1), slice(1, -1))
        previous, rate = rate, (u[inside] * new[inside]).sum() / (new[inside] ** 2).sum()
        u = new / np.abs(new).max()
        if abs(rate - previous) < 1e-17 * abs(rate):
            break
    return rate


# --- table --------------------------------------------------------------------

def run(name, problem):
    weak = [galerkin(problem, *size) for size in GALERKIN]
    strong = [collocation(problem, *size) for size in COLLOCATION]
    rate = weak[1]
    gap = lambda value, other: "%.1e" % abs(float(value / other - 1))
    print("%s rate %s | Galerkin fine/coarse %s, collocation fine/coarse %s, "
          "Galerkin/collocation %s" % (
              name, np.format_float_scientific(rate, 17), gap(weak[0], rate),
              gap(strong[0], strong[1]), gap(strong[1], rate)), flush=True)
    error = max(abs(float(other / rate - 1)) for other in (weak[0], strong[1]))
    digits = min(17, int(-np.log10(max(error, 1e-30))) + 1)
    return rate, digits


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    run("separable, D = 0.1", Problem(SEPARABLE, "0.1", "0", "0.1"))
    rows = []
    for case, d11, d12, d22 in CASES:
        tensor = "%s, %s; %s, %s" % (d11, d12, d12, d22)
        rate, digits = run("%s %s:" % (case, tensor), Problem(COUPLED, d11, d12, d22))
        rows.append([case, COUPLED["expression"], "%s, %s" % (BOX[0], BOX[2]),
                     "%s, %s" % (BOX[1], BOX[3]), "x+", tensor,
                     np.format_float_scientific(rate, digits - 1, unique=False),
                     np.format_float_positional(np.log(rate), digits, unique=False,
                                                fractional=False), "1"])
    with open(os.path.join(here, "escape_rates_tensor.csv"), "w", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["case", "expression", "lower", "upper", "absorbing",
                         "diffusion", "rate", "log_rate", "exit_probability_upper"])
        writer.writerows(rows)


if __name__ == "__main__":
    main()
