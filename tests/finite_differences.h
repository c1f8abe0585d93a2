// Numerical derivatives, to check exact ones.
#pragma once

#include <deal.II/base/point.h>

namespace fokker_planck::testing {

/// The derivative of f along coordinate i by central differences of order four, with steps of 1e-3.
template <int dim, typename F>
auto difference(const F& f, const dealii::Point<dim>& at, const int i) {
  const double step = 1e-3;
  const auto shifted = [&](const double by) {
    dealii::Point<dim> point = at;
    point[i] += by;
    return f(point);
  };
  return (8 * (shifted(step) - shifted(-step)) - (shifted(2 * step) - shifted(-2 * step))) /
         (12 * step);
}

} // namespace fokker_planck::testing
