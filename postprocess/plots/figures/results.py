"""The files of a directory of results."""

import csv
import functools
import itertools
import json
import math
import os

import numpy as np

SHAPES = "ball", "level set", "gmsh"  # domains that are no boxes, except in one dimension


def read_json(directory, name):
    with open(os.path.join(directory, name), encoding="utf-8") as file:
        return json.load(file)


def read_rows(directory, name):
    """The rows of a table, as dictionaries of text by column."""
    with open(os.path.join(directory, name), newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


class Results:
    """What run writes into a directory: result.json as `result`, the tables as they are asked for.

    `absorbing` are the exit probabilities of the absorbing sides by name, `critical_points` those whose loss is
    finite."""

    def __init__(self, directory):
        self.directory, self.result = directory, read_json(directory, "result.json")
        self.dimension = int(self.result["problem"]["Dimension"])
        self.absorbing = {side["boundary"]: side["probability"] or 0 for side in self.result["exit"]}
        self.critical_points = [point for point in self.result["critical_points"] if point["loss"] is not None]

    @property
    def is_shape(self):
        return self.result["problem"]["Domain"]["Type"] in SHAPES and self.dimension > 1

    @property
    def exit_sides(self):
        """The sides through which anything leaves."""
        return [side for side, probability in self.absorbing.items() if probability >= 1e-12]

    def table(self, name, axes=None):
        """The columns by name, as matrices [second axis, first axis] if axes name those of a regular grid."""
        with open(os.path.join(self.directory, name), encoding="utf-8") as file:
            names, body = file.readline().strip().split(","), file.read().strip().replace("\n", ",")
        table = dict(zip(names, np.fromiter(map(float, body.split(",")), float).reshape(-1, len(names)).T.copy()))
        outside = np.isnan(table.get("density", 0))  # a shape
        for key, column in table.items():
            column[~np.isfinite(column)] = math.nan if key == "loss" else 0
            np.maximum(column, 0 if key.endswith("density") else -math.inf, out=column)
        if not axes:
            return table
        ticks = [np.unique(table[axis]) for axis in axes]
        shape = ticks[1].size, ticks[0].size
        fixed = {axis: table[axis][[0, -1]] for axis in table.keys() & set("xyz") - set(axes)}
        matrices = {key: column.reshape(shape) for key, column in table.items()}
        return matrices | {"axes": axes, "ticks": ticks, "fixed": fixed,
                           "outside": np.broadcast_to(outside, table[axes[0]].shape).reshape(shape)}

    def outline(self, name="outline.csv", axes="xy"):
        """The curves of the boundary (closed; segments in 3-D) as lists of (names of sides, points)."""
        curves = [list(group) for _, group in
                  itertools.groupby(read_rows(self.directory, name), lambda row: row["curve"])]
        return [([row["side"] for row in curve], np.array([[float(row[axis]) for axis in axes] for row in curve]))
                for curve in curves]

    @functools.cached_property
    def paths(self):
        """The lowest paths as in result.json, with their tables; only those of at most twice the least barrier."""
        if not self.result["paths"]:
            return []
        groups = [list(rows) for _, rows in
                  itertools.groupby(read_rows(self.directory, "paths.csv"), lambda row: row["path"])]
        paths = [path | {"table": {key: np.array([float(row[key]) for row in rows])
                                   for key in rows[0] if key != "target"}}
                 for path, rows in zip(self.result["paths"], groups)]
        least = min(path["barrier"]["loss"] for path in paths)
        return [path for path in paths if path["barrier"]["loss"] <= 2 * max(least, 0)]

    def loss_scale(self, loss, density):
        """Loss at the bottom and height of the barrier above it (0 if the loss is flat)."""
        bottom = min(loss[~np.isnan(loss)], default=0)
        # A wall can have an exit point through which next to nothing leaves: it says nothing about scales.
        gates = [point["loss"] for point in self.critical_points if point["kind"] != "minimum" and (
            not point["sides"] or max(self.absorbing.get(side, 0) for side in point["sides"]) > 1e-6)]
        if max(gates, default=bottom) <= bottom:
            gates = loss[(density > 1e-6 * density.max()) & ~np.isnan(loss)]
        return bottom, max(gates, default=bottom) - bottom
