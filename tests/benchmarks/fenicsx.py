#!/usr/bin/env python3
"""The same problems with FEniCSx (dolfinx 0.5, SLEPc) and with this program; prints Markdown tables, asserts nothing.

    python3 tests/benchmarks/fenicsx.py [build/fokker-planck] [--degree 2 4] [--cell tensor simplex] [--ranks 1]
        [--timeout 300] [--memory 12] [--largest 1.1e6] [--repeat 1] [--dimension 2 3] [--quick]

Needs python3-dolfinx of Debian 12. Styblinski-Tang in the form of Slotboom, p = exp(-Psi) u, Psi = L/D: the smallest
gamma of  int exp(-Psi) D grad u . grad v = gamma int exp(-Psi) u v,  u = 0 on the absorbing sides, on uniform meshes.

FEniCSx, one table per problem and D, each row in processes of its own:
    method      see METHODS
    cell        tensor: quadrilaterals, hexahedra; simplex: the same cut into triangles, tetrahedra
    degree, cells (per direction, before cutting), unknowns
    assembly s  of both matrices, with scaling
    solve s     factorisation or multigrid set-up, and eigensolver
    total s     from the mesh to the rate; without start-up, import and compilation of the forms
    memory MB   peak resident size of the processes, about 100 of them Python and libraries per rank
    steps       outer iterations of the eigensolver
    eigenvalue  relative error of the eigenvalue that SLEPc returns
    energy      relative error of int exp(-Psi) D |grad u|^2 / int exp(-Psi) u^2 for its vector u, by quadrature: a sum
                of squares, which does not cancel. Kinder to FEniCSx than the eigenvalue, and the rate used below
    'failed: ...' with the number if it is not positive, the reason if there is none
This program: adaptive runs at several tolerances: unknowns, total s (without output), memory MB, estimated and true
relative error.
Time to the same accuracy: for each of these runs the quickest row of FEniCSx (any method, degree and mesh) with at
most its true error in the energy, and how many times longer that took (below 1: FEniCSx is quicker), or the best that
FEniCSx reached at all. The last column is the smallest error of the eigenvalues themselves.

What FEniCSx is given: Psi cut off at 40 above the exit (no underflow; the error is exp(-40)), quadrature of degree
2k+4, forms compiled with -O3 -march=native -ffast-math before the clock starts, u = 1 as initial vector, few basis
vectors, and for LOBPCG a tolerance that knows the barrier. Times are the smallest of the repetitions.
"""
import dataclasses
import itertools
import json
import math
import sys
import time

from common import (BARRIER, LOWER, MINIMUM, UPPER, Process, Table, exact_log_rate, parser, quickest, relative_error,
                    styblinski_tang)

METHODS = {
    "mumps": "Krylov-Schur, shift-invert by MUMPS (Cholesky)",
    "cg-scaled": "Krylov-Schur, shift-invert about -1 by CG with BoomerAMG, matrices scaled by the diagonal",
    "lobpcg-scaled": "LOBPCG with BoomerAMG, matrices scaled by the diagonal",
    "lobpcg": "the same without scaling",
}
PROBLEMS = [(2, "8"), (2, "2"), (2, "0.8"), (2, "0.4"), (3, "5"), (3, "2")]  # dimension, D
QUICK = [(2, "2"), (2, "0.8"), (3, "5")]
TOLERANCES = {2: (1e-3, 1e-5, 1e-7, 1e-9), 3: (1e-3, 1e-5, 1e-7)}  # of this program
NODES = {2: (16, 32, 64, 128, 256, 512, 1024), 3: (8, 16, 24, 32, 48, 64, 96)}  # degree * cells per direction


@dataclasses.dataclass
class Case:
    """One row."""
    dimension: int
    diffusion: str
    method: str
    degree: int
    cells: int
    cell: str
    gigabytes: float  # of address space, for each rank

    def unknowns(self):
        return (self.degree * self.cells + 1)**self.dimension


def assemble(case, cells):
    """Matrices, and what is needed to evaluate the vector: (A, M, scale, one, u, energy, mass, seconds)."""
    import numpy
    import ufl
    from dolfinx import fem, mesh
    from dolfinx.fem import petsc
    from mpi4py import MPI
    dim, scaled = case.dimension, case.method.endswith("scaled")
    shape = {(2, "tensor"): "quadrilateral", (3, "tensor"): "hexahedron", (2, "simplex"): "triangle",
             (3, "simplex"): "tetrahedron"}[dim, case.cell]
    make = mesh.create_rectangle if dim == 2 else mesh.create_box
    domain = make(MPI.COMM_WORLD, [[LOWER] * dim, [UPPER] * dim], [cells] * dim, getattr(mesh.CellType, shape))
    space = fem.FunctionSpace(domain, ("Lagrange", case.degree))
    trial, test, u = ufl.TrialFunction(space), ufl.TestFunction(space), fem.Function(space)
    x, D = ufl.SpatialCoordinate(domain), fem.Constant(domain, float(case.diffusion))
    highest = fem.Constant(domain, BARRIER / float(case.diffusion) + 40)
    weight = ufl.exp(-ufl.min_value(sum(styblinski_tang(q) - styblinski_tang(MINIMUM) for q in x) / D, highest))
    dx = ufl.dx(metadata={"quadrature_degree": 2 * case.degree + 4})
    options = {"cffi_extra_compile_args": ["-O3", "-march=native", "-ffast-math"]}
    stiffness, mass, energy_of_u, mass_of_u = (
        fem.form(integrand * dx, jit_params=options) for integrand in
        (D * weight * ufl.inner(ufl.grad(trial), ufl.grad(test)), weight * trial * test,
         D * weight * ufl.inner(ufl.grad(u), ufl.grad(u)), weight * u * u))
    facets = [mesh.locate_entities_boundary(domain, dim - 1, lambda x, i=i: numpy.isclose(x[i], UPPER))
              for i in range(dim)]
    absorbing = fem.locate_dofs_topological(space, dim - 1, numpy.unique(numpy.concatenate(facets)))
    condition = fem.dirichletbc(0., absorbing, space)
    begin = time.perf_counter()
    A = petsc.assemble_matrix(stiffness, [condition], 1.)
    M = petsc.assemble_matrix(mass, [condition], 1e-3)  # the eigenvalues of the absorbing nodes are 1000
    A.assemble()
    M.assemble()
    scale, one = A.createVecLeft(), A.createVecLeft()
    scale.set(1.)
    if scaled:
        A.getDiagonal(scale)
        scale.sqrtabs()
        scale.reciprocal()
        A.diagonalScale(scale, scale)
        M.diagonalScale(scale, scale)
    one.set(1.)
    one.array[absorbing[absorbing < one.getLocalSize()]] = 0
    one.pointwiseDivide(one, scale)
    return A, M, scale, one, u, energy_of_u, mass_of_u, time.perf_counter() - begin


def eigensolver(case, A, M, one):
    from petsc4py import PETSc
    from slepc4py import SLEPc
    eps = SLEPc.EPS().create(A.comm)
    for matrix in A, M:
        matrix.setOption(PETSc.Mat.Option.SPD, True)
    eps.setOperators(A, M)
    eps.setProblemType(SLEPc.EPS.ProblemType.GHEP)
    eps.setInitialSpace(one)
    transformation = eps.getST()
    linear = transformation.getKSP()
    preconditioner = linear.getPC()
    if case.method == "mumps":
        preconditioner.setType("cholesky")
        preconditioner.setFactorSolverType("mumps")
    else:
        preconditioner.setType("hypre")
        preconditioner.setHYPREType("boomeramg")
        if case.dimension == 3:
            for key, value in ("coarsen_type", "HMIS"), ("interp_type", "ext+i"), ("P_max", 4):
                PETSc.Options()[f"st_pc_hypre_boomeramg_{key}"] = value
    if case.method.startswith("lobpcg"):
        # The residual where u falls has the size of sqrt(weight) there if scaled, else of the weight. Relative to the
        # eigenvalue, the default, the residual never is small enough.
        scaled = case.method.endswith("scaled")
        weight = math.exp(-BARRIER / float(case.diffusion) / (2 if scaled else 1))
        eps.setType("lobpcg")
        eps.setWhichEigenpairs(SLEPc.EPS.Which.SMALLEST_REAL)
        eps.setConvergenceTest(SLEPc.EPS.Conv.ABS)
        eps.setTolerances(max(1e-5 * weight, 2e-14 if scaled else 1e-13), 200)
        eps.setMonitor(lambda eps, step, *_: eps.setTolerances(1e-12, 200) if step == 40 else None)  # rounding
        transformation.setType("precond")
        linear.setType("preonly")
    else:
        eps.setType("krylovschur")
        eps.setDimensions(1, 4)
        eps.setPurify(False)  # a linear solve more, of use for singular M
        eps.setTarget(0. if case.method == "mumps" else -1.)  # A is numerically indefinite
        eps.setWhichEigenpairs(SLEPc.EPS.Which.TARGET_MAGNITUDE)
        eps.setTolerances(1e-7, 100)
        transformation.setType("sinvert")
        linear.setType("preonly" if case.method == "mumps" else "cg")
        linear.setTolerances(rtol=1e-13, divtol=1e100, max_it=1000)  # the residual grows at first
    eps.setFromOptions()
    return eps


def solve_case(case):
    """Runs in a process of its own; prints a line of JSON."""
    import resource
    limit = int(case.gigabytes * 2**30)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    import logging
    import warnings
    warnings.simplefilter("ignore")
    logging.disable(logging.INFO)
    from dolfinx import fem
    from mpi4py import MPI
    world = MPI.COMM_WORLD
    assemble(case, 4)  # compiles the forms
    world.Barrier()
    begin = time.perf_counter()
    A, M, scale, one, u, energy, mass, assembly = assemble(case, case.cells)
    world.Barrier()
    begin_solve = time.perf_counter()
    eps = eigensolver(case, A, M, one)
    eps.solve()
    row = {"assembly": assembly, "steps": eps.getIterationNumber(), "unknowns": A.getSize()[0]}
    if eps.getConverged() > 0:
        row["eigenvalue"] = eps.getEigenvalue(0).real
        eps.getEigenvector(0, one)
        one.pointwiseMult(one, scale)
        u.vector.array[:] = one.array
        row["solve"] = time.perf_counter() - begin_solve
        u.x.scatter_forward()
        row["energy"] = world.allreduce(fem.assemble_scalar(energy)) / world.allreduce(fem.assemble_scalar(mass))
    row["total"] = time.perf_counter() - begin
    row["megabytes"] = world.allreduce(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) / 1024
    if world.rank == 0:
        print(json.dumps(row), flush=True)


def fenicsx_row(case, exact, options):
    """The columns after the unknowns, or the reason why there are none."""
    best = None
    for _ in range(options.repeat):
        process = Process([sys.executable, __file__, "--case", json.dumps(dataclasses.asdict(case))], options.ranks,
                          options.timeout)
        if process.exit_code != 0:
            return process.failure()
        row = json.loads(process.stdout.splitlines()[-1])
        if "energy" not in row:
            return f"failed: no convergence in {row['steps']} steps, {row['total']:.3g} s"
        best = row if best is None or row["total"] < best["total"] else best
    best["errors"] = [relative_error(math.log(rate), exact) if rate > 0 else f"failed: {rate:.0e}"
                      for rate in (best["eigenvalue"], best["energy"])]
    return best


def measure_fenicsx(dim, diffusion, exact, options):
    """(total seconds, error, description, error of the eigenvalue) of the rows that gave a rate."""
    table = Table(f"FEniCSx, {dim}-D, D = {diffusion}, barrier/D = {BARRIER / float(diffusion):.1f}", "method", "cell",
                  "degree", "cells", "unknowns", "assembly s", "solve s", "total s", "memory MB", "steps", "eigenvalue",
                  "energy")
    reached = []
    for cell, degree, method in itertools.product(options.cell, options.degree, METHODS):
        for nodes in NODES[dim][1:4] if options.quick else NODES[dim]:
            case = Case(dim, diffusion, method, degree, nodes // degree, cell, options.memory / options.ranks)
            if case.unknowns() > options.largest:
                break
            start = (method, cell, degree, case.cells, case.unknowns())
            row = fenicsx_row(case, exact, options)
            if isinstance(row, str):
                table.row(*start, *["-"] * 6, row)
                if "more than" in row:
                    break  # larger ones would take longer
                continue
            table.row(*start, row["assembly"], row["solve"], row["total"], round(row["megabytes"]), row["steps"],
                      *row["errors"])
            eigenvalue, energy = (math.inf if isinstance(error, str) else error for error in row["errors"])
            description = f"{method}, {cell}, degree {degree}, {case.cells} cells"
            reached.append((row["total"], energy, description, eigenvalue))
    return reached


def measure_program(dim, diffusion, tolerances, exact, options):
    """(tolerance, seconds, error) of the runs that gave a rate."""
    table = Table("this program", "tolerance", "unknowns", "total s", "memory MB", "estimated error", "true error")
    reached = []
    for tolerance in tolerances:
        best = quickest(options, f"styblinski_tang_{dim}d",
                        {"Noise/Diffusion": diffusion, "Discretization/Tolerance": tolerance}, options.ranks)
        if best.failure:
            table.row(tolerance, *["-"] * 4, best.failure)
            continue
        error = best.error(exact)
        table.row(tolerance, best.get("discretization", "dofs"), best.solution_seconds(), best.megabytes,
                  best.get("escape_rate", "relative_error"), error)
        reached.append((tolerance, best.solution_seconds(), error))
    return reached


def main():
    if sys.argv[1:2] == ["--case"]:
        return solve_case(Case(**json.loads(sys.argv[2])))
    options = parser(__doc__)
    options.set_defaults(repeat=1)
    options.add_argument("--degree", type=int, nargs="+", default=[2])
    options.add_argument("--cell", nargs="+", choices=("tensor", "simplex"), default=["tensor"])
    options.add_argument("--ranks", type=int, default=1, help="of both")
    options.add_argument("--timeout", type=float, default=300, help="seconds for each process")
    options.add_argument("--memory", type=float, default=12, help="gigabytes of address space for FEniCSx")
    options.add_argument("--largest", type=float, default=1.1e6, help="unknowns for FEniCSx")
    options.add_argument("--dimension", type=int, nargs="+", default=[2, 3])
    options.add_argument("--quick", action="store_true", help="three problems, small meshes, the largest tolerances")
    options = options.parse_args()
    print("\n".join(f"- {key}: {method}" for key, method in METHODS.items()))
    comparison = []
    for dim, diffusion in PROBLEMS:
        if dim not in options.dimension or options.quick and (dim, diffusion) not in QUICK:
            continue
        exact = exact_log_rate(f"styblinski_tang_{dim}d", diffusion)
        peers = measure_fenicsx(dim, diffusion, exact, options)
        own = measure_program(dim, diffusion, TOLERANCES[dim][:4 - dim if options.quick else None], exact, options)
        comparison += [(dim, diffusion, *run, peers) for run in own]
    table = Table("time to the same accuracy", "problem", "D", "barrier/D", "tolerance", "true error", "s",
                  "quickest row of FEniCSx", "its error", "its s", "ratio", "best eigenvalue")
    for dim, diffusion, tolerance, seconds, error, peers in comparison:
        peer = min((peer for peer in peers if peer[1] <= error), default=None)
        found = ["nothing", "-", "-", "-"]
        if peer:
            found = [peer[2], peer[1], peer[0], peer[0] / seconds]
        elif peers:
            best = min(peers, key=lambda peer: peer[1])
            found = [f"not reached (best {best[1]:.1e} in {best[0]:.2g} s: {best[2]})", "-", "-", "-"]
        table.row(f"{dim}-D", diffusion, f"{BARRIER / float(diffusion):.1f}", tolerance, error, seconds, *found,
                  min((peer[3] for peer in peers), default=None))


if __name__ == "__main__":
    main()
