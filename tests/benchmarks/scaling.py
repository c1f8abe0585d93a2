#!/usr/bin/env python3
"""How time, memory, error and iterations scale; prints Markdown tables, asserts nothing.

    python3 tests/benchmarks/scaling.py [build/fokker-planck] [--only unknowns accuracy ranks barrier] [--quick]
        [--largest 1e7] [--degrees 1 2 3 4 5 6 7 8] [--dimension 2 3] [--ranks 2] [--repeat 3] [--timeout 1800]
        [--method automatic|direct|iterative]

All columns of seconds are the program's own timers, in the quickest of the repetitions: assembly, setup
(factorisation or multigrid hierarchy), solve (the iteration after it), estimate (of the error), total (all but
writing the output).
'-' is what the program does not report. Errors are relative to the exact rates of tests/data.

unknowns    one uniform mesh each, Styblinski-Tang in 2-D (D = 2, degrees 4 and 6) and 3-D (D = 5, degrees 2 and 4): the
            columns above, us per unknown (total), iterations (of the longest linear solve), bytes per unknown (peak
            memory of all processes), error
accuracy    error against seconds, by degree: refined to a ladder of tolerances, and uniform with 2, 4, 8, ... cells, up
            to 3e5 unknowns; Styblinski-Tang and the disc with rotation (D = 0.02). tolerance or cells, unknowns,
            total s, estimated error (of adaptive runs: '!' above the tolerance), error; then the seconds that the
            quickest run took to each error
ranks       strong scaling (one problem) and weak scaling (unknowns proportional to ranks) from 1 to --ranks, runs
            interleaved, medians: unknowns and seconds on 1 and on several ranks, ratio of unknowns per second (ideal:
            the number of ranks)
barrier     the same meshes at barrier/D = 5 ... 98: steps (of the eigenvalue), linear iterations (all; longest solve),
            setup s, solve s, error
"""
import math
import statistics

from common import BARRIER, Table, exact_log_rate, parser, quickest, show

PROBLEMS = {2: ("styblinski_tang_2d", "2"), 3: ("styblinski_tang_3d", "5")}  # with D
DISK = ("ou_disk", "0.02")
DEGREES = {2: (4, 6), 3: (2, 4)}
UNKNOWNS = {2: (1e4, 3e4, 1e5, 3e5, 1e6, 4e6), 3: (1e4, 3e4, 1e5, 3e5, 1e6, 3e6, 1e7)}
TOLERANCES = (1e-2, 1e-4, 1e-6, 1e-8, 1e-10)
TARGETS = (1e-3, 1e-5, 1e-7, 1e-9)
BARRIER_D = ("8", "2", "0.8", "0.4")
PHASES = ("assembly", "setup", "solve", "estimate", "total")


def mesh(diffusion, cells, degree):
    return {"Noise/Diffusion": diffusion, "Discretization/Refinement": "uniform", "Discretization/Cells": cells,
            "Discretization/Degree": degree}


def cells_for(unknowns, degree, dim):
    return max(2, round((unknowns**(1 / dim) - 1) / degree))


def seconds(run):
    """By phase; nan if unknown. Some versions report the factorisation under its own name."""
    def timer(*names):
        return next((run.get("time_seconds", name) for name in names
                     if run.get("time_seconds", name) is not None), math.nan)
    return dict(zip(PHASES, (timer("assembly"), timer("setup", "factorization"), timer("iteration", "solve"),
                             timer("error_estimate"), run.solution_seconds())))


def unknowns_of(run):
    return run.get("discretization", "dofs")


def show_unknowns(options):
    for dim in options.dimension:
        problem, diffusion = PROBLEMS[dim]
        exact = exact_log_rate(problem, diffusion)
        for degree in DEGREES[dim]:
            table = Table(f"{problem}, D = {diffusion}, degree {degree}, uniform", "cells", "unknowns",
                          *(f"{phase} s" for phase in PHASES), "us per unknown", "iterations", "bytes per unknown",
                          "error")
            for unknowns in UNKNOWNS[dim]:
                if unknowns > options.largest:
                    break
                cells = cells_for(unknowns, degree, dim)
                run = quickest(options, problem, mesh(diffusion, cells, degree))
                if run.failure:
                    table.row(cells, *["-"] * 9, run.failure)
                    break
                size, time = unknowns_of(run), seconds(run)
                table.row(cells, size, *time.values(), 1e6 * time["total"] / size,
                          run.get("solver", "longest_linear_solve"), run.megabytes * 2**20 / size, run.error(exact))


def accuracy_runs(options, problem, diffusion, dim, degree, refinement, largest):
    """(tolerance or cells, run) from coarse to fine, until the limit of unknowns or time."""
    if refinement == "adaptive":
        for tolerance in TOLERANCES:
            run = quickest(options, problem, {
                "Noise/Diffusion": diffusion, "Discretization/Tolerance": tolerance, "Discretization/Degree": degree,
                "Discretization/Maximum unknowns": largest})
            yield tolerance, run
            if run.failure or not run.get("escape_rate", "converged"):
                return
    cells = 2
    while refinement == "uniform" and (degree * cells)**dim <= largest:
        run = quickest(options, problem, mesh(diffusion, cells, degree))
        yield cells, run
        if run.result and unknowns_of(run) * 2**dim > largest or run.failure and "more than" in run.failure:
            return
        cells *= 2


def show_accuracy(options):
    largest = min(options.largest, 3e5)
    problems = [(dim, PROBLEMS[dim]) for dim in options.dimension] + ([(2, DISK)] if 2 in options.dimension else [])
    for dim, (problem, diffusion) in problems:
        exact = exact_log_rate(problem, diffusion)
        quickest_to = {}  # (refinement, degree): seconds to each target
        table = Table(f"{problem}, D = {diffusion}: error against seconds", "refinement", "degree",
                      "tolerance or cells", "unknowns", "total s", "estimated error", "error")
        for refinement in "adaptive", "uniform":
            for degree in options.degrees:
                best = quickest_to[refinement, degree] = dict.fromkeys(TARGETS, math.inf)
                for step, run in accuracy_runs(options, problem, diffusion, dim, degree, refinement, largest):
                    if run.failure:
                        table.row(refinement, degree, step, *["-"] * 3, run.failure)
                        continue
                    total, error = run.solution_seconds(), run.error(exact)
                    missed = refinement == "adaptive" and not run.get("escape_rate", "converged")
                    table.row(refinement, degree, step, unknowns_of(run), total,
                              show(run.get("escape_rate", "relative_error")) + ("!" if missed else ""), error)
                    for target in TARGETS:
                        if error <= target:
                            best[target] = min(best[target], total)
        table = Table(f"{problem}, D = {diffusion}: seconds to an error of at most", "refinement", "degree",
                      *(f"{target:.0e}" for target in TARGETS))
        for key, best in quickest_to.items():
            table.row(*key, *(time if time < math.inf else "-" for time in best.values()))


def show_ranks(options):
    table = Table(f"1 and {options.ranks} ranks, uniform, degree 4, medians of {options.repeat}", "scaling", "problem",
                  "unknowns", f"unknowns on {options.ranks}", "phase", "s on 1", f"s on {options.ranks}", "ratio")
    once = type(options)(**dict(vars(options), repeat=1))
    for kind in "strong", "weak":
        for dim in options.dimension:
            problem, diffusion = PROBLEMS[dim]
            unknowns = min(options.largest, 3e5)
            cells = {1: cells_for(unknowns, 4, dim)}
            cells[options.ranks] = cells_for(unknowns * options.ranks, 4, dim) if kind == "weak" else cells[1]
            runs = {ranks: [] for ranks in cells}
            for _ in range(options.repeat):
                for ranks in cells:
                    runs[ranks].append(quickest(once, problem, mesh(diffusion, cells[ranks], 4), ranks))
            failure = next((run.failure for of_ranks in runs.values() for run in of_ranks if run.failure), None)
            if failure:
                table.row(kind, problem, *["-"] * 5, failure)
                continue
            size = {ranks: unknowns_of(runs[ranks][0]) for ranks in cells}
            for phase in PHASES:
                time = {ranks: statistics.median(seconds(run)[phase] for run in runs[ranks]) for ranks in cells}
                speed = {ranks: size[ranks] / time[ranks] if time[ranks] else math.nan for ranks in cells}
                table.row(kind, problem, *size.values(), phase, *time.values(), speed[options.ranks] / speed[1])


def show_barrier(options):
    for dim in options.dimension:
        problem = PROBLEMS[dim][0]
        table = Table(f"{problem}, degree 4, uniform: iterations against the barrier", "cells", "unknowns", "D",
                      "barrier/D", "steps", "linear iterations", "longest", "setup s", "solve s", "error")
        for unknowns in 3e4, 3e5:
            cells = cells_for(unknowns, 4, dim)
            for diffusion in BARRIER_D if unknowns <= options.largest else ():
                run = quickest(options, problem, mesh(diffusion, cells, 4))
                start = (diffusion, f"{BARRIER / float(diffusion):.1f}")
                if run.failure:
                    table.row(cells, "-", *start, *["-"] * 5, run.failure)
                    continue
                solver = run.get("solver", default={})
                table.row(cells, unknowns_of(run), *start,
                          *(solver.get(key) for key in ("iterations", "linear_iterations", "longest_linear_solve")),
                          seconds(run)["setup"], seconds(run)["solve"], run.error(exact_log_rate(problem, diffusion)))


SHOW = {"unknowns": show_unknowns, "accuracy": show_accuracy, "ranks": show_ranks, "barrier": show_barrier}


def main():
    options = parser(__doc__)
    options.add_argument("--only", nargs="+", choices=SHOW, default=list(SHOW))
    options.add_argument("--quick", action="store_true", help="up to 3e4 unknowns, 20 s, degrees 2, 4, once")
    options.add_argument("--largest", type=float, default=1e7, help="unknowns")
    options.add_argument("--degrees", type=int, nargs="+", default=list(range(1, 9)), help="of accuracy")
    options.add_argument("--dimension", type=int, nargs="+", choices=(2, 3), default=[2, 3])
    options.add_argument("--ranks", type=int, default=2)
    options.add_argument("--method", help="Solver/Method; the program's default if not given")
    options.add_argument("--timeout", type=float, default=1800, help="seconds for each run")
    options = options.parse_args()
    if options.quick:
        options.largest, options.timeout = min(options.largest, 3e4), min(options.timeout, 20)
        options.degrees, options.repeat = [2, 4], 1
    for name in options.only:
        SHOW[name](options)


if __name__ == "__main__":
    main()
