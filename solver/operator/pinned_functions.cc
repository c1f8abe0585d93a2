#include "solver/operator/pinned_functions.h"

#include "problems/base/text.h"

#include <algorithm>
#include <string>

namespace fokker_planck {

using dealii::types::global_dof_index;

namespace {

/// Solves for one function: at most, and at least if the gauge is a guess.
constexpr unsigned int most_solves = 30, least_solves_of_guess = 3;

/// Relative change of the flux in the last solve: what is to be reached, and what will do if
/// rounding does not let it fall any more.
constexpr double wanted_change = 1e-10, acceptable_change = 1e-7;

} // namespace

template <int dim>
PinnedFunctions<dim>::PinnedFunctions(const Generator<dim>& generator_, const Basins<dim>& basins_,
                                      const ConstrainedSolver<dim>& solver_)
  : generator(generator_), discretization(generator.get_discretization()), basins(basins_),
    solver(solver_) {}

/// A g (A^T g for the backward equation) in the scaling of the system, for nodal values g.
template <int dim>
typename PinnedFunctions<dim>::Vector PinnedFunctions<dim>::apply(const Vector& g,
                                                                  const Equation equation) const {
  return generator.stiffness_times(generator.scaled(g), equation);
}

/// The nodal values of -K^-1 b on free nodes (K^-T for the backward equation), 0 on fixed ones.
template <int dim>
typename PinnedFunctions<dim>::Vector PinnedFunctions<dim>::respond(const Vector& b,
                                                                    const Equation equation,
                                                                    const Accuracy accuracy) const {
  Vector response = generator.make_vector();
  solver.solve(b, response, equation, accuracy);
  generator.unscale(response);
  response *= -1.;
  return response;
}

/// A s. If A 1 = 0, rows in the basin see s - 1 instead of s, which z is there, so that the large
/// entries of a deep valley meet small values.
template <int dim>
typename PinnedFunctions<dim>::Vector PinnedFunctions<dim>::residual(
  const Vector& s, const Vector& z, const int pin, const Equation equation) const {
  Vector rows = apply(s, equation);
  if (!generator.annihilates_one(equation)) return rows;
  Vector from_one(s);
  for (const global_dof_index node : discretization.locally_owned()) {
    const double value = is_in_basin(node, pin) ? z(node) : s(node) - 1.;
    from_one(node) = value;
  }
  from_one.compress(dealii::VectorOperation::insert);
  const Vector rows_in_basin = apply(from_one, equation);
  for (const global_dof_index node : discretization.locally_owned())
    if (is_in_basin(node, pin)) {
      const double value = rows_in_basin(node);
      rows(node) = value;
    }
  rows.compress(dealii::VectorOperation::insert);
  return rows;
}

template <int dim>
PinnedFunction<dim> PinnedFunctions<dim>::operator()(const int pin, const Equation equation) const {
  const unsigned int least_solves = generator.annihilates_one(equation) ? 1 : least_solves_of_guess;
  Vector s = generator.make_vector(), z = generator.make_vector();
  for (const global_dof_index node : discretization.locally_owned())
    s(node) = is_in_basin(node, pin) ? 1. : 0.;
  s.compress(dealii::VectorOperation::insert);
  double change_of_flux = 0;
  bool is_stuck = false;
  for (unsigned int n = 1;; ++n) {
    const Accuracy accuracy = n > 1 && !is_stuck ? Accuracy::few_digits : Accuracy::full;
    const Vector change = respond(residual(s, z, pin, equation), equation, accuracy);
    z += change;
    s += change;
    const double previous = change_of_flux;
    change_of_flux = relative_flux(change, s, pin, equation);
    if (n < least_solves) continue;
    if (change_of_flux <= wanted_change) break;
    if (change_of_flux <= acceptable_change && change_of_flux > previous / 2) {
      if (is_stuck) break;
      is_stuck = true; // by rounding, or by errors from where s is largest
    }
    if (n == most_solves) report_unsettled(change_of_flux);
  }
  const Vector& deviation = generator.annihilates_one(equation) ? z : s;
  PinnedFunction<dim> result{ s, deviation, deviation };
  VecAbs(result.size);
  return result;
}

/// A factorisation helps where iterations fail, but not where it fails itself.
template <int dim>
void PinnedFunctions<dim>::report_unsettled(const double change_of_flux) const {
  const LinearSolver& linear = solver.get_solver();
  const std::string reason = "the flux out of a valley still changes by " +
                             format_rounded(change_of_flux) + " of itself after " +
                             std::to_string(most_solves) + " solves: " + linear.advice();
  if (linear.relative_accuracy() > 0) throw IterationFailed(reason);
  throw NotConverged(reason);
}

/// What carries the flux of one function, relative to that of another: the largest
/// exp(-psi) |values| outside of the basin, where s may be small or not, and the largest flux into
/// an exit, if s is not close to 1 before it.
template <int dim>
double PinnedFunctions<dim>::relative_flux(const Vector& function, const Vector& other,
                                           const int pin, const Equation equation) const {
  const auto largest = [&](const Vector& scaled, const auto& counts) {
    Vector part(generator.scaled(scaled));
    for (const global_dof_index node : discretization.locally_owned())
      if (!counts(node)) part(node) = 0.;
    part.compress(dealii::VectorOperation::insert);
    return part.linfty_norm();
  };
  const auto ratio = [](const double a, const double b) { return a == 0 ? 0 : a / b; };
  const auto beyond = [&](const global_dof_index node) { return !is_in_basin(node, pin); };
  const double behind =
    ratio(largest(generator.scaled(function), beyond), largest(generator.scaled(other), beyond));
  if (generator.annihilates_one(equation)) return behind;
  const auto at_exit = [&](const global_dof_index node) {
    return discretization.absorbing_sides(node) != 0;
  };
  return std::max(behind, ratio(largest(apply(function, equation), at_exit),
                                largest(apply(other, equation), at_exit)));
}

template <int dim>
void PinnedFunction<dim>::add(const double factor, const PinnedFunction& other) {
  values.add(factor, other.values);
  deviation.add(factor, other.deviation);
  size.add(std::fabs(factor), other.size);
}

template struct PinnedFunction<1>;
template struct PinnedFunction<2>;
template struct PinnedFunction<3>;
template class PinnedFunctions<1>;
template class PinnedFunctions<2>;
template class PinnedFunctions<3>;

} // namespace fokker_planck
