"""What the pictures of a sweep share: caption, panels, axis and legend."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from .layout import empty_figure
from .style import CURVES, draw_grid
from .symbols import typeset

COLOURS, MARKERS = (*CURVES, "#a83252", "#5a5a5a"), "osD^vP"
FORMULA, THEORY = "#c46a00", "#3a8f4d"
MOST_LINES = 6


def problem_and_noise(sweep):
    """Lines of a caption."""
    problem = sweep["problem"]
    loss, noise = problem["Loss"].get("Expression", ""), problem["Noise"]
    kind = noise.get("Type", "")
    if kind == "hessian aligned":
        kind = f"Hessian-aligned noise ({noise['Hessian']}), {noise['Interpretation']}"
    else:
        kind = f"{kind} noise"
    keys = {"constant": ["Diffusion"], "expression": []}.get(noise.get("Type"), ["Learning rate", "Batch size"])
    fixed = [f"{typeset('Noise.' + key)[0]} = {noise[key]}" for key in keys if noise.get(key)]
    constants = f" ({problem['Loss']['Constants']})" if problem["Loss"].get("Constants") else ""
    lines = [f"L = {loss}{constants}"] if 0 < len(loss + constants) <= 90 else []
    return lines + [", ".join([kind] + fixed)]


def figure_of_sweep(sweep, caption, panels):
    """A figure with panels of the given heights (in inches) above each other, under the title of a sweep and lines that end
    with the given caption. Returns figure and axes."""
    caption = problem_and_noise(sweep) + ([f"law: {sweep['law']}"] if sweep["law"] else []) + caption
    width, left, right, bottom, gap = 7.8, 1.15, 0.3, 0.85, 0.12
    top = 0.5 + 0.19 * len(caption) + 0.1
    total = np.array([width, bottom + sum(panels) + gap * (len(panels) - 1) + top])
    figure = empty_figure(total)
    title = sweep["title"] or "Escape rate"
    figure.text(0.5, 1 - 0.26 / total[1], title, ha="center", va="center", size=12 if len(title) < 75 else 10, weight="bold",
                parse_math=False)
    figure.text(0.5, 1 - 0.45 / total[1], "\n".join(caption), ha="center", va="top", size=9, linespacing=1.25,
                parse_math=False)
    axes, y = [], total[1] - top
    for height in panels:
        y -= height
        axes.append(figure.add_axes([left / width, y / total[1], (width - left - right) / width, height / total[1]]))
        draw_grid(axes[-1])
        y -= gap
    return figure, axes


def complete(figure, axes, x, meanings):
    """Labels the common x axis, and adds the meanings of symbols and a legend. Returns the figure."""
    axes[-1].set_xlabel(x)
    ticks = [tick for line in axes[0].get_lines() for tick in np.atleast_1d(line.get_xdata())]
    if all(float(tick).is_integer() for tick in ticks):
        axes[-1].xaxis.set_major_locator(MaxNLocator(12, integer=True))
    for ax in axes[:-1]:
        ax.sharex(axes[-1])
        ax.tick_params(labelbottom=False)
    figure.text(0.5, 0.12 / figure.get_figheight(), ";  ".join(meanings), ha="center", va="center", size=8, color="#444444",
                parse_math=False)
    axes[0].legend(fontsize=8, framealpha=0.85, edgecolor="none")
    return figure
