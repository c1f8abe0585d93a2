"""The estimated error of the rate against the number of unknowns."""

from .layout import add_legend, figure_of_result
from .style import CURVES, draw_grid


def convergence(results):
    """None unless there are at least two meshes with an estimate."""
    levels = [level for level in results.result["convergence"]
              if level["log_rate"] is not None and level["relative_error"]]
    if len(levels) < 2:
        return None
    figure, (ax,) = figure_of_result(results, "Convergence of the escape rate", 1, (6.2, 4.0), right=0.35)
    ax.loglog(*zip(*((level["unknowns"], level["relative_error"]) for level in levels)), color=CURVES[0], marker="o",
              linewidth=1.8, label="estimated relative error of the rate")
    discretization = results.result["problem"]["Discretization"]
    if discretization["Refinement"] == "adaptive":
        tolerance = float(discretization["Tolerance"])
        ax.axhline(tolerance, color=CURVES[1], linestyle="--", label=f"tolerance {tolerance:g}")
    ax.set(xlabel="unknowns", ylabel="relative error")
    draw_grid(ax, which="major")
    return add_legend(figure, columns=2)
