// Section Discretization: what the user says about mesh and accuracy.
#pragma once

#include <array>
#include <string>

namespace dealii {
class ParameterHandler;
}

namespace fokker_planck {

class DiscretizationParameters {
public:
  /// Declares the section and binds its values to this object, which must outlive the handler.
  void declare(dealii::ParameterHandler& handler);

  /// Polynomial degree k of the elements.
  unsigned int get_degree() const { return degree; }

  /// Whether the mesh is refined until the tolerance is reached.
  bool is_adaptive() const { return refinement == "adaptive"; }

  /// Largest relative error of the rate. Throws InputError unless it is positive and below 1.
  double get_tolerance() const;

  /// Throws InputError unless it is at least 1.
  unsigned long get_maximum_unknowns() const;

  /// Cells per direction of the first mesh. Throws InputError unless Initial cells (adaptive) or
  /// Cells (uniform) holds one positive integer or dim of them. is_box: whether the domain is one.
  template <int dim>
  std::array<unsigned int, dim> n_cells(bool is_box) const;

  /// Factor of the reference potential. Throws InputError unless it is positive.
  double get_gauge_scale() const;

private:
  std::string refinement = "adaptive";
  double tolerance = 1e-6;
  double maximum_unknowns = 1e6;
  unsigned int degree = 4;
  std::string initial_cells;
  std::string cells = "16";
  double gauge_scale = 1;
};

} // namespace fokker_planck
