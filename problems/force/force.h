// The part f of the drift b = -grad L + f that is not a gradient (or is not written as one).
#pragma once

#include <deal.II/base/point.h>

#include <string>
#include <vector>

namespace fokker_planck {

/// Interface of all forces. Values may be infinite or NaN: the callers check.
template <int dim>
class Force {
public:
  virtual ~Force() = default;

  /// "Section/Key: got 'value'", the beginning of a message about this force.
  virtual std::string description() const = 0;

  /// f at each point, in units of loss per length; the result is resized to the number of points.
  virtual void values(const std::vector<dealii::Point<dim>>& points,
                      std::vector<dealii::Tensor<1, dim>>& values) const = 0;
};

} // namespace fokker_planck
