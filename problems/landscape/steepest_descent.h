// Paths of steepest descent of Psi, in the metric of the noise.
//
//   dx/dt = -D grad Psi,   along reflecting sides with D - D n (D n)^T/(n.D n) in place of D.
//
// Method: the flow of the local quadratic expansion of Psi, which is stable for narrow valleys
// (M. Page, J. W. McIver, J. Chem. Phys. 88 (1988) 922). Each step is compared with two half ones
// and extrapolated.
#pragma once

#include "problems/base/scalar_field.h"
#include "problems/base/tensor_field.h"
#include "problems/geometry/domain.h"

#include <array>
#include <optional>

namespace fokker_planck {

template <int dim>
class SteepestDescent {
public:
  /// metric: D; the identity if null. spacing: of the points of a path at most, in units of the
  /// diameter of the domain; the error of the path is proportional to it.
  SteepestDescent(const Domain<dim>& domain, const ScalarField<dim>& psi,
                  const TensorField<dim>* metric, double spacing);

  static constexpr int none = -1;

  struct Path {
    std::vector<dealii::Point<dim>> points; ///< from the start to the end
    int side; ///< the absorbing side that was reached, or none if the end is a minimum
  };

  /// Descends from a point until an absorbing side is met or nothing falls any more. Of a point
  /// outside, as a saddle a little beyond an absorbing side, the way into the domain counts, too.
  Path follow(const dealii::Point<dim>& start) const;

  /// The direction, of length 1, in which the flow leaves a saddle; the other one is opposite.
  dealii::Tensor<1, dim> unstable_direction(const dealii::Point<dim>& saddle) const;

  /// The saddle near a point, upwards along its lowest eigenvalue and downwards along the others,
  /// in the domain; on a reflecting side one of Psi along it. None if the search does not converge.
  std::optional<dealii::Point<dim>> find_saddle(const dealii::Point<dim>& start) const;

private:
  using BoundaryPoint = typename Domain<dim>::BoundaryPoint;

  /// A point, and the sides it is in contact with.
  struct State {
    dealii::Point<dim> point;
    std::vector<BoundaryPoint> contacts;
  };

  /// The flow of the quadratic expansion of Psi around a point.
  struct Flow {
    dealii::Tensor<2, dim> root;                   ///< of D
    std::array<double, dim> eigenvalues, drifts;   ///< of root H root; -root grad Psi along them
    std::array<dealii::Tensor<1, dim>, dim> basis; ///< root times the eigenvectors
    bool is_finite;

    bool is_free(int i) const { return basis[i].norm() > 0; }
    int lowest() const; ///< of the eigenvalues of free directions
    dealii::Tensor<1, dim> displacement(double time) const;
    double time_to(double distance) const; ///< very late if the flow ends before
  };

  State at(const dealii::Point<dim>& point) const;
  Flow expand(const State& state) const;
  State enter(const dealii::Point<dim>& from, const dealii::Point<dim>& to, int& side) const;

  const Domain<dim>& domain;
  const Sides reflecting;
  const ScalarField<dim>& psi;
  const TensorField<dim>* metric;
  double spacing;   ///< a length
  double tolerance; ///< error per length
};

} // namespace fokker_planck
