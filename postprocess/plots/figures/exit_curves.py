"""Where the absorbing sides of a box or shape in the plane are hit."""

import itertools
import math

import numpy as np

from .exit_samples import nearest_sample, visible_range
from .layout import add_legend, figure_of_result
from .style import CURVES, POINTS, STYLES


def draw_exit_density(ax, results, side, x, density, colour, style, along=""):
    """The density over a coordinate of a side. Returns the ends of what is to be seen."""
    ax.plot(x, density, color=colour, linestyle=style, linewidth=2,
            label=f"side {side}{along}: probability {results.absorbing[side]:.6g}")
    ax.fill_between(x, density, color=colour, alpha=0.12, linewidth=0)
    return visible_range(x, density)


def exit_curves_of_box(results):
    figure, (ax,) = figure_of_result(results, "Where the absorbing sides are hit", 1, (6.2, 4.0), right=0.35)
    limits, peaks = [], []
    for side, colour, style in zip(results.exit_sides, CURVES, STYLES):
        table, along = results.table(f"exit_{side}.csv"), "y" if side[0] == "x" else "x"
        x, density = table[along], table["exit_density"]
        low, high = draw_exit_density(ax, results, side, x, density, colour, style, f", along {along}")
        peaks.append(density.max())
        limits += [low, high]
        for point in results.critical_points:
            where = point["position"]["xy".index(along)]
            if side in point["sides"] and low <= where <= high:
                ax.plot(where, np.interp(where, x, density), **POINTS[point["kind"]])
    logarithmic = 0 < min(peaks) < 0.02 * max(peaks)
    ax.set(xlim=(min(limits), max(limits)), yscale="log" if logarithmic else "linear",
           ylim=(1e-4 * min(peaks), 3 * max(peaks)) if logarithmic else (0, 1.1 * (max(peaks) or 1)),
           xlabel="coordinate along the side", ylabel="exit density (per unit length)")
    return add_legend(figure, columns=2)


def exit_curves_of_shape(results):
    figure, (ax,) = figure_of_result(results, "Where the absorbing sides are hit", 1, (6.2, 4.0), right=0.35)
    outline = results.outline()
    is_closed = len({side for names, _ in outline for side in names}) == len(outline) == 1
    limits, peak = [], 0
    for side, colour, style in zip(results.exit_sides, itertools.cycle(CURVES), itertools.cycle(STYLES)):
        table = results.table(f"exit_{side}.csv")
        x, density = table["angle" if is_closed else "arc_length"], table["exit_density"]
        if is_closed and abs(x[density.argmax()]) > 0.75 * math.pi:
            x %= 2 * math.pi  # the most likely point is not to be at the edge of the picture
        order = np.argsort(x)
        low, high = draw_exit_density(ax, results, side, x[order], density[order], colour, style)
        limits += [low, high]
        peak = max(peak, density.max())
        for point in results.critical_points:
            if side in point["sides"]:
                i = nearest_sample(table, point)
                if low <= x[i] <= high:
                    ax.plot(x[i], density[i], **POINTS[point["kind"]])
    ax.set(xlim=(min(limits), max(limits)), ylim=(0, 1.1 * (peak or 1)), ylabel="exit density (per unit length)",
           xlabel="polar angle (radians)" if is_closed else "arc length along the side")
    return add_legend(figure, columns=2)
