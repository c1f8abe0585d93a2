"""The command sweep: killed and run again, points that fail, wrong input, ready sweeps."""

import csv
import json
import math
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

from command_line import ENVIRONMENT, PROBLEMS, PROGRAM, run, settings

DOUBLE_WELL = PROBLEMS / "double_well_1d.prm"
READY = sorted((PROBLEMS / "sweeps").glob("*.prm"))
FAST = ["Output/Pictures=false"]
# Ready sweeps that take longer than half a minute, here with these values instead of theirs.
FEWER_VALUES = {
    "sgd_batch_size_styblinski_tang_2d": "Noise/Batch size = 2:4:3",
    "sgd_learning_rate_styblinski_tang_2d": "Noise/Learning rate = 0.125:0.25:3:log",
    "sgd_sharpness_styblinski_tang_2d": "Loss/Scale k = 1:2:3",
    "critical_dimension": "Domain/Effective dimension = 2, 5, 8, 11, 12, 14 ; Domain/Radius = 100, 300, 1000",
}
COLUMNS = ["status", "reason", "log_rate", "rate", "tau", "relative_error", "unknowns"]


def options(assignments=(), vary=(), fit=(), output="out", jobs=1):
    words = settings([*FAST, *assignments])
    for option, texts in (("--vary", vary), ("--fit", fit)):
        words += [word for text in texts for word in (option, text)]
    return [*words, "--output", output, "--jobs", str(jobs)]


class SweepTest(unittest.TestCase):
    """Runs in a folder of its own."""

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def sweep(self, file, *arguments, status=0, launcher=(), **named):
        """Returns the rows of sweep.csv, sweep.json and stdout."""
        found, stdout, stderr = run("sweep", file, *arguments, *options(**named), folder=self.folder, launcher=launcher)
        self.assertEqual(found, status, stderr)
        self.assertEqual(stderr.count("\n"), 1 if status else 0, stderr)
        self.message = stderr
        folder = self.folder / named.get("output", "out")
        with open(folder / "sweep.csv", newline="", encoding="utf-8") as stream:
            rows = list(csv.DictReader(stream))
        return rows, json.loads((folder / "sweep.json").read_text(encoding="utf-8")), stdout

    def start(self, file, **named):
        return subprocess.Popen([PROGRAM, "sweep", str(file), *options(**named)], cwd=self.folder, env=ENVIRONMENT,
                                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def files(self, output):
        return [(self.folder / output / name).read_bytes() for name in ("sweep.csv", "sweep.json")]


def children(process):
    try:
        return [int(word) for word in pathlib.Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:
        return []


def is_alive(process):
    try:
        return pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


class Tables(SweepTest):
    def test_table(self):
        rows, sweep, stdout = self.sweep(DOUBLE_WELL, vary=["Noise/Diffusion = 0.02, 0.03", "Domain/Upper = 0, 0.7"],
                                         fit=["-log_rate ~ 1/Noise.Diffusion by Domain.Upper theory: barrier"])
        self.assertEqual([(row["Noise.Diffusion"], row["Domain.Upper"]) for row in rows],
                         [("0.02", "0"), ("0.02", "0.7"), ("0.03", "0"), ("0.03", "0.7")])
        columns = list(rows[0])
        self.assertEqual(columns[:9], ["Noise.Diffusion", "Domain.Upper", *COLUMNS])
        for name in ("Kramers", "Kramers at the saddle", "boundary exit"):
            for what in ("log_rate", "applicable", "ratio"):
                self.assertIn(f"{what}({name})", columns)
        self.assertEqual([row["applicable(Kramers at the saddle)"] for row in rows], ["true", "false", "true", "false"])
        for row in rows:
            self.assertEqual((row["status"], row["reason"]), ("done", ""))
            self.assertAlmostEqual(math.log(float(row["rate"])), float(row["log_rate"]), places=9)
            self.assertAlmostEqual(float(row["barrier"]), 0.25, places=9)
            self.assertLessEqual(float(row["relative_error"]), 1e-6)
        exact = 1.62321508872385379e-6  # tests/data/escape_rates_1d.csv
        self.assertLess(abs(float(rows[0]["rate"]) / exact - 1), 2e-6)

        self.assertEqual([varied["parameter"] for varied in sweep["varied"]], ["Noise.Diffusion", "Domain.Upper"])
        self.assertEqual([point["log_rate"] is not None for point in sweep["points"]], [True] * 4)
        lines = sweep["fits"][0]["lines"]
        self.assertEqual([line["group"] for line in lines], [{"Domain.Upper": "0"}, {"Domain.Upper": "0.7"}])
        rise = (float(rows[0]["log_rate"]) - float(rows[2]["log_rate"])) / (1 / 0.03 - 1 / 0.02)
        self.assertAlmostEqual(lines[0]["slope"], rise, places=8)
        self.assertEqual(lines[0]["theory"]["slope"], float(rows[0]["barrier"]))
        self.assertEqual([formula["name"] for formula in lines[0]["formulas"]],
                         ["Kramers at the saddle", "Eyring-Kramers at the saddle", "exact 1-D integral"])
        self.assertNotIn("Diffusion", sweep["problem"]["Noise"])
        self.assertRegex(stdout, r"4 of 4 points")

    def test_points_are_kept(self):
        self.sweep(DOUBLE_WELL, vary=["Noise/Diffusion = 0.02:0.04:3"])
        times = {file: file.stat().st_mtime_ns for file in (self.folder / "out" / "points").iterdir()}
        self.assertEqual(len(times), 3)
        rows, _, stdout = self.sweep(DOUBLE_WELL, vary=["Noise/Diffusion = 0.02:0.04:5"])
        self.assertIn("5 points, 3 known from before", stdout)
        self.assertEqual(len(rows), 5)
        self.assertEqual({file: file.stat().st_mtime_ns for file in times}, times)
        changed, _, stdout = self.sweep(DOUBLE_WELL, vary=["Noise/Diffusion = 0.02:0.04:5"],
                                        assignments=["Loss/Expression=x^4/2 - x^2/2"])
        self.assertNotIn("known from before", stdout)
        self.assertNotEqual(changed[0]["log_rate"], rows[0]["log_rate"])

    def test_jobs_do_not_matter(self):
        for jobs in (1, 2, 5):
            self.sweep(DOUBLE_WELL, vary=["Noise/Diffusion = 0.01:0.1:9:log"], output=f"out_{jobs}", jobs=jobs)
        self.assertEqual(self.files("out_2"), self.files("out_1"))
        self.assertEqual(self.files("out_5"), self.files("out_1"))

    def test_command_line_overrides_file(self):
        file = PROBLEMS / "sweeps" / "temperature_styblinski_tang_1d.prm"
        rows, sweep, _ = self.sweep(file, vary=["Noise/Diffusion = 1, 2"], fit=["log_rate ~ Diffusion"])
        self.assertEqual([row["Noise.Diffusion"] for row in rows], ["1", "2"])
        self.assertEqual([fit["text"] for fit in sweep["fits"]], ["log_rate ~ Diffusion"])

    @unittest.skipUnless(shutil.which("mpirun"), "mpirun is not installed")
    def test_ranks_work_together(self):
        vary = ["Noise/Diffusion = 1, 2"]
        file = PROBLEMS / "styblinski_tang_2d.prm"
        launcher = ["mpirun", "--oversubscribe", "-n", "2"]
        alone, _, _ = self.sweep(file, vary=vary, output="alone")
        together, _, stdout = self.sweep(file, vary=vary, output="together", launcher=launcher)
        self.assertEqual(stdout.count("2 of 2 points"), 1)
        for a, b in zip(alone, together):
            self.assertLess(abs(float(a["log_rate"]) - float(b["log_rate"])), 1e-9)
        status, _, stderr = run("sweep", file, *options(vary=vary, jobs=2), folder=self.folder, launcher=launcher)
        self.assertEqual(status, 1)
        self.assertIn("--jobs: got '2', but 1 is needed under mpirun", stderr)


class Interruptions(SweepTest):
    def test_killed_and_run_again(self):
        random.seed(5)
        vary = ["Noise/Diffusion = 0.01:0.05:20:log", "Domain/Upper = 0, 0.7"]
        fit = ["-log_rate ~ 1/Noise.Diffusion by Domain.Upper theory: barrier"]
        self.sweep(DOUBLE_WELL, vary=vary, fit=fit, output="whole")
        for jobs in (1, 2):
            output, n_interrupted = f"killed_{jobs}", 0
            for _ in range(6):
                n_points = len(list((self.folder / output).glob("points/*.json"))) + random.randint(0, 6)
                process = self.start(DOUBLE_WELL, vary=vary, fit=fit, output=output, jobs=jobs)
                while len(list((self.folder / output).glob("points/*.json"))) < n_points and process.poll() is None:
                    time.sleep(0.001)
                time.sleep(random.uniform(0, 0.05))
                workers = children(process.pid)
                n_interrupted += process.poll() is None
                process.kill()
                process.wait()
                deadline = time.monotonic() + 10
                while any(map(is_alive, workers)) and time.monotonic() < deadline:
                    time.sleep(0.01)
                self.assertFalse(any(map(is_alive, workers)), "workers outlive the sweep")
            self.assertGreater(n_interrupted, 0)
            self.sweep(DOUBLE_WELL, vary=vary, fit=fit, output=output, jobs=jobs)
            self.assertEqual(self.files(output), self.files("whole"))

    def test_worker_that_dies_costs_its_point(self):
        vary, jobs = ["Noise/Diffusion = 1, 1.2, 1.4, 1.6"], 2
        file = PROBLEMS / "styblinski_tang_2d.prm"
        slow = ["Discretization/Tolerance=1e-9"]
        process = self.start(file, vary=vary, assignments=slow, jobs=jobs)
        points = self.folder / "out" / "points"
        deadline = time.monotonic() + 60
        while not list(points.glob("*.json")) and time.monotonic() < deadline:
            time.sleep(0.01)
        os.kill(children(process.pid)[0], signal.SIGKILL)
        self.assertEqual(process.wait(timeout=120), 2)
        with open(self.folder / "out" / "sweep.csv", newline="", encoding="utf-8") as stream:
            rows = list(csv.DictReader(stream))
        failed = [row for row in rows if row["status"] != "done"]
        self.assertEqual(len(failed), 1)
        self.assertEqual((failed[0]["status"], failed[0]["log_rate"]), ("failed", ""))
        self.assertIn("killed by signal 9", failed[0]["reason"])
        again, _, stdout = self.sweep(file, vary=vary, assignments=slow, jobs=jobs)  # it may not die again
        self.assertIn("3 known from before", stdout)
        self.assertEqual([row["status"] for row in again], ["done"] * 4)


class Failures(SweepTest):
    def test_points_that_fail(self):
        vary = ["Noise/Diffusion = 0.02, -1, 0.03, 1e-5, 0.04"]
        fit = ["-log_rate ~ 1/Noise.Diffusion"]
        for jobs in (1, 2):
            rows, sweep, stdout = self.sweep(DOUBLE_WELL, vary=vary, fit=fit, status=2, output=f"out_{jobs}", jobs=jobs)
            self.assertEqual([row["status"] for row in rows], ["done", "failed", "done", "failed", "done"])
            self.assertIn("Noise/Diffusion: got '-1'", rows[1]["reason"])
            self.assertEqual((rows[1]["log_rate"], rows[1]["rate"]), ("", ""))
            self.assertTrue(rows[3]["reason"])
            self.assertEqual(sweep["fits"][0]["lines"][0]["n_points"], 3)
            self.assertIn("2 failed", stdout)
            for words in ("double_well_1d.prm: 2 of 5 points failed", "Noise/Diffusion = -1", rows[1]["reason"]):
                self.assertIn(words, self.message)
        again, _, stdout = self.sweep(DOUBLE_WELL, vary=vary, fit=fit, status=2, output="out_2")
        self.assertIn("5 known from before", stdout)  # the same input fails again
        self.assertEqual(again, rows)

    def test_tolerance_that_is_not_reached(self):
        rows, sweep, _ = self.sweep(DOUBLE_WELL, vary=["Discretization/Maximum unknowns = 120, 1e6"], status=2,
                                    assignments=["Discretization/Tolerance=1e-9"], fit=["log_rate ~ unknowns"])
        self.assertEqual([row["status"] for row in rows], ["inaccurate", "done"])
        self.assertIn("not converged: estimated relative error", rows[0]["reason"])
        self.assertGreater(float(rows[0]["relative_error"]), 1e-9)
        self.assertTrue(rows[0]["log_rate"])
        self.assertEqual(sweep["fits"][0]["lines"][0]["n_points"], 1)
        self.assertIsNone(sweep["fits"][0]["lines"][0]["slope"])

    def test_wrong_input(self):
        vary = ["--vary", "Noise/Diffusion = 0.02, 0.03"]
        cases = [
            ([], ["nothing is varied", "--vary", "Sweep/Vary"]),
            (["--vary", "Noise/Diffusion"], ["--vary: got 'Noise/Diffusion'", "from:to:count"]),
            (["--vary", "Noise/Diffusion = 1:2"], ["--vary Noise/Diffusion: got '1:2'", "from:to:count"]),
            (["--vary", "Noise/Diffusion = 1:2:0"], ["count: got '0'", "an integer from 1"]),
            (["--vary", "Noise/Diffusion = 0:2:3:log"], ["got '0:2:3:log'", "> 0"]),
            (["--vary", "Noise/Difusion = 1, 2"], ["--vary Noise/Difusion", "known in Noise", "Diffusion"]),
            (["--vary", "Nois/Diffusion = 1, 2"], ["--vary Nois/Diffusion", "no section 'Nois'", "Noise"]),
            (["--vary", "Discretization/Degree = 2, x"], ["--vary Discretization/Degree", "'x'", "integer"]),
            (["--vary", "Discretization/Degree = 2:3:3"], ["--vary Discretization/Degree", "'2.5'", "integer"]),
            (["--vary", "Output/Directory = a, b"], ["--vary: got 'Output/Directory'", "cannot be varied"]),
            ([*vary, *vary], ["--vary Noise/Diffusion", "twice"]),
            ([*vary, "--fit", "log_rate"], ["--fit: got 'log_rate'", "RESPONSE ~ REGRESSOR"]),
            ([*vary, "--fit", "log_rat ~ Noise.Diffusion"], ["--fit", "'log_rat'", "known", "log_rate"]),
            ([*vary, "--fit", "log_rate ~ 1/Difusion"], ["--fit", "'Difusion'", "Noise_Diffusion"]),
            ([*vary, "--fit", "log_rate ~ rate by Noise.Typ"], ["--fit: got 'Noise.Typ'", "no such column"]),
            ([*vary, "--fit", "log_rate ~ rate theory: foo(rate)"], ["--fit", "'foo'", "function"]),
            ([*vary, "--fit", "log_rate ~ rate error: 1"], ["--fit", "'theory:'"]),
            ([*vary, "--set", "Noise/Typ=x"], ["--set Noise/Typ"]),
            ([*vary, "--set", "Sweep/Fit=log_rate ~ foo"], ["Sweep/Fit", "'foo'"]),
            (["--set", "Sweep/Vary=Noise/Diffusion = 1:2:1"], ["Sweep/Vary Noise/Diffusion", "one value"]),
            ([*vary, "--jobs", "0"], ["--jobs"]),
            ([*vary, "--output", "/proc/nowhere"], ["Output/Directory", "/proc"]),
        ]
        for arguments, words in cases:
            with self.subTest(arguments=arguments):
                status, stdout, stderr = run("sweep", DOUBLE_WELL, *arguments, folder=self.folder)
                self.assertEqual(status, 1, stderr)
                self.assertEqual(stderr.count("\n"), 1, stderr)
                for word in words:
                    self.assertIn(word, stderr)
                self.assertEqual(list(self.folder.iterdir()), [], "something was written")
        status, _, stderr = run("sweep", "missing.prm", *vary, folder=self.folder)
        self.assertEqual((status, stderr), (1, "fokker-planck: missing.prm: the file does not exist or cannot be read\n"))


class ReadySweeps(SweepTest):
    """Every slope agrees with that of the theory within the asymptotic error that the file states."""

    def check(self, file, vary=()):
        _, sweep, stdout = self.sweep(file, vary=vary, jobs=2)
        self.assertTrue(sweep["title"] and sweep["law"] and sweep["fits"])
        for fit in sweep["fits"]:
            for line in fit["lines"]:
                with self.subTest(fit=fit["text"], group=line["group"]):
                    self.assertGreaterEqual(line["n_points"], 3)
                    self.assertIs(line["theory"]["agrees"], True, line["theory"])
                    for formula in line["formulas"]:
                        self.assertLess(abs(formula["slope"] - line["slope"]), 0.1 * abs(line["slope"]) + 0.1)
        self.assertNotIn("DIFFERS", stdout)
        if not vary:
            comment = " ".join(line.lstrip("# ") for line in file.read_text(encoding="utf-8").split("\n\n")[0].splitlines())
            expected = re.findall(r"([-+.\de]+) \(theory", comment)
            if all(len(fit["lines"]) == 1 for fit in sweep["fits"]):
                self.assertEqual(len(expected), len(sweep["fits"]))
                for fit, slope in zip(sweep["fits"], expected):
                    self.assertLess(abs(fit["lines"][0]["slope"] / float(slope) - 1), 1e-5, "the slope in the head comment")

    def test_ready_sweeps(self):
        self.assertGreaterEqual(len(READY), 17)
        for file in READY:
            with self.subTest(sweep=file.stem):
                fewer = FEWER_VALUES.get(file.stem)
                self.check(file, [] if fewer is None else fewer.split(" ; "))
                shutil.rmtree(self.folder / "out")

    def test_run_ignores_the_section(self):
        for name in ("temperature_styblinski_tang_1d", "power_law", "sgd_sharpness_quadratic"):
            with self.subTest(problem=name):
                file = PROBLEMS / "sweeps" / f"{name}.prm"
                status, stdout, stderr = run("run", file, *settings(FAST), "--output", "out", folder=self.folder)
                self.assertEqual((status, stderr), (0, ""))
                self.assertIn("escape rate", stdout)

    def test_list(self):
        status, stdout, _ = run("list", folder=self.folder)
        self.assertEqual(status, 0)
        for file in READY:
            self.assertIn(f"sweeps/{file.name}", stdout)
            self.assertIn(file.read_text(encoding="utf-8").splitlines()[0].lstrip("# "), stdout)


@unittest.skipUnless(os.environ.get("FOKKER_PLANCK_NIGHTLY"), "takes several minutes")
class WholeReadySweeps(ReadySweeps):
    def test_ready_sweeps(self):
        for name in FEWER_VALUES:
            with self.subTest(sweep=name):
                self.check(PROBLEMS / "sweeps" / f"{name}.prm")
                shutil.rmtree(self.folder / "out")


class Pictures(SweepTest):
    def test_pictures(self):
        pictures = {"temperature_styblinski_tang_1d": ["sweep.png"], "power_law": ["sweep.png"],
                    "sharpness_styblinski_tang_1d": ["sweep_1.png", "sweep_2.png"]}
        for name, expected in pictures.items():
            with self.subTest(sweep=name):
                file = PROBLEMS / "sweeps" / f"{name}.prm"
                status, _, stderr = run("sweep", file, "--output", name, folder=self.folder)
                self.assertEqual((status, stderr), (0, ""))
                found = sorted(path.name for path in (self.folder / name).glob("*.png"))
                self.assertEqual(found, expected)
                for picture in found:
                    content = (self.folder / name / picture).read_bytes()
                    self.assertEqual(content[:8], b"\x89PNG\r\n\x1a\n")
                    self.assertGreater(len(content), 20000)
        status, _, stderr = run("sweep", DOUBLE_WELL, "--vary", "Noise/Diffusion = 0.02:0.05:4", "--vary",
                                "Noise/Interpretation = ito, anti-ito", "--output", "out", folder=self.folder)
        self.assertEqual((status, stderr), (0, ""))
        self.assertTrue((self.folder / "out" / "sweep.png").exists())


if __name__ == "__main__":
    unittest.main()
