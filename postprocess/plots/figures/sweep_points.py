"""A sweep without a fit: ln γ against the first parameter that is varied."""

import math

from .style import STYLES
from .sweep_layout import COLOURS, MARKERS, MOST_LINES, complete, figure_of_sweep
from .symbols import is_number, typeset


def sweep_points(sweep):
    """ln γ against the first parameter that is varied, one line for each combination of the others; None if it
    is no number or nothing was computed."""
    keys = [varied["parameter"] for varied in sweep["varied"]]
    lines = {}
    for point in sweep["points"]:
        if not is_number(point[keys[0]]):
            return None
        x = float(point[keys[0]])
        if point["log_rate"] is not None:
            group = ", ".join(f"{typeset(key)[0]} = {point[key]}" for key in keys[1:])
            lines.setdefault(group, []).append((x, point))
    if not lines:
        return None
    symbol, meanings = typeset(keys[0])
    figure, (ax,) = figure_of_sweep(sweep, [], (4.2,))
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
    return complete(figure, (ax,), symbol, ["γ: escape rate per unit of time"] + meanings)
