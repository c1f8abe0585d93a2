#!/usr/bin/env python3
"""Time and memory of a sweep of one-dimensional problems; prints a table, asserts nothing.

    python3 tests/benchmarks/sweep.py [build/fokker-planck] [--points 50]

process is the wall time of the whole command with its pictures; memory is the peak resident size of the largest worker,
which should not grow with the number of points.
"""
import argparse
import os
import pathlib
import resource
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


def sweep(program, points, jobs, pictures):
    """Returns the seconds that it takes."""
    file = str(ROOT / "problems" / "sweeps" / "temperature_styblinski_tang_1d.prm")
    values = f"Noise/Diffusion = 0.5:{2 if points > 1 else 0.5}:{points}"
    with tempfile.TemporaryDirectory() as directory:
        command = [program, "sweep", file, "--vary", values, "--output", directory, "--jobs", str(jobs),
                   "--set", f"Output/Pictures={pictures}"]
        begin = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        return time.perf_counter() - begin


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", nargs="?", default=str(ROOT / "build" / "fokker-planck"))
    parser.add_argument("--points", type=int, default=50)
    arguments = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    program = str(pathlib.Path(arguments.program).resolve())
    counts, memory = (1, arguments.points, 4 * arguments.points), {}
    for points in counts:  # in this order: the peak is that of all children so far
        sweep(program, points, 1, "false")
        memory[points] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{'points':>6} {'jobs':>4} {'process':>9} {'memory':>9}")
    for points in counts:
        for jobs in (1, 2):
            seconds = sweep(program, points, jobs, "true")
            print(f"{points:6d} {jobs:4d} {seconds:7.2f} s {memory[points]:6.1f} MB", flush=True)


if __name__ == "__main__":
    main()
