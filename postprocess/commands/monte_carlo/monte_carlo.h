// The command monte-carlo: simulates the problem of a parameter file and writes what it shows.
#pragma once

#include "postprocess/commands/monte_carlo/method.h"
#include "postprocess/commands/shared/parameters.h"
#include "postprocess/commands/shared/request.h"
#include "postprocess/results/output_directory.h"

namespace fokker_planck {

/// Throws InputError for what is wrong in section Monte Carlo, before anything takes time.
template <int dim>
void check_monte_carlo(const MonteCarloParameters& section, const Problem<dim>& problem);

/// Simulates by the method of section Monte Carlo. Collective. Throws InputError, NotConverged.
template <int dim>
MonteCarloRun<dim> run_monte_carlo(const MonteCarloParameters& section, const Problem<dim>& problem,
                                   const SimulationContext& context);

/// Writes monte_carlo.json, exit_times.csv (if there are single trajectories) and parameters.prm
/// into an open directory. On the first rank.
template <int dim>
void write_simulation(const OutputDirectory& directory, const Parameters& parameters,
                      const std::string& file, const Domain<dim>& domain,
                      const MonteCarloRun<dim>& run, MPI_Comm communicator);

/// Writes monte_carlo.json and exit_times.csv into the output directory and a report to the
/// terminal, on all ranks together. Complains if the simulation was stopped before its end; what it
/// had shown until then is written. See Command::perform.
std::string simulate(const Request& request, const Surroundings& surroundings);

/// What is said about a simulation that was stopped before its end; empty if it was not.
std::string stopped_complaint(const SimulationResult& result, const std::string& directory);

} // namespace fokker_planck
