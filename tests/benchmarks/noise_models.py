#!/usr/bin/env python3
"""Cost of the general problem relative to constant noise at equal unknowns; prints a table, asserts nothing.

    python3 tests/benchmarks/noise_models.py [build/fokker-planck] [--repeat 3] [--cells 40] [--degree 6]

Every row solves the same coupled loss on the same mesh with another noise model. assembly and solve are the
program's own timers, the smallest of the repetitions; the models take turns within each repetition. The ratios
are to the first row, constant noise with detailed balance (Cholesky).
"""
import argparse
import json
import os
import pathlib
import subprocess
import tempfile

BASE = ["Dimension=2", "Loss/Expression=0.5 + x^4/4 - x^2/2 + y^2/2 + 0.3*x^2*y + 0.1*y^4", "Noise/Learning rate=0.1",
        "Domain/Lower=-2, -1.6", "Domain/Upper=0.3, 1.2", "Domain/Absorbing=x+", "Output/Pictures=false",
        "Output/Fields=false"]
MODELS = [
    ("constant", ["Noise/Diffusion=0.05"]),
    ("constant, rotating force", ["Noise/Diffusion=0.05", "Force/Expression=-0.3*y; 0.3*x"]),
    ("constant tensor", ["Noise/Diffusion=0.06, 0.01; 0.01, 0.04"]),
    ("hessian aligned, frozen", ["Noise/Type=hessian aligned"]),
    ("hessian aligned, absolute", ["Noise/Type=hessian aligned", "Noise/Hessian=absolute", "Noise/Floor=0.5"]),
    ("two temperature", ["Noise/Type=hessian aligned", "Noise/Hessian=two temperature"]),
    ("loss proportional", ["Noise/Type=loss proportional"]),
    ("expression", ["Noise/Type=expression", "Noise/Expressions=0.05 + 0.01*x^2; 0.01*sin(y); 0.04 + 0.01*y^2"]),
]


def run(program, settings, directory):
    parameters = pathlib.Path(directory) / "empty.prm"
    parameters.write_text("")
    command = [program, "run", str(parameters), "--output", str(pathlib.Path(directory) / "out")]
    for setting in settings:
        command += ["--set", setting]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return json.loads((pathlib.Path(directory) / "out" / "result.json").read_text())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    root = pathlib.Path(__file__).resolve().parents[2]
    parser.add_argument("program", nargs="?", default=str(root / "build" / "fokker-planck"))
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--cells", type=int, default=40)
    parser.add_argument("--degree", type=int, default=6)
    arguments = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    mesh = ["Discretization/Refinement=uniform", f"Discretization/Cells={arguments.cells}",
            f"Discretization/Degree={arguments.degree}"]
    results = {name: [] for name, _ in MODELS}
    with tempfile.TemporaryDirectory() as directory:
        for _ in range(arguments.repeat):
            for name, settings in MODELS:
                results[name].append(run(arguments.program, BASE + mesh + settings, directory))
    print(f"{'noise':26} {'balance':>8} {'unknowns':>9} {'log rate':>10} {'assembly':>16} {'solve':>16} {'total':>9}")
    base = None
    for name, runs in results.items():
        time = {key: min(r["time_seconds"][key] for r in runs) for key in ("assembly", "solve", "total")}
        base = base or time
        columns = [f"{time[key]:7.2f} s ({time[key] / base[key]:4.2f})" for key in ("assembly", "solve")]
        print(f"{name:26} {'yes' if runs[0]['detailed_balance'] else 'no':>8} "
              f"{runs[0]['discretization']['dofs']:9d} {runs[0]['escape_rate']['log']:10.4f} "
              f"{columns[0]:>16} {columns[1]:>16} {time['total']:7.2f} s")


if __name__ == "__main__":
    main()
