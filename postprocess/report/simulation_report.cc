#include "postprocess/report/simulation_report.h"

#include "postprocess/results/simulation.h"
#include "problems/base/format.h"

#include <cmath>
#include <ostream>

namespace fokker_planck {

namespace {

std::string rate_line(const EscapeEstimate& estimate) {
  return format("%.5e  95 %% within [%.5e, %.5e]", estimate.rate, estimate.interval.lower,
                estimate.interval.upper);
}

void print_iterations(std::ostream& stream, const SimulationResult& result) {
  const double rate = result.whole.estimate.rate * result.sgd->settings.learning_rate;
  stream << format("  per iteration     %.5e, mean %.5e iterations\n", rate,
                   rate > 0 ? 1 / rate : NAN);
}

void print_trajectories(std::ostream& stream, const SimulationPass& pass) {
  const EscapeEstimate& estimate = pass.estimate;
  stream << format("  trajectories      %zu left, %zu censored, of %zu\n", estimate.n_exits,
                   estimate.n_censored, static_cast<std::size_t>(pass.settings.n_trajectories));
  if (std::isfinite(estimate.variation))
    stream << format("  std/mean of times %.4f +- %.4f (exponential: 1)\n", estimate.variation,
                     estimate.variation_error);
}

void print_repeats(std::ostream& stream, const SimulationPass::Repeats& repeats) {
  stream << format("  repeats           %zu of %zu, with %zu particles each\n",
                   static_cast<std::size_t>(repeats.n_finished),
                   static_cast<std::size_t>(repeats.n_asked),
                   static_cast<std::size_t>(repeats.n_particles));
}

void print_splitting(std::ostream& stream, const SplittingEstimate& estimate) {
  stream << format(
    "  splitting         %.4g excursions per time, which leave with probability %.4g\n"
    "                    barrier %.4g, %.4g iterations, rates of repeats deviate by %.2g %%\n",
    estimate.frequency, estimate.exit_probability, estimate.top, estimate.n_iterations,
    100 * estimate.repeat_deviation);
}

void print_exits(std::ostream& stream, const SimulationResult& result) {
  stream << "\n  exit      exits     probability  95 % interval\n";
  for (const auto& [side, name] : result.sides) {
    const ExitEstimate& exit = result.whole.estimate.exits[side];
    stream << format("  %-8s  %-8zu  %-11.5g  [%.5g, %.5g]\n", name.c_str(), exit.n,
                     exit.probability, exit.interval.lower, exit.interval.upper);
  }
}

void print_work(std::ostream& stream, const SimulationResult& result) {
  const SimulationPass& pass = result.whole;
  const auto n_steps = static_cast<double>(pass.n_steps);
  stream << format("\n  time step %.4g, %s; %.3g steps, %.3g per second\n", pass.settings.time_step,
                   result.sgd ? "SGD on minibatches" : to_string(pass.settings.scheme).c_str(),
                   n_steps, n_steps / pass.seconds);
}

void print_bias(std::ostream& stream, const SimulationPass& half, const StepBias& bias) {
  stream << "  half the step:    " << rate_line(half.estimate) << "\n"
         << format("  bias of the step  %+.2f %% +- %.2f %% of the rate%s\n", 100 * bias.relative,
                   100 * bias.standard_error,
                   bias.significant ? ": significant, reduce Monte Carlo/Time step" : "");
}

} // namespace

void print_simulation(std::ostream& stream, const SimulationResult& result) {
  const SimulationPass& pass = result.whole;
  if (result.partial()) stream << "  PARTIAL: the simulation was stopped before its end\n\n";
  if (result.choice)
    stream << "  method            " << result.method << ": " << result.choice->reason << "\n";
  stream << "  escape rate       " << rate_line(pass.estimate) << "\n"
         << format("  mean escape time  %.5e\n", 1 / pass.estimate.rate);
  if (result.sgd) print_iterations(stream, result);
  if (pass.trajectories) print_trajectories(stream, pass);
  if (pass.repeats) print_repeats(stream, *pass.repeats);
  if (pass.splitting) print_splitting(stream, pass.splitting->estimate);
  print_exits(stream, result);
  print_work(stream, result);
  if (result.bias) print_bias(stream, *result.half, *result.bias);
  if (pass.splitting)
    for (const std::string& warning : pass.splitting->warnings)
      stream << "  WARNING: " << warning << "\n";
}

} // namespace fokker_planck
