"""The program as its user runs it: ready problems, result files, pictures, options and MPI."""

import csv
import json
import math
import pathlib
import re
import shutil
import tempfile
import unittest
import xml.etree.ElementTree as xml

from command_line import PROBLEMS, run, settings

READY = sorted(PROBLEMS.glob("*.prm"))
# Runs that would take too long, here with less accuracy.
FASTER = {"styblinski_tang_3d": 1e-4, "ou_ball_3d": 1e-4}
# Its estimate is half of the distance to the limit: at re-entrant corners the rate converges slowly from above.
LESS_ACCURATE = {"keyhole": 3e-6}
DOUBLE_WELL = PROBLEMS / "double_well_1d.prm"
STYBLINSKI_TANG = PROBLEMS / "styblinski_tang_2d.prm"
FORMULAS = ["Kramers", "Kramers at the saddle", "Eyring-Kramers", "Eyring-Kramers at the saddle", "boundary exit",
            "parallel paths", "sequential paths", "first passage to a level", "Kramers, noise D(x)",
            "Hessian-aligned, anti-Ito", "Hessian-aligned, Stratonovich", "Hessian-aligned, Ito", "power law",
            "power law to a level", "exact 1-D integral"]
KEYS = {
    "": {"schema", "program", "problem", "escape_rate", "mean_escape_time", "mass", "detailed_balance", "stationary_potential",
         "interpretation", "noise", "exit", "start", "n_valleys", "valleys", "critical_points", "formulas", "discretization",
         "convergence", "solver", "time_seconds", "memory", "paths"},
    "escape_rate": {"value", "log", "relative_error", "converged"},
    "exit": {"boundary", "flux", "probability"},
    "critical_points": {"kind", "position", "loss", "hessian_eigenvalues"},
    "formulas": {"name", "reference", "expression", "applicable", "reason", "rate", "log_rate", "ratio",
                 "corrected_log_rate", "corrected_ratio"},
    "discretization": {"degree", "cells", "dofs", "levels", "gauge_scale", "cutoff"},
    "convergence": {"level", "cells", "unknowns", "rate", "log_rate", "relative_error", "seconds"},
    "solver": {"method", "iterations", "linear_solves", "linear_iterations", "longest_linear_solve", "residual"},
    "time_seconds": {"exploration", "assembly", "setup", "iteration", "solve", "error_estimate", "output", "total"},
    "memory": {"peak_bytes", "peak_bytes_of_largest_rank"},
}
PARAMETERS = {
    "": ["Dimension", "Compute"],
    "Loss": ["Type", "Expression", "Constants", "Scale k", "Data", "Features", "Label", "Standardize", "Model",
             "L2 regularization"],
    "Force": ["Expression"],
    "Noise": ["Type", "Diffusion", "Learning rate", "Batch size", "Data set size", "Hessian", "Path parameter s",
              "Transition width", "Floor", "Expressions", "Injected diffusion", "Interpretation"],
    "Domain": ["Type", "Lower", "Upper", "Absorbing", "Center", "Radius", "Effective dimension", "Level", "Mesh",
               "Start"],
    "Discretization": ["Refinement", "Tolerance", "Maximum unknowns", "Degree", "Initial cells", "Cells",
                       "Gauge scale"],
    "Solver": ["Method", "Relative tolerance"],
    "Output": ["Directory", "Fields", "Pictures"],
    "Sweep": ["Title", "Law", "Vary", "Fit"],
    "Monte Carlo": ["Method", "Trajectories", "Particles", "Repeats", "Time step", "Scheme", "Seed", "Maximum time",
                    "Start", "Burn-in time", "Half step", "Batches"],
}
INTERPRETATIONS = {"ito": 0, "stratonovich": 0.5, "anti-ito": 1}
# What result.json says about the noise of ready problems.
NOISE = {
    "anisotropic_double_well": {"diffusion": [[0.06, 0.015], [0.015, 0.04]]},
    "double_well_1d": {"diffusion": [[0.02]]},
    "maier_stein": {"diffusion": [[0.0107, 0], [0, 0.0107]]},
    "ou_radial": {"diffusion": [[0.02]]},
    "hessian_aligned_double_well": {
        "learning_rate": 0.02, "batch_size": 1, "eta_B": 0.02, "path_parameter": 0.5, "transition_level": -0.125,
        "transition_width": 0.0125, "hessian_at_minimum_eigenvalues": [2], "hessian_at_saddle_eigenvalues": [1],
        "T_a": 0.02, "T_b": 0.01},
    # Of (H^2 + 1/4)^(1/2): at the minimum (-1.0988, -0.3457) H = (2.4148, -0.6593; -0.6593, 1.1434), at the saddle
    # diag(-1, 1); the way out is along x.
    "hessian_aligned_2d": {
        "learning_rate": 0.1, "batch_size": 1, "eta_B": 0.1, "floor": 0.5,
        "hessian_at_minimum_eigenvalues": [0.9976082985931739, 2.7409783386401756], "T_e": 0.12371718705401424,
        "hessian_at_exit_eigenvalues": [math.sqrt(1.25), math.sqrt(1.25)], "T_e_at_exit": 0.05 * math.sqrt(1.25)},
    "linear_regression": {
        "learning_rate": 0.5, "batch_size": 10, "eta_B": 0.05, "floor": 0, "hessian_at_minimum_eigenvalues": [1],
        "T_e": 0.05, "dimension": 10, "critical_dimension": 42, "below_critical_dimension": True},
    "power_law_radial": {
        "learning_rate": 0.1, "batch_size": 1, "eta_B": 0.1, "floor": 0, "hessian_at_minimum_eigenvalues": [1],
        "T_e": 0.1, "dimension": 2, "critical_dimension": 22, "below_critical_dimension": True},
    # 99.9 per cent leave along y, where the Hessian is 3.
    "power_law_2d": {
        "learning_rate": 0.1, "batch_size": 1, "eta_B": 0.1, "floor": 0, "hessian_at_minimum_eigenvalues": [1, 3],
        "T_e": 0.3},
}


def head_comment(file):
    lines = file.read_text(encoding="utf-8").splitlines()
    end = next(i for i, line in enumerate(lines) if not line.startswith("#"))
    return " ".join(line.lstrip("# ") for line in lines[:end])


def coordinates(result):
    return "r" if result["problem"]["Domain"]["Type"] == "radial" else "xyz"[:int(result["problem"]["Dimension"])]


def sphere(result, r):
    """Area of the sphere of radius r in a radial problem, otherwise 1."""
    domain = result["problem"]["Domain"]
    if domain["Type"] != "radial":
        return 1
    n = float(domain["Effective dimension"])
    return 2 * math.pi ** (n / 2) / math.gamma(n / 2) * r ** (n - 1)


def has_shape(result):
    """Whether the domain is neither a box nor radial."""
    return result["problem"]["Domain"]["Type"] not in ("box", "radial")


def read_table(file):
    """Columns of numbers by name."""
    with open(file, newline="", encoding="utf-8") as stream:
        names, *rows = csv.reader(stream)
    return {name: [float(row[i]) for row in rows] for i, name in enumerate(names)}


def trapezoidal(coordinates, values):
    return sum((b - a) * (u + v) / 2 for a, b, u, v in zip(coordinates, coordinates[1:], values, values[1:]))


class RunTest(unittest.TestCase):
    """Runs in a folder of its own."""

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def solve(self, file, *assignments, output="out", pictures=False, launcher=()):
        """Returns result.json and stdout of a run that must succeed."""
        options = settings([f"Output/Pictures={str(pictures).lower()}", *assignments])
        status, stdout, stderr = run("run", file, *options, "--output", output, folder=self.folder, launcher=launcher)
        self.assertEqual((status, stderr), (0, ""))
        self.assertFalse((self.folder / output / ".incomplete").exists())
        return json.loads((self.folder / output / "result.json").read_text(encoding="utf-8")), stdout

    def rate(self, *arguments, **options):
        return self.solve(*arguments, **options)[0]["escape_rate"]["value"]

    def assert_close(self, found, expected, tolerance):
        self.assertLessEqual(abs(found - expected), tolerance * abs(expected), f"{found} instead of {expected}")


class ReadyProblems(RunTest):
    def test_ready_problems(self):
        self.assertGreaterEqual(len(READY), 6)
        for file in READY:
            with self.subTest(problem=file.stem):
                tolerance = FASTER.get(file.stem, 1e-6)
                result, stdout = self.solve(file, f"Discretization/Tolerance={tolerance}", output=file.stem)
                self.check_result(result)
                self.check_rate(file, result["escape_rate"], tolerance)
                self.check_noise(file, result)
                self.check_report(result, stdout)
                self.check_files(self.folder / file.stem, result)
                if file.stem not in FASTER:
                    again = self.rate(f"{file.stem}/parameters.prm", output="again")
                    self.assert_close(again, result["escape_rate"]["value"], 1e-12)

    def check_result(self, result):
        for place, keys in KEYS.items():
            entries = result[place] if place else result
            for entry in entries if isinstance(entries, list) else [entries]:
                self.assertLessEqual(keys, entry.keys(), place)
        self.assertEqual(result["schema"], 1)
        dim = int(result["problem"]["Dimension"])
        rate = result["escape_rate"]
        self.assert_close(math.exp(rate["log"]), rate["value"], 1e-12)
        self.assert_close(result["mean_escape_time"], 1 / rate["value"], 1e-12)
        self.assert_close(sum(side["probability"] for side in result["exit"]), 1, 1e-12)
        self.assert_close(sum(side["flux"] for side in result["exit"]), rate["value"] * result["mass"], 1e-12)
        if result["problem"]["Domain"]["Type"] == "radial":
            self.assertEqual([side["boundary"] for side in result["exit"]], ["r+"])
        for point in result["critical_points"]:
            self.assertIn(point["kind"], ["minimum", "saddle", "exit"])
            self.assertEqual(len(point["position"]), dim)
        if result["problem"]["Loss"]["Expression"] != "0":
            self.assertIn("minimum", [point["kind"] for point in result["critical_points"]])
        self.assertEqual([formula["name"] for formula in result["formulas"]], FORMULAS)
        for formula in result["formulas"]:
            self.assertTrue(formula["reason"].strip(), formula)
            if formula["applicable"]:
                self.assert_close(formula["ratio"], rate["value"] / formula["rate"], 1e-9)
                self.assert_close(formula["log_rate"], math.log(formula["rate"]), 1e-12)
        self.assertLess(result["solver"]["residual"], 1e-9)

    def check_rate(self, file, rate, tolerance):
        expected = re.search(r"expect gamma = (\d+(\.\d+)?(e[+-]?\d+)?)", head_comment(file), re.IGNORECASE)
        self.assertIsNotNone(expected, "the head of the file states no rate")
        self.assert_close(rate["value"], float(expected[1]), LESS_ACCURATE.get(file.stem, tolerance))
        self.assertIs(rate["converged"], True)
        self.assertLessEqual(rate["relative_error"], tolerance)

    def check_noise(self, file, result):
        broken = re.search("detailed balance is broken|breaks detailed balance", head_comment(file), re.IGNORECASE)
        self.assertEqual(result["detailed_balance"], broken is None)
        self.assertEqual(result["interpretation"], INTERPRETATIONS[result["problem"]["Noise"]["Interpretation"]])
        if file.stem in NOISE:
            self.assert_similar(result["noise"], NOISE[file.stem])

    def assert_similar(self, found, expected):
        """The same keys and numbers up to rounding."""
        if isinstance(expected, dict):
            self.assertEqual(found.keys(), expected.keys())
            for key, value in expected.items():
                with self.subTest(key=key):
                    self.assert_similar(found[key], value)
        elif isinstance(expected, list):
            self.assertEqual(len(found), len(expected))
            for a, b in zip(found, expected):
                self.assert_similar(a, b)
        elif isinstance(expected, bool):
            self.assertIs(found, expected)
        else:
            self.assert_close(found, expected, 1e-9)

    def check_report(self, result, stdout):
        self.assertIn(f"{result['escape_rate']['value']:.10e}", stdout)
        applicable = [formula["name"] for formula in result["formulas"] if formula["applicable"]]
        for word in applicable + [side["boundary"] for side in result["exit"]]:
            self.assertIn(word, stdout)
        n_others = len(result["formulas"]) - len(applicable)
        self.assertRegex(stdout, rf"\n  {n_others} formulas? do(es)? not apply: --formulas says why\n")
        self.assertNotIn("not applicable", stdout)

    def check_files(self, folder, result):
        axes = coordinates(result)
        dim = len(axes)
        tables = ["density.csv"] if dim < 3 else ["density_xy.csv", "density_xz.csv", "density_yz.csv"]
        for name in tables:
            table = read_table(folder / name)
            columns = [*axes, "loss", "density", *(f"current_{axis}" for axis in axes)]
            self.assertEqual(list(table), columns)
            inside = [i for i, density in enumerate(table["density"]) if math.isfinite(density)]
            self.assertEqual(len(inside) < len(table["density"]), has_shape(result), name)
            self.assertTrue(all(math.isfinite(column[i]) for column in table.values() for i in inside), name)
            self.assertGreaterEqual(min(table["density"][i] for i in inside), 0, name)
            self.assertGreater(max(table["density"][i] for i in inside), 0, name)
            if dim == 1:
                weighted = [density * sphere(result, r) for r, density in zip(table[axes], table["density"])]
                self.assert_close(trapezoidal(table[axes], weighted), 1, 1e-4)

        sides = [side["boundary"] for side in result["exit"]]
        self.assertEqual(sorted(path.name for path in folder.glob("exit_*.csv")),
                         sorted(f"exit_{side}.csv" for side in sides))
        integral = 0
        for side in sides:
            table = read_table(folder / f"exit_{side}.csv")
            if has_shape(result):
                coordinates_of_the_side = {2: ["arc_length", "angle"], 3: ["theta", "phi"]}[dim]
                self.assertEqual(list(table), [*axes, *coordinates_of_the_side, "weight", "exit_density"])
                integral += sum(w * p for w, p in zip(table["weight"], table["exit_density"]))
                continue
            self.assertEqual(list(table), [*axes, "exit_density"])
            if dim == 1:
                integral += table["exit_density"][0] * sphere(result, table[axes][0])
            elif dim == 2:
                integral += trapezoidal(table["y" if side[0] == "x" else "x"], table["exit_density"])
        if dim < 3 or has_shape(result):  # gradients at the sides are of order k, the rate of order 2k
            self.assert_close(integral, 1, 1e-2)

        fields = xml.parse(folder / "density.vtu").getroot()
        self.assertEqual(fields.tag, "VTKFile")
        names = {array.get("Name") for array in fields.iter("DataArray")}
        self.assertLessEqual({"density", "loss", "current"}, names)

    def test_paths(self):
        result, _ = self.solve(STYBLINSKI_TANG)
        paths, points = result["paths"], result["critical_points"]
        self.assertEqual([path["target"] for path in paths], [{"boundary": "x+"}, {"boundary": "y+"}])
        with open(self.folder / "out/paths.csv", newline="", encoding="utf-8") as stream:
            rows = list(csv.DictReader(stream))
        for number, path in enumerate(paths):
            table = [row for row in rows if row["path"] == str(number)]
            self.assertEqual({row["target"] for row in table}, {path["target"]["boundary"]})
            self.assertEqual(path["copies"], 2)
            self.assertEqual(path["passes"], [{"from": 0, "over": path["highest"], "to": path["target"]["boundary"]}])
            top = points[path["highest"]]
            self.assertEqual(top["kind"], "saddle")
            self.assert_close(path["barrier"]["loss"], top["loss"] - points[0]["loss"], 1e-13)
            self.assert_close(path["barrier"]["potential"], path["barrier"]["loss"] / 2, 1e-13)
            self.assertEqual([float(table[-1][axis]) for axis in "xy"], top["position"])
            self.assertEqual(float(table[-1]["arc_length"]), path["length"])

    def test_pictures(self):
        for file, pictures in ((DOUBLE_WELL, ["density.png"]), (STYBLINSKI_TANG, ["density.png", "exit_points.png", "paths.png"])):
            with self.subTest(problem=file.stem):
                self.solve(file, output=file.stem, pictures=True)
                for picture in pictures:
                    data = (self.folder / file.stem / picture).read_bytes()
                    self.assertTrue(data.startswith(b"\x89PNG"), picture)
                    self.assertGreater(len(data), 10000, picture)


class Accuracy(RunTest):
    def test_convergence(self):
        result, stdout = self.solve(STYBLINSKI_TANG, "Discretization/Tolerance=1e-6", pictures=True)
        rate, levels = result["escape_rate"], result["convergence"]
        self.assertIs(rate["converged"], True)
        self.assertLessEqual(rate["relative_error"], 1e-6)
        self.assertNotIn("NOT CONVERGED", stdout)
        self.assertRegex(stdout, r"escape rate +\S+ +\+- \S+ relative")
        self.assertGreater(len(levels), 1)
        self.assertEqual(result["discretization"]["levels"], len(levels))
        self.assertEqual([level["level"] for level in levels], list(range(len(levels))))
        self.assertEqual((levels[-1]["rate"], levels[-1]["unknowns"], levels[-1]["cells"]),
                         (rate["value"], result["discretization"]["dofs"], result["discretization"]["cells"]))
        for one, next_one in zip(levels, levels[1:]):
            self.assertLess(one["unknowns"], next_one["unknowns"])
            self.assertLessEqual(one["seconds"], next_one["seconds"])
        self.assert_close(result["discretization"]["cutoff"]["above_exit"], 45, 0.5)
        with open(self.folder / "out/convergence.csv", newline="", encoding="utf-8") as stream:
            rows = list(csv.DictReader(stream))
        self.assertEqual([{name: float(text) if text else None for name, text in row.items()} for row in rows], levels)
        self.assertTrue((self.folder / "out/convergence.png").read_bytes().startswith(b"\x89PNG"))

    def test_uniform(self):
        result, _ = self.solve(STYBLINSKI_TANG, "Discretization/Refinement=uniform", "Discretization/Cells=12",
                               "Discretization/Degree=4", "Discretization/Tolerance=1e-12")
        self.assertIs(result["escape_rate"]["converged"], True, "no tolerance is asked for")
        self.assertGreater(result["escape_rate"]["relative_error"], 1e-12)
        self.assertEqual([level["cells"] for level in result["convergence"]], [144])

    def test_not_converged(self):
        options = settings(["Output/Pictures=false", "Discretization/Tolerance=1e-9",
                            "Discretization/Maximum unknowns=6000"])
        status, stdout, stderr = run("run", STYBLINSKI_TANG, *options, "--output", "out", folder=self.folder)
        self.assertEqual(status, 2)
        self.assertIn("NOT CONVERGED", stdout)
        result = json.loads((self.folder / "out/result.json").read_text(encoding="utf-8"))
        rate, unknowns = result["escape_rate"], result["discretization"]["dofs"]
        self.assertIs(rate["converged"], False)
        self.assertGreater(rate["relative_error"], 1e-9)
        self.assert_close(rate["value"], 4.18037314916980e-08, 1e-3)
        self.assertEqual(stderr.count("\n"), 1)
        self.assertRegex(stderr, rf"styblinski_tang_2d\.prm: not converged: estimated relative error \S+ exceeds "
                         rf"Discretization/Tolerance = 1e-09 with {unknowns} unknowns \(Maximum unknowns = 6000\); "
                         r"the best estimate was written to out$")
        for name in ("density.csv", "exit_x+.csv", "convergence.csv", "density.vtu", "parameters.prm"):
            self.assertTrue((self.folder / "out" / name).exists(), name)


class Shapes(RunTest):
    DISC = ("Loss/Expression=(x - 0.25)^2/2 + (y + 0.1)^2", "Noise/Diffusion=0.05", "Domain/Type=ball",
            "Domain/Radius=1", "Domain/Absorbing=all")

    def solve_shape(self, *assignments, **options):
        (self.folder / "shape.prm").write_text("set Dimension = 2\n", encoding="utf-8")
        return self.solve("shape.prm", *assignments, **options)[0]

    def test_disc(self):
        result = self.solve_shape(*self.DISC, pictures=True)
        table = read_table(self.folder / "out/exit_boundary.csv")
        self.assertEqual(list(table), ["x", "y", "arc_length", "angle", "weight", "exit_density"])
        for x, y, angle in zip(table["x"], table["y"], table["angle"]):
            self.assert_close(math.hypot(x, y), 1, 1e-8)
            self.assert_close(math.atan2(y + 0.1, x - 0.25), angle, 1e-6)
        for name in ("arc_length", "angle"):
            self.assertEqual(table[name], sorted(table[name]))
        self.assert_close(sum(table["weight"]), 2 * math.pi, 1e-8)
        # A gradient at the boundary, less accurate than the rate.
        self.assert_close(sum(w * p for w, p in zip(table["weight"], table["exit_density"])), 1, 1e-3)

        density = read_table(self.folder / "out/density.csv")
        self.assertEqual(len(density["x"]), 161**2)
        for x, y, loss, p in zip(density["x"], density["y"], density["loss"], density["density"]):
            inside = math.hypot(x, y) <= 1 + 1e-6
            self.assertEqual((math.isfinite(loss), math.isfinite(p)), (inside, inside), (x, y))
        cell = (density["x"][1] - density["x"][0]) ** 2
        self.assert_close(cell * sum(p for p in density["density"] if math.isfinite(p)), 1, 1e-3)
        self.assertEqual([side["boundary"] for side in result["exit"]], ["boundary"])
        for picture in ("density.png", "exit_points.png"):
            self.assertTrue((self.folder / "out" / picture).read_bytes().startswith(b"\x89PNG"), picture)

    def test_keyhole(self):
        self.solve_shape("Loss/Expression=0", "Noise/Diffusion=1", "Domain/Type=gmsh",
                         f"Domain/Mesh={PROBLEMS / 'keyhole.msh'}", "Domain/Absorbing=2", pictures=True)
        table = read_table(self.folder / "out/exit_2.csv")
        self.assert_close(sum(table["weight"]), 0.3, 1e-9)
        self.assert_close(sum(w * p for w, p in zip(table["weight"], table["exit_density"])), 1, 1e-6)
        outline = read_table(self.folder / "out/outline.csv")
        self.assertEqual(set(outline["curve"]), {0})
        self.assertEqual(set(outline["side"]), {1, 2})
        self.assertEqual((outline["x"][0], outline["y"][0]), (outline["x"][-1], outline["y"][-1]))
        self.assertTrue((self.folder / "out/exit_points.png").exists())

    @unittest.skipUnless(shutil.which("mpirun"), "mpirun is not installed")
    def test_ranks(self):
        tables = []
        for n in (1, 2, 3):
            self.solve_shape(*self.DISC, output=f"out{n}", launcher=["mpirun", "--oversubscribe", "-n", str(n)])
            tables.append([read_table(self.folder / f"out{n}" / name) for name in ("exit_boundary.csv", "density.csv")])
        for one, other in zip(tables[0] * 2, tables[1] + tables[2]):
            for name, column in one.items():
                for a, b in zip(column, other[name], strict=True):
                    self.assertTrue(abs(a - b) <= 1e-9 or math.isnan(a) and math.isnan(b), (name, a, b))


class Options(RunTest):
    def test_json_file(self):
        (self.folder / "well.json").write_text(json.dumps({
            "Dimension": 1,
            "Loss": {"Expression": "x^4/4 - x^2/2"},
            "Noise": {"Diffusion": 0.02},
            "Domain": {"Lower": -3, "Upper": [0], "Absorbing": "x+"},
            "Discretization": {"Degree": 6, "Tolerance": "1e-8"},
            "Output": {"Pictures": False},
        }), encoding="utf-8")
        self.assertEqual(self.rate("well.json"),
                         self.rate(DOUBLE_WELL, "Discretization/Degree=6", "Discretization/Tolerance=1e-8"))

    def test_set(self):
        result, _ = self.solve(DOUBLE_WELL, "Discretization/Refinement=uniform",
                               "Discretization/Cells=20", "Discretization/Cells=30",
                               " Loss / Constants = a=2, b=a/4 ", "Loss/Expression=x^4/(2*a) - b*x^2",
                               "Output/Directory=elsewhere", "Output/Fields=false")
        self.assertEqual(result["discretization"]["cells"], 30)
        self.assertEqual(result["problem"]["Loss"]["Constants"], "a=2, b=a/4")
        self.assert_close(result["escape_rate"]["value"], self.rate(DOUBLE_WELL, output="default"), 1e-6)
        self.assertFalse((self.folder / "elsewhere").exists(), "--output takes precedence")
        self.assertFalse((self.folder / "out" / "density.vtu").exists(), "Output/Fields=false")

    def test_solver(self):
        mesh = ["Discretization/Refinement=uniform", "Discretization/Cells=16"]
        direct, _ = self.solve(STYBLINSKI_TANG, *mesh, "Solver/Method=direct")
        iterative, _ = self.solve(STYBLINSKI_TANG, *mesh, "Solver/Method=iterative")
        self.assertIn("MUMPS", direct["solver"]["method"])
        self.assertEqual(direct["solver"]["linear_iterations"], 0)
        self.assertIn("multigrid", iterative["solver"]["method"])
        self.assertGreater(iterative["solver"]["linear_iterations"], 0)
        self.assertLess(abs(iterative["escape_rate"]["log"] - direct["escape_rate"]["log"]), 1e-9)
        self.assertGreater(iterative["memory"]["peak_bytes"], 5e7)

    def test_iteration_where_cells_of_different_size_meet(self):
        settings_of_both = ["Noise/Diffusion=0.4", "Discretization/Tolerance=1e-5"]
        direct, _ = self.solve(STYBLINSKI_TANG, *settings_of_both, "Solver/Method=direct")
        iterative, _ = self.solve(STYBLINSKI_TANG, *settings_of_both, "Solver/Method=iterative")
        self.assertEqual(iterative["discretization"]["dofs"], direct["discretization"]["dofs"])
        self.assertLess(iterative["solver"]["longest_linear_solve"], 60)
        self.assertLess(abs(iterative["escape_rate"]["log"] - direct["escape_rate"]["log"]), 1e-9)

    def test_iteration_with_a_poor_guess_of_the_potential(self):
        file = PROBLEMS / "hessian_aligned_2d.prm"
        wanted, _ = self.solve(file, "Solver/Method=direct")
        iterative, _ = self.solve(file, "Solver/Method=iterative")
        scale = iterative["discretization"]["gauge_scale"]
        self.assertLess(scale, wanted["discretization"]["gauge_scale"])
        direct, _ = self.solve(file, "Solver/Method=direct", f"Discretization/Gauge scale={scale}")
        self.assertLess(abs(iterative["escape_rate"]["log"] - direct["escape_rate"]["log"]), 1e-9)
        self.assertLess(abs(iterative["escape_rate"]["log"] - wanted["escape_rate"]["log"]), 1e-6)

    def test_solver_that_does_not_converge(self):
        options = settings(["Solver/Method=iterative", "Output/Pictures=false"])
        status, stdout, stderr = run("run", STYBLINSKI_TANG, *options, "--output", "out", folder=self.folder,
                                     launcher=["env", "PETSC_OPTIONS=-pinned_ksp_max_it 2"])
        self.assertEqual((status, stdout), (2, ""))
        self.assertIn("stopped after 2 iterations (DIVERGED_ITS)", stderr)
        self.assertEqual(len(stderr.splitlines()), 1, stderr)
        self.assertFalse((self.folder / "out").exists())

    def test_verbose(self):
        options = settings(["Solver/Method=iterative", "Output/Pictures=false", "Discretization/Refinement=uniform",
                            "Discretization/Cells=16"])
        status, _, stderr = run("run", STYBLINSKI_TANG, *options, "--verbose", "--output", "out", folder=self.folder)
        self.assertEqual(status, 0)
        for text in ("unknowns", "assembled in", "CG with multigrid set up in", "linear solve: ", "inverse iteration 1"):
            self.assertIn(text, stderr)

    def test_output_directory_of_the_file(self):
        status, stdout, stderr = run("run", DOUBLE_WELL, "--set", "Output/Pictures=false", folder=self.folder)
        self.assertEqual((status, stderr), (0, ""))
        self.assertTrue((self.folder / "output/double_well_1d/result.json").exists())
        self.assertIn("output/double_well_1d", stdout)

    def test_parameters_file_holds_the_output_directory(self):
        result, _ = self.solve(DOUBLE_WELL, output="chosen")
        self.assertEqual(result["problem"]["Output"]["Directory"], "chosen")
        self.assertRegex((self.folder / "chosen/parameters.prm").read_text(encoding="utf-8"),
                         r"set Directory *= *chosen\n")

    def test_scale(self):
        """L(theta) = f(sqrt(k) theta) in the box shrunk by sqrt(k) multiplies every rate by k."""
        for file, k in ((DOUBLE_WELL, 4), (STYBLINSKI_TANG, 2.7)):
            with self.subTest(problem=file.stem):
                text = file.read_text(encoding="utf-8")
                box = []
                for corner in ("Lower", "Upper"):
                    numbers = re.search(rf"set {corner} *= *(.*)", text)[1].split(",")
                    box.append(f"Domain/{corner}=" + ", ".join(repr(float(n) / math.sqrt(k)) for n in numbers))
                self.assert_close(self.rate(file, f"Loss/Scale k={k}", *box), k * self.rate(file), 1e-9)

    def test_noise_scale(self):
        """eta_B = eta (1 - B/m)/B; 0.02 in all with the Hessian 2 at the minimum."""
        assignments = ["Noise/Type=hessian aligned", "Noise/Hessian=frozen", "Noise/Learning rate=0.1",
                       "Noise/Batch size=4", "Noise/Data set size=16", "Noise/Injected diffusion=0.00125"]
        result, _ = self.solve(DOUBLE_WELL, *assignments)
        for key, number in (("data_set_size", 16), ("eta_B", 0.01875), ("T_e", 0.01875),
                            ("injected_diffusion", 0.00125)):
            self.assert_close(result["noise"][key], number, 1e-9)
        self.assert_close(result["escape_rate"]["value"], self.rate(DOUBLE_WELL), 1e-9)

    def test_gauge_scale(self):
        for file in (DOUBLE_WELL, PROBLEMS / "power_law_radial.prm"):
            with self.subTest(problem=file.stem):
                tolerance = "Discretization/Tolerance=1e-8"
                self.assert_close(self.rate(file, tolerance, "Discretization/Gauge scale=0.9"),
                                  self.rate(file, tolerance), 1e-8)

    def test_critical_dimension(self):
        """In as many dimensions as the critical one the stationary density is not normalisable in all of space."""
        for n in (22, 30):
            with self.subTest(dimension=n):
                noise = self.solve(PROBLEMS / "power_law_radial.prm", f"Domain/Effective dimension={n}")[0]["noise"]
                self.assertEqual(noise["dimension"], n)
                self.assert_close(noise["critical_dimension"], 22, 1e-9)
                self.assertIs(noise["below_critical_dimension"], False)

    def test_valley_rates(self):
        # The second valley is left over a higher pass than the first: by default its rates are only estimated.
        assignments = ["Loss/Expression=x^4/4 - x^2/2 + 0.05*x", "Noise/Diffusion=0.01", "Domain/Upper=2"]
        rates = []
        for compute in ("quasi-stationary", "quasi-stationary, valley rates"):
            valleys = self.solve(DOUBLE_WELL, *assignments, f"Compute={compute}")[0]["valleys"]
            self.assertEqual(len(valleys["minima"]), 2)
            largest = valleys["relative_errors"]["largest"]
            rates.append((valleys["log_rates"]["to_valleys"][1][0], largest))
        self.assertLessEqual(rates[1][1], 1e-6)
        self.assertLessEqual(abs(math.expm1(rates[0][0] - rates[1][0])), rates[0][1] + 1e-6)

    def test_formulas(self):
        cases = [  # which formula applies where
            ("Kramers at the saddle", 0.05, "Noise/Diffusion=0.02"),
            ("Kramers", 0.1, "Noise/Diffusion=0.02", "Domain/Upper=0.8"),
            ("boundary exit", 0.1, "Noise/Diffusion=0.005", "Domain/Upper=-0.4"),
        ]
        for name, tolerance, *assignments in cases:
            with self.subTest(formula=name):
                result, _ = self.solve(DOUBLE_WELL, *assignments)
                formulas = {formula["name"]: formula for formula in result["formulas"]}
                self.assertTrue(formulas[name]["applicable"], formulas[name])
                self.assert_close(formulas[name]["ratio"], 1, tolerance)
                applicable = [other for other in FORMULAS if formulas[other]["applicable"]]
                self.assertLessEqual(set(applicable), {name, f"Eyring-{name}", "exact 1-D integral"})
                # The next order is nearer, and the quadrature as near as the solver's tolerance.
                self.assertLess(abs(formulas[name]["corrected_ratio"] - 1), abs(formulas[name]["ratio"] - 1) / 3)
                self.assert_close(formulas["exact 1-D integral"]["ratio"], 1, 1e-6)

    def test_all_formulas(self):
        status, stdout, stderr = run("run", DOUBLE_WELL, "--formulas", "--set", "Output/Pictures=false", "--output", "out",
                                     folder=self.folder)
        self.assertEqual((status, stderr), (0, ""))
        formulas = json.loads((self.folder / "out" / "result.json").read_text(encoding="utf-8"))["formulas"]
        for formula in formulas:
            with self.subTest(formula=formula["name"]):
                explained = f"not applicable: {formula['reason']}\n"
                self.assertRegex(stdout, rf"\n  {re.escape(formula['name'])} +\S")
                self.assertEqual(explained in stdout, not formula["applicable"])
        self.assertNotIn("--formulas", stdout)

    def test_no_minimum(self):
        result, stdout = self.solve(DOUBLE_WELL, "Loss/Expression=0")
        self.assertEqual([formula["name"] for formula in result["formulas"] if formula["applicable"]],
                         ["exact 1-D integral"])
        self.assertIn("no minimum", stdout)
        # Free diffusion between a reflecting and an absorbing end 3 apart: D (pi/6)^2.
        self.assert_close(result["escape_rate"]["value"], 0.02 * (math.pi / 6) ** 2, 1e-9)


class OtherCommands(RunTest):
    def test_list(self):
        status, stdout, stderr = run("list", folder=self.folder)
        self.assertEqual((status, stderr), (0, ""))
        lines = stdout.splitlines()
        for file in READY:
            place = next((i for i, line in enumerate(lines) if line.endswith(f"{file.stem}.prm")), None)
            self.assertIsNotNone(place, file)
            self.assertTrue((self.folder / lines[place]).exists(), lines[place])
            comment = file.read_text(encoding="utf-8").splitlines()[0].lstrip("# ")
            self.assertEqual(lines[place + 1].strip(), comment)

    def test_parameters(self):
        status, stdout, stderr = run("parameters", folder=self.folder)
        self.assertEqual((status, stderr), (0, ""))
        found = {}
        section = ""
        for word, name in re.findall(r"^ *(set|subsection|end)\b *([^=\n]*?) *(?:=.*)?$", stdout, re.MULTILINE):
            if word == "set":
                found.setdefault(section, []).append(name)
            else:
                section = name
        self.assertEqual(found, PARAMETERS)

        (self.folder / "printed.prm").write_text(stdout, encoding="utf-8")
        needed = ["Loss/Expression=x^2", "Noise/Diffusion=1", "Domain/Lower=-1", "Domain/Upper=1"]
        self.assertGreater(self.rate("printed.prm", *needed), 0)

    def test_version_and_help(self):
        for arguments, words in ((["--version"], r"^fokker-planck \d+\.\d+\.\d+\n$"),
                                 (["--help"], r"(?s)run.*parameters.*list"),
                                 (["run", "--help"], r"(?s)FILE.*--set.*--output")):
            with self.subTest(arguments=arguments):
                status, stdout, stderr = run(*arguments, folder=self.folder)
                self.assertEqual((status, stderr), (0, ""))
                self.assertRegex(stdout, words)


@unittest.skipUnless(shutil.which("mpirun"), "mpirun is not installed")
class Parallel(RunTest):
    def test_rates_do_not_depend_on_the_number_of_ranks(self):
        for file in (DOUBLE_WELL, STYBLINSKI_TANG):
            rates = []
            for n in (1, 2, 3):
                with self.subTest(problem=file.stem, ranks=n):
                    output = f"{file.stem}_{n}"
                    launcher = ["mpirun", "--oversubscribe", "-n", str(n)]
                    result, stdout = self.solve(file, output=output, launcher=launcher)
                    rates.append(result["escape_rate"]["value"])
                    self.assert_close(rates[-1], rates[0], 1e-10)
                    self.assertEqual(result["program"]["mpi_ranks"], n)
                    self.assertEqual(stdout.count("escape rate"), 1)
                    self.check_fields(self.folder / output, 1 if file == DOUBLE_WELL else n)

    def check_fields(self, folder, n):
        """n ranks have solved: all but in one dimension, where there is one."""
        expected = [f"density.{rank}.vtu" for rank in range(n)] if n > 1 else ["density.vtu"]
        self.assertEqual(sorted(path.name for path in folder.glob("*.vtu")), expected)
        for piece in expected:
            xml.parse(folder / piece)
        if n > 1:
            record = xml.parse(folder / "density.pvtu").getroot()
            self.assertEqual([piece.get("Source") for piece in record.iter("Piece")], expected)
