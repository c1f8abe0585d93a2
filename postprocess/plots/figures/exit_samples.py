"""Samples of exit densities: which of them to show, and which are nearest to a critical point."""

import numpy as np


def visible_range(ticks, density):
    """The ends of the range in which the density is visible."""
    where = np.flatnonzero(density >= 1e-4 * density.max())
    return ticks[[max(where[0] - 1, 0), min(where[-1] + 1, ticks.size - 1)]]


def nearest_sample(table, point):
    """Index of the sample of a boundary that is nearest to a critical point."""
    distances = [table[axis] - position for axis, position in zip("xyz", point["position"])]
    return int(np.argmin(np.sum(np.square(distances), axis=0)))
