// Descent of Psi to the bottom of a valley, or out of the domain.
#pragma once

#include "problems/base/scalar_field.h"
#include "problems/geometry/domain.h"

#include <optional>

namespace fokker_planck {

/// Method: Newton directions with the absolute Hessian, in short steps. Steps out of the domain end
/// on the boundary: the descent is over where it absorbs, and slides along it where it reflects.
template <int dim>
class Descent {
public:
  struct End {
    dealii::Point<dim> point;
    bool absorbed;     ///< whether the descent ran into an absorbing side
    unsigned int side; ///< which one
  };

  Descent(const Domain<dim>& domain, const ScalarField<dim>& psi);

  /// Descends from a point until an absorbing side is met or nothing falls any more.
  End follow(dealii::Point<dim> point) const;

private:
  using BoundaryPoint = typename Domain<dim>::BoundaryPoint;

  /// Where a step ends that stays in the domain.
  struct Step {
    dealii::Point<dim> point;
    std::vector<BoundaryPoint> contacts; ///< with the boundary
  };

  Step step_to(const dealii::Point<dim>& to) const;

  const Domain<dim>& domain;
  const ScalarField<dim>& psi;
};

} // namespace fokker_planck
