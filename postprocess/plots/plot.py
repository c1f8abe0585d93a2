"""Pictures of a result directory: python3 plot.py DIR (needs numpy and matplotlib).

Reads result.json, density.csv (3-D: density_xy.csv, density_xz.csv, density_yz.csv), exit_<side>.csv, paths.csv
and outline.csv (shapes in 2-D) in DIR, recomputes nothing, and writes into DIR density.png (density, loss,
critical points, sides, in 2-D the lowest paths and, in 2-D and 3-D, the current), exit_points.png (2-D, 3-D:
where the absorbing sides are hit), paths.png (2-D, 3-D: the loss along the lowest paths) and convergence.png (if
there is more than one mesh: the estimated error).
"""

import csv
import itertools
import json
import logging
import math
import os
import sys

logging.getLogger("matplotlib").setLevel(logging.ERROR)  # an unwritable home directory is no trouble

import numpy as np
from matplotlib import colormaps
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.path import Path
from matplotlib.patheffects import Normal, Stroke
from matplotlib.ticker import MaxNLocator
from matplotlib.tri import Triangulation

CONTOUR, CURRENT, SIDES = "#5f7f95", "#10c890", {"absorbing": "#e0202a", "reflecting": "#8a8a8a"}
CURVES = "#2a5d9f", "#c46a00", "#3a8f4d", "#8a4fae"
PATH = "#fff4d0"
STYLES = "-", "--", "-.", ":"
SHAPES = "ball", "level set", "gmsh"  # domains that are no boxes, except in one dimension
COLOURS = ListedColormap(colormaps["magma_r"](np.linspace(0, 0.87, 256)))  # markings stay visible on the darkest
POINTS = {kind: dict(label="exit point" if kind == "exit" else kind, marker=marker, color=colour, markersize=9,
                     markeredgecolor="black", linestyle="none", clip_on=False, zorder=6)
          for kind, marker, colour in (("minimum", "o", "white"), ("saddle", "X", "#ffd23f"), ("exit", "^", "#58b8ff"))}


def read_table(directory, name, axes=None):
    """The columns by name, as matrices [second axis, first axis] if axes name those of a regular grid."""
    with open(os.path.join(directory, name), encoding="utf-8") as file:
        names, body = file.readline().strip().split(","), file.read().strip().replace("\n", ",")
    table = dict(zip(names, np.fromiter(map(float, body.split(",")), float).reshape(-1, len(names)).T.copy()))
    outside = np.isnan(table.get("density", 0))  # a shape
    for key, column in table.items():
        column[~np.isfinite(column)] = math.nan if key == "loss" else 0
        np.maximum(column, 0 if key.endswith("density") else -math.inf, out=column)
    if not axes:
        return table
    ticks = [np.unique(table[axis]) for axis in axes]
    fixed = {axis: table[axis][[0, -1]] for axis in table.keys() & set("xyz") - set(axes)}
    matrices = {key: column.reshape(ticks[1].size, ticks[0].size) for key, column in table.items()}
    return matrices | {"axes": axes, "ticks": ticks, "fixed": fixed,
                       "outside": np.broadcast_to(outside, table[axes[0]].shape).reshape(ticks[1].size, ticks[0].size)}


def read_outline(directory, name="outline.csv", axes="xy"):
    """The curves of the boundary (closed; segments in 3-D) as lists of (names of sides, points)."""
    with open(os.path.join(directory, name), newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    curves = [list(group) for _, group in itertools.groupby(rows, lambda row: row["curve"])]
    return [([row["side"] for row in curve], np.array([[float(row[axis]) for axis in axes] for row in curve]))
            for curve in curves]


def read_paths(directory, result):
    """The lowest paths as in result.json, with their tables; only those of at most twice the least barrier."""
    if not result["paths"]:
        return []
    with open(os.path.join(directory, "paths.csv"), newline="", encoding="utf-8") as file:
        groups = [list(rows) for _, rows in itertools.groupby(csv.DictReader(file), lambda row: row["path"])]
    paths = [path | {"table": {key: np.array([float(row[key]) for row in rows]) for key in rows[0] if key != "target"}}
             for path, rows in zip(result["paths"], groups)]
    least = min(path["barrier"]["loss"] for path in paths)
    return [path for path in paths if path["barrier"]["loss"] <= 2 * max(least, 0)]


def is_shape(result):
    return result["problem"]["Domain"]["Type"] in SHAPES and int(result["problem"]["Dimension"]) > 1


def loss_scale(result, loss, density):
    """Loss at the bottom and height of the barrier above it (0 if the loss is flat)."""
    bottom = min(loss[~np.isnan(loss)], default=0)
    # A wall can have an exit point through which next to nothing leaves: it says nothing about scales.
    gates = [point["loss"] for point in result["critical_points"] if point["kind"] != "minimum" and (
        not point["sides"] or max(result["absorbing"].get(side, 0) for side in point["sides"]) > 1e-6)]
    if max(gates, default=bottom) <= bottom:
        gates = loss[(density > 1e-6 * density.max()) & ~np.isnan(loss)]
    return bottom, max(gates, default=bottom) - bottom


def power_of_ten(exponent):
    return "10" + str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def caption(result):
    loss, noise = result["problem"]["Loss"], result["problem"]["Noise"]
    force, diffusion = result["problem"].get("Force", {}).get("Expression", ""), noise.get("Diffusion", "")
    expression, log = loss.get("Expression", ""), result["escape_rate"]["log"]
    # From the logarithm, because the rate itself may lie below the range of a double.
    exponent, fraction = divmod(log / math.log(10) + 1e-6, 1)
    rate = f"escape rate γ = {10**(fraction - 1e-6):.4f} × {power_of_ten(int(exponent))}   (ln γ = {log:.6g})"
    if noise.get("Type", "constant") != "constant":
        hessian = f", {noise['Hessian']} Hessian" if noise["Type"] == "hessian aligned" else ""
        numbers = ", ".join(f"{name} = {result['noise'][key]:.4g}" for name, key in
                            (("T", "T_e"), ("T_a", "T_a"), ("T_b", "T_b")) if key in result["noise"])
        rate += f"\n{noise['Type']} noise{hessian}, {noise['Interpretation']}" + f", {numbers}" * bool(numbers)
    elif diffusion:
        rate += "     D = " + (f"[{diffusion}]" if "," in diffusion else diffusion)
    formulas = [f"computed rate / formula “{formula['name']}” = {formula['ratio']:#.5g}"
                for formula in result["formulas"] if formula["applicable"] and formula["ratio"] is not None]
    shown = 0 < len(expression) <= 80 and loss.get("Scale k", "1") == "1"
    drift = f", f = ({force})" if 0 < len(force) <= 60 else ""
    return [f"L = {expression}{drift}"] * shown + rate.split("\n") + (formulas[:1] or ["no formula applies"])


def make_figure(result, title, n, size, gap=0.85, right=1.25, bottom=1.05):
    """A figure with n axes of the given size (all in inches), at most three in a row."""
    lines, columns, rows, left = caption(result), min(n, 3), -(-n // 3), 0.85
    content = left + columns * size[0] + (columns - 1) * gap + right
    total = np.array([max(content, 6.8), bottom + rows * (size[1] + 1) - 0.22 + 0.19 * len(lines)])
    left += (total[0] - content) / 2
    figure = Figure(figsize=total, dpi=130)
    FigureCanvasAgg(figure)
    figure.text(0.5, 1 - 0.28 / total[1], title, ha="center", va="center", size=13, weight="bold")
    figure.text(0.5, 1 - 0.45 / total[1], "\n".join(lines), ha="center", va="top", size=10, parse_math=False)
    corners = [(left + i % 3 * (size[0] + gap), bottom + (rows - 1 - i // 3) * (size[1] + 1)) for i in range(n)]
    return figure, [figure.add_axes([*(corner / total), *(size / total)]) for corner in corners]


def finish(figure, directory, name, columns=4):
    """Adds a legend of everything labelled and replaces the picture at one go."""
    handles = {label: handle for ax in figure.axes for handle, label in zip(*ax.get_legend_handles_labels())}
    figure.legend(handles.values(), handles.keys(), loc="lower center", ncol=columns, frameon=False, fontsize=9)
    temporary = os.path.join(directory, ".incomplete." + name)
    figure.savefig(temporary)
    os.replace(temporary, os.path.join(directory, name))


def draw_sides(ax, axes, absorbing):
    for axis, spines in zip(axes, (("left", "right"), ("bottom", "top"))):
        for sign, spine in zip("-+", spines):
            if axis + sign == "r-":  # the centre of a ball
                continue
            kind = "absorbing" if axis + sign in absorbing else "reflecting"
            ax.spines[spine].set(color=SIDES[kind], linewidth=4, zorder=5 if kind == "absorbing" else 4)
            ax.plot([], [], color=SIDES[kind], linewidth=4, label=f"{kind} side")


def neighbours(values):
    """The values of the nine points around each point of a grid."""
    padded = np.pad(values, 1, mode="edge")
    rows, columns = values.shape
    return np.array([padded[i:i + rows, j:j + columns] for i in range(3) for j in range(3)])


def edge_of_grid(plane):
    """Closed curves around the points of a grid that lie inside a shape."""
    inside = np.pad(1.0 - plane["outside"], 1)
    ticks = [np.concatenate([[2 * t[0] - t[1]], t, [2 * t[-1] - t[-2]]]) for t in plane["ticks"]]
    return Figure().add_subplot().contour(*ticks, neighbours(inside).mean(axis=0), levels=[0.4]).allsegs[0]


def draw_shape(ax, image, plane, outline, absorbing):
    """Cuts the picture off at the outline of a shape, and draws that."""
    edges = [points for _, points in outline] if not plane["fixed"] else edge_of_grid(plane)
    path = Path.make_compound_path(*(Path(points, closed=True) for points in edges))
    image.set_clip_path(path, transform=ax.transData)
    for kind, colour in reversed(SIDES.items()):
        lines = []
        for sides, points in outline:
            changes = [i for i in range(1, len(sides)) if sides[i] != sides[i - 1]]
            lines += [points[begin:end + 1] for begin, end in itertools.pairwise([0, *changes, len(sides)])
                      if (sides[begin] in absorbing) == (kind == "absorbing")]
        ax.add_collection(LineCollection(lines, colors=colour, linewidths=4, zorder=4.5,
                                         capstyle="round" if plane["fixed"] else "butt"))
        if lines:
            ax.plot([], [], color=colour, linewidth=4, label=f"{kind} side")
    ax.spines[:].set_color("#c8c8c8")
    for limits, ticks, set_limits in ((ax.get_xlim(), plane["ticks"][0], ax.set_xlim),
                                      (ax.get_ylim(), plane["ticks"][1], ax.set_ylim)):
        margin = 0.04 * np.ptp(ticks)
        set_limits(limits[0] - margin, limits[1] + margin)


def draw_density_curve(directory, result):
    table = read_table(directory, "density.csv")
    axis = next(iter(table))
    x, loss, density, *_ = table.values()
    bottom, barrier = loss_scale(result, loss, density)
    figure, (left,) = make_figure(result, "Quasi-stationary density", 1, (6.2, 4.0), right=0.95)
    right = left.twinx()
    names = "density (per unit " + ("volume)" if axis == "r" else "length)"), "loss L"
    for ax, label, values, colour in zip((left, right), names, (density, loss), CURVES):
        ax.plot(x, values, color=colour, linewidth=1.8, label=label)
        ax.set_ylabel(label, color=colour)
        draw_sides(ax, axis, result["absorbing"])
    left.fill_between(x, density, color=CURVES[0], alpha=0.15, linewidth=0)
    left.set(xlim=(x[0], x[-1]), ylim=(0, 1.08 * (density.max() or 1)), xlabel=axis)
    low, high = right.set_ylim(bottom - 0.1 * (barrier or 1), bottom + 2.5 * (barrier or 1))
    for point in result["critical_points"]:
        if low <= point["loss"] <= high:
            label = "most probable radius" if axis == "r" and point["kind"] == "minimum" else None
            right.plot(point["position"], point["loss"], **POINTS[point["kind"]] | ({"label": label} if label else {}))
    finish(figure, directory, "density.png")


def draw_colours(ax, plane, window, values, low, high, label):
    """The decimal logarithm of values in colour; a colour bar if there is a label for it."""
    extent = [end for t in plane["ticks"] for end in (1.5 * t[0] - 0.5 * t[1], 1.5 * t[-1] - 0.5 * t[-2])]
    if plane["outside"].any():  # continued outwards, where it will be cut off
        values = np.where(plane["outside"], np.nan, values)
        for _ in range(3):
            around = neighbours(values)
            mean = np.nansum(around, axis=0) / np.maximum((~np.isnan(around)).sum(axis=0), 1)
            values = np.where(np.isnan(values) & ~np.isnan(around).all(axis=0), mean, values)
        values = np.nan_to_num(values)
    image = ax.imshow(np.log10(values.clip(10.0**low)), cmap=COLOURS, vmin=low, vmax=high, origin="lower",
                      extent=extent, interpolation="bilinear")
    ax.set(xlabel=plane["axes"][0], ylabel=plane["axes"][1], xlim=window[0][[0, -1]], ylim=window[1][[0, -1]],
           aspect="equal" if 1 / 3 <= np.ptp(window[0]) / np.ptp(window[1]) <= 3 else "auto")
    if label:
        draw_colour_bar(ax, image, low, high, label)
    return image


def draw_colour_bar(ax, image, low, high, label):
    width = 0.2 / (ax.get_position().width * ax.figure.get_figwidth())
    bar = ax.figure.colorbar(image, cax=ax.inset_axes([1 + width, 0, width, 1]), label=label, extend="min")
    decades = range(math.ceil(low), math.floor(high) + 1, max(1, round((high - low) / 8)))
    bar.set_ticks(list(decades), labels=[power_of_ten(decade) for decade in decades])


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


def draw_points_in_window(ax, plane, points):
    tolerance = 1e-3 * max(map(np.ptp, plane["ticks"]))
    window = plane["fixed"] | dict(zip(plane["axes"], (ax.get_xlim(), ax.get_ylim())))
    for point in points:
        position = dict(zip("xyz", point["position"]))
        if all(low - tolerance <= position[axis] <= high + tolerance for axis, (low, high) in window.items()):
            ax.plot(*(position[axis] for axis in plane["axes"]), **POINTS[point["kind"]])


def draw_paths_in_window(ax, axes, paths):
    for path in paths:
        main = "valley" in path["target"] or path["barrier"]["loss"] <= paths[0]["barrier"]["loss"] * (1 + 1e-6)
        ax.plot(*(path["table"][axis] for axis in axes), color=PATH, linewidth=1.6, linestyle="-" if main else "--",
                zorder=5.5, label="lowest paths" if main else "lowest paths to other sides",
                path_effects=[Stroke(linewidth=3, foreground="#303030"), Normal()])


def draw_loss_along_paths(directory, result):
    """One curve for all copies of a path, at most one of each colour and style."""
    shown = []
    for path in read_paths(directory, result):
        if not any(same_kind(path, other) for other in shown):
            shown.append(path)
    if not shown:
        return
    curves, points = list(zip(shown, itertools.product(STYLES, CURVES))), {}
    figure, (ax,) = make_figure(result, "Loss along the lowest paths", 1, (6.2, 4.0), right=0.35,
                                bottom=0.8 + 0.2 * math.ceil((len(curves) + 3) / 2))
    for path, (style, colour) in curves:
        table = path["table"]
        ax.plot(table["arc_length"], table["loss"], color=colour, linestyle=style, linewidth=1.8, label=describe(path))
        for number in itertools.chain(*(step.values() for step in path["passes"])):
            if isinstance(number, int):
                position = result["critical_points"][number]["position"]
                nearest = sum((table[axis] - at) ** 2 for axis, at in zip("xyz", position)).argmin()
                points[number, table["arc_length"][nearest]] = result["critical_points"][number]
    for (_, length), point in points.items():
        ax.plot(length, point["loss"], **POINTS[point["kind"]])
    ax.set(xlabel="arc length from the minimum", ylabel="loss L", xlim=(0, None))
    ax.grid(color="#e4e4e4")
    ax.set_axisbelow(True)
    finish(figure, directory, "paths.png", columns=2)


def same_kind(path, other):
    barriers = path["barrier"]["loss"], other["barrier"]["loss"]
    same_end = path["target"] == other["target"] or "boundary" in path["target"] and "boundary" in other["target"]
    return same_end and path["copies"] == other["copies"] > 1 and math.isclose(*barriers, rel_tol=1e-6)


def describe(path):
    target = path["target"]
    end = f"side {target['boundary']}" if "boundary" in target else \
        f"valley ({', '.join(f'{x:.3g}' for x in target['position'])})"
    copies = f", {path['copies']} copies" if path["copies"] > 1 else ""
    return f"to {end}: barrier ΔL = {path['barrier']['loss']:.5g}{copies}"


def draw_density_maps(directory, result, dimension):
    names = {"density.csv": "xy"} if dimension == 2 else {f"density_{axes}.csv": axes for axes in ("xy", "xz", "yz")}
    planes = [read_table(directory, *item) for item in names.items()]
    loss, density = (np.concatenate([plane[key].ravel() for plane in planes]) for key in ("loss", "density"))
    bottom, barrier = loss_scale(result, loss, density)
    levels = MaxNLocator(12).tick_values(bottom, bottom + 1.5 * barrier)
    levels = levels[(levels > np.nanmin(loss, initial=np.inf)) & (levels < np.nanmax(loss, initial=-np.inf))]
    # The colours reach down to the density at the height of the barrier, within reason.
    peak, edge = density.max() or 1, density[loss >= bottom + barrier].max(initial=0)
    top, decades = math.log10(peak), min(max(math.log10(peak / edge) + 1 if edge else 8, 6), 14)
    extent = np.array([np.ptp(ticks) for ticks in planes[0]["ticks"]])
    size = (5.4 * extent / extent.max()).clip(1.8) if dimension == 2 else (4.0, 4.0)
    figure, axes = make_figure(result, "Quasi-stationary density and probability current", len(planes), size)
    for ax, plane in zip(axes, planes):
        label = f"density (per unit {'area' if dimension == 2 else 'volume'})" if ax is axes[-1] else ""
        image = draw_colours(ax, plane, plane["ticks"], plane["density"], top - decades, top, label)
        if is_shape(result):
            name = "outline.csv" if dimension == 2 else f"outline_{plane['axes']}.csv"
            outline = read_outline(directory, name, plane["axes"])
            draw_shape(ax, image, plane, outline, result["absorbing"])
        else:
            draw_sides(ax, plane["axes"], result["absorbing"])
        draw_current(ax, plane)
        if levels.size > 1:
            ax.contour(*plane["ticks"], np.ma.masked_invalid(plane["loss"]), levels=levels, linewidths=0.8,
                       colors=CONTOUR, linestyles="solid")
            ax.plot([], [], color=CONTOUR, label=f"loss L, contours every {levels[1] - levels[0]:.3g}")
        if dimension == 2:
            draw_paths_in_window(ax, plane["axes"], read_paths(directory, result))
        draw_points_in_window(ax, plane, result["critical_points"])
        ax.set_title("".join(f"slice {axis} = {at:.4g}" for axis, (at, _) in plane["fixed"].items()), size=10, pad=9)
    finish(figure, directory, "density.png")


def zoom(ticks, density):
    """The ends of the range in which the density is visible."""
    where = np.flatnonzero(density >= 1e-4 * density.max())
    return ticks[[max(where[0] - 1, 0), min(where[-1] + 1, ticks.size - 1)]]


def draw_exit_curves(directory, result, sides):
    figure, (ax,) = make_figure(result, "Where the absorbing sides are hit", 1, (6.2, 4.0), right=0.35)
    limits, peaks = [], []
    for side, colour, style in zip(sides, CURVES, STYLES):
        table, along = read_table(directory, f"exit_{side}.csv"), "y" if side[0] == "x" else "x"
        x, density = table[along], table["exit_density"]
        ax.plot(x, density, color=colour, linestyle=style, linewidth=2,
                label=f"side {side}, along {along}: probability {result['absorbing'][side]:.6g}")
        ax.fill_between(x, density, color=colour, alpha=0.12, linewidth=0)
        peaks.append(density.max())
        limits += [*zoom(x, density)]
        for point in result["critical_points"]:
            where = point["position"]["xy".index(along)]
            if side in point["sides"] and limits[-2] <= where <= limits[-1]:
                ax.plot(where, np.interp(where, x, density), **POINTS[point["kind"]])
    logarithmic = 0 < min(peaks) < 0.02 * max(peaks)
    ax.set(xlim=(min(limits), max(limits)), yscale="log" if logarithmic else "linear",
           ylim=(1e-4 * min(peaks), 3 * max(peaks)) if logarithmic else (0, 1.1 * (max(peaks) or 1)),
           xlabel="coordinate along the side", ylabel="exit density (per unit length)")
    finish(figure, directory, "exit_points.png", columns=2)


def nearest_sample(table, point):
    """Index of the sample of a boundary that is nearest to a critical point."""
    distances = [table[axis] - position for axis, position in zip("xyz", point["position"])]
    return int(np.argmin(np.sum(np.square(distances), axis=0)))


def draw_exit_curves_of_shape(directory, result, sides):
    figure, (ax,) = make_figure(result, "Where the absorbing sides are hit", 1, (6.2, 4.0), right=0.35)
    outline = read_outline(directory)
    is_closed = len({side for names, _ in outline for side in names}) == len(outline) == 1
    limits, peak = [], 0
    for side, colour, style in zip(sides, itertools.cycle(CURVES), itertools.cycle(STYLES)):
        table = read_table(directory, f"exit_{side}.csv")
        x, density = table["angle" if is_closed else "arc_length"], table["exit_density"]
        if is_closed and abs(x[density.argmax()]) > 0.75 * math.pi:
            x %= 2 * math.pi  # the most likely point is not to be at the edge of the picture
        order = np.argsort(x)
        label = f"probability {result['absorbing'][side]:.6g}"
        ax.plot(x[order], density[order], color=colour, linestyle=style, linewidth=2, label=f"side {side}: {label}")
        ax.fill_between(x[order], density[order], color=colour, alpha=0.12, linewidth=0)
        limits += [*zoom(x[order], density[order])]
        peak = max(peak, density.max())
        for point in result["critical_points"]:
            if side in point["sides"]:
                i = nearest_sample(table, point)
                if limits[-2] <= x[i] <= limits[-1]:
                    ax.plot(x[i], density[i], **POINTS[point["kind"]])
    ax.set(xlim=(min(limits), max(limits)), ylim=(0, 1.1 * (peak or 1)), ylabel="exit density (per unit length)",
           xlabel="polar angle (radians)" if is_closed else "arc length along the side")
    finish(figure, directory, "exit_points.png", columns=2)


def draw_exit_maps_of_shape(directory, result, sides):
    figure, axes = make_figure(result, "Where the absorbing sides are hit", len(sides), (6.0, 3.4), gap=1.9)
    for ax, side in zip(axes, sides):
        table = read_table(directory, f"exit_{side}.csv")
        theta, phi, density = table["theta"], table["phi"], table["exit_density"]
        top = math.log10(density.max() or 1)
        colours = dict(cmap=COLOURS, vmin=top - 4, vmax=top)
        logarithms = np.log10(density.clip(10 ** (top - 4)))
        if result["problem"]["Domain"]["Type"] == "gmsh":
            image = ax.scatter(phi, theta, c=logarithms, s=4, linewidths=0, **colours)
        else:  # continued around the edges
            copies = ((phi, theta), (phi + 2 * np.pi, theta), (phi - 2 * np.pi, theta),
                      *((phi + turn, reflected) for turn in (np.pi, -np.pi) for reflected in (-theta, 2 * np.pi - theta)))
            x, y = (np.concatenate(part) for part in zip(*copies))
            near = (abs(x) < 3.6) & (-0.4 < y) & (y < np.pi + 0.4)
            image = ax.tripcolor(Triangulation(x[near], y[near]), np.tile(logarithms, len(copies))[near],
                                 shading="gouraud", **colours)
        draw_colour_bar(ax, image, top - 4, top, "exit density (per unit area)")
        for point in result["critical_points"]:
            if side in point["sides"]:
                i = nearest_sample(table, point)
                ax.plot(phi[i], theta[i], **POINTS[point["kind"]])
        quarters = np.array([-1, -0.5, 0, 0.5, 1])
        ax.set_xticks(quarters * np.pi, ["−π", "−π/2", "0", "π/2", "π"])
        ax.set_yticks(quarters[2:] * np.pi, ["0", "π/2", "π"])
        ax.set(xlim=(-np.pi, np.pi), ylim=(np.pi, 0), xlabel="azimuth φ", ylabel="angle to the z axis θ")
        ax.set_title(f"side {side}: probability {result['absorbing'][side]:.6g}", size=10)
    finish(figure, directory, "exit_points.png")


def draw_convergence(directory, result):
    levels = [level for level in result["convergence"] if level["log_rate"] is not None and level["relative_error"]]
    if len(levels) < 2:
        return
    figure, (ax,) = make_figure(result, "Convergence of the escape rate", 1, (6.2, 4.0), right=0.35)
    ax.loglog(*zip(*((level["unknowns"], level["relative_error"]) for level in levels)), color=CURVES[0], marker="o",
              linewidth=1.8, label="estimated relative error of the rate")
    discretization = result["problem"]["Discretization"]
    if discretization["Refinement"] == "adaptive":
        tolerance = float(discretization["Tolerance"])
        ax.axhline(tolerance, color=CURVES[1], linestyle="--", label=f"tolerance {tolerance:g}")
    ax.set(xlabel="unknowns", ylabel="relative error")
    ax.grid(color="#e4e4e4", which="major")
    ax.set_axisbelow(True)
    finish(figure, directory, "convergence.png", columns=2)


def draw_exit_maps(directory, result, sides):
    figure, axes = make_figure(result, "Where the absorbing sides are hit", len(sides), (3.6, 3.6), gap=1.9)
    for ax, side in zip(axes, sides):
        plane = read_table(directory, f"exit_{side}.csv", "xyz".replace(side[0], ""))
        density, top = plane["exit_density"], math.log10(plane["exit_density"].max() or 1)
        window = [zoom(ticks, density.max(axis=axis)) for axis, ticks in enumerate(plane["ticks"])]
        draw_colours(ax, plane, window, density, top - 4, top, "exit density (per unit area)")
        draw_points_in_window(ax, plane, result["critical_points"])
        ax.set_title(f"side {side}: probability {result['absorbing'][side]:.6g}", size=10)
    finish(figure, directory, "exit_points.png")


def main(directory):
    with open(os.path.join(directory, "result.json"), encoding="utf-8") as file:
        result = json.load(file)
    result["absorbing"] = {side["boundary"]: side["probability"] or 0 for side in result["exit"]}
    result["critical_points"] = [point for point in result["critical_points"] if point["loss"] is not None]
    draw_convergence(directory, result)
    dimension = int(result["problem"]["Dimension"])
    if dimension == 1:
        return draw_density_curve(directory, result)
    draw_density_maps(directory, result, dimension)
    draw_loss_along_paths(directory, result)
    if sides := [side for side, probability in result["absorbing"].items() if probability >= 1e-12]:
        curves, maps = ((draw_exit_curves_of_shape, draw_exit_maps_of_shape) if is_shape(result) else
                        (draw_exit_curves, draw_exit_maps))
        (curves if dimension == 2 else maps)(directory, result, sides)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: plot.py DIR")
    main(sys.argv[1])
