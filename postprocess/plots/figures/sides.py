"""The sides of a box as the frame of a picture, and the outline of a shape."""

import itertools

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.path import Path

from .maps import neighbours
from .style import SIDES


def draw_sides(ax, axes, absorbing):
    for axis, spines in zip(axes, (("left", "right"), ("bottom", "top"))):
        for sign, spine in zip("-+", spines):
            if axis + sign == "r-":  # the centre of a ball
                continue
            kind = "absorbing" if axis + sign in absorbing else "reflecting"
            ax.spines[spine].set(color=SIDES[kind], linewidth=4, zorder=5 if kind == "absorbing" else 4)
            ax.plot([], [], color=SIDES[kind], linewidth=4, label=f"{kind} side")


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
