"""Many ranks: more of them than cells, one-dimensional problems, and errors that only some ranks meet."""

import csv
import json
import math
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
import time
import unittest
import xml.etree.ElementTree as xml

from command_line import ENVIRONMENT, PROBLEMS, PROGRAM, run, settings

DOUBLE_WELL = PROBLEMS / "double_well_1d.prm"
RANKS = (1, 4, 8)
BOWL_2D = textwrap.dedent("""\
    set Dimension = 2
    subsection Loss
      set Expression = x^4/4 - x^2/2 + y^2
    end
    subsection Noise
      set Diffusion = 0.5
    end
    subsection Domain
      set Lower = -2.5, -2.5
      set Upper = 0, 2.5
      set Absorbing = x+
    end
    """)
BOWL_3D = textwrap.dedent("""\
    set Dimension = 3
    subsection Loss
      set Expression = (x^2 + 2*y^2 + z^2)/2
    end
    subsection Noise
      set Diffusion = 0.5
    end
    subsection Domain
      set Lower = -1, -1, -1
      set Upper = 1, 1.5, 1.2
      set Absorbing = x+ y- z+
    end
    """)
# The mean over many samples: takes some seconds.
LONG_1D = textwrap.dedent("""\
    set Dimension = 1
    subsection Loss
      set Type     = dataset
      set Model    = logistic regression
      set Data     = data.csv
      set Features = x
      set Label    = class
    end
    subsection Noise
      set Diffusion = 0.1
    end
    subsection Domain
      set Lower     = -1
      set Upper     = 3
      set Absorbing = all
    end
    """)

# Starts the program and writes the processor time it took to FOLDER/RANK.
WATCH = textwrap.dedent("""\
    import os, pathlib, resource, subprocess, sys
    status = subprocess.run(sys.argv[2:], close_fds=False).returncode
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    rank = os.environ.get("OMPI_COMM_WORLD_RANK") or os.environ["PMI_RANK"]
    pathlib.Path(sys.argv[1], rank).write_text(str(usage.ru_utime + usage.ru_stime))
    sys.exit(status)
    """)


def uniform(cells, degree):
    return ["Discretization/Refinement=uniform", f"Discretization/Cells={cells}", f"Discretization/Degree={degree}"]


def adaptive(tolerance, *more):
    return ["Discretization/Initial cells=1", f"Discretization/Tolerance={tolerance}", *more]


def mpirun(n, *watcher):
    return ["mpirun", "--oversubscribe", "-n", str(n), *watcher] if n > 1 else []


def rank_of(script):
    """A launcher's words for a program that the shell starts; $RANK is its rank."""
    return ["sh", "-c", f'RANK=${{OMPI_COMM_WORLD_RANK:-$PMI_RANK}}; {script}; exec "$0" "$@"']


@unittest.skipUnless(shutil.which("mpirun"), "mpirun is not installed")
class ClusterTest(unittest.TestCase):
    """Runs in a folder of its own."""

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        (self.folder / "bowl_2d.prm").write_text(BOWL_2D, encoding="utf-8")
        (self.folder / "bowl_3d.prm").write_text(BOWL_3D, encoding="utf-8")

    def call(self, command, file, *assignments, output="out", launcher=(), status=0, arguments=()):
        """Returns the folder of the results and what was printed."""
        found, stdout, stderr = run(command, file, *settings(["Output/Pictures=false", *assignments]), *arguments,
                                    "--output", output, folder=self.folder, launcher=launcher)
        self.assertEqual(found, status, stderr)
        if status == 0:
            self.assertEqual(stderr, "")
        return self.folder / output, stdout, stderr

    def load(self, folder, file):
        return json.loads((folder / file).read_text(encoding="utf-8"))

    def log_rates(self, command, file, *assignments, ranks=(1, 8), what="result.json"):
        """Of the same call with each number of ranks."""
        result = []
        for n in ranks:
            folder, stdout, _ = self.call(command, file, *assignments, output=f"{command}_{n}", launcher=mpirun(n))
            self.assertEqual(stdout.count("results in"), 1)
            result.append(self.load(folder, what)["escape_rate"]["log"])
        return result

    def assert_equal_rates(self, log_rates, tolerance=1e-11):
        for log_rate in log_rates:
            self.assertTrue(math.isfinite(log_rate))
            self.assertLessEqual(abs(log_rate - log_rates[0]), tolerance, log_rates)


class MoreRanksThanCells(ClusterTest):
    def test_run(self):
        cases = [
            (DOUBLE_WELL, [*uniform(2, 12), "Noise/Diffusion=0.5"], 2),
            ("bowl_2d.prm", uniform(1, 12), 1),
            ("bowl_2d.prm", uniform("2, 1", 10), 2),
            ("bowl_2d.prm", adaptive(1e-2, "Noise/Diffusion=3", "Discretization/Degree=8"), None),
            ("bowl_2d.prm", adaptive(0.05, "Noise/Diffusion=2", "Discretization/Degree=1"), None),
            ("bowl_3d.prm", uniform(1, 6), 1),
            ("bowl_3d.prm", adaptive(1e-2), None),
            (PROBLEMS / "maier_stein.prm", adaptive(1e-3), None),  # no detailed balance
        ]
        for file, assignments, n_cells in cases:
            with self.subTest(file=str(file), settings=assignments):
                self.assert_equal_rates(self.log_rates("run", file, *assignments, ranks=RANKS))
                results = [self.load(self.folder / f"run_{n}", "result.json") for n in RANKS]
                cells = [result["discretization"]["cells"] for result in results]
                self.assertEqual(cells, [n_cells or cells[0]] * len(RANKS))
                for result in results[1:]:
                    for side, expected in zip(result["exit"], results[0]["exit"]):
                        self.assertAlmostEqual(side["probability"], expected["probability"], delta=1e-11)
                for piece in self.folder.glob("run_8/*vtu"):
                    xml.parse(piece)

    def test_too_coarse(self):
        for n in RANKS:
            folder, _, stderr = self.call("run", "bowl_2d.prm", "Noise/Diffusion=0.01", *uniform(1, 4), status=2,
                                          launcher=mpirun(n))
            self.assertEqual(stderr.count("fokker-planck: "), 1, stderr)
            self.assertIn("the mesh is too coarse", stderr)
            self.assertFalse(folder.exists())

    def test_monte_carlo(self):
        """Fewer trajectories, or repeats, than ranks."""
        for method, *more in (["direct"], ["fleming-viot", "Monte Carlo/Particles=20", "Monte Carlo/Repeats=3"]):
            with self.subTest(method=method):
                self.assert_equal_rates(self.log_rates(
                    "monte-carlo", "bowl_2d.prm", f"Monte Carlo/Method={method}", "Monte Carlo/Trajectories=6",
                    *more, what="monte_carlo.json"), 0)

    def test_compare(self):
        for file, mesh in ((DOUBLE_WELL, uniform(2, 12)), ("bowl_2d.prm", uniform(1, 12))):
            with self.subTest(file=str(file)):
                self.assert_equal_rates(self.log_rates("compare", file, *mesh, "Noise/Diffusion=0.5",
                                                       "Monte Carlo/Trajectories=300"))
                alone, together = (self.load(self.folder / f"compare_{n}", "monte_carlo.json") for n in (1, 8))
                self.assertEqual(together["escape_rate"], alone["escape_rate"])

    def test_sweep(self):
        for file, mesh in ((DOUBLE_WELL, uniform(2, 12)), ("bowl_2d.prm", uniform(1, 12))):
            with self.subTest(file=str(file)):
                tables = []
                for n in (1, 8):
                    folder, stdout, _ = self.call("sweep", file, *mesh, output=f"sweep_{n}", launcher=mpirun(n),
                                                  arguments=["--vary", "Noise/Diffusion = 0.5, 0.6"])
                    self.assertEqual(stdout.count("2 of 2 points"), 1)
                    with open(folder / "sweep.csv", newline="", encoding="utf-8") as stream:
                        tables.append([float(row["log_rate"]) for row in csv.DictReader(stream)])
                    shutil.rmtree(folder)
                for point in zip(*tables):
                    self.assert_equal_rates(point)


class JobArray(ClusterTest):
    def test_one_point_per_job(self):
        """Jobs that share a directory at the same time; the last one finds what they have solved."""
        values = ["0.5", "0.6", "0.7"]
        vary = [["sweep", str(DOUBLE_WELL), "--output", "out", *settings(["Output/Pictures=false"]),
                 "--vary", f"Noise/Diffusion = {value}"] for value in values]
        jobs = [subprocess.Popen([PROGRAM, *arguments], cwd=self.folder, env=ENVIRONMENT, stdout=subprocess.DEVNULL)
                for arguments in vary]
        self.assertEqual([job.wait(timeout=300) for job in jobs], [0] * len(jobs))
        folder, stdout, _ = self.call("sweep", DOUBLE_WELL,
                                      arguments=["--vary", "Noise/Diffusion = " + ", ".join(values)])
        self.assertIn("3 points, 3 known from before", stdout)
        with open(folder / "sweep.csv", newline="", encoding="utf-8") as stream:
            self.assertEqual([row["status"] for row in csv.DictReader(stream)], ["done"] * 3)


class OneDimension(ClusterTest):
    """One rank solves, the others sleep."""

    def test_waiting_takes_no_time(self):
        (self.folder / "long_1d.prm").write_text(LONG_1D, encoding="utf-8")
        samples = [(math.sin(k), 1 if math.sin(k) + math.sin(math.sqrt(2) * k) > 0 else -1) for k in range(100000)]
        (self.folder / "data.csv").write_text("x,class\n" + "".join(f"{x:.6f},{y}\n" for x, y in samples),
                                              encoding="utf-8")
        alone, *_ = self.call("run", "long_1d.prm", output="alone")
        (self.folder / "watch.py").write_text(WATCH, encoding="utf-8")
        (self.folder / "times").mkdir()
        together, *_ = self.call("run", "long_1d.prm", output="together",
                                 launcher=mpirun(4, sys.executable, "watch.py", "times"))
        times = [float((self.folder / "times" / str(rank)).read_text(encoding="utf-8")) for rank in range(4)]
        for waiting in times[1:]:  # most of it for starting
            self.assertLess(waiting, 0.4 * times[0], times)
        for key in ("escape_rate", "exit", "convergence"):
            found, expected = (self.load(folder, "result.json")[key] for folder in (together, alone))
            for level in [*found, *expected] if key == "convergence" else []:
                del level["seconds"]
            self.assertEqual(found, expected)
        self.assertEqual(self.load(together, "result.json")["program"]["mpi_ranks"], 4)

    def test_files(self):
        folder, stdout, _ = self.call("run", DOUBLE_WELL, launcher=mpirun(4))
        self.assertEqual(stdout.count("escape rate"), 1)
        self.assertEqual([path.name for path in folder.glob("*vtu")], ["density.vtu"])
        alone, *_ = self.call("run", DOUBLE_WELL, output="alone")
        for name in ("density.csv", "exit_x+.csv", "paths.csv"):
            self.assertEqual((folder / name).read_bytes(), (alone / name).read_bytes())

    def test_errors(self):
        """One line, and the status of the error."""
        cases = [
            ("run", 1, ["Loss/Expression=1/x"], "it is inf at (0)"),
            ("run", 2, uniform(1, 12), "the mesh is too coarse"),
            ("run", 2, ["Discretization/Tolerance=1e-9", "Discretization/Maximum unknowns=120"], "not converged"),
            ("compare", 2, [*uniform(1, 12), "Monte Carlo/Trajectories=4"], "the mesh is too coarse"),
            ("run", 1, ["Output/Directory=/proc/nowhere"], "it cannot be created"),
        ]
        for command, status, assignments, words in cases:
            with self.subTest(command=command, settings=assignments):
                found, _, stderr = run(command, DOUBLE_WELL, *settings(["Output/Pictures=false", *assignments]),
                                       folder=self.folder, launcher=mpirun(4))
                self.assertEqual(found, status, stderr)
                self.assertEqual(stderr.count("fokker-planck: "), 1, stderr)
                self.assertIn(words, stderr)

    def test_failed_points_of_a_sweep(self):
        _, stdout, stderr = self.call("sweep", DOUBLE_WELL, arguments=["--vary", "Noise/Diffusion = 0.1, -1, 0.2"],
                                      launcher=mpirun(4), status=2)
        self.assertEqual(stderr.count("fokker-planck: "), 1, stderr)
        self.assertIn("1 of 3 points failed", stderr)
        self.assertIn("3 of 3 points, 1 failed", stdout)


class ErrorsOfSomeRanks(ClusterTest):
    """Nobody waits for a rank that has given up."""

    def test_file_that_one_rank_does_not_find(self):
        (self.folder / "elsewhere").mkdir()
        begin = time.monotonic()
        status, _, stderr = run("run", "bowl_2d.prm", "--output", "out", folder=self.folder,
                                launcher=mpirun(4, *rank_of('[ "$RANK" != 2 ] || cd elsewhere')))
        self.assertEqual(status, 1, stderr)
        self.assertEqual(re.findall("fokker-planck: .*", stderr), [
            "fokker-planck: bowl_2d.prm: the file does not exist or cannot be read (on rank 2, not on all)"])
        self.assertLess(time.monotonic() - begin, 60)

    def test_tasks_that_mpi_does_not_connect(self):
        for command in ("run", "sweep"):
            status, stdout, stderr = run(command, "bowl_2d.prm", folder=self.folder,
                                         launcher=["env", "SLURM_STEP_NUM_TASKS=4"])
            self.assertEqual((status, stdout), (1, ""), stderr)
            self.assertEqual(stderr.count("\n"), 1, stderr)
            self.assertIn("srun has started 4 tasks", stderr)
        self.call("run", "bowl_2d.prm", launcher=["env", "SLURM_STEP_NUM_TASKS=2", *mpirun(2)])

    def test_directory_of_the_first_rank_counts(self):
        (self.folder / "elsewhere").mkdir()
        self.call("run", self.folder / "bowl_2d.prm",
                  launcher=mpirun(4, *rank_of('[ "$RANK" = 0 ] || cd elsewhere')))
        self.assertEqual(len(list(self.folder.glob("out/density.*.vtu"))), 4)
        self.assertEqual(list((self.folder / "elsewhere").iterdir()), [])


