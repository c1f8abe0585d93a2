// The valley of the loss that is left, and the way out of it, as noise models need them.
#pragma once

#include "problems/landscape/landscape.h"

#include <functional>
#include <string>
#include <vector>

namespace fokker_planck {

template <int dim>
struct Valley {
  dealii::Point<dim> minimum;
  bool is_minimum; ///< false if no minimum was found; then the lowest point of a lattice stands in
  double loss;     ///< L at the minimum
  dealii::SymmetricTensor<2, dim> hessian; ///< of L at the minimum

  /// A saddle or exit point of the valley.
  struct Exit {
    dealii::Point<dim> position;
    bool is_saddle;
    double loss;
    dealii::SymmetricTensor<2, dim> hessian;
    dealii::Tensor<1, dim> direction; ///< of the way out: unstable direction, or normal of the side
  };
  std::vector<Exit> exits; ///< by ascending loss; empty if no critical point marks a way out

  /// The exit of lowest cost; null if there is none.
  const Exit* cheapest_exit(const std::function<double(const Exit&)>& cost) const;
};

/// e^T A e for the direction e of a way out; without one (null) the harmonic mean of the
/// eigenvalues of A.
template <int dim>
double along(const typename Valley<dim>::Exit* exit, const dealii::SymmetricTensor<2, dim>& a);

/// Explores a loss. start: a point in the valley; the deepest one if none. temperature_per_hessian
/// is the ratio of the noise to the Hessian: it sets the width of the valley, within which a saddle
/// beside a side counts as lying on it. Throws InputError where the loss is not finite.
template <int dim>
Valley<dim> find_valley(const Domain<dim>& domain, const ScalarField<dim>& loss,
                        const std::optional<dealii::Point<dim>>& start,
                        double temperature_per_hessian);

/// Throws InputError, beginning with the given text, unless there is a minimum whose Hessian is
/// positive definite (not only so because a flat minimum was not hit exactly) and, in a ball, a
/// multiple of the identity.
template <int dim>
void check_positive_hessian(const Valley<dim>& valley, const Domain<dim>& domain,
                            const ScalarField<dim>& loss, const std::string& description);

} // namespace fokker_planck
