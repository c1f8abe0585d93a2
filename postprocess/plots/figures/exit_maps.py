"""Where the absorbing sides of a box or shape in space are hit."""

import math

import numpy as np
from matplotlib.tri import Triangulation

from .exit_samples import nearest_sample, visible_range
from .layout import add_legend, figure_of_result
from .maps import draw_colour_bar, draw_colours, draw_points_in_window
from .style import COLOURS, POINTS


def set_probability(ax, results, side):
    ax.set_title(f"side {side}: probability {results.absorbing[side]:.6g}", size=10)


def exit_maps_of_box(results):
    sides = results.exit_sides
    figure, axes = figure_of_result(results, "Where the absorbing sides are hit", len(sides), (3.6, 3.6), gap=1.9)
    for ax, side in zip(axes, sides):
        plane = results.table(f"exit_{side}.csv", "xyz".replace(side[0], ""))
        density, top = plane["exit_density"], math.log10(plane["exit_density"].max() or 1)
        window = [visible_range(ticks, density.max(axis=axis)) for axis, ticks in enumerate(plane["ticks"])]
        draw_colours(ax, plane, window, density, top - 4, top, "exit density (per unit area)")
        draw_points_in_window(ax, plane, results.critical_points)
        set_probability(ax, results, side)
    return add_legend(figure)


def draw_sphere(ax, phi, theta, logarithms, colours):
    """Colours between scattered directions, continued around the edges of the map."""
    copies = ((phi, theta), (phi + 2 * np.pi, theta), (phi - 2 * np.pi, theta),
              *((phi + turn, reflected) for turn in (np.pi, -np.pi) for reflected in (-theta, 2 * np.pi - theta)))
    x, y = (np.concatenate(part) for part in zip(*copies))
    near = (abs(x) < 3.6) & (-0.4 < y) & (y < np.pi + 0.4)
    return ax.tripcolor(Triangulation(x[near], y[near]), np.tile(logarithms, len(copies))[near],
                        shading="gouraud", **colours)


def exit_maps_of_shape(results):
    sides = results.exit_sides
    figure, axes = figure_of_result(results, "Where the absorbing sides are hit", len(sides), (6.0, 3.4), gap=1.9)
    for ax, side in zip(axes, sides):
        table = results.table(f"exit_{side}.csv")
        theta, phi, density = table["theta"], table["phi"], table["exit_density"]
        top = math.log10(density.max() or 1)
        colours = dict(cmap=COLOURS, vmin=top - 4, vmax=top)
        logarithms = np.log10(density.clip(10 ** (top - 4)))
        if results.result["problem"]["Domain"]["Type"] == "gmsh":
            image = ax.scatter(phi, theta, c=logarithms, s=4, linewidths=0, **colours)
        else:
            image = draw_sphere(ax, phi, theta, logarithms, colours)
        draw_colour_bar(ax, image, top - 4, top, "exit density (per unit area)")
        for point in results.critical_points:
            if side in point["sides"]:
                i = nearest_sample(table, point)
                ax.plot(phi[i], theta[i], **POINTS[point["kind"]])
        quarters = np.array([-1, -0.5, 0, 0.5, 1])
        ax.set_xticks(quarters * np.pi, ["−π", "−π/2", "0", "π/2", "π"])
        ax.set_yticks(quarters[2:] * np.pi, ["0", "π/2", "π"])
        ax.set(xlim=(-np.pi, np.pi), ylim=(np.pi, 0), xlabel="azimuth φ", ylabel="angle to the z axis θ")
        set_probability(ax, results, side)
    return add_legend(figure)
