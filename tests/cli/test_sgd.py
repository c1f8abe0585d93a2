"""The command monte-carlo with Method = sgd: results, numbers of ranks, what can be read, wrong input."""

import csv
import json
import math
import os
import pathlib
import signal
import subprocess
import tempfile
import time
import unittest

from command_line import ENVIRONMENT, PROBLEMS, PROGRAM, run, settings

BANKNOTES = PROBLEMS / "banknote_logistic_2d.prm"
# Steps as large as the valley: trajectories leave soon.
LARGE_STEPS = ["Monte Carlo/Method=sgd", "Noise/Learning rate=0.5", "Monte Carlo/Trajectories=400"]

# Changes, and words of the message.
WRONG = [
    (["Loss/Type=expression", "Loss/Expression=(x + 1)^2 + (y + 1)^2", "Noise/Type=hessian aligned"], "data set",
     "dataset"),
    (["Noise/Type=constant", "Noise/Diffusion=0.125"], "'0.125'", "learning rate"),
    (["Noise/Batch size=2.5"], "Noise/Batch size", "'2.5'", "whole number"),
    (["Noise/Batch size=1373"], "Noise/Batch size", "'1373'", "1372"),
    (["Noise/Batch size=0"], "Noise/Batch size", "'0'"),
    (["Force/Expression=-y; x"], "Force/Expression", "'-y; x'", "gradients of the samples"),
    (["Monte Carlo/Method=sdg"], "Monte Carlo/Method", "'sdg'", "sgd"),
    (["Monte Carlo/Batches=shuffled"], "Monte Carlo/Batches", "'shuffled'", "without replacement"),
    (["Monte Carlo/Trajectories=0"], "Monte Carlo/Trajectories", "'0'"),
    (["Monte Carlo/Maximum time=-1"], "Monte Carlo/Maximum time", "'-1'", "> 0"),
]


class Sgd(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def simulate(self, *assignments, output="out", launcher=()):
        """Returns monte_carlo.json, the rows of exit_times.csv and stdout of a run that must succeed."""
        status, stdout, stderr = run("monte-carlo", BANKNOTES, *settings([*LARGE_STEPS, *assignments]), "--output",
                                     output, folder=self.folder, launcher=launcher)
        self.assertEqual((status, stderr), (0, ""))
        return self.results(output) + (stdout,)

    def results(self, output):
        with open(self.folder / output / "exit_times.csv", newline="", encoding="utf-8") as stream:
            rows = list(csv.DictReader(stream))
        return json.loads((self.folder / output / "monte_carlo.json").read_text(encoding="utf-8")), rows

    def test_results(self):
        result, rows, stdout = self.simulate()
        rate = result["escape_rate"]["value"]
        self.assertEqual(result["method"], "sgd")
        self.assertEqual(result["sgd"], {"learning_rate": 0.5, "batch_size": 1, "batches": "without replacement",
                                         "injected_diffusion": 0, "data_set_size": 1372})
        self.assertEqual(result["time_step"], 0.5)
        self.assertNotIn("half_step", result)
        self.assertAlmostEqual(result["rate_per_iteration"], 0.5 * rate, delta=1e-12 * rate)
        self.assertEqual(len(rows), 400)
        iterations = [int(row["iterations"]) for row in rows]
        for row, n in zip(rows, iterations):
            self.assertGreaterEqual(n, 1)
            self.assertEqual(float(row["time"]), 0.5 * n)
        self.assertAlmostEqual(result["mean_iterations"], sum(iterations) / 400, delta=1e-9 * sum(iterations))
        self.assertGreaterEqual(result["steps"], sum(iterations))
        self.assertIn("per iteration", stdout)
        # Exponential: the standard deviation is the mean, up to four standard errors.
        self.assertLess(abs(result["variation_of_exit_times"]["value"] - 1), 4 / math.sqrt(400))
        self.assertAlmostEqual(sum(exit["probability"] for exit in result["exit"]), 1)

    def test_ranks(self):
        one = self.simulate()[1]
        for ranks in (2, 3):
            launcher = ("mpirun", "--oversubscribe", "-n", str(ranks))
            self.assertEqual(self.simulate(output=f"out_{ranks}", launcher=launcher)[1], one)

    def test_options(self):
        one = self.simulate()[1]
        self.assertNotEqual(self.simulate("Monte Carlo/Seed=2")[1], one)
        replaced = self.simulate("Monte Carlo/Batches=with replacement", "Noise/Batch size=4")
        self.assertEqual(replaced[0]["sgd"]["batches"], "with replacement")
        self.assertNotEqual(replaced[1], self.simulate("Noise/Batch size=4")[1])
        early = self.simulate("Monte Carlo/Start=minimum")[0]
        self.assertEqual(early["burn_in"], {"time": 0, "rejected": 0})

    def test_censored(self):
        result, rows, _ = self.simulate("Monte Carlo/Maximum time=100")
        censored = [row for row in rows if row["boundary"] == "censored"]
        self.assertGreater(len(censored), 0)
        self.assertEqual(result["trajectories"]["censored"], len(censored))
        self.assertTrue(all(float(row["time"]) == 100 for row in censored))

    def test_interrupt(self):
        command = [PROGRAM, "monte-carlo", str(BANKNOTES),
                   *settings([*LARGE_STEPS, "Monte Carlo/Trajectories=1000000"]), "--output", "out"]
        with subprocess.Popen(command, cwd=self.folder, env=ENVIRONMENT, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, encoding="utf-8") as process:
            time.sleep(3)
            os.kill(process.pid, signal.SIGINT)
            _, stderr = process.communicate(timeout=60)
        self.assertEqual(stderr.count("\n"), 1, stderr)
        result, rows = self.results("out")
        self.assertTrue(result["partial"])
        self.assertEqual(len(rows), result["trajectories"]["exited"] + result["trajectories"]["censored"])

    def test_wrong_input(self):
        for assignments, *words in WRONG:
            with self.subTest(assignments=assignments):
                status, _, stderr = run("monte-carlo", BANKNOTES, *settings([*LARGE_STEPS, *assignments]),
                                        "--output", "wrong", folder=self.folder)
                self.assertEqual(status, 1, stderr)
                self.assertEqual(stderr.count("\n"), 1, stderr)
                for word in words:
                    self.assertIn(word, stderr)
                self.assertFalse((self.folder / "wrong").exists())


if __name__ == "__main__":
    unittest.main()
