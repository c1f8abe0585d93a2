"""Reference lists of critical points, complete by proof.

Method
    Every zero of the gradient of L in a box, and of its part along every face and edge,
    is enclosed by interval arithmetic. A cell is dropped if some component of the
    gradient, in the natural or in the mean value form, excludes zero; it is done with
    if the Krawczyk operator maps the cell (enlarged by a fifth) into itself, for then
    the cell holds exactly one zero; otherwise it is halved in all directions. No cell
    may be left over. Derivatives come from second-order automatic differentiation, and
    bounds are widened by two units in the last place after every operation. Zeros are
    polished by Newton's iteration with 40 digits.

    Independent of that, in two dimensions the winding number of the gradient around
    the box must be #minima - #saddles + #maxima (Poincare-Hopf).

Listed are
    minimum   all eigenvalues of the Hessian positive,
    saddle    exactly one negative,
    exit      on one absorbing side (and perhaps on reflecting ones): a minimum of L
              along these, L rising towards the absorbing side and falling towards the
              reflecting ones.

The lowest barriers from the deepest minimum to each other minimum and to each absorbing
side are found by flooding a fine lattice (neighbours also along diagonals). They are the
level of a saddle or exit point, to which the lattice only has to point: where it is not much
nearer to it than to any other, the row is left out. So are sides that are lowest beside
another absorbing side.

Run (two minutes; writes critical_points.csv and lowest_barriers.csv, prints the counts):
    python3 tests/data/critical_points.py
"""

import csv
import heapq
import itertools
import os
import random
import re

import mpmath
import numpy as np

mpmath.mp.dps = 40


class Interval:
    """Arrays of closed intervals."""

    def __init__(self, low, high, exact=False):
        if not exact:
            low, high = (np.nextafter(np.nextafter(x, way), way) for x, way in ((low, -np.inf), (high, np.inf)))
        self.low, self.high = low, high

    def __add__(self, other):
        other = interval(other)
        return Interval(self.low + other.low, self.high + other.high)

    def __mul__(self, other):
        other = interval(other)
        products = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(np.minimum.reduce(products), np.maximum.reduce(products))

    def power(self, n):
        ends = self.low**n, self.high**n
        low, high = np.minimum(*ends), np.maximum(*ends)
        if n % 2 == 0:
            low = np.where((self.low < 0) & (self.high > 0), 0.0, low)
        # Powers of up to six are products with less than six units of rounding.
        slack = 1e-15 * np.maximum(abs(low), abs(high))
        return Interval(low - slack, high + slack)

    def exp(self):
        return Interval(np.exp(self.low) * (1 - 1e-15), np.exp(self.high) * (1 + 1e-15))

    __radd__, __rmul__ = __add__, __mul__


def interval(value):
    return value if isinstance(value, Interval) else Interval(*2 * [np.float64(value)], exact=True)


class Jet:
    """Value, gradient and Hessian of an expression in numbers of any type."""

    def __init__(self, value, gradient, hessian):
        self.value, self.gradient, self.hessian = value, gradient, hessian

    @classmethod
    def variable(cls, value, i, dimension):
        return cls(value, [1.0 if j == i else 0.0 for j in range(dimension)], [[0.0] * dimension] * dimension)

    def chain(self, f, first, second):
        g = self.gradient
        return Jet(f, [first * a for a in g],
                   [[second * (g[i] * g[j]) + first * self.hessian[i][j] for j in range(len(g))]
                    for i in range(len(g))])

    def __add__(self, other):
        if not isinstance(other, Jet):
            return Jet(self.value + other, self.gradient, self.hessian)
        return Jet(self.value + other.value, [a + b for a, b in zip(self.gradient, other.gradient)],
                   [[a + b for a, b in zip(*rows)] for rows in zip(self.hessian, other.hessian)])

    def __mul__(self, other):
        if not isinstance(other, Jet):
            return Jet(self.value * other, [a * other for a in self.gradient],
                       [[a * other for a in row] for row in self.hessian])
        f, g, n = self, other, range(len(self.gradient))
        return Jet(f.value * g.value, [f.gradient[i] * g.value + f.value * g.gradient[i] for i in n],
                   [[f.hessian[i][j] * g.value + f.gradient[i] * g.gradient[j] + f.gradient[j] * g.gradient[i] +
                     f.value * g.hessian[i][j] for j in n] for i in n])

    def __pow__(self, n):
        power = self.value.power if isinstance(self.value, Interval) else lambda k: self.value**k
        return self.chain(power(n), n * power(n - 1) if n > 1 else 1.0, n * (n - 1) * power(n - 2) if n > 2 else 2.0)

    __radd__, __rmul__ = __add__, __mul__

    def __truediv__(self, number):
        return self * (1 / number)

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + other * -1.0

    def __rsub__(self, other):
        return self * -1.0 + other


def exponential(jet):
    e = jet.value.exp() if isinstance(jet.value, Interval) else mpmath.exp(jet.value)
    return jet.chain(e, e, e)


def evaluate(code, position):
    """The jet of a compiled expression at a position (floating point, mpf or Interval)."""
    variables = {name: Jet.variable(x, i, len(position)) for i, (name, x) in enumerate(zip("xyz", position))}
    return eval(code, {"exp": exponential}, variables)


def compile_loss(expression, number="{}"):
    """Decimal constants stay exact in high precision."""
    text = re.sub(r"(?<![\w.^])(\d+\.\d+|\d+)(?![\w.])", lambda m: number.format(m.group(1)), expression)
    return compile(text.replace("^", "**"), expression, "eval")


def high_precision(expression):
    code = compile_loss(expression, "mpf('{}')")
    globals_ = {"exp": exponential, "mpf": mpmath.mpf}
    return lambda position: eval(code, globals_, {
        name: Jet.variable(x, i, len(position)) for i, (name, x) in enumerate(zip("xyz", position))})


def enclose_zeros(code, lower, upper, free, fixed):
    """Centres of cells that hold exactly one zero of the gradient in the free directions each."""
    def jet(low, high):
        position = [None] * (len(free) + len(fixed))
        for k, i in enumerate(free):
            position[i] = Interval(low[:, k], high[:, k], exact=True)
        for i, value in fixed.items():
            position[i] = interval(value)
        f = evaluate(code, position)
        shape = np.zeros(len(low))
        bounds = lambda x: (interval(x).low + shape, interval(x).high + shape)
        gradient = np.array([bounds(f.gradient[i]) for i in free])  # component, end, cell
        hessian = np.array([[bounds(f.hessian[i][j]) for j in free] for i in free])
        return gradient, hessian

    n = len(free)
    splits = [np.linspace(lower[i], upper[i], 9) for i in free]
    low = np.array(list(itertools.product(*(s[:-1] for s in splits))))
    high = np.array(list(itertools.product(*(s[1:] for s in splits))))
    zeros = []
    while len(low):
        # Neighbours overlap, so that a zero on the border of two cells is inside one.
        centre, radius = (low + high) / 2, 0.6 * (high - low)
        point = jet(centre, centre)[0]
        gradient, hessian = jet(centre - radius, centre + radius)
        spread = np.einsum("ijc,cj->ic", abs(hessian).max(axis=2), radius) * (1 + 1e-12)
        possible = ((gradient[:, 0] <= 0) & (gradient[:, 1] >= 0) & (point[:, 0] - spread <= 0) &
                    (point[:, 1] + spread >= 0)).all(axis=0)
        low, high, centre, radius = (x[possible] for x in (low, high, centre, radius))
        point, hessian = point[..., possible], hessian[..., possible]
        middle = np.moveaxis(hessian.mean(axis=2), 2, 0)
        regular = abs(np.linalg.det(middle)) > 1e-12 * np.linalg.norm(middle, axis=(1, 2)) ** n
        inverse = np.linalg.inv(np.where(regular[:, None, None], middle, np.eye(n)))
        half = np.moveaxis((hessian[:, :, 1] - hessian[:, :, 0]) / 2, 2, 0)
        identity = np.eye(n) - inverse @ middle
        contraction = (abs(identity) + abs(inverse) @ half) * (1 + 1e-10) + 1e-13
        image = -np.einsum("cij,jc->ci", inverse, point.mean(axis=1))
        slack = np.einsum("cij,jc->ci", abs(inverse), point[:, 1] - point[:, 0]) + 1e-13 * abs(image)
        reach = np.einsum("cij,cj->ci", contraction, radius) + slack
        inside = regular & ((abs(image) + reach) < radius).all(axis=1)
        outside = regular & ((abs(image) - reach) > radius).any(axis=1)
        zeros += list(centre[inside] + image[inside])
        rest = ~(inside | outside)
        low, high = low[rest], high[rest]
        assert not len(low) or (high - low).min() > 1e-9, "undecided"
        middle = (low + high) / 2
        corners = list(itertools.product((0, 1), repeat=n))
        low, high = (np.concatenate([np.where(corner, a, b) for corner in corners])
                     for a, b in ((middle, low), (high, middle)))
    return zeros


def polish(loss, start, free, fixed):
    position = [fixed.get(i, None) for i in range(len(free) + len(fixed))]
    for k, i in enumerate(free):
        position[i] = mpmath.mpf(start[k])
    for _ in range(60):
        f = loss(position)
        gradient = mpmath.matrix([f.gradient[i] for i in free])
        step = mpmath.lu_solve(mpmath.matrix([[f.hessian[i][j] for j in free] for i in free]), gradient)
        for k, i in enumerate(free):
            position[i] -= step[k]
        if mpmath.norm(step) < mpmath.mpf(10) ** -36:
            return position
    raise RuntimeError("Newton's iteration does not converge")


def critical_points_on(code, loss, lower, upper, fixed):
    """(position, jet, number of negative eigenvalues along the face) without duplicates."""
    free = [i for i in range(len(lower)) if i not in fixed]
    if not free:
        position = [fixed[i] for i in range(len(lower))]
        return [(position, loss(position), 0)]
    found = []
    for start in enclose_zeros(code, [float(x) for x in lower], [float(x) for x in upper], free,
                               {i: float(x) for i, x in fixed.items()}):
        position = polish(loss, start, free, fixed)
        if any(not lower[i] <= position[i] <= upper[i] for i in free):
            continue
        if any(max(abs(a - b) for a, b in zip(position, other)) < 1e-20 for other, *_ in found):
            continue
        f = loss(position)
        block = np.array([[float(f.hessian[i][j]) for j in free] for i in free])
        eigenvalues = np.linalg.eigvalsh(block)
        assert abs(eigenvalues).min() > 1e-3 * abs(eigenvalues).max(), "nearly degenerate"
        found.append((position, f, int((eigenvalues < 0).sum())))
    return found


def winding_number(code, lower, upper, n=4000):
    t = np.linspace(0, 1, n, endpoint=False)
    (a, c), (b, d) = lower, upper
    x = np.concatenate([a + (b - a) * t, b + 0 * t, b - (b - a) * t, a + 0 * t])
    y = np.concatenate([c + 0 * t, c + (d - c) * t, d + 0 * t, d - (d - c) * t])
    f = evaluate(code, [Interval(x, x, exact=True), Interval(y, y, exact=True)])
    angle = np.unwrap(np.arctan2(*((g.low + g.high) / 2 for g in reversed(f.gradient))))
    turn = angle[-1] - angle[0]
    return round(turn / (2 * np.pi))


def critical_points(expression, diffusion, lower, upper, absorbing):
    code, loss = compile_loss(expression), high_precision(expression)
    lower, upper = ([mpmath.mpf(x) for x in corner.split(",")] for corner in (lower, upper))
    dimension = len(lower)
    names = ["xyz"[i] + sign for i in range(dimension) for sign in "-+"]
    absorbing = names if absorbing == "all" else absorbing.split()
    rows, counts = [], [0] * (dimension + 1)
    for signs in itertools.product((0, -1, 1), repeat=dimension):
        fixed = {i: upper[i] if s > 0 else lower[i] for i, s in enumerate(signs) if s}
        sides = ["xyz"[i] + ("+" if s > 0 else "-") for i, s in enumerate(signs) if s]
        n_absorbing = sum(side in absorbing for side in sides)
        if sides and n_absorbing != 1:
            continue
        for position, f, index in critical_points_on(code, loss, lower, upper, fixed):
            if not sides:
                counts[index] += 1
                if index <= 1:
                    rows.append(("minimum", "saddle")[index:index + 1] + (position, f.value))
                continue
            slopes = {side: signs[i] * f.gradient[i] for i, side in zip((i for i in range(dimension) if signs[i]), sides)}
            for side, slope in slopes.items():
                i = "xyz".index(side[0])
                # Points that are critical up to the width of the landscape are a matter of taste.
                assert abs(slope) > 0.1 * mpmath.sqrt(abs(f.hessian[i][i]) * diffusion), "slope"
            if index == 0 and all((slope > 0) == (side in absorbing) for side, slope in slopes.items()):
                rows.append(("exit", position, f.value))
    if dimension == 2:
        corners = [[float(x) for x in corner] for corner in (lower, upper)]
        assert winding_number(code, *corners) == counts[0] - counts[1] + counts[2]
    return rows, counts


def flood(values, start, absorbing):
    """Lowest maxima of values on paths from a point of a lattice; absorbing points end them."""
    shape = values.shape
    padded = np.pad(values, 1, constant_values=np.inf).ravel()
    strides = [int(np.prod([n + 2 for n in shape[i + 1:]])) for i in range(values.ndim)]
    steps = [sum(a * b for a, b in zip(step, strides)) for step in itertools.product((-1, 0, 1), repeat=values.ndim)]
    steps.remove(0)
    ends = np.pad(absorbing, 1).ravel()
    level = np.full(padded.size, np.inf)
    first = sum((i + 1) * stride for i, stride in zip(start, strides))
    level[first] = padded[first]
    front = [(padded[first], first)]
    while front:
        height, index = heapq.heappop(front)
        if ends[index]:
            continue
        for step in steps:
            other = index + step
            if level[other] == np.inf and padded[other] < np.inf:
                level[other] = max(height, padded[other])
                heapq.heappush(front, (level[other], other))
    return level.reshape([n + 2 for n in shape])[(slice(1, -1),) * values.ndim]


def lowest_barriers(expression, lower, upper, absorbing, rows):
    """(target, barrier) per other minimum and absorbing side."""
    lower, upper = ([float(x) for x in corner.split(",")] for corner in (lower, upper))
    dimension = len(lower)
    names = ["xyz"[i] + sign for i in range(dimension) for sign in "-+"]
    absorbing = names if absorbing == "all" else absorbing.split()
    axes = [np.linspace(a, b, {1: 20001, 2: 401, 3: 61}[dimension]) for a, b in zip(lower, upper)]
    grid = np.meshgrid(*axes, indexing="ij")
    values = evaluate(compile_loss(expression), [Interval(x, x, exact=True) for x in grid]).value
    values = (values.low + values.high) / 2
    faces = {side: np.take(np.arange(values.size).reshape(values.shape), -1 if side[1] == "+" else 0,
                           axis="xyz".index(side[0])).ravel() for side in absorbing}
    n_sides = np.zeros(values.size, int)
    for face in faces.values():
        n_sides[face] += 1
    at = lambda position: tuple(int(round((float(x) - a) / (b - a) * (axis.size - 1)))
                                for x, a, b, axis in zip(position, lower, upper, axes))
    minima = sorted((row for row in rows if row[0] == "minimum"), key=lambda row: row[2])
    level = flood(values, at(minima[0][1]), n_sides.reshape(values.shape) > 0)
    passes = [row for row in rows if row[0] != "minimum"]

    def identify(height):
        distances = sorted((abs(float(row[2]) - height), k) for k, row in enumerate(passes))
        best = passes[distances[0][1]]
        others = [distance for distance, k in distances if abs(passes[k][2] - best[2]) > 1e-12]
        clear = not others or distances[0][0] < 0.3 * others[0]
        return best[2] - minima[0][2] if clear else None

    result = [(row[1], identify(level[at(row[1])])) for row in minima[1:]]
    for side, face in faces.items():
        alone = face[n_sides[face] == 1]
        lowest = alone[level.ravel()[alone].argmin()]
        around = [np.clip(i + np.arange(-1, 2), 0, n - 1) for i, n in zip(np.unravel_index(lowest, values.shape), values.shape)]
        if n_sides.reshape(values.shape)[np.ix_(*around)].max() == 1:
            result.append((side, identify(level.ravel()[lowest])))
    return [(target, barrier) for target, barrier in result if barrier is not None]


def mixture(n, dimension, seed, widths=(2, 8)):
    """Gaussian wells and bumps at random in a quadratic well."""
    rng = random.Random(seed)
    terms = [f"0.2*{q}^2" for q in "xyz"[:dimension]]
    for _ in range(n):
        centre = [f"{rng.uniform(-2.2, 2.2):.2f}" for _ in range(dimension)]
        sharpness = f"{rng.uniform(*widths):.2f}"
        square = " + ".join(f"({q} - {c})^2".replace("- -", "+ ") for q, c in zip("xyz", centre))
        terms.append(f"{rng.choice((-1, -1, 1)) * rng.uniform(0.4, 2):.2f}*exp(-{sharpness}*({square}))")
    return " + ".join(terms).replace("+ -", "- ")


def styblinski_tang(dimension):
    return " + ".join(f"0.5*({q}^4 - 16*{q}^2 + 5*{q})" for q in "xyz"[:dimension])


MULLER_BROWN = ("-200*exp(-(x - 1)^2 - 10*y^2) - 100*exp(-(x^2) - 10*(y - 0.5)^2) "
                "- 170*exp(-6.5*(x + 0.5)^2 + 11*(x + 0.5)*(y - 1.5) - 6.5*(y - 1.5)^2) "
                "+ 15*exp(0.7*(x + 1)^2 + 0.6*(x + 1)*(y - 1) + 0.7*(y - 1)^2)")
THREE_WELLS = ("3*exp(-(x^2) - (y - 1/3)^2) - 3*exp(-(x^2) - (y - 5/3)^2) - 5*exp(-(x - 1)^2 - y^2) "
               "- 5*exp(-(x + 1)^2 - y^2) + 0.2*x^4 + 0.2*(y - 1/3)^4")

# case, L, D, lower, upper, absorbing
CASES = [
    ("double_well", "x^4/4 - x^2/2 + y^2", "0.05", "-2.5, -2.5", "2, 2.5", "x- x+"),
    ("maier_stein", "x^4/4 - x^2/2 + y^2/2 + x^2*y^2/2", "0.01", "-2, -1.2", "2, 1.2", "y- y+"),
    ("muller_brown", MULLER_BROWN, "15", "-1.5, -0.3", "1.2, 2", "all"),
    ("muller_brown", MULLER_BROWN, "15", "-1.5, 0.48", "0.2, 2", "y-"),
    ("three_wells", THREE_WELLS, "0.2", "-2, -1.5", "2, 2.5", "x- x+ y-"),
    ("styblinski_tang_2d", styblinski_tang(2), "2", "-5, -5", "5, 5", "all"),
    ("styblinski_tang_3d", styblinski_tang(3), "2", "-5, -5, -5", "5, 5, 5", "x+ z-"),
    ("mixture_1d", mixture(14, 1, 3, (3, 200)), "0.01", "-3", "3", "x+"),
    ("mixture_2d", mixture(8, 2, 1), "0.01", "-3, -3", "3, 3", "all"),
    ("mixture_2d", mixture(25, 2, 2), "0.01", "-3, -3", "3, 3", "x- y+"),
    ("mixture_2d", mixture(60, 2, 3, (4, 30)), "0.01", "-3, -3", "3, 3", "x+"),
    ("mixture_2d_narrow", mixture(40, 2, 5, (30, 600)), "0.01", "-3, -3", "3, 3", "x+"),
    ("mixture_3d", mixture(6, 3, 5), "0.01", "-3, -3, -3", "3, 3, 3", "x+ y-"),
    ("mixture_3d", mixture(20, 3, 6, (3, 10)), "0.01", "-3, -3, -3", "3, 3, 3", "all"),
]


def write_table(name, columns, rows):
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), name)
    with open(path, "w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(columns.split())
        table.writerows(rows)


def main():
    coordinates = lambda position: [mpmath.nstr(x, 20) for x in position] + [""] * (3 - len(position))
    points, barriers = [], []
    for name, *settings in CASES:
        expression, diffusion, lower, upper, absorbing = settings
        rows, counts = critical_points(expression, mpmath.mpf(diffusion), lower, upper, absorbing)
        rows.sort(key=lambda row: (("minimum", "saddle", "exit").index(row[0]), row[2]))
        points += [[name, *settings, kind, *coordinates(position), mpmath.nstr(value, 20)]
                   for kind, position, value in rows]
        lowest = lowest_barriers(expression, lower, upper, absorbing, rows)
        start = ", ".join(filter(None, coordinates(rows[0][1])))
        barriers += [[name, *settings, start, target if isinstance(target, str) else "valley",
                      *coordinates([] if isinstance(target, str) else target), mpmath.nstr(barrier, 20)]
                     for target, barrier in lowest]
        exits = sum(row[0] == "exit" for row in rows)
        print(f"{name}: critical points by index {counts}, exits {exits}, barriers {len(lowest)}", flush=True)
    write_table("critical_points.csv", "case expression diffusion lower upper absorbing kind x y z loss", points)
    write_table("lowest_barriers.csv", "case expression diffusion lower upper absorbing start target x y z barrier",
                barriers)


if __name__ == "__main__":
    main()
