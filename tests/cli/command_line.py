"""Runs the program under test; the environment variable FOKKER_PLANCK holds its absolute path."""

import os
import pathlib
import subprocess

PROGRAM = os.environ["FOKKER_PLANCK"]
PROBLEMS = pathlib.Path(__file__).resolve().parents[2] / "problems"
ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1", "OMPI_ALLOW_RUN_AS_ROOT": "1",
               "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}


def run(*arguments, folder=None, launcher=()):
    """Returns (status, stdout, stderr) of the program, started in the folder."""
    command = [*launcher, PROGRAM, *map(str, arguments)]
    done = subprocess.run(command, cwd=folder, env=ENVIRONMENT, stdin=subprocess.DEVNULL,
                          capture_output=True, encoding="utf-8", timeout=300, check=False)
    return done.returncode, done.stdout, done.stderr


def settings(assignments):
    """The options --set for assignments "Section/Key=value"."""
    return [word for assignment in assignments for word in ("--set", assignment)]
