"""The loss along the lowest paths."""

import itertools
import math

from .layout import add_legend, figure_of_result
from .style import CURVES, POINTS, STYLES, draw_grid


def are_copies(path, other):
    barriers = path["barrier"]["loss"], other["barrier"]["loss"]
    same_end = path["target"] == other["target"] or "boundary" in path["target"] and "boundary" in other["target"]
    return same_end and path["copies"] == other["copies"] > 1 and math.isclose(*barriers, rel_tol=1e-6)


def destination_and_barrier(path):
    target = path["target"]
    end = f"side {target['boundary']}" if "boundary" in target else \
        f"valley ({', '.join(f'{x:.3g}' for x in target['position'])})"
    copies = f", {path['copies']} copies" if path["copies"] > 1 else ""
    return f"to {end}: barrier ΔL = {path['barrier']['loss']:.5g}{copies}"


def path_profiles(results):
    """One curve for all copies of a path, at most one of each colour and style; None without paths."""
    shown = []
    for path in results.paths:
        if not any(are_copies(path, other) for other in shown):
            shown.append(path)
    if not shown:
        return None
    critical_points = results.critical_points
    curves, points = list(zip(shown, itertools.product(STYLES, CURVES))), {}
    figure, (ax,) = figure_of_result(results, "Loss along the lowest paths", 1, (6.2, 4.0), right=0.35,
                                     bottom=0.8 + 0.2 * math.ceil((len(curves) + 3) / 2))
    for path, (style, colour) in curves:
        table = path["table"]
        ax.plot(table["arc_length"], table["loss"], color=colour, linestyle=style, linewidth=1.8,
                label=destination_and_barrier(path))
        for number in itertools.chain(*(step.values() for step in path["passes"])):
            if isinstance(number, int):
                position = critical_points[number]["position"]
                nearest = sum((table[axis] - at) ** 2 for axis, at in zip("xyz", position)).argmin()
                points[number, table["arc_length"][nearest]] = critical_points[number]
    for (_, length), point in points.items():
        ax.plot(length, point["loss"], **POINTS[point["kind"]])
    ax.set(xlabel="arc length from the minimum", ylabel="loss L", xlim=(0, None))
    draw_grid(ax)
    return add_legend(figure, columns=2)
