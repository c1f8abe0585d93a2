#!/usr/bin/env python3
"""Time, memory and accuracy of whole runs; prints a table, asserts nothing.

    python3 tests/benchmarks/run.py [build/fokker-planck] [--repeat 3]

Each row is a ready problem with another mesh. assembly and solve are the program's own timers (assembly of the
matrices; factorisation and iteration), process is the wall time of the whole process including start-up, output
and pictures, memory its peak resident size. error is relative to the exact rate: d times the one-dimensional rate of
tests/data/escape_rates_1d.csv for Styblinski-Tang, a spectral value (tests/data/escape_rates_tensor.csv) for the
tensor. Times are the smallest of the repetitions.
"""
import argparse
import csv
import json
import math
import os
import pathlib
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]

# problem, D, cells, degree
ROWS = [
    ("styblinski_tang_1d", "2", 24, 6),
    ("styblinski_tang_2d", "2", 12, 6),
    ("styblinski_tang_2d", "2", 12, 8),
    ("styblinski_tang_2d", "2", 16, 8),
    ("styblinski_tang_2d", "2", 32, 4),
    ("styblinski_tang_2d", "0.1", 64, 6),
    ("styblinski_tang_3d", "5", 8, 4),
    ("styblinski_tang_3d", "5", 10, 4),
    ("anisotropic_double_well", "0.06, 0.015; 0.015, 0.04", 16, 6),
]


def exact_log_rate(problem, diffusion):
    table = "escape_rates_tensor.csv" if problem.startswith("aniso") else "escape_rates_1d.csv"
    with open(ROOT / "tests" / "data" / table, newline="") as file:
        for row in csv.DictReader(file):
            if row["diffusion"] == diffusion and row["case"] != "" and (
                    table != "escape_rates_1d.csv" or row["case"] == "styblinski_tang"):
                dimension = int(problem[-2]) if problem.startswith("styblinski") else 1
                return float(row["log_rate"]) + math.log(dimension)
    raise KeyError((problem, diffusion))


def run(program, problem, diffusion, cells, degree, directory):
    command = [program, "run", str(ROOT / "problems" / f"{problem}.prm"), "--output", directory,
               "--set", f"Noise/Diffusion={diffusion}", "--set", f"Discretization/Cells={cells}",
               "--set", f"Discretization/Degree={degree}"]
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    if status != 0:
        raise SystemExit(f"failed: {' '.join(command)}")
    with open(pathlib.Path(directory) / "result.json") as file:
        return json.load(file), seconds, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", nargs="?", default=str(ROOT / "build" / "fokker-planck"))
    parser.add_argument("--repeat", type=int, default=3)
    arguments = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    print(f"{'problem':24} {'D':>6} {'degree':>6} {'unknowns':>9} {'error':>8} "
          f"{'assembly':>9} {'solve':>7} {'process':>8} {'memory':>8}")
    for problem, diffusion, cells, degree in ROWS:
        runs = []
        with tempfile.TemporaryDirectory() as directory:
            for _ in range(arguments.repeat):
                runs.append(run(arguments.program, problem, diffusion, cells, degree, directory))
        result = runs[0][0]
        error = abs(math.expm1(result["escape_rate"]["log"] - exact_log_rate(problem, diffusion)))
        phase = {key: min(r[0]["time_seconds"][key] for r in runs) for key in ("assembly", "solve")}
        shown = diffusion if len(diffusion) < 7 else "tensor"
        print(f"{problem:24} {shown:>6} {degree:6d} {result['discretization']['dofs']:9d} {error:8.1e} "
              f"{phase['assembly']:7.2f} s {phase['solve']:5.2f} s {min(r[1] for r in runs):6.2f} s "
              f"{max(r[2] for r in runs):5.0f} MB", flush=True)


if __name__ == "__main__":
    main()
