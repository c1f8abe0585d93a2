"""Quantities on a plane in colour, and critical points on it."""

import math

import numpy as np

from .style import COLOURS, POINTS, power_of_ten


def neighbours(values):
    """The values of the nine points around each point of a grid."""
    padded = np.pad(values, 1, mode="edge")
    rows, columns = values.shape
    return np.array([padded[i:i + rows, j:j + columns] for i in range(3) for j in range(3)])


def continue_outwards(values, outside):
    """Replaces what is outside by means of neighbours; it will be cut off."""
    values = np.where(outside, np.nan, values)
    for _ in range(3):
        around = neighbours(values)
        mean = np.nansum(around, axis=0) / np.maximum((~np.isnan(around)).sum(axis=0), 1)
        values = np.where(np.isnan(values) & ~np.isnan(around).all(axis=0), mean, values)
    return np.nan_to_num(values)


def draw_colours(ax, plane, window, values, low, high, label):
    """The decimal logarithm of values in colour; a colour bar if there is a label for it."""
    extent = [end for t in plane["ticks"] for end in (1.5 * t[0] - 0.5 * t[1], 1.5 * t[-1] - 0.5 * t[-2])]
    if plane["outside"].any():
        values = continue_outwards(values, plane["outside"])
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


def draw_points_in_window(ax, plane, points):
    tolerance = 1e-3 * max(map(np.ptp, plane["ticks"]))
    window = plane["fixed"] | dict(zip(plane["axes"], (ax.get_xlim(), ax.get_ylim())))
    for point in points:
        position = dict(zip("xyz", point["position"]))
        if all(low - tolerance <= position[axis] <= high + tolerance for axis, (low, high) in window.items()):
            ax.plot(*(position[axis] for axis in plane["axes"]), **POINTS[point["kind"]])
