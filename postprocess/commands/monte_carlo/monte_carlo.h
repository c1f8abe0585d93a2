// The command monte-carlo: simulates the problem of a parameter file and writes what it shows.
#pragma once

#include "postprocess/commands/monte_carlo/method.h"

#include <optional>

namespace fokker_planck {

/// Throws InputError for what is wrong in section Monte Carlo, before anything takes time.
template <int dim>
void check_monte_carlo(const MonteCarloParameters& section, const Problem<dim>& problem);

/// Simulates by the method of section Monte Carlo. Collective. Throws InputError, NotConverged.
template <int dim>
MonteCarloRun<dim> run_monte_carlo(const Parameters& parameters, const Problem<dim>& problem,
                                   const SimulationContext& context);

/// Writes monte_carlo.json, which it returns, exit_times.csv (if there are single trajectories) and
/// parameters.prm into an open directory. On the first rank.
template <int dim>
nlohmann::ordered_json write_simulation(const OutputDirectory& directory,
                                        const Parameters& parameters, const std::string& file,
                                        const Domain<dim>& domain, const MonteCarloRun<dim>& run);

/// Writes monte_carlo.json and exit_times.csv into the output directory and a report to the
/// terminal, on all ranks of MPI_COMM_WORLD together. Returns a complaint if the simulation was
/// stopped before its end; what it had shown until then is written. Throws InputError,
/// NotConverged.
template <int dim>
std::optional<std::string> simulate(const Parameters& parameters, const std::string& file,
                                    std::ostream& terminal, bool is_terminal);

} // namespace fokker_planck
