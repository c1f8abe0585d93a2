// Where rays from a minimum of a function first reach a level.
#pragma once

#include "problems/base/scalar_field.h"

#include <memory>
#include <optional>

namespace fokker_planck {

/// The rays x0 + rho v, rho > 0, of a function L with L(x0) < level.
///
/// Method: a scan at equal steps brackets the first root of L = level; maxima between the steps
/// that may reach the level are looked at as well. Then Newton's iteration, safeguarded by
/// bisection, to full precision.
template <int dim>
class LevelRays {
public:
  LevelRays(const std::shared_ptr<const ScalarField<dim>>& function,
            const dealii::Point<dim>& center, double level);

  /// The first root within 0 < rho <= longest, by a scan of n steps; none if L stays below the
  /// level. A maximum of L that only touches the level is a root. Where L is not finite it counts
  /// as above the level.
  std::optional<double> first_root(const dealii::Tensor<1, dim>& v, double longest,
                                   unsigned int n) const;

private:
  struct Sample {
    double rho, rise, slope; ///< rise = L - level, slope = dL/drho
  };
  Sample sample(const dealii::Tensor<1, dim>& v, double rho) const;
  double root(const dealii::Tensor<1, dim>& v, double below, double rise_below, double above,
              double rise_above) const;
  Sample maximum(const dealii::Tensor<1, dim>& v, const Sample& left, const Sample& right) const;

  std::shared_ptr<const ScalarField<dim>> function;
  dealii::Point<dim> center;
  double level;
  double depth; ///< level - L(x0)
};

} // namespace fokker_planck
