#include "postprocess/report/report.h"

#include "problems/base/format.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <ostream>

namespace fokker_planck {

namespace {

/// exp(log) in scientific notation, also outside the range of a double.
std::string exponential(const double log, const int digits) {
  if (std::fabs(log) < 690) return format("%.*e", digits, std::exp(log));
  const double decimal = log / std::log(10.), exponent = std::floor(decimal);
  return format("%.*fe%+.0f", digits, std::pow(10., decimal - exponent), exponent);
}

template <int dim>
std::string position_text(const dealii::Point<dim>& position) {
  std::string text;
  for (int i = 0; i < dim; ++i)
    text += format(i == 0 ? "%.5g" : ", %.5g", std::fabs(position[i]) < 1e-12 ? 0. : position[i]);
  return "(" + text + ")";
}

template <int dim>
void print_rate(std::ostream& stream, const AdaptiveSolution<dim>& adaptive) {
  const double log_rate = adaptive.solution.log_rate;
  if (!adaptive.converged)
    stream << "  NOT CONVERGED: the estimated error exceeds Discretization/Tolerance\n\n";
  stream << "  escape rate       " << exponential(log_rate, 10);
  if (std::isfinite(adaptive.relative_error))
    stream << format("  +- %.0e relative", adaptive.relative_error);
  stream << format("  (log = %.12g)\n", log_rate) << "  mean escape time  "
         << exponential(-log_rate, 10) << "\n";
}

template <int dim>
void print_noise(std::ostream& stream, const Problem<dim>& problem, const Gauge<dim>& gauge) {
  const auto noise = problem.diffusion->quantities();
  stream << "  detailed balance  "
         << (gauge.detailed_balance() ? "holds" : "broken: a current circulates") << "\n";
  for (const char* key : { "T_e", "T_e_at_exit", "T_a", "T_b", "critical_dimension" })
    if (noise.contains(key))
      stream << format("  %-16s  %.8g\n", key, noise[key].template get<double>());
}

template <int dim>
void print_exits(std::ostream& stream, const Domain<dim>& domain,
                 const QuasiStationary<dim>& solution) {
  stream << "\n  exit      flux              probability\n";
  for (unsigned int side = 0; side < domain.n_sides(); ++side) {
    if (!domain.absorbs(side)) continue;
    const double probability = solution.exit_probability[side];
    stream << format("  %-8s  %-16.9e  %.9g\n", domain.side_name(side).c_str(),
                     std::exp(solution.log_rate) * probability, probability);
  }
}

template <int dim>
void print_landscape(std::ostream& stream, const Landscape<dim>& landscape) {
  const auto& critical_points = landscape.critical_points;
  if (critical_points.empty())
    stream << "\n  No critical points were found in the domain.\n";
  else
    stream << "\n  critical point  loss          position\n";
  bool has_minimum = false;
  for (const auto& critical : critical_points) {
    const std::string kind = to_string<dim>(critical.kind);
    has_minimum = has_minimum || kind == "minimum";
    stream << format("  %-14s  %-12.6g  ", kind.c_str(), critical.loss)
           << position_text(critical.position) << "\n";
  }
  if (landscape.wells.size() > 1)
    stream
      << "  The domain holds " << landscape.wells.size()
      << " valleys; the rate is that of leaving all of them. Formulas are for the valley\n  at "
      << position_text(landscape.wells[0]) << ".\n";
  if (!has_minimum)
    stream << "  There is no minimum inside the domain; escape formulas do not apply.\n";
}

template <int dim>
void print_convergence(std::ostream& stream, const AdaptiveSolution<dim>& adaptive) {
  if (adaptive.levels.size() < 2) return;
  stream << "\n  cells     unknowns  rate              relative error  seconds\n";
  for (const RefinementLevel& level : adaptive.levels) {
    stream << format("  %-8ld  %-8ld  ", static_cast<long>(level.n_cells),
                     static_cast<long>(level.n_unknowns));
    if (std::isfinite(level.log_rate))
      stream << format("%-16s  %-14.1e", exponential(level.log_rate, 9).c_str(),
                       level.relative_error);
    else
      stream << "mesh too coarse   -             ";
    stream << format("  %.2f\n", level.seconds);
  }
}

void print_applicable(std::ostream& stream, const Formula& formula, const double log_rate) {
  const double corrected = formula.corrected_log_rate.value_or(NAN);
  stream << format("  %-29s  %-12s  %-16.9g  ", formula.name.c_str(),
                   exponential(formula.log_rate, 5).c_str(), std::exp(log_rate - formula.log_rate))
         << (std::isfinite(corrected) ? format("%-15.9g  ", std::exp(log_rate - corrected))
                                      : format("%-15s  ", "-"))
         << "(" << formula.reason << ")\n"
         << format("  %-29s  ", "") << formula.reference << "\n";
}

/// Those that apply with their references, and how many others there are, or what speaks against
/// each of them.
void print_formulas(std::ostream& stream, const std::vector<Formula>& formulas, const bool all,
                    const double log_rate) {
  const auto n_others = std::count_if(formulas.begin(), formulas.end(),
                                      [](const Formula& formula) { return !formula.applicable; });
  if (all || n_others < static_cast<std::ptrdiff_t>(formulas.size()))
    stream
      << "\n  formula                        rate          computed/formula  with next order\n";
  else
    stream << "\n";
  for (const Formula& formula : formulas)
    if (formula.applicable) print_applicable(stream, formula, log_rate);
  for (const Formula& formula : formulas)
    if (all && !formula.applicable)
      stream << format("  %-29s  not applicable: ", formula.name.c_str()) << formula.reason << "\n";
  if (!all && n_others > 0)
    stream << "  " << n_others << (n_others == 1 ? " formula does" : " formulas do")
           << " not apply: --formulas says why\n";
}

} // namespace

template <int dim>
void print_report(std::ostream& stream, const Solution<dim>& solved,
                  const std::vector<Formula>& formulas, const bool all_formulas,
                  const double seconds) {
  const QuasiStationary<dim>& solution = solved.adaptive.solution;
  print_rate(stream, solved.adaptive);
  print_noise(stream, solved.problem, solved.gauge);
  print_exits(stream, solved.problem.domain, solution);
  print_landscape(stream, solved.landscape);
  print_formulas(stream, formulas, all_formulas, solution.log_rate);
  print_convergence(stream, solved.adaptive);
  const auto& discretization = *solved.adaptive.discretization;
  const auto& dof_handler = discretization.get_dof_handler();
  stream << format(
              "\n  degree %u, %lu cells, %lu unknowns; %s, %u iterations, residual %.1e\n",
              discretization.get_element().degree,
              static_cast<unsigned long>(dof_handler.get_triangulation().n_global_active_cells()),
              static_cast<unsigned long>(dof_handler.n_dofs()), solution.method.c_str(),
              solution.iterations, solution.residual)
         << format("  assembly %.2f s, solve %.2f s, total %.2f s\n", solution.assembly_seconds,
                   solution.setup_seconds + solution.iteration_seconds, seconds);
}

template void print_report(std::ostream&, const Solution<1>&, const std::vector<Formula>&, bool,
                           double);
template void print_report(std::ostream&, const Solution<2>&, const std::vector<Formula>&, bool,
                           double);
template void print_report(std::ostream&, const Solution<3>&, const std::vector<Formula>&, bool,
                           double);

} // namespace fokker_planck
