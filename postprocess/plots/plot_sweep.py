"""Pictures of a sweep: python3 plot_sweep.py DIR (needs numpy and matplotlib).

Reads sweep.json in DIR, recomputes nothing, and writes into DIR one picture for every fitted law: sweep.png, or
sweep_1.png, sweep_2.png, ... if there are several. Above: the computed points, the formulas that apply, and the line with
the slope of the theory. Below: what separates each of them from the fitted line. A law with many groups is drawn as
slope against group. Without a fit: the logarithm of the rate against the first parameter.
"""

import json
import math
import os
import re
import sys

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from plot import CURVES, STYLES

COLOURS = *CURVES, "#a83252", "#5a5a5a"
FORMULA, THEORY = "#c46a00", "#3a8f4d"

MARKERS = "osD^vP"
MOST_LINES = 6
# Names in formulas, as they are printed, and what they mean.
SYMBOLS = [
    (r"log_rate", "ln γ", "γ: escape rate per unit of time"), (r"rate", "γ", "γ: escape rate per unit of time"),
    (r"tau", "τ", "τ = 1/γ: mean escape time"), (r"relative_error", "relative error", ""), (r"unknowns", "unknowns", ""),
    (r"(?:Noise[._/])?Diffusion", "D", "D: diffusion constant in units of loss"),
    (r"(?:Noise[._/])?Learning[ _]rate", "η", "η: learning rate"), (r"(?:Noise[._/])?Batch[ _]size", "B", "B: batch size"),
    (r"(?:Loss[._/])?Scale[ _]k", "k", "k: factor of all Hessians"),
    (r"(?:Domain[._/])?Effective[ _]dimension", "n", "n: dimension of the ball"), (r"n", "n", "n: dimension"),
    (r"(?:Domain[._/])?Radius", "R", "R: radius of the domain"), (r"(?:Domain[._/])?Level", "ΔL", "ΔL: barrier"),
    (r"barrier", "ΔL", "ΔL: barrier"), (r"L_a", "L_a", "L_a: loss at the minimum"), (r"L_b", "L_b", "L_b: loss at the exit"),
    (r"H_a", "H_a", ""), (r"H_b", "H_b", ""), (r"T_e", "T", "T: temperature along the way out"), (r"eta_B", "η_B", ""),
]


def pretty(formula):
    """A formula as it is printed, and the meanings of its symbols."""
    meanings = []

    def replace(match):
        for pattern, symbol, meaning in SYMBOLS:
            if re.fullmatch(pattern, match.group()):
                if meaning and meaning not in meanings:
                    meanings.append(meaning)
                return symbol
        return match.group()

    names = "|".join(sorted((pattern for pattern, _, _ in SYMBOLS), key=len, reverse=True))
    text = re.sub(rf"(?<![A-Za-z0-9_.])(?:{names})(?![A-Za-z0-9_(])", replace, formula)
    text = re.sub(r"\blog\(", "ln(", text)
    text = re.sub(r"ln\(([^()+*/-]+)\)(?! *[/^])", r"ln \1", text)
    return text.replace("*", "·").replace("-", "−").replace("^2", "²"), meanings


def group_name(group):
    return ", ".join(f"{pretty(name)[0]} = {value}" for name, value in group.items())


def is_number(text):
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def describe_problem(sweep):
    problem = sweep["problem"]
    loss, noise = problem["Loss"].get("Expression", ""), problem["Noise"]
    kind = noise.get("Type", "")
    if kind == "hessian aligned":
        kind = f"Hessian-aligned noise ({noise['Hessian']}), {noise['Interpretation']}"
    else:
        kind = f"{kind} noise"
    keys = {"constant": ["Diffusion"], "expression": []}.get(noise.get("Type"), ["Learning rate", "Batch size"])
    fixed = [f"{pretty('Noise.' + key)[0]} = {noise[key]}" for key in keys if noise.get(key)]
    constants = f" ({problem['Loss']['Constants']})" if problem["Loss"].get("Constants") else ""
    lines = [f"L = {loss}{constants}"] if 0 < len(loss + constants) <= 90 else []
    return lines + [", ".join([kind] + fixed)]


def describe_line(line):
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


def make_figure(sweep, caption, panels):
    """A figure with panels of the given heights (in inches) above each other."""
    caption = describe_problem(sweep) + ([f"law: {sweep['law']}"] if sweep["law"] else []) + caption
    width, left, right, bottom, gap = 7.8, 1.15, 0.3, 0.85, 0.12
    top = 0.5 + 0.19 * len(caption) + 0.1
    total = np.array([width, bottom + sum(panels) + gap * (len(panels) - 1) + top])
    figure = Figure(figsize=total, dpi=130)
    FigureCanvasAgg(figure)
    title = sweep["title"] or "Escape rate"
    figure.text(0.5, 1 - 0.26 / total[1], title, ha="center", va="center", size=12 if len(title) < 75 else 10, weight="bold",
                parse_math=False)
    figure.text(0.5, 1 - 0.45 / total[1], "\n".join(caption), ha="center", va="top", size=9, linespacing=1.25,
                parse_math=False)
    axes, y = [], total[1] - top
    for height in panels:
        y -= height
        axes.append(figure.add_axes([left / width, y / total[1], (width - left - right) / width, height / total[1]]))
        axes[-1].grid(color="#e6e6e6")
        axes[-1].set_axisbelow(True)
        y -= gap
    return figure, axes


def save(figure, directory, name):
    temporary = os.path.join(directory, ".incomplete." + name)
    figure.savefig(temporary)
    os.replace(temporary, os.path.join(directory, name))


def finish(figure, axes, directory, name, x, meanings):
    axes[-1].set_xlabel(x)
    ticks = [x for line in axes[0].get_lines() for x in np.atleast_1d(line.get_xdata())]
    if all(float(x).is_integer() for x in ticks):
        axes[-1].xaxis.set_major_locator(MaxNLocator(12, integer=True))
    for ax in axes[:-1]:
        ax.sharex(axes[-1])
        ax.tick_params(labelbottom=False)
    figure.text(0.5, 0.12 / figure.get_figheight(), ";  ".join(meanings), ha="center", va="center", size=8, color="#444444",
                parse_math=False)
    axes[0].legend(fontsize=8, framealpha=0.85, edgecolor="none")
    save(figure, directory, name)


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


def draw_lines(directory, name, sweep, fit):
    response, meanings = pretty(fit["response"])
    regressor, more = pretty(fit["regressor"])
    meanings += [meaning for meaning in more if meaning not in meanings]
    lines = fit["lines"]
    single, relative = len(lines) == 1, fit["response"].strip() in ("rate", "tau")
    figure, (above, below) = make_figure(sweep, [describe_line(lines[0])] if single else [], (3.7 if single else 4.4, 1.5))
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
    finish(figure, (above, below), directory, name, regressor, meanings)


def short_slope(line):
    if line["slope"] is None:
        return "too few points"
    theory = f", theory {line['theory']['slope']:.5g}" if line["theory"] else ""
    return f"slope {line['slope']:.5g}{theory}".replace("-", "−")


def draw_slopes(directory, name, sweep, fit):
    """Slope against group, for laws with many lines and one parameter that tells them apart."""
    response, meanings = pretty(fit["response"])
    regressor, more = pretty(fit["regressor"])
    key = next(iter(fit["lines"][0]["group"]))
    group, most = pretty(key)
    meanings += [meaning for meaning in more + most if meaning not in meanings]
    lines = [line for line in fit["lines"] if line["slope"] is not None]
    caption = [f"each point is the slope of {response} against {regressor}"]
    figure, (above, below) = make_figure(sweep, caption, (3.7, 1.5))
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
    finish(figure, (above, below), directory, name, group, meanings)


def draw_points(directory, sweep):
    """ln γ against the first parameter that is varied, one line for each combination of the others."""
    keys = [varied["parameter"] for varied in sweep["varied"]]
    lines = {}
    for point in sweep["points"]:
        if not is_number(point[keys[0]]):
            return
        x = float(point[keys[0]])
        if point["log_rate"] is not None:
            group = ", ".join(f"{pretty(key)[0]} = {point[key]}" for key in keys[1:])
            lines.setdefault(group, []).append((x, point))
    if not lines:
        return
    symbol, meanings = pretty(keys[0])
    figure, (ax,) = make_figure(sweep, [], (4.2,))
    names = []
    for i, (group, points) in enumerate(list(lines.items())[:MOST_LINES]):
        points.sort(key=lambda entry: entry[0])
        x, colour = [x for x, _ in points], COLOURS[i % len(COLOURS)]
        ax.plot(x, [point["log_rate"] for _, point in points], linestyle="none", label=group or "computed", color=colour,
                marker=MARKERS[i % len(MARKERS)], markersize=6, markeredgecolor="black", markeredgewidth=0.5, zorder=4)
        drawn = []
        for j, formula in enumerate(points[0][1]["formulas"]):
            y = [entry["formulas"][j]["log_rate"] if entry["formulas"][j]["applicable"] else None for _, entry in points]
            if any(value is not None for value in y) and y not in drawn:
                ax.plot(x, [math.nan if value is None else value for value in y], color=colour, linewidth=1.5,
                        linestyle=STYLES[len(drawn) % len(STYLES)])
                drawn.append(y)
                names += [formula["name"]] * (formula["name"] not in names)
    if names:
        ax.plot([], [], color="black", linewidth=1.5, label="formula, where it applies: " + ", ".join(names))
    ax.set_ylabel("ln γ")
    finish(figure, (ax,), directory, "sweep.png", symbol, ["γ: escape rate per unit of time"] + meanings)


def main(directory):
    with open(os.path.join(directory, "sweep.json"), encoding="utf-8") as file:
        sweep = json.load(file)
    fits = [fit for fit in sweep["fits"] if any(line["slope"] is not None for line in fit["lines"])]
    if not fits:
        return draw_points(directory, sweep)
    for i, fit in enumerate(sweep["fits"]):
        if fit not in fits:
            continue
        name = "sweep.png" if len(sweep["fits"]) == 1 else f"sweep_{i + 1}.png"
        by = fit["lines"][0]["group"]
        many = len(fit["lines"]) > MOST_LINES and len(by) == 1 and all(map(is_number, by.values()))
        (draw_slopes if many else draw_lines)(directory, name, sweep, fit)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: plot_sweep.py DIR")
    main(sys.argv[1])
