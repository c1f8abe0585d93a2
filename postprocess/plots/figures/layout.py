"""Figures without a window, laid out in inches, and how they become files."""

import os

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from .caption import caption


def empty_figure(size):
    """A figure of the given width and height (inches)."""
    figure = Figure(figsize=size, dpi=130)
    FigureCanvasAgg(figure)
    return figure


def figure_of_result(results, title, n, size, gap=0.85, right=1.25, bottom=1.05):
    """A figure under a title and the caption of a result, with n axes of the given size, at most three in a row; gap
    between those, and space on the right and at the bottom. All lengths in inches. Returns figure and axes."""
    lines, columns, rows, left = caption(results.result), min(n, 3), -(-n // 3), 0.85
    content = left + columns * size[0] + (columns - 1) * gap + right
    total = np.array([max(content, 6.8), bottom + rows * (size[1] + 1) - 0.22 + 0.19 * len(lines)])
    left += (total[0] - content) / 2
    figure = empty_figure(total)
    figure.text(0.5, 1 - 0.28 / total[1], title, ha="center", va="center", size=13, weight="bold")
    figure.text(0.5, 1 - 0.45 / total[1], "\n".join(lines), ha="center", va="top", size=10, parse_math=False)
    corners = [(left + i % 3 * (size[0] + gap), bottom + (rows - 1 - i // 3) * (size[1] + 1)) for i in range(n)]
    return figure, [figure.add_axes([*(corner / total), *(size / total)]) for corner in corners]


def add_legend(figure, columns=4):
    """Adds one legend of everything that is labelled in any axes. Returns the figure."""
    handles = {label: handle for ax in figure.axes for handle, label in zip(*ax.get_legend_handles_labels())}
    figure.legend(handles.values(), handles.keys(), loc="lower center", ncol=columns, frameon=False, fontsize=9)
    return figure


def save(figure, directory, name):
    """Replaces a picture at one go."""
    temporary = os.path.join(directory, ".incomplete." + name)
    figure.savefig(temporary)
    os.replace(temporary, os.path.join(directory, name))
