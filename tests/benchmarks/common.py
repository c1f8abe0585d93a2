"""What the benchmark scripts share: running programs, reading results, exact rates, Markdown tables."""
import argparse
import csv
import json
import math
import os
import pathlib
import signal
import subprocess
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
LOWER, UPPER, MINIMUM = -5.0, 0.156731, -2.903534027771177  # Styblinski-Tang per coordinate; absorbing at UPPER


def styblinski_tang(q):
    """The loss per coordinate; q a number or a symbol of UFL."""
    return 0.5 * (q**4 - 16 * q**2 + 5 * q)


BARRIER = styblinski_tang(UPPER) - styblinski_tang(MINIMUM)  # 39.36, in any dimension


def exact_log_rate(problem, diffusion):
    """log of the rate of a ready problem; tests/data/README.md says where the numbers come from. Styblinski-Tang is
    separable: d times the one-dimensional rate. KeyError if the tables do not hold it."""
    kind = problem.split("_")[0]
    table = {"styblinski": "1d", "ou": "radial", "anisotropic": "tensor"}[kind]
    with open(ROOT / "tests" / "data" / f"escape_rates_{table}.csv", newline="") as file:
        for row in csv.DictReader(file):
            found = row.get("diffusion") == diffusion and (table == "tensor" or row["case"] == "styblinski_tang")
            if table == "radial":
                settings = row["settings"].split("|")
                found = row["case"] == "ornstein_uhlenbeck" and f"Noise/Diffusion={diffusion}" in settings and (
                    f"Domain/Effective dimension={3 if problem.endswith('3d') else 2}" in settings)
            if found:
                dimension = int(problem[-2]) if kind == "styblinski" else 1
                return float(row["log_rate"]) + math.log(dimension)
    raise KeyError(f"no exact rate of {problem} at D = {diffusion}")


def relative_error(log_rate, exact):
    return abs(math.expm1(log_rate - exact)) if log_rate - exact < 700 else math.inf


class Process:
    """A command that has run, on `ranks` ranks, ended after timeout seconds: exit_code (None: ended by the timeout),
    stdout, stderr, seconds (wall), megabytes (largest resident size of one process)."""

    def __init__(self, command, ranks=1, timeout=None):
        if ranks > 1:
            command = ["mpirun", "--oversubscribe", "-n", str(ranks)] + command
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            begin = time.perf_counter()
            process = subprocess.Popen(command, stdout=out, stderr=err)
            late = threading.Event()

            def stop():
                late.set()
                process.send_signal(signal.SIGTERM)  # mpirun passes it on to its ranks

            timers = [threading.Timer(timeout, stop), threading.Timer(timeout + 20, process.kill)] if timeout else []
            for timer in timers:
                timer.start()
            try:
                _, status, usage = os.wait4(process.pid, 0)
                process.returncode = os.waitstatus_to_exitcode(status)
            finally:
                for timer in timers:
                    timer.cancel()
            self.seconds = time.perf_counter() - begin
            self.exit_code = None if late.is_set() else process.returncode
            self.megabytes = usage.ru_maxrss / 1024
            self.timeout = timeout
            out.seek(0)
            err.seek(0)
            self.stdout, self.stderr = out.read(), err.read()

    def failure(self):
        """Why there is no result, in a few words."""
        if self.exit_code is None:
            return f"failed: more than {self.timeout:g} s"
        lines = [line for line in self.stderr.splitlines() if line.strip(" -")]
        reason = lines[-1] if lines else f"killed by signal {-self.exit_code}" if self.exit_code < 0 else "no message"
        return "failed: " + reason.split(".prm: ")[-1].removeprefix("no result: ").replace("|", "/")[:72]


class Run:
    """A run of the program: result (of result.json; None if there is none), failure (why), and of the whole process
    with start-up seconds (wall) and megabytes (peak; nan if unknown)."""

    def __init__(self, program, problem, settings, ranks=1, timeout=None):
        with tempfile.TemporaryDirectory() as directory:
            command = [str(program), "run", str(ROOT / "problems" / f"{problem}.prm"), "--output", directory]
            for key, value in settings.items():
                command += ["--set", f"{key}={value}"]
            process = Process(command, ranks, timeout)
            file = pathlib.Path(directory) / "result.json"
            # 2: the tolerance was not reached, but the best result is written
            ok = process.exit_code in (0, 2) and file.exists()
            self.result = json.loads(file.read_text()) if ok else None
        self.failure = None if ok else process.failure()
        self.seconds, self.megabytes = process.seconds, process.megabytes if ranks == 1 else math.nan
        if self.get("memory", "peak_bytes"):
            self.megabytes = self.get("memory", "peak_bytes") / 2**20

    def get(self, *keys, default=None):
        """The entry result[keys[0]][keys[1]]..., or the default if there is none: keys differ between versions."""
        value = self.result
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        return default if value is None else value

    def solution_seconds(self):
        """Everything but writing the output."""
        return self.get("time_seconds", "total") - self.get("time_seconds", "output", default=0.)

    def error(self, exact):
        return relative_error(self.get("escape_rate", "log"), exact)


def quickest(options, problem, settings, ranks=1):
    """The quickest of options.repeat runs without fields and pictures, or one that failed; with the options.method of
    linear solver, if any."""
    settings = dict(settings, **{"Output/Pictures": "false", "Output/Fields": "false"})
    if getattr(options, "method", None):
        settings["Solver/Method"] = options.method
    runs = []
    for _ in range(options.repeat):
        runs.append(Run(options.program, problem, settings, ranks, options.timeout))
        if runs[-1].failure:
            return runs[-1]
    return min(runs, key=Run.solution_seconds)


def show(value, digits=3):
    """A number for a table; '-' for what is not known."""
    if value is None or isinstance(value, float) and math.isnan(value):
        return "-"
    return str(value) if isinstance(value, (int, str)) else f"{value:.{digits}g}"


class Table:
    """A Markdown table, printed row by row as the numbers come."""

    def __init__(self, title, *columns):
        print(f"\n**{title}**\n\n| " + " | ".join(columns) + " |\n|" + "---|" * len(columns), flush=True)
        self.n_columns = len(columns)

    def row(self, *cells):
        """A short row is filled with blanks, so that a failure may stand in its last cell."""
        print("| " + " | ".join([show(cell) for cell in cells] + [""] * (self.n_columns - len(cells))) + " |",
              flush=True)


def parser(doc):
    """The options of all benchmarks, described by the docstring of the script."""
    result = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    result.add_argument("program", nargs="?", default=str(ROOT / "build" / "fokker-planck"))
    result.add_argument("--repeat", type=int, default=3, help="runs of each kind")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    return result
