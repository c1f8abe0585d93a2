#include "solver/monte_carlo/parameters.h"

#include "problems/base/input_error.h"
#include "problems/base/text.h"

#include <deal.II/base/parameter_handler.h>
#include <deal.II/base/patterns.h>

#include <cmath>
#include <limits>

namespace fokker_planck {

namespace Patterns = dealii::Patterns;

void MonteCarloParameters::declare(dealii::ParameterHandler& handler) {
  handler.enter_subsection("Monte Carlo");
  declare_method(handler);
  declare_time(handler);
  declare_start(handler);
  handler.leave_subsection();
}

void MonteCarloParameters::declare_method(dealii::ParameterHandler& handler) {
  handler.add_parameter(
    "Method", method,
    "How the commands monte-carlo and compare simulate (others ignore this section). direct: "
    "trajectories are simulated until they leave through an absorbing side. "
    "splitting, for escapes too rare for that: excursions from the valley are "
    "counted, and those that come farthest are copied until they leave. "
    "fleming-viot: particles are simulated together, and one that leaves goes "
    "on where another one is. sgd: stochastic gradient descent on minibatches "
    "of a data set is iterated until it leaves; one iteration is the time eta. "
    "automatic: direct if that takes less than about 1e10 steps (of a data set "
    "with m samples 1 + m/4 times less), otherwise splitting.",
    Patterns::Selection("automatic|direct|splitting|fleming-viot|sgd"));
  handler.add_parameter(
    "Trajectories", trajectories,
    "Number N of trajectories, an integer from 1 to 1e9: the rate has a relative "
    "standard error of 1/sqrt(N). fleming-viot: of exits in all repeats together. splitting does "
    "not need it.");
  handler.add_parameter(
    "Particles", particles,
    "splitting, fleming-viot: particles that are simulated together in each repeat, an integer "
    "from 2 to 1e6. The error of splitting falls with 1/sqrt(Particles*Repeats).");
  handler.add_parameter(
    "Repeats", repeats,
    "splitting, fleming-viot: independent repeats, from whose differences the error is estimated, "
    "an integer from 2 to 1e6. They are shared out to the processes.");
}

void MonteCarloParameters::declare_time(dealii::ParameterHandler& handler) {
  handler.add_parameter(
    "Time step", time_step,
    "dt > 0. Empty: a fraction of the time in which drift and noise change, 1/20 "
    "for Heun's scheme and 1/200 for the others, and steps of at most 1/40 of "
    "the shortest side of the box around the domain.");
  handler.add_parameter("Scheme", scheme,
                        "euler-maruyama, heun (second order in dt for constant D), milstein (one "
                        "dimension), or automatic: Heun for constant D, otherwise Milstein in one "
                        "dimension and Euler-Maruyama in several.",
                        Patterns::Selection("automatic|euler-maruyama|heun|milstein"));
  handler.add_parameter(
    "Seed", seed,
    "An integer from 0 to 4294967295. The same seed gives the same trajectories "
    "on any number of processes.");
  handler.add_parameter(
    "Maximum time", maximum_time,
    "T > 0 after which a trajectory is given up (censored), which the rate takes "
    "into account; fleming-viot: after which a repeat ends. Empty: none.");
}

void MonteCarloParameters::declare_start(dealii::ParameterHandler& handler) {
  handler.add_parameter("Start", start,
                        "quasi-stationary: trajectories are watched from the end of a burn-in on, "
                        "which begins anew at the minimum if they leave before. minimum: they are "
                        "watched from the minimum on; then exit times are not exactly exponential.",
                        Patterns::Selection("quasi-stationary|minimum"));
  handler.add_parameter(
    "Burn-in time", burn_in_time,
    "Start = quasi-stationary: a time > 0. Empty: five times an estimate of the "
    "relaxation time in the valley.");
  handler.add_parameter("Half step", half_step,
                        "Repeat the simulation at half the time step, which shows the bias of the "
                        "time step (and takes twice as long again). Not for Method = sgd.");
  handler.add_parameter("Batches", batches,
                        "Method = sgd: how the samples of a batch are drawn, anew in every "
                        "iteration.",
                        Patterns::Selection("without replacement|with replacement"));
}

namespace {

double positive(const std::string& key, const std::string& text) {
  const double number = parse_number("Monte Carlo/" + key, text);
  if (!(number > 0)) throw InputError("Monte Carlo/" + key, text, "a number > 0 is needed");
  return number;
}

std::uint64_t whole(const std::string& key, const std::string& text, const double least,
                    const double most) {
  const double number = parse_number("Monte Carlo/" + key, text);
  if (!(number >= least && number <= most) || number != std::floor(number))
    throw InputError("Monte Carlo/" + key, text,
                     "an integer from " + format_number(least) + " to " + format_number(most) +
                       " is needed");
  return static_cast<std::uint64_t>(number);
}

} // namespace

template <int dim>
FirstExitSettings MonteCarloParameters::settings(const Problem<dim>& problem,
                                                 const SimulationScales<dim>& scales) const {
  FirstExitSettings result{};
  result.n_trajectories = whole("Trajectories", trajectories, 1, 1e9);
  result.seed =
    static_cast<std::uint32_t>(whole("Seed", seed, 0, std::numeric_limits<std::uint32_t>::max()));
  result.scheme = choose_scheme(scheme, problem);
  result.time_step =
    trim(time_step).empty() ? scales.time_step(result.scheme) : positive("Time step", time_step);
  result.maximum_time = trim(maximum_time).empty() ? std::numeric_limits<double>::infinity()
                                                   : positive("Maximum time", maximum_time);
  if (starts_quasi_stationary())
    result.burn_in_time = trim(burn_in_time).empty() ? 5 * scales.relaxation_time
                                                     : positive("Burn-in time", burn_in_time);
  return result;
}

template <int dim>
RepeatSettings MonteCarloParameters::repeat_settings(const Problem<dim>& problem,
                                                     const SimulationScales<dim>& scales) const {
  if (!starts_quasi_stationary())
    throw InputError("Monte Carlo/Start", start,
                     "Method = splitting and fleming-viot need quasi-stationary");
  RepeatSettings result{};
  static_cast<FirstExitSettings&>(result) = settings(problem, scales);
  result.n_particles = whole("Particles", particles, 2, 1e6);
  result.n_repeats = whole("Repeats", repeats, 2, 1e6);
  return result;
}

#define INSTANTIATE(dim)                                                                           \
  template RepeatSettings MonteCarloParameters::repeat_settings(                                   \
    const Problem<dim>&, const SimulationScales<dim>&) const;                                      \
  template FirstExitSettings MonteCarloParameters::settings(const Problem<dim>&,                   \
                                                            const SimulationScales<dim>&) const;
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
