// The functions that are pinned in one valley.
//
// s_m has the value 1 at pin m, 0 at the other pins and on absorbing nodes, and A s_m = 0 at free
// nodes; s*_m is the same for A^T: the probability of reaching pin m before any other fixed node.
//
// Method: s_m = v + z, v the step that is 1 in the basin of the pin. A v is zero except on the
// ridges around the basin, so z is large nowhere else: in the basin the rounding errors of a deep
// valley are relative to z, which is small there. Beyond, s_m may be as small as exp(-barrier/D),
// and further solves z -> z - K^-1 A s_m restore the digits wherever flux passes; a few digits of
// K^-1 do for them. If the gauge is only a guess (w != 0), s_m varies in the basin, too, and the
// flux into exits on its border counts as well.
#pragma once

#include "solver/operator/basins.h"
#include "solver/operator/generator.h"

namespace fokker_planck {

/// A function of the nodes, in two ways.
template <int dim>
struct PinnedFunction {
  using Vector = dealii::PETScWrappers::MPI::Vector;

  Vector values;
  Vector deviation; ///< from the value at the pin in each basin, whose digits are lost in values;
                    ///< the values themselves where they are not close to it (s_m if w != 0)
  Vector size;      ///< of the terms that the deviation is a sum of: rounding is relative to it

  /// Adds factor times another function.
  void add(double factor, const PinnedFunction& other);
};

template <int dim>
class PinnedFunctions {
public:
  using Vector = typename Generator<dim>::Vector;

  /// solver: with the pins and the absorbing sides fixed.
  PinnedFunctions(const Generator<dim>& generator, const Basins<dim>& basins,
                  const ConstrainedSolver<dim>& solver);

  /// s_m, or s*_m for the backward equation. Throws NotConverged if a solve fails.
  PinnedFunction<dim> operator()(int pin, Equation equation) const;

private:
  Vector residual(const Vector& s, const Vector& z, int pin, Equation equation) const;
  double relative_flux(const Vector& function, const Vector& other, int pin,
                       Equation equation) const;
  [[noreturn]] void report_unsettled(double change_of_flux) const;
  Vector apply(const Vector& g, Equation equation) const;
  Vector respond(const Vector& b, Equation equation, Accuracy accuracy) const;

  bool is_in_basin(const dealii::types::global_dof_index node, const int pin) const {
    return basins(node) == pin;
  }

  const Generator<dim>& generator;
  const Discretization<dim>& discretization;
  const Basins<dim>& basins;
  const ConstrainedSolver<dim>& solver;
};

} // namespace fokker_planck
