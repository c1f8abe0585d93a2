"""Density, probability current, loss and lowest paths in the plane, or on three slices of space."""

import math

import numpy as np
from matplotlib.patheffects import Normal, Stroke
from matplotlib.ticker import MaxNLocator

from .layout import add_legend, figure_of_result
from .maps import draw_colours, draw_points_in_window
from .sides import draw_shape, draw_sides
from .style import CONTOUR, CURRENT, PATH


def draw_current(ax, plane):
    """Arrows along the current, longer where it is stronger, none below 2 % of its maximum."""
    flow = [plane["current_" + axis] for axis in plane["axes"]]
    strength = np.hypot(*flow)
    # In inches, for equal distances on paper.
    distance, size = 0.16, ax.get_position().size * ax.figure.get_size_inches()
    columns, rows = (max(1, round(distance / length * n)) for length, n in zip(size, strength.T.shape))
    coarse, largest = np.s_[rows // 2::rows, columns // 2::columns], strength.max()
    visible = strength[coarse] > 0.02 * largest
    x, y, u, v, strength = (field[coarse][visible] for field in (*np.meshgrid(*plane["ticks"]), *flow, strength))
    scale = size / [np.ptp(ticks) for ticks in plane["ticks"]]
    length = 1.1 * distance * (strength / largest) ** 0.4 / np.hypot(u * scale[0], v * scale[1])
    ax.quiver(x, y, u * length, v * length, angles="xy", scale_units="xy", scale=1, pivot="mid", units="inches",
              width=0.024, headwidth=4, facecolor=CURRENT, edgecolor="black", linewidth=0.4, zorder=3.5)
    ax.plot([], [], color=CURRENT, marker=">", markeredgecolor="black", linewidth=2, label="probability current")


def draw_paths(ax, axes, paths):
    for path in paths:
        main = "valley" in path["target"] or path["barrier"]["loss"] <= paths[0]["barrier"]["loss"] * (1 + 1e-6)
        ax.plot(*(path["table"][axis] for axis in axes), color=PATH, linewidth=1.6, linestyle="-" if main else "--",
                zorder=5.5, label="lowest paths" if main else "lowest paths to other sides",
                path_effects=[Stroke(linewidth=3, foreground="#303030"), Normal()])


def draw_boundary(ax, image, plane, results):
    if results.is_shape:
        name = "outline.csv" if results.dimension == 2 else f"outline_{plane['axes']}.csv"
        draw_shape(ax, image, plane, results.outline(name, plane["axes"]), results.absorbing)
    else:
        draw_sides(ax, plane["axes"], results.absorbing)


def draw_loss(ax, plane, levels):
    if levels.size > 1:
        ax.contour(*plane["ticks"], np.ma.masked_invalid(plane["loss"]), levels=levels, linewidths=0.8,
                   colors=CONTOUR, linestyles="solid")
        ax.plot([], [], color=CONTOUR, label=f"loss L, contours every {levels[1] - levels[0]:.3g}")


def density_maps(results):
    dimension = results.dimension
    names = {"density.csv": "xy"} if dimension == 2 else {f"density_{axes}.csv": axes for axes in ("xy", "xz", "yz")}
    planes = [results.table(*item) for item in names.items()]
    loss, density = (np.concatenate([plane[key].ravel() for plane in planes]) for key in ("loss", "density"))
    bottom, barrier = results.loss_scale(loss, density)
    levels = MaxNLocator(12).tick_values(bottom, bottom + 1.5 * barrier)
    levels = levels[(levels > np.nanmin(loss, initial=np.inf)) & (levels < np.nanmax(loss, initial=-np.inf))]
    # The colours reach down to the density at the height of the barrier, within reason.
    peak, edge = density.max() or 1, density[loss >= bottom + barrier].max(initial=0)
    top, decades = math.log10(peak), min(max(math.log10(peak / edge) + 1 if edge else 8, 6), 14)
    extent = np.array([np.ptp(ticks) for ticks in planes[0]["ticks"]])
    size = (5.4 * extent / extent.max()).clip(1.8) if dimension == 2 else (4.0, 4.0)
    figure, axes = figure_of_result(results, "Quasi-stationary density and probability current", len(planes), size)
    for ax, plane in zip(axes, planes):
        label = f"density (per unit {'area' if dimension == 2 else 'volume'})" if ax is axes[-1] else ""
        image = draw_colours(ax, plane, plane["ticks"], plane["density"], top - decades, top, label)
        draw_boundary(ax, image, plane, results)
        draw_current(ax, plane)
        draw_loss(ax, plane, levels)
        if dimension == 2:
            draw_paths(ax, plane["axes"], results.paths)
        draw_points_in_window(ax, plane, results.critical_points)
        ax.set_title("".join(f"slice {axis} = {at:.4g}" for axis, (at, _) in plane["fixed"].items()), size=10, pad=9)
    return add_legend(figure)
