"""Metastable eigenvalues of a loss in two variables, for valley_rates.py, which states the equation.

Elements of degree p on rectangles, nodes at the Gauss-Lobatto points, p + 6 Gauss points per direction.

    pinned: u itself, pins at the minima, R, S and M_k in double precision.  Cells where exp(-Psi) is below exp(-SKIRT)
        of that at the highest level that matters are left out, and the weight has a floor within each cell,
        exp(-min(Psi, its minimum over the cell + FLOOR)), without which nodes on the far side are undetermined.
    symmetrised: u = exp(Psi/2) v, a(u, u') = int D (grad v + v grad Psi/2) . (grad v' + v' grad Psi/2),
        <u, u'> = int v v'.  Subspace iteration with the inverse of a + <,> in double precision gives the lowest
        vectors; the Rayleigh-Ritz matrices of their span are summed in 80-bit arithmetic, so that errors of the
        vectors enter squared.
"""

import mpmath
import numpy as np
import scipy.sparse as sparse
from mpmath import mpf
from scipy.linalg import eigh
from scipy.sparse.linalg import splu

from escape_rates_tensor import gauss, legendre
from extended_precision import REAL, from_real

FLOOR = 30
SKIRT = 45


def lobatto(p):
    """Gauss-Lobatto points of degree p on [-1, 1], in extended precision."""
    t = -np.cos(np.pi * np.arange(p + 1) / p).astype(REAL)
    for _ in range(40):
        value, slope = legendre(p + 2, t)
        curvature = (2 * t[1:-1] * slope[1:-1, p] - p * (p + 1) * value[1:-1, p]) / (1 - t[1:-1] ** 2)
        t[1:-1] -= slope[1:-1, p] / curvature
    return t


def shape_functions(p):
    """Gauss points and weights; values and slopes of the nodal functions there: [point, function]."""
    nodes = lobatto(p)
    t, w = gauss(p + 6)
    vandermonde = legendre(p + 1, nodes)[0]
    inverse = np.linalg.inv(vandermonde.astype(float)).astype(REAL)
    for _ in range(3):  # Newton's iteration towards the inverse in extended precision
        inverse = inverse @ (2 * np.eye(p + 1, dtype=REAL) - vandermonde @ inverse)
    value, slope = legendre(p + 1, t)
    return t, w, value @ inverse, slope @ inverse


class Grid:
    """Rectangles between the breaks of both axes, and the numbers of their nodes."""

    def __init__(self, breaks, p):
        self.p, self.cells = p, [len(b) - 1 for b in breaks]
        self.size = [np.diff(b) for b in breaks]
        self.t, self.w, self.value, self.slope = shape_functions(p)
        nodes = lobatto(p)
        self.quadrature, self.axes = [], []
        for b, h in zip(breaks, self.size):
            self.quadrature.append(b[:-1, None] + h[:, None] / 2 * (self.t + 1))
            self.axes.append(np.append((b[:-1, None] + h[:, None] / 2 * (nodes[:-1] + 1)).ravel(), b[-1]))
        self.shape = tuple(len(axis) for axis in self.axes)
        first = [np.arange(n)[:, None] * p + np.arange(p + 1) for n in self.cells]
        # numbers[cell x, cell y, i, j]
        self.numbers = first[0][:, None, :, None] * self.shape[1] + first[1][None, :, None, :]

    def all_cells(self):
        return [(i, j) for i in range(self.cells[0]) for j in range(self.cells[1])]

    def point(self, cell):
        return self.quadrature[0][cell[0]][:, None], self.quadrature[1][cell[1]][None, :]

    def sizes(self, cell):
        return self.size[0][cell[0]], self.size[1][cell[1]]

    def weight(self, cell):
        """Quadrature weights."""
        h = self.sizes(cell)
        return self.w[:, None] * self.w[None, :] * h[0] * h[1] / 4

    def functions(self):
        """Values, x and y slopes (of a cell of size 2 x 2) of all nodal functions at all points: [point, function]."""
        value, slope = self.value.astype(float), self.slope.astype(float)
        return np.kron(value, value), np.kron(slope, value), np.kron(value, slope)

    def assemble(self, cells, matrices):
        """Sparse matrix of dense ones, one per cell."""
        n = (self.p + 1) ** 2
        numbers = np.array([self.numbers[c].ravel() for c in cells])
        rows = np.repeat(numbers, n, axis=1).ravel()
        columns = np.tile(numbers, (1, n)).ravel()
        whole = self.shape[0] * self.shape[1]
        return sparse.coo_matrix((np.asarray(matrices).ravel(), (rows, columns)), shape=(whole, whole)).tocsc()


def absorbed(grid, absorbing):
    fixed = np.zeros(grid.shape, dtype=bool)
    if absorbing == "x+":
        fixed[-1, :] = True
    return fixed.ravel()


def symmetrised(gradient, breaks, absorbing, diffusion, p, n):
    """The n lowest eigenvalues, mpf."""
    grid, d = Grid(breaks, p), REAL(diffusion)
    all_cells = grid.all_cells()
    value, along_x, along_y = grid.functions()
    stiffness, mass = [], []
    for cell in all_cells:
        x, y = (q.astype(float) for q in grid.point(cell))
        gx, gy = (np.broadcast_to(g, (p + 6, p + 6)).reshape(-1, 1) / float(2 * d) for g in gradient(x, y))
        hx, hy = (float(h) / 2 for h in grid.sizes(cell))
        fx, fy = along_x / hx + gx * value, along_y / hy + gy * value
        w = grid.weight(cell).astype(float).reshape(-1, 1)
        stiffness.append(float(d) * (fx.T @ (w * fx) + fy.T @ (w * fy)))
        mass.append(value.T @ (w * value))
    a = grid.assemble(all_cells, stiffness)
    m = grid.assemble(all_cells, mass)
    free = np.flatnonzero(~absorbed(grid, absorbing))
    a, m = a[free][:, free], m[free][:, free]
    factors = splu((a + m).tocsc(), permc_spec="MMD_AT_PLUS_A", options=dict(SymmetricMode=True), diag_pivot_thresh=0.)
    rng = np.random.default_rng(1)
    v = rng.standard_normal((len(free), n + 3))
    for _ in range(45):
        v = factors.solve(m @ v)
        v = v @ eigh(v.T @ (a @ v), v.T @ (m @ v))[1]
    full = np.zeros((grid.shape[0] * grid.shape[1], n), dtype=REAL)
    full[free] = v[:, :n]
    return ritz_values(grid, gradient, d, full)


def ritz_values(grid, gradient, d, full):
    """Eigenvalues of the symmetrised form in the span of the columns of nodal values, mpf."""
    value, slope, n = grid.value, grid.slope, full.shape[1]
    ritz, gram = np.zeros((n, n), dtype=REAL), np.zeros((n, n), dtype=REAL)
    for cell in grid.all_cells():
        gx, gy = (g / (2 * d) for g in gradient(*grid.point(cell)))
        hx, hy = (h / 2 for h in grid.sizes(cell))
        fields = []
        for k in range(n):
            c = full[grid.numbers[cell], k]
            f = value @ c @ value.T
            fields.append((f, slope @ c @ value.T / hx + gx * f, value @ c @ slope.T / hy + gy * f))
        w = grid.weight(cell)
        for k in range(n):
            for l in range(n):
                ritz[k, l] += d * (w * (fields[k][1] * fields[l][1] + fields[k][2] * fields[l][2])).sum()
                gram[k, l] += (w * fields[k][0] * fields[l][0]).sum()
    with mpmath.workdps(60):
        exact = [mpmath.matrix([[from_real(q[k, l]) for l in range(n)] for k in range(n)]) for q in (ritz, gram)]
        inverse = mpmath.cholesky((exact[1] + exact[1].T) / 2) ** -1
        reduced = inverse * exact[0] * inverse.T
        return sorted(mpmath.eigsy((reduced + reduced.T) / 2, eigvals_only=True))


def pinned(loss, breaks, absorbing, diffusion, p, minima, top, n_powers):
    """rates (rows with the exit last), M_0, M_1, ... for eigenvalues() of valley_rates.py; minima: positions, top: the
    highest level of L that matters."""
    grid, d = Grid(breaks, p), float(diffusion)
    value, along_x, along_y = grid.functions()
    lowest = min(float(loss(REAL(x), REAL(y))) for x, y in minima)
    kept, stiffness, mass, slopes = [], [], [], []
    for cell in grid.all_cells():
        psi = ((loss(*grid.point(cell)) - lowest) / d).astype(float).reshape(-1, 1)
        if psi.min() > (top - lowest) / d + SKIRT:
            continue
        w = np.exp(-np.minimum(psi, psi.min() + FLOOR)) * grid.weight(cell).astype(float).reshape(-1, 1)
        hx, hy = (float(h) / 2 for h in grid.sizes(cell))
        kept.append(cell)
        slopes.append((d / hx ** 2 * w, d / hy ** 2 * w))
        stiffness.append(along_x.T @ (slopes[-1][0] * along_x) + along_y.T @ (slopes[-1][1] * along_y))
        mass.append(value.T @ (w * value))
    a, m = grid.assemble(kept, stiffness), grid.assemble(kept, mass)
    used = np.zeros(a.shape[0], dtype=bool)
    for cell in kept:
        used[grid.numbers[cell].ravel()] = True
    gone = absorbed(grid, absorbing)
    x, y = (axis.astype(float) for axis in grid.axes)
    pins = [np.abs(x - px).argmin() * len(y) + np.abs(y - py).argmin() for px, py in minima]
    free = used & ~gone
    free[pins] = False
    free = np.flatnonzero(free)
    scale = 1 / np.sqrt(a.diagonal()[free])
    inner = sparse.diags(scale) @ a[free][:, free] @ sparse.diags(scale)
    factors = splu(inner.tocsc(), permc_spec="MMD_AT_PLUS_A", options=dict(SymmetricMode=True), diag_pivot_thresh=0.)

    def solve(right):
        b = scale * right
        u = factors.solve(b)
        u += factors.solve(b - inner @ u)
        return scale * u

    fixed = [np.array([pin]) for pin in pins] + ([np.flatnonzero(gone & used)] if gone.any() else [])
    functions = []
    for nodes in fixed:
        s = np.zeros(a.shape[0])
        s[nodes] = 1
        s[free] = solve(-(a @ s)[free])
        functions.append(s)
    energy = np.zeros((len(fixed), len(fixed)))
    for cell, (wx, wy) in zip(kept, slopes):
        c = np.array([s[grid.numbers[cell]].ravel() for s in functions]).T
        c = c - c[:1]  # a constant has no gradient, exactly
        sx, sy = along_x @ c, along_y @ c
        energy += (wx * sx).T @ sx + (wy * sy).T @ sy
    count = len(pins)
    rates = [[mpf(0) if l == k or l >= len(fixed) else -mpf(energy[k, l]) for l in range(count + 1)]
             for k in range(count)]
    powers = [np.array(functions[:count]).T]
    for _ in range(n_powers - 1):
        w = np.zeros_like(powers[0])
        for k in range(count):
            w[free, k] = solve((m @ powers[-1][:, k])[free])
        powers.append(w)
    moments = []
    for k in range(2 * n_powers - 1):
        product = powers[k // 2].T @ (m @ powers[k - k // 2])
        moments.append(mpmath.matrix(((product + product.T) / 2).tolist()))
    return rates, moments
