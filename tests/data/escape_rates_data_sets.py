"""Reference escape rates of the ready problems with data: escape_rates_data_sets.csv.

Stochastic gradient descent on the banknotes of problems/data, in a box that absorbs
on all sides.  The escape rate is the smallest eigenvalue gamma of the backward
equation (Ito)

    -grad L . grad v + D : grad grad v = -gamma v,   v = 0 on the boundary,
    D = eta (1 - B/m)/(2 B) (<g g^T> - <g> <g>^T) + delta I,

which needs no derivative of D.  Method: Chebyshev collocation, polynomials of degree
n in either direction, inverse iteration with a Rayleigh quotient.  Loss, gradients g
and covariance are averages over the samples at every node.  Reference: L. N.
Trefethen, Spectral Methods in MATLAB, SIAM 2000.

    python3 tests/data/escape_rates_data_sets.py

writes the table and prints the rates for several n.
"""

import csv
import os

import numpy as np

FOLDER = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(FOLDER, "..", "..", "problems", "data", "banknote_authentication.csv")


def read_data():
    """Columns without the label, and the label."""
    with open(DATA, newline="", encoding="utf-8") as stream:
        _, *rows = csv.reader(stream)
    table = np.array(rows, dtype=float)
    return table[:, :-1], table[:, -1]


def standardized(columns):
    return (columns - columns.mean(axis=0)) / columns.std(axis=0)


class Logistic:
    """l = log(1 + exp(-y theta.x)) on the first two principal components."""

    def __init__(self):
        features, label = read_data()
        z = standardized(features)
        _, _, axes = np.linalg.svd(z, full_matrices=False)
        for axis in axes:
            axis *= np.sign(axis[np.argmax(np.abs(axis))])
        self.x, self.y = z @ axes[:2].T, np.where(label == label.max(), 1., -1.)

    def gradients(self, point):
        return -(self.y / (1 + np.exp(self.y * (self.x @ point))))[:, None] * self.x


class Tanh:
    """l = (w tanh(v s) - t)^2/2 of the first feature s and the label t."""

    def __init__(self):
        features, label = read_data()
        self.s, self.t = standardized(features[:, 0]), standardized(label)

    def gradients(self, point):
        v, w = point
        tanh = np.tanh(v * self.s)
        error = w * tanh - self.t
        return np.stack([error * w * self.s / np.cosh(v * self.s) ** 2, error * tanh], axis=1)


def chebyshev(n, lower, upper):
    """Nodes and the matrices of first and second derivatives on [lower, upper]."""
    x = np.cos(np.pi * np.arange(n + 1) / n)
    c = np.where((np.arange(n + 1) == 0) | (np.arange(n + 1) == n), 2., 1.) * (-1.) ** np.arange(n + 1)
    # x_i - x_j by sines, which does not cancel
    angle = np.pi * np.arange(n + 1) / (2 * n)
    difference = 2 * np.sin(angle[:, None] + angle) * np.sin(angle - angle[:, None])
    first = np.outer(c, 1 / c) / (difference + np.eye(n + 1))
    first -= np.diag(first.sum(axis=1))
    first *= 2 / (upper - lower)
    return (lower + upper) / 2 + (upper - lower) / 2 * x, first, first @ first


def rate(model, noise, regularization, injected, lower, upper, n):
    """noise: eta (1 - B/m)/(2 B)."""
    x, dx, dxx = chebyshev(n, lower[0], upper[0])
    y, dy, dyy = chebyshev(n, lower[1], upper[1])
    inner = range(1, n)
    count = n - 1
    drift = np.empty((count, count, 2))
    tensor = np.empty((count, count, 2, 2))
    for i in inner:
        for j in inner:
            point = np.array([x[i], y[j]])
            g = model.gradients(point)
            mean = g.mean(axis=0)
            drift[i - 1, j - 1] = -mean - regularization * point
            centered = g - mean
            tensor[i - 1, j - 1] = noise * (centered.T @ centered) / len(g) + injected * np.eye(2)
    dx, dxx, dy, dyy = (matrix[1:-1, 1:-1] for matrix in (dx, dxx, dy, dyy))
    one = np.eye(count)
    generator = np.zeros((count ** 2, count ** 2))
    for factor, in_x, in_y in ((drift[..., 0], dx, one), (drift[..., 1], one, dy), (tensor[..., 0, 0], dxx, one),
                               (2 * tensor[..., 0, 1], dx, dy), (tensor[..., 1, 1], one, dyy)):
        generator += factor.reshape(-1, 1) * np.kron(in_x, in_y)
    inverse = np.linalg.inv(generator)
    v = np.ones(count ** 2)
    for _ in range(60):
        new = inverse @ v
        gamma = -(v @ v) / (v @ new)
        new /= np.abs(new).max() * np.sign(new[np.argmax(np.abs(new))])
        if np.abs(new - v).max() < 1e-13:
            break
        v = new
    return gamma


# Case: model, eta, B, lambda, delta, corners, settings.
LOGISTIC = ("Dimension=2|Loss/Type=dataset|Loss/Model=logistic regression|Loss/Data=banknote_authentication.csv|"
            "Loss/Features=principal components 1..2|Loss/Label=Class")
TANH = ("Dimension=2|Loss/Type=dataset|Loss/Model=tanh network|Loss/Data=banknote_authentication.csv|"
        "Loss/Features=WaveletVariance|Loss/Label=Class")
CASES = [
    ("banknote_logistic_2d", Logistic, 0.1, 1, 0, 0, (-2, -2.5), (0.2, -0.3), LOGISTIC),
    ("banknote_logistic_2d", Logistic, 0.2, 4, 0.01, 0.002, (-2, -2.5), (0.2, -0.3), LOGISTIC),
    ("banknote_tanh", Tanh, 0.4, 1, 0.1, 0.012, (-0.5, -2.5), (2.2, 0.5), TANH),
    ("banknote_tanh", Tanh, 1, 2, 0.05, 0.02, (-0.5, -2.5), (2.5, 0.5), TANH),
]


def main():
    samples = len(read_data()[1])
    rows = []
    for case, model, eta, batch, regularization, injected, lower, upper, settings in CASES:
        noise = eta * (1 - batch / samples) / (2 * batch)
        rates = [rate(model(), noise, regularization, injected, lower, upper, n) for n in (40, 56, 72)]
        print(f"{case}, eta = {eta}, B = {batch}:", " ".join(f"{gamma:.12e}" for gamma in rates), flush=True)
        text = (f"{settings}|Loss/L2 regularization={regularization}|Noise/Type=empirical|Noise/Learning rate={eta}|"
                f"Noise/Batch size={batch}|Noise/Injected diffusion={injected}|"
                f"Domain/Lower={lower[0]}, {lower[1]}|Domain/Upper={upper[0]}, {upper[1]}|Domain/Absorbing=all")
        rows.append([case, text, f"{rates[-1]:.11e}", f"{np.log(rates[-1]):.12f}"])
    with open(os.path.join(FOLDER, "escape_rates_data_sets.csv"), "w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["case", "settings", "rate", "log_rate"])
        writer.writerows(rows)


if __name__ == "__main__":
    main()
