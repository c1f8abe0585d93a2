// Lowest values and poles of functions in a domain, found without derivatives.
#pragma once

#include "problems/geometry/domain.h"

#include <functional>
#include <optional>
#include <vector>

namespace fokker_planck {

/// Maps points to values.
template <int dim>
using FunctionOfPoints = std::function<std::vector<double>(const std::vector<dealii::Point<dim>>&)>;

template <int dim>
struct LowestValue {
  dealii::Point<dim> point;
  double value; ///< NaN if the function is not a number somewhere that was looked at
};

/// Method: evaluates a lattice, then descends from its lowest minima by compass search (steps along
/// the axes, halved when none leads down), a bounded number of steps. Steps out of the domain end
/// on its boundary: the function is evaluated nowhere else. Stops early at values that are not a
/// number or not above the sufficient one, which depends on the values on the lattice.
template <int dim>
LowestValue<dim> find_lowest(const Domain<dim>& domain, const FunctionOfPoints<dim>& f,
                             const std::function<double(const std::vector<double>&)>& sufficient);

/// A point where a norm is not finite, or exceeds 1e11 times its median on a lattice; none if there
/// is no such point.
template <int dim>
std::optional<dealii::Point<dim>> find_pole(const Domain<dim>& domain,
                                            const FunctionOfPoints<dim>& norms);

} // namespace fokker_planck
