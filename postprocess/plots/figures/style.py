"""Colours, lines and markers that all pictures share, and numbers as they are printed in them."""

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import ListedColormap

CURVES = "#2a5d9f", "#c46a00", "#3a8f4d", "#8a4fae"
STYLES = "-", "--", "-.", ":"
CONTOUR, CURRENT, PATH, GRID = "#5f7f95", "#10c890", "#fff4d0", "#e4e4e4"
SIDES = {"absorbing": "#e0202a", "reflecting": "#8a8a8a"}
COLOURS = ListedColormap(colormaps["magma_r"](np.linspace(0, 0.87, 256)))  # markings stay visible on the darkest
POINTS = {kind: dict(label="exit point" if kind == "exit" else kind, marker=marker, color=colour, markersize=9,
                     markeredgecolor="black", linestyle="none", clip_on=False, zorder=6)
          for kind, marker, colour in (("minimum", "o", "white"), ("saddle", "X", "#ffd23f"), ("exit", "^", "#58b8ff"))}


def power_of_ten(exponent):
    return "10" + str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def draw_grid(ax, **lines):
    """Lines behind everything else; keywords as for Axes.grid()."""
    ax.grid(color=GRID, **lines)
    ax.set_axisbelow(True)
