"""Finite elements against Monte Carlo: the rates side by side; if there are single trajectories, how many of them are left
after a time, against exp(-γt); and, in 2-D and 3-D, where they hit the absorbing sides, against the density of exit points.
"""

import math
import os

import numpy as np
from matplotlib.ticker import MaxNLocator

from .layout import add_legend, figure_of_result
from .results import read_json, read_rows
from .style import CURVES, draw_grid

COMPUTED, SIMULATED = CURVES[0], CURVES[1]
MOST_FORMULAS, MOST_SIDES, BINS, LEAST_EXITS = 6, 4, 30, 20


def read_exits(directory):
    """Times, sides and positions of the trajectories; nothing if the method has none."""
    if not os.path.exists(os.path.join(directory, "exit_times.csv")):
        return None
    rows = read_rows(directory, "exit_times.csv")
    axes = [name for name in rows[0] if name not in ("trajectory", "time", "boundary")]
    return {"time": np.array([float(row["time"]) for row in rows]), "side": np.array([row["boundary"] for row in rows]),
            **{axis: np.array([float(row[axis]) for row in rows]) for axis in axes}}


def draw_rates(ax, compared, simulation, rate):
    """Rates relative to the computed one, with 95 % intervals."""
    entries = [("time step Δt", simulation["escape_rate"], SIMULATED)] if "half_step" in simulation else []
    entries.append(("Δt/2" if entries else "Monte Carlo", simulation.get("half_step", simulation)["escape_rate"], SIMULATED))
    names = []
    for name, simulated, colour in entries:
        low, high = (np.nan if end is None else end / rate for end in simulated["interval_95"])
        y = -len(names)
        ax.plot([low, high], [y, y], color=colour, linewidth=2)
        ax.plot(simulated["value"] / rate, y, "o", color=colour, label="Monte Carlo with 95 % interval")
        names.append(name)
    limits = ax.get_xlim()
    for formula in compared["formulas"][:MOST_FORMULAS]:
        if formula["rate"]:
            ax.plot(formula["rate"] / rate, -len(names), "s", color=CURVES[2], label="formulas", clip_on=False)
            names.append(formula["name"])
            limits = min(limits[0], formula["rate"] / rate), max(limits[1], formula["rate"] / rate)
    low, high = max(min(limits[0], 0.98), 0.2), min(max(limits[1], 1.02), 3)
    margin = 0.06 * (high - low)
    ax.axvline(1, color=COMPUTED, linewidth=2, label="finite elements", zorder=1)
    ax.set(xlim=(low - margin, high + margin), ylim=(-len(names) + 0.4, 0.6), xlabel="rate / computed rate")
    ax.set_yticks(-np.arange(len(names)), names)
    ax.xaxis.set_major_locator(MaxNLocator(5))
    draw_grid(ax, axis="x")
    ax.set_title("escape rate", size=10)


def draw_survival(ax, rate, exits):
    """The share of trajectories that is left, and exp(-γt)."""
    times = np.sort(exits["time"][exits["side"] != "censored"])
    n, n_all = times.size, exits["time"].size
    left = 1 - np.arange(1, n + 1) / n_all
    ax.step(np.concatenate([[0], times]), np.concatenate([[1], left]), where="post", color=SIMULATED, linewidth=1.8,
            label="Monte Carlo")
    end = max(times[-1] if n else 0, 1 / rate if n == 0 else 0)
    t = np.linspace(0, end, 400)
    expected = np.exp(-rate * t)
    spread = 1.96 * np.sqrt(expected * (1 - expected) / n_all)
    ax.plot(t, expected, color=COMPUTED, linestyle="--", linewidth=1.6, label="finite elements")
    ax.fill_between(t, np.maximum(expected - spread, 1e-300), expected + spread, color=COMPUTED, alpha=0.15, linewidth=0,
                    label="95 % of samples of this size")
    ax.set(yscale="log", ylim=(0.5 / n_all, 1.5), xlim=(0, end), xlabel="time t", ylabel="share not yet left")
    ax.set_title("survival, exp(−γt)", size=10)


def read_distributions(directory):
    """The distribution functions of the coordinates of exit points, {side: {axis: (coordinates, probabilities)}}."""
    table = {}
    for row in read_rows(directory, "exit_distributions.csv"):
        points = table.setdefault(row["side"], {}).setdefault(row["axis"], ([], []))
        points[0].append(float(row["coordinate"]))
        points[1].append(float(row["probability"]))
    return table


def draw_exit_points(ax, distributions, exits, side, probability):
    """Both as densities of the coordinate that varies most along the side."""
    axis = max(distributions, key=lambda name: np.ptp(distributions[name][0]))
    x, below = map(np.array, distributions[axis])
    positions = exits[axis][exits["side"] == side]
    low, high = np.quantile(positions, [0.001, 0.999])
    margin = 0.15 * (high - low)
    low, high = max(low - margin, x[0]), min(high + margin, x[-1])
    edges = np.linspace(low, high, BINS + 1)
    widths, n = np.diff(edges), exits["time"].size
    ax.stairs(probability * np.diff(np.interp(edges, x, below)) / widths, edges, color=COMPUTED, linewidth=1.8,
              label="finite elements")
    counts, _ = np.histogram(positions, edges)
    height, error, middle = counts / n / widths, np.sqrt(counts) / n / widths, (edges[1:] + edges[:-1]) / 2
    ax.bar(middle, height, widths, color=SIMULATED, alpha=0.3, label="Monte Carlo, ± standard error")
    ax.errorbar(middle, height, error, fmt="none", color=SIMULATED, linewidth=1)
    ax.set(xlim=(low, high), ylim=(0, None), xlabel=f"{axis} on side {side}", ylabel="exit density (per unit length)")
    ax.set_title(f"exit points, side {side}", size=10)


def verdict(compared):
    deviation = compared["largest_deviation"]["standard_errors"]
    largest = "" if deviation is None or math.isinf(deviation) else f" (largest difference {abs(deviation):.1f} s.e.)"
    return f"Finite elements and Monte Carlo {'agree' if compared['agree'] else 'DISAGREE'}{largest}"


def make_room_for_names(ax, formulas):
    """Moves the left edge of axes to the right of the names of formulas."""
    longest = max((len(formula["name"]) for formula in formulas), default=0)
    width, box = ax.figure.get_figwidth(), ax.get_position()
    shift = 0.075 * max(longest, 12) / width
    ax.set_position([box.x0 + shift - 0.3 / width, box.y0, max(box.width - shift, 0.4 * box.width), box.height])


def comparison(results):
    compared, simulation = (read_json(results.directory, name) for name in ("compare.json", "monte_carlo.json"))
    exits, sides, distributions = read_exits(results.directory), [], {}
    if exits and results.dimension > 1:
        distributions = read_distributions(results.directory)
        counts = {side: int((exits["side"] == side).sum()) for side in distributions}
        sides = sorted((side for side in counts if counts[side] >= LEAST_EXITS), key=counts.get, reverse=True)[:MOST_SIDES]
    n = 1 + (exits is not None) + len(sides)
    figure, axes = figure_of_result(results, verdict(compared), n, (6.2 if n == 1 else 3.9, 3.2), gap=0.95, right=0.35,
                                    bottom=1.2)
    rate = results.result["escape_rate"]["value"]
    make_room_for_names(axes[0], compared["formulas"][:MOST_FORMULAS])
    draw_rates(axes[0], compared, simulation, rate)
    if exits:
        draw_survival(axes[1], rate, exits)
    for ax, side in zip(axes[2:], sides):
        draw_exit_points(ax, distributions[side], exits, side, results.absorbing[side])
    return add_legend(figure, columns=3 if n > 1 else 2)
