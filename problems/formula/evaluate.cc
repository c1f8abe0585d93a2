#include "problems/formula/evaluate.h"

#include <array>

namespace fokker_planck {

template <int dim>
std::vector<std::vector<double>> evaluate(const Tape& tape,
                                          const std::vector<dealii::Point<dim>>& points) {
  std::array<std::vector<double>, dim> coordinates;
  std::array<const double*, dim> inputs;
  for (int i = 0; i < dim; ++i) {
    coordinates[i].resize(points.size());
    for (std::size_t q = 0; q < points.size(); ++q)
      coordinates[i][q] = points[q][i];
    inputs[i] = coordinates[i].data();
  }
  std::vector<std::vector<double>> result(tape.n_outputs(), std::vector<double>(points.size()));
  std::vector<double*> outputs;
  for (auto& component : result)
    outputs.push_back(component.data());
  tape.evaluate(inputs.data(), points.size(), outputs.data());
  return result;
}

#define INSTANTIATE(dim)                                                                           \
  template std::vector<std::vector<double>> evaluate(const Tape&,                                  \
                                                     const std::vector<dealii::Point<dim>>&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
