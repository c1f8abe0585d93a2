"""Density and loss in one dimension, or along the radius."""

from .layout import add_legend, figure_of_result
from .sides import draw_sides
from .style import CURVES, POINTS


def density_curve(results):
    table = results.table("density.csv")
    axis = next(iter(table))
    x, loss, density, *_ = table.values()
    bottom, barrier = results.loss_scale(loss, density)
    figure, (left,) = figure_of_result(results, "Quasi-stationary density", 1, (6.2, 4.0), right=0.95)
    right = left.twinx()
    names = "density (per unit " + ("volume)" if axis == "r" else "length)"), "loss L"
    for ax, label, values, colour in zip((left, right), names, (density, loss), CURVES):
        ax.plot(x, values, color=colour, linewidth=1.8, label=label)
        ax.set_ylabel(label, color=colour)
        draw_sides(ax, axis, results.absorbing)
    left.fill_between(x, density, color=CURVES[0], alpha=0.15, linewidth=0)
    left.set(xlim=(x[0], x[-1]), ylim=(0, 1.08 * (density.max() or 1)), xlabel=axis)
    low, high = right.set_ylim(bottom - 0.1 * (barrier or 1), bottom + 2.5 * (barrier or 1))
    for point in results.critical_points:
        if low <= point["loss"] <= high:
            label = "most probable radius" if axis == "r" and point["kind"] == "minimum" else None
            right.plot(point["position"], point["loss"], **POINTS[point["kind"]] | ({"label": label} if label else {}))
    return add_legend(figure)
