"""One fitted law of a sweep: the computed points, the formulas that apply and the line with the slope of the theory; below,
what separates each of them from the fitted line."""

import math

import numpy as np

from .sweep_layout import COLOURS, FORMULA, MARKERS, THEORY, complete, figure_of_sweep
from .symbols import group_name, typeset


def fitted_slope(line):
    """Slope, theory and difference of one fitted line."""
    slope, error, theory = line["slope"], line["slope_error"], line["theory"]
    if slope is None:
        return "too few points for a line"
    text = f"slope {slope:.6g}" + (f" (s.e. {error:.1g})" if error is not None else "")
    if theory:
        difference = theory["difference_per_cent"]
        text += f", theory {theory['slope']:.6g}"
        text += f", difference {difference:+.2g} %" if difference is not None else f", difference {theory['difference']:+.2g}"
        if theory["allowed"] is not None and theory["slope"]:
            text += f" (asymptotic error up to {100 * theory['allowed'] / abs(theory['slope']):.2g} %)"
    return text.replace("-", "−")


def short_slope(line):
    if line["slope"] is None:
        return "too few points"
    theory = f", theory {line['theory']['slope']:.5g}" if line["theory"] else ""
    return f"slope {line['slope']:.5g}{theory}".replace("-", "−")


def distinct_formulas(line):
    """The formulas of a line, as (names, values); those that say the same are one."""
    chosen = []
    for formula in line["formulas"]:
        y = np.array([math.nan if value is None else value for value in formula["y"]])
        for names, other in chosen:
            if np.allclose(y, other, rtol=1e-9, atol=0, equal_nan=True):
                names.append(formula["name"])
                break
        else:
            chosen.append(([formula["name"]], y))
    return chosen


def join(names):
    return "; ".join(names[:4]) + ("; ..." if len(names) > 4 else "")


def draw_line(axes, line, colour, marker, label, colours, styles, relative):
    """The points of one line, formulas and theory; below, their differences from the fitted line. styles: those of the
    formulas, by name."""
    above, below = axes
    x, y = np.array(line["x"]), np.array(line["y"])
    order = np.argsort(x)
    fitted = line["intercept"] + line["slope"] * x if line["slope"] is not None else y
    scale = np.abs(y).max() if relative else 1

    def draw(values, **style):
        above.plot(x[order], values[order], **style)
        below.plot(x[order], ((values - fitted) / scale)[order], **style | {"label": None})

    draw(y, linestyle="none", zorder=4, label=label, color=colour, marker=marker, markersize=6, markeredgecolor="black",
         markeredgewidth=0.5)
    for names, values in distinct_formulas(line):
        style = styles.setdefault(names[0], ("-", "-.", ":")[len(styles) % 3])
        draw(values, color=colours.get("formula", colour), linestyle=style, linewidth=1.5,
             label=f"formula: {join(names)}" if colours else None)
    if line["theory"]:
        theory = np.mean(y) + line["theory"]["slope"] * (x - np.mean(x))
        draw(theory, color=colours.get("theory", colour), linestyle="--", linewidth=1.2,
             label="slope of the theory, through the mean point" if colours else None)


def sweep_lines(sweep, fit):
    response, meanings = typeset(fit["response"])
    regressor, more = typeset(fit["regressor"])
    meanings += [meaning for meaning in more if meaning not in meanings]
    lines = fit["lines"]
    single, relative = len(lines) == 1, fit["response"].strip() in ("rate", "tau")
    figure, (above, below) = figure_of_sweep(sweep, [fitted_slope(lines[0])] if single else [], (3.7 if single else 4.4, 1.5))
    styles = {}
    for i, line in enumerate(lines):
        label = "computed" if single else f"{group_name(line['group'])}: {short_slope(line)}"
        draw_line((above, below), line, COLOURS[i % len(COLOURS)], MARKERS[i % len(MARKERS)], label,
                  {"formula": FORMULA, "theory": THEORY} if single else {}, styles, relative)
    if not single:  # the colours tell the groups apart
        for formula, style in styles.items():
            above.plot([], [], color="black", linestyle=style, linewidth=1.5, label=f"formula: {formula}")
        if any(line["theory"] for line in lines):
            above.plot([], [], color="black", linestyle="--", linewidth=1.2, label="slope of the theory, through the mean point")
    below.axhline(0, color="black", linewidth=0.8)
    above.set_ylabel(response)
    below.set_ylabel("relative difference\nfrom fitted line" if relative else "difference\nfrom fitted line")
    return complete(figure, (above, below), regressor, meanings)
