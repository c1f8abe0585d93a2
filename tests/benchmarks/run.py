#!/usr/bin/env python3
"""Time, memory and accuracy of whole runs; prints a table, asserts nothing.

    python3 tests/benchmarks/run.py [build/fokker-planck] [--repeat 3]

Each row is a ready problem with another uniform mesh. assembly and solve are the program's own timers (assembly of the
matrices; factorisation and iteration), process is the wall time of the whole process including start-up, output
and pictures, memory its peak resident size. error is relative to the exact rate: d times the one-dimensional rate of
tests/data/escape_rates_1d.csv for Styblinski-Tang, a spectral value (tests/data/escape_rates_tensor.csv) for the
tensor. Times are the smallest of the repetitions.
"""
from common import Run, exact_log_rate, parser

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


def main():
    arguments = parser(__doc__).parse_args()
    print(f"{'problem':24} {'D':>6} {'degree':>6} {'unknowns':>9} {'error':>8} "
          f"{'assembly':>9} {'solve':>7} {'process':>8} {'memory':>8}")
    for problem, diffusion, cells, degree in ROWS:
        settings = {"Noise/Diffusion": diffusion, "Discretization/Refinement": "uniform",
                    "Discretization/Cells": cells, "Discretization/Degree": degree}
        runs = [Run(arguments.program, problem, settings) for _ in range(arguments.repeat)]
        failures = [run.failure for run in runs if run.failure]
        if failures:
            raise SystemExit(f"{problem}: {failures[0]}")
        error = runs[0].error(exact_log_rate(problem, diffusion))
        phase = {key: min(run.get("time_seconds", key) for run in runs) for key in ("assembly", "solve")}
        shown = diffusion if len(diffusion) < 7 else "tensor"
        print(f"{problem:24} {shown:>6} {degree:6d} {runs[0].get('discretization', 'dofs'):9d} {error:8.1e} "
              f"{phase['assembly']:7.2f} s {phase['solve']:5.2f} s {min(run.seconds for run in runs):6.2f} s "
              f"{max(run.megabytes for run in runs):5.0f} MB", flush=True)


if __name__ == "__main__":
    main()
