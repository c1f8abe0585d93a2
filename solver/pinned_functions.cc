#include "solver/pinned_functions.h"

#include <cmath>

namespace fokker_planck {

using dealii::types::global_dof_index;

namespace {

/// Steps of an iterative solver: at most, and at least if the gauge is a guess.
constexpr unsigned int most_steps = 30, least_steps_of_guess = 3;

/// Of the flux there.
constexpr double accuracy_behind_ridges = 1e-10;

} // namespace

template <int dim>
PinnedFunctions<dim>::PinnedFunctions(const Discretization<dim>& discretization_,
                                      const PinnedSystem<dim>& system_, const bool symmetric_)
  : discretization(discretization_), system(system_), symmetric(symmetric_) {}

/// A g (A^T g if transposed) in the scaling of the system, for nodal values g.
template <int dim>
typename PinnedFunctions<dim>::Vector PinnedFunctions<dim>::apply(const Vector& g,
                                                                  const bool transposed) const {
  return system.stiffness_times(system.scaled(g), transposed);
}

/// The nodal values of -K^-1 b on free nodes (K^-T if transposed), 0 on fixed ones.
template <int dim>
typename PinnedFunctions<dim>::Vector PinnedFunctions<dim>::respond(const Vector& b,
                                                                    const bool transposed,
                                                                    const bool coarsely) const {
  Vector response = system.make_vector();
  system.solve(b, response, transposed, coarsely);
  system.unscale(response);
  response *= -1.;
  return response;
}

template <int dim>
typename PinnedFunctions<dim>::Function PinnedFunctions<dim>::compute(const int pin,
                                                                      const bool transposed) const {
  if (system.is_iterative()) return compute_from_step(pin, transposed);
  const auto& owned = discretization.locally_owned();
  const global_dof_index pinned_node = discretization.get_pins()[pin];
  const auto in_basin = [&](const global_dof_index node) {
    return discretization.basin(node) == pin;
  };
  const bool annihilates_one = symmetric || transposed; // A 1 = 0 if w = 0, A^T 1 = 0 always

  // In the basin of the pin: s = 1 + z.
  Vector fixed = system.make_vector();
  for (const global_dof_index node : owned)
    fixed(node) = node != pinned_node && discretization.is_fixed(node) ? -1. : 0.;
  fixed.compress(dealii::VectorOperation::insert);
  Vector source(fixed);
  if (!annihilates_one) source.add(1.);
  Vector z = respond(apply(source, transposed), transposed);
  z += fixed;

  // Beyond it: the response to the values in the basin. Rows in the basin see s - 1 instead of s,
  // so that the large entries of a deep valley meet small values.
  Vector s = system.make_vector(), deviation = system.make_vector();
  for (const global_dof_index node : owned) {
    const double value = z(node);
    s(node) = in_basin(node) ? 1. + value : 0.;
    deviation(node) = in_basin(node) ? value : -1.;
  }
  s.compress(dealii::VectorOperation::insert);
  deviation.compress(dealii::VectorOperation::insert);
  Vector rows = apply(s, transposed);
  if (annihilates_one) {
    const Vector rows_in_basin = apply(deviation, transposed);
    for (const global_dof_index node : owned)
      if (in_basin(node)) {
        const double value = rows_in_basin(node);
        rows(node) = value;
      }
    rows.compress(dealii::VectorOperation::insert);
  }
  Vector beyond = respond(rows, transposed);
  for (const global_dof_index node : owned)
    if (in_basin(node)) beyond(node) = 0.;
  beyond.compress(dealii::VectorOperation::insert);
  s += beyond;
  for (const global_dof_index node : owned)
    if (!in_basin(node)) {
      const double value = beyond(node);
      deviation(node) = value;
    }
  deviation.compress(dealii::VectorOperation::insert);
  if (!annihilates_one) {
    refine(s);
    deviation = s;
  }
  Function result{ s, deviation, deviation };
  VecAbs(result.size);
  return result;
}

template <int dim>
typename PinnedFunctions<dim>::Function PinnedFunctions<dim>::compute_from_step(
  const int pin, const bool transposed) const {
  const auto& owned = discretization.locally_owned();
  const auto in_basin = [&](const global_dof_index node) {
    return discretization.basin(node) == pin;
  };
  const bool annihilates_one = symmetric || transposed; // A 1 = 0 if w = 0, A^T 1 = 0 always
  const unsigned int least_steps = annihilates_one ? 1 : least_steps_of_guess;
  Vector s = system.make_vector(), z = system.make_vector();
  for (const global_dof_index node : owned)
    s(node) = in_basin(node) ? 1. : 0.;
  s.compress(dealii::VectorOperation::insert);
  for (unsigned int step = 1; step <= most_steps; ++step) {
    Vector rows = apply(s, transposed);
    if (annihilates_one) {
      // Rows in the basin see s - 1, which is z there; beyond it s has the value z - 0.
      Vector from_one(s);
      for (const global_dof_index node : owned) {
        const double value = in_basin(node) ? z(node) : s(node) - 1.;
        from_one(node) = value;
      }
      from_one.compress(dealii::VectorOperation::insert);
      const Vector rows_in_basin = apply(from_one, transposed);
      for (const global_dof_index node : owned)
        if (in_basin(node)) {
          const double value = rows_in_basin(node);
          rows(node) = value;
        }
      rows.compress(dealii::VectorOperation::insert);
    }
    const Vector change = respond(rows, transposed, step > 1);
    z += change;
    s += change;
    if (step >= least_steps && is_small_behind_ridges(change, s, pin)) break;
  }
  const Vector& deviation = annihilates_one ? z : s;
  Function result{ s, deviation, deviation };
  VecAbs(result.size);
  return result;
}

/// Compares exp(-psi) |change| with the largest exp(-psi) |s|, both outside of the basin: that is
/// what carries the flux, whether s is small there or not.
template <int dim>
bool PinnedFunctions<dim>::is_small_behind_ridges(const Vector& change, const Vector& s,
                                                  const int pin) const {
  const auto largest_behind = [&](const Vector& nodal) {
    Vector behind(nodal);
    for (const global_dof_index node : discretization.locally_owned())
      if (discretization.basin(node) == pin) behind(node) = 0.;
    behind.compress(dealii::VectorOperation::insert);
    return system.scaled(system.scaled(behind)).linfty_norm();
  };
  return largest_behind(change) <= accuracy_behind_ridges * largest_behind(s);
}

/// Newton steps s -> s - K^-1 A s. Where s is small beside 1 in the basin (w != 0: the gauge is
/// not exact), 1 + z has lost its digits; the residual of s itself is relative to the local s.
template <int dim>
void PinnedFunctions<dim>::refine(Vector& s) const {
  for (unsigned int step = 0; step < 3; ++step)
    s += respond(apply(s, false), false);
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
