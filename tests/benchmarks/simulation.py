#!/usr/bin/env python3
"""Throughput of the simulation: time steps per second on one core; prints a table, asserts nothing.

    python3 tests/benchmarks/simulation.py [build/fokker-planck] [--repeat 3] [--trajectories 4000]

Every row simulates first exits directly, Brownian bridges at the boundary included. The rate is the best of the
repetitions; the models take turns within each repetition.
"""
import argparse
import json
import os
import pathlib
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
WELL_1D = ["Dimension=1", "Loss/Expression=x^4/4 - x^2/2", "Domain/Lower=-3", "Domain/Upper=0", "Domain/Absorbing=x+",
           "Noise/Diffusion=0.06"]
WELL_2D = ["Dimension=2", "Loss/Expression=x^4/4 - x^2/2 + y^2", "Domain/Lower=-2.5, -2.5", "Domain/Upper=0, 2.5",
           "Domain/Absorbing=x+", "Noise/Diffusion=0.06"]
WELL_3D = ["Dimension=3", "Loss/Expression=x^4/4 - x^2/2 + y^2 + z^2/2", "Domain/Lower=-2.5, -2.5, -3",
           "Domain/Upper=0, 2.5, 3", "Domain/Absorbing=x+", "Noise/Diffusion=0.06"]
POWER_2D = ["Dimension=2", "Loss/Expression=0.1 + x^2/2 + y^2", "Domain/Lower=-1, -1", "Domain/Upper=1, 1",
            "Domain/Absorbing=all", "Noise/Type=loss proportional", "Noise/Learning rate=0.3", "Noise/Batch size=1"]
DISK = ["Dimension=2", "Loss/Expression=(x^2 + y^2)/2", "Domain/Type=ball", "Domain/Radius=1", "Domain/Absorbing=all",
        "Noise/Diffusion=0.12"]
MODELS = [
    ("1-D double well", WELL_1D, "euler-maruyama"),
    ("1-D double well", WELL_1D, "heun"),
    ("2-D double well", WELL_2D, "euler-maruyama"),
    ("2-D double well", WELL_2D, "heun"),
    ("3-D double well", WELL_3D, "euler-maruyama"),
    ("2-D disk", DISK, "euler-maruyama"),
    ("2-D loss-proportional", POWER_2D, "euler-maruyama"),
]


def run(program, settings, directory):
    parameters = pathlib.Path(directory) / "empty.prm"
    parameters.write_text("")
    command = [program, "monte-carlo", str(parameters), "--output", str(pathlib.Path(directory) / "out")]
    for setting in settings:
        command += ["--set", setting]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return json.loads((pathlib.Path(directory) / "out" / "monte_carlo.json").read_text())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", nargs="?", default=str(ROOT / "build" / "fokker-planck"))
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--trajectories", type=int, default=4000)
    arguments = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    results = [[] for _ in MODELS]
    with tempfile.TemporaryDirectory() as directory:
        for _ in range(arguments.repeat):
            for row, (_, settings, scheme) in zip(results, MODELS):
                row.append(run(arguments.program, settings + [
                    f"Monte Carlo/Scheme={scheme}", "Monte Carlo/Method=direct", "Monte Carlo/Half step=false",
                    f"Monte Carlo/Trajectories={arguments.trajectories}"], directory))
    print(f"{'problem':24} {'scheme':16} {'steps':>9} {'steps per second':>17}")
    for (name, _, scheme), runs in zip(MODELS, results):
        print(f"{name:24} {scheme:16} {runs[0]['steps']:9.2e} {max(r['steps_per_second'] for r in runs):17.2e}")


if __name__ == "__main__":
    main()
