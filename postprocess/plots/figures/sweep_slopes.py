"""Slope against group, for laws of a sweep with many lines and one parameter that tells them apart."""

import numpy as np

from .style import CURVES
from .sweep_layout import THEORY, complete, figure_of_sweep
from .symbols import typeset


def sweep_slopes(sweep, fit):
    response, meanings = typeset(fit["response"])
    regressor, more = typeset(fit["regressor"])
    key = next(iter(fit["lines"][0]["group"]))
    group, most = typeset(key)
    meanings += [meaning for meaning in more + most if meaning not in meanings]
    lines = [line for line in fit["lines"] if line["slope"] is not None]
    caption = [f"each point is the slope of {response} against {regressor}"]
    figure, (above, below) = figure_of_sweep(sweep, caption, (3.7, 1.5))
    x = np.array([float(line["group"][key]) for line in lines])
    slope = np.array([line["slope"] for line in lines])
    style = dict(color=CURVES[0], marker="o", linestyle="none", markeredgecolor="black", markeredgewidth=0.5, zorder=4)
    above.plot(x, slope, label="computed", **style)
    if all(line["theory"] for line in lines):
        theory = np.array([line["theory"]["slope"] for line in lines])
        above.plot(x, theory, color=THEORY, linestyle="--", linewidth=1.4, label="theory")
        below.plot(x, slope - theory, **style)
        if all(line["theory"]["allowed"] is not None for line in lines):
            allowed = np.array([line["theory"]["allowed"] for line in lines])
            below.fill_between(x, -allowed, allowed, color=THEORY, alpha=0.15, linewidth=0, label="asymptotic error")
            below.legend(fontsize=8, frameon=False)
    below.axhline(0, color="black", linewidth=0.8)
    above.set_ylabel(f"slope of {response}\nagainst {regressor}")
    below.set_ylabel("difference\nfrom theory")
    return complete(figure, (above, below), group, meanings)
