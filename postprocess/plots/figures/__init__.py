"""Pictures of directories of results, drawn from their files; nothing is computed again. Needs numpy and matplotlib.

Each module holds one picture: a function that takes Results (or a sweep, as read from sweep.json) and returns a
matplotlib figure. The functions here yield all pictures of a directory, as pairs of file name and figure.
"""

import logging

logging.getLogger("matplotlib").setLevel(logging.ERROR)  # an unwritable home directory is no trouble

from .comparison import comparison
from .convergence import convergence
from .density_curve import density_curve
from .density_maps import density_maps
from .exit_curves import exit_curves_of_box, exit_curves_of_shape
from .exit_maps import exit_maps_of_box, exit_maps_of_shape
from .layout import save
from .path_profiles import path_profiles
from .results import Results, read_json
from .sweep_layout import MOST_LINES
from .sweep_lines import sweep_lines
from .sweep_points import sweep_points
from .sweep_slopes import sweep_slopes
from .symbols import is_number


def exit_points(results):
    """Where the absorbing sides are hit; None in one dimension, and if nothing leaves."""
    if results.dimension == 1 or not results.exit_sides:
        return None
    if results.dimension == 2:
        return (exit_curves_of_shape if results.is_shape else exit_curves_of_box)(results)
    return (exit_maps_of_shape if results.is_shape else exit_maps_of_box)(results)


def pictures_of_result(directory):
    """density.png (density, loss, critical points, sides, in 2-D the lowest paths and, in 2-D and 3-D, the current),
    exit_points.png (2-D, 3-D: where the absorbing sides are hit), paths.png (2-D, 3-D: the loss along the lowest
    paths) and convergence.png (if there is more than one mesh: the estimated error)."""
    results = Results(directory)
    if figure := convergence(results):
        yield "convergence.png", figure
    yield "density.png", (density_curve if results.dimension == 1 else density_maps)(results)
    if results.dimension > 1 and (figure := path_profiles(results)):
        yield "paths.png", figure
    if figure := exit_points(results):
        yield "exit_points.png", figure


def pictures_of_comparison(directory):
    """compare.png: rates, survival and exit points of finite elements and Monte Carlo."""
    yield "compare.png", comparison(Results(directory))


def pictures_of_sweep(directory):
    """One picture for every fitted law: sweep.png, or sweep_1.png, sweep_2.png, ... if there are several. A law with many
    groups is drawn as slope against group. Without a fit: the logarithm of the rate against the first parameter."""
    sweep = read_json(directory, "sweep.json")
    fits = [fit for fit in sweep["fits"] if any(line["slope"] is not None for line in fit["lines"])]
    if not fits and (figure := sweep_points(sweep)):
        yield "sweep.png", figure
    for i, fit in enumerate(sweep["fits"]):
        if fit not in fits:
            continue
        group = fit["lines"][0]["group"]
        has_many_lines = len(fit["lines"]) > MOST_LINES and len(group) == 1 and all(map(is_number, group.values()))
        yield ("sweep.png" if len(sweep["fits"]) == 1 else f"sweep_{i + 1}.png",
               (sweep_slopes if has_many_lines else sweep_lines)(sweep, fit))
