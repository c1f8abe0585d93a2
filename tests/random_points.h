// Random points in a box, the same in every run.
#pragma once

#include "problems/geometry/domain.h"

#include <random>
#include <vector>

namespace fokker_planck::testing {

template <int dim>
std::vector<dealii::Point<dim>> random_points(const Domain<dim>& box, const std::size_t n) {
  std::mt19937 generator(11);
  std::uniform_real_distribution<double> uniform(0, 1);
  std::vector<dealii::Point<dim>> points(n);
  for (auto& point : points)
    for (int i = 0; i < dim; ++i)
      point[i] = box.lower[i] + box.length(i) * uniform(generator);
  return points;
}

} // namespace fokker_planck::testing
