// Psi as an integral: the potential of a problem whose D^-1 c is a gradient, where no closed form
// is known.
//
//   Psi(x) = int g . dl along a path from the centre of the domain (or, in a shape, from a point
//            well inside) to x,   g = D^-1 c.
//
// One dimension: the domain is divided into panels, bisected until Gauss quadrature with 10 points
// agrees with that on both halves to rounding; Psi(x) is the integral up to the left end of the
// panel plus quadrature over the rest. Otherwise the path is the straight line, in as many equal
// panels of 10 points as are needed. Gradients are g; Hessians are its differences of order
// four, within the domain.
//
// Limit: the straight lines may leave a shape that is not star-shaped about their origin. The
// integral is then used only if g is finite on them, too.
#pragma once

#include "problems/problem.h"

namespace fokker_planck {

template <int dim>
class IntegratedPotential : public ScalarField<dim> {
public:
  /// Throws InputError where g is not finite (in one dimension).
  explicit IntegratedPotential(const Problem<dim>& problem);

  /// Whether the integral does not depend on the path. In a box straight lines are compared with
  /// paths along the axes at a few dozen points; in a shape the lines to neighbouring points of a
  /// lattice with the way between these, if it stays inside: each loop bounds a triangle of a fan
  /// over the shape. To 1e-10 of int |g . dl|. Always true in one dimension. False also if g is too
  /// rough for 256 panels, or not finite on the lines.
  bool exists() const { return independent_of_path; }

  void values(const std::vector<dealii::Point<dim>>& points,
              std::vector<double>& values) const override;
  void gradients(const std::vector<dealii::Point<dim>>& points,
                 std::vector<dealii::Tensor<1, dim>>& gradients) const override;
  void hessians(const std::vector<dealii::Point<dim>>& points,
                std::vector<dealii::SymmetricTensor<2, dim>>& hessians) const override;

private:
  struct Integral {
    double value, absolute; ///< int g . dl and int |g . dl|
  };

  /// Integrals along straight lines, each in n_panels panels.
  std::vector<Integral> integrate(const std::vector<dealii::Point<dim>>& from,
                                  const std::vector<dealii::Point<dim>>& to,
                                  unsigned int n_panels) const;
  void refuse_between(double a, double b) const;
  void build_table();
  void check_paths();
  bool is_finite_and_smooth(const std::vector<dealii::Point<dim>>& targets);
  double largest_loop_along_axes(const std::vector<dealii::Point<dim>>& targets) const;
  double largest_loop_of_neighbours(const std::vector<dealii::Point<dim>>& targets) const;

  Problem<dim> problem;
  dealii::Point<dim> origin; ///< of the paths, unless in one dimension
  bool independent_of_path = true;
  unsigned int n_panels = 1;
  std::vector<double> ends, integrals; ///< of the panels in one dimension, up to each end
};

} // namespace fokker_planck
