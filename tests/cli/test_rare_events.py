"""The command monte-carlo: what it writes for each method, wrong input, Ctrl-C."""

import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time
import unittest

from command_line import ENVIRONMENT, PROBLEMS, PROGRAM, run, settings

DOUBLE_WELL = PROBLEMS / "double_well_1d.prm"
OU_DISK = PROBLEMS / "ou_disk.prm"
RATE = {"0.05": 2.77614063657272552e-3, "0.02": 1.62321508872385379e-6, "0.01": 6.15465017590693e-12}


def section(assignments):
    return settings(["Monte Carlo/" + assignment for assignment in assignments])


class MonteCarlo(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def simulate(self, diffusion, *assignments, launcher=(), file=DOUBLE_WELL):
        command = ["monte-carlo", file, "--set", f"Noise/Diffusion={diffusion}", "--output", "out"]
        status, stdout, stderr = run(*command, *section(assignments), folder=self.folder, launcher=launcher)
        self.assertEqual((status, stderr), (0, ""))
        return json.loads((self.folder / "out/monte_carlo.json").read_text(encoding="utf-8")), stdout

    def check(self, result, expected):
        rate = result["escape_rate"]
        self.assertFalse(result["partial"])
        self.assertLess(abs(rate["value"] / expected - 1), 4 * rate["relative_standard_error"])
        self.assertLess(rate["interval_95"][0], rate["value"])
        self.assertLess(rate["value"], rate["interval_95"][1])
        self.assertAlmostEqual(result["mean_escape_time"] * rate["value"], 1)
        self.assertEqual([exit["boundary"] for exit in result["exit"]], ["x+"])
        self.assertEqual(result["exit"][0]["probability"], 1)

    def test_automatic(self):
        result, stdout = self.simulate("0.05", "Trajectories=1000")
        self.check(result, RATE["0.05"])
        self.assertEqual((result["method"], result["choice"]["asked"]), ("direct", "automatic"))
        self.assertIn("direct", stdout)
        self.assertTrue((self.folder / "out/exit_times.csv").exists())
        result, stdout = self.simulate("0.01", "Particles=300")
        self.check(result, RATE["0.01"])
        self.assertEqual((result["method"], result["choice"]["asked"]), ("splitting", "automatic"))
        self.assertIn("splitting", stdout)
        self.assertFalse((self.folder / "out/exit_times.csv").exists())

    def test_splitting(self):
        result, stdout = self.simulate("0.02", "Method=splitting", "Particles=300", "Repeats=10")
        self.check(result, RATE["0.02"])
        self.check({**result["half_step"], "partial": False}, RATE["0.02"])
        self.assertEqual(result["repeats"], {"asked": 10, "finished": 10, "particles": 300})
        self.assertEqual(result["splitting"]["extinct_repeats"], 0)
        self.assertLess(abs(result["splitting"]["barrier"] - 12.5), 0.3)
        self.assertFalse(result["step_bias"]["significant"])
        self.assertNotIn("warnings", result)
        for words in ("escape rate", "repeats           10 of 10", "bias of the step"):
            self.assertIn(words, stdout)

    def test_fleming_viot(self):
        result, _ = self.simulate("0.05", "Method=fleming-viot", "Trajectories=1000", "Half step=false")
        self.check(result, RATE["0.05"])
        self.assertEqual(result["exits"], 1000)
        self.assertNotIn("half_step", result)
        # Each repeat ends at Maximum time: 20 * 200 * 20 * 2.8e-3 = 222 exits.
        result, _ = self.simulate("0.05", "Method=fleming-viot", "Maximum time=20", "Particles=200")
        self.check(result, RATE["0.05"])
        self.assertLess(abs(result["exits"] - 222), 75)

    def test_numbers_of_ranks(self):
        for method in ("splitting", "fleming-viot"):
            rates = []
            for n in (1, 2, 3):
                result, _ = self.simulate("0.05", f"Method={method}", "Particles=50", "Repeats=5", "Trajectories=50",
                                          launcher=["mpirun", "--oversubscribe", "-n", str(n)])
                self.assertEqual(result["program"]["mpi_ranks"], n)
                rates.append((result["escape_rate"], result["half_step"]["escape_rate"]))
            self.assertEqual(rates[1:], rates[:1] * 2)

    def test_warnings(self):
        result, stdout = self.simulate("0.02", "Method=splitting", "Particles=3", "Repeats=200", "Half step=false")
        self.assertGreater(result["splitting"]["extinct_repeats"], 0)
        self.assertIn("WARNING", stdout)

    def test_wrong_input(self):
        for diffusion, assignments, status, words in (
                ("0.02", ["Repeats=1"], 1, ("Monte Carlo/Repeats", "'1'", "integer from 2")),
                ("0.02", ["Repeats=2.5"], 1, ("Monte Carlo/Repeats", "'2.5'", "integer from 2")),
                ("0.02", ["Particles=1"], 1, ("Monte Carlo/Particles", "'1'", "integer from 2")),
                ("0.02", ["Particles=many"], 1, ("Monte Carlo/Particles", "'many'", "number")),
                ("0.02", ["Method=fast"], 1, ("Monte Carlo/Method", "automatic", "direct", "splitting", "fleming-viot")),
                ("0.02", ["Start=minimum"], 1, ("Monte Carlo/Start", "'minimum'", "quasi-stationary")),
                ("0.3", [], 1, ("Monte Carlo/Method", "'splitting'", "barrier", "direct")),
                ("0.01", ["Particles=2", "Repeats=2"], 2, ("all replicas", "Monte Carlo/Particles = 2"))):
            with self.subTest(assignments=assignments, diffusion=diffusion):
                outcome = run("monte-carlo", DOUBLE_WELL, "--set", f"Noise/Diffusion={diffusion}", "--output", "out",
                              *section(["Method=splitting", *assignments]), folder=self.folder)
                self.assertEqual(outcome[0], status)
                self.assertEqual(outcome[2].count("\n"), 1)
                for word in words:
                    self.assertIn(word, outcome[2])
                self.assertFalse((self.folder / "out/monte_carlo.json").exists())

    def test_interruption(self):
        for method, repeats in (("splitting", 100000), ("fleming-viot", 5)):
            with self.subTest(method=method):
                command = [PROGRAM, "monte-carlo", DOUBLE_WELL, "--output", method,
                           *section([f"Method={method}", f"Repeats={repeats}", "Particles=100", "Trajectories=1e9"])]
                with subprocess.Popen(command, cwd=self.folder, env={**os.environ, **ENVIRONMENT},
                                      stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                      encoding="utf-8") as process:
                    time.sleep(5)
                    process.send_signal(signal.SIGINT)
                    stdout, stderr = process.communicate(timeout=60)
                self.assertEqual(process.returncode, 2)
                self.assertIn("stopped before its end", stderr)
                self.assertIn("PARTIAL", stdout)
                result = json.loads((self.folder / method / "monte_carlo.json").read_text(encoding="utf-8"))
                self.assertTrue(result["partial"])
                self.assertNotIn("half_step", result)
                if method == "splitting":
                    self.assertGreater(result["repeats"]["finished"], 1)
                    self.assertLess(result["repeats"]["finished"], repeats)
                    self.assertLess(abs(result["escape_rate"]["value"] / RATE["0.02"] - 1), 0.5)


if __name__ == "__main__":
    unittest.main()
