"""The command compare: files, verdict, exit status, pictures and MPI."""

import csv
import json
import math
import pathlib
import shutil
import tempfile
import unittest

from command_line import PROBLEMS, run, settings

DOUBLE_WELL = PROBLEMS / "double_well_1d.prm"
ROTATION = PROBLEMS / "ou_rotation.prm"
KEYS = {"schema", "program", "problem", "partial", "method", "simulated_rate", "quantities", "formulas", "agree",
        "largest_deviation"}


class CompareTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def compare(self, file, *assignments, status=0, launcher=(), output="out"):
        code, stdout, stderr = run("compare", file, "--output", output, *settings(assignments), folder=self.folder,
                                   launcher=launcher)
        self.assertEqual(code, status, stderr)
        comparison = json.loads((self.folder / output / "compare.json").read_text(encoding="utf-8"))
        self.assertEqual(set(comparison), KEYS)
        return comparison, stdout, stderr

    def test_agreement(self):
        comparison, stdout, stderr = self.compare(DOUBLE_WELL, "Noise/Diffusion=0.1", "Monte Carlo/Trajectories=4000")
        self.assertEqual(stderr, "")
        self.assertIs(comparison["agree"], True)
        self.assertIn("finite elements and Monte Carlo agree (largest difference", stdout)
        rate = comparison["quantities"][0]
        self.assertEqual(rate["quantity"], "escape rate")
        self.assertAlmostEqual(rate["computed"], 3.35452873080006109e-2, delta=1e-6 * 3.4e-2)
        # The statistical part, and what both steps seem to differ by.
        simulated = comparison["simulated_rate"]
        self.assertAlmostEqual(simulated["statistical"], 1 / math.sqrt(4000), delta=1e-9)
        self.assertAlmostEqual(rate["standard_error"] / rate["simulated"],
                               math.hypot(simulated["statistical"], simulated["time_step"]), delta=1e-6)
        self.assertAlmostEqual((rate["simulated"] - rate["computed"]) / rate["standard_error"], rate["deviation"],
                               delta=1e-6)
        self.assertEqual([row["quantity"] for row in comparison["quantities"]], ["escape rate", "exit times"])
        exact = next(row for row in comparison["formulas"] if row["name"] == "exact 1-D integral")
        self.assertAlmostEqual(exact["rate"] / rate["computed"], 1, delta=1e-6)
        files = {path.name for path in (self.folder / "out").iterdir()}
        self.assertLessEqual({"result.json", "monte_carlo.json", "compare.json", "exit_times.csv", "parameters.prm",
                              "compare.png", "density.png"}, files)
        for picture in ("compare.png", "density.png"):
            self.assertEqual((self.folder / "out" / picture).read_bytes()[:8], b"\x89PNG\r\n\x1a\n")

    def test_exit_points_of_all_sides(self):
        comparison, *_ = self.compare(ROTATION, "Noise/Diffusion=0.15", "Monte Carlo/Trajectories=2000",
                                      "Monte Carlo/Half step=false")
        names = {row["quantity"] for row in comparison["quantities"]}
        self.assertLessEqual({"exit x-", "exit y+", "exit points x+, y", "exit points y-, x"}, names)
        self.assertTrue((self.folder / "out" / "compare.png").exists())

    def test_disagreement(self):
        """A time step that is far too large, and nothing that shows its bias."""
        comparison, stdout, stderr = self.compare(
            DOUBLE_WELL, "Noise/Diffusion=0.1", "Monte Carlo/Time step=0.6", "Monte Carlo/Scheme=euler-maruyama",
            "Monte Carlo/Half step=false", "Monte Carlo/Trajectories=4000", "Output/Pictures=false", status=2)
        self.assertIs(comparison["agree"], False)
        self.assertIn("DISAGREES", stdout)
        self.assertEqual(len(stderr.splitlines()), 1)
        self.assertIn("finite elements and Monte Carlo DISAGREE", stderr)

    def test_ranks(self):
        """The same trajectories on any number of ranks."""
        tables = []
        for ranks in (1, 2, 3):
            launcher = ("mpirun", "--oversubscribe", "-n", str(ranks))
            self.compare(ROTATION, "Noise/Diffusion=0.2", "Monte Carlo/Trajectories=500", "Output/Pictures=false",
                         launcher=launcher, output=f"out{ranks}")
            with open(self.folder / f"out{ranks}" / "exit_times.csv", newline="", encoding="utf-8") as file:
                tables.append(list(csv.reader(file)))
        self.assertEqual(len(tables[0]), 501)
        self.assertEqual(tables[0], tables[1])
        self.assertEqual(tables[0], tables[2])

    def test_wrong_input(self):
        for assignment in ("Monte Carlo/Trajectories=0", "Monte Carlo/Time step=-1", "Domain/Upper=-4"):
            code, _, stderr = run("compare", DOUBLE_WELL, "--output", "out", *settings([assignment]), folder=self.folder)
            self.assertEqual(code, 1)
            self.assertEqual(len(stderr.splitlines()), 1, stderr)
            self.assertFalse((self.folder / "out").exists(), assignment)


if __name__ == "__main__":
    unittest.main()
