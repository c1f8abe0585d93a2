// The value of Domain/Level.
#pragma once

#include "problems/landscape/valley.h"

#include <string>

namespace fokker_planck {

/// A loss: a number, a fraction f of the barrier ("0.9 saddle", L0 + f (L_saddle - L0)), or a
/// multiple of the loss at the minimum ("3 minimum").
class Level {
public:
  /// Throws InputError.
  explicit Level(const std::string& text);

  /// The loss, above that of the minimum of the valley. Throws InputError if there is no such
  /// level.
  template <int dim>
  double value(const Valley<dim>& valley) const;

private:
  enum class Unit { loss, saddle, minimum };

  std::string text;
  Unit unit;
  double number;
};

/// The domain of Domain/Type = level set: the part of {L < level} around the minimum of the valley
/// of a start, or the deepest minimum if none is given, found in the search box. Throws InputError.
template <int dim>
Domain<dim> make_level_set(const Domain<dim>& search_box,
                           const std::shared_ptr<const ScalarField<dim>>& loss,
                           const std::optional<dealii::Point<dim>>& start,
                           const std::string& level);

} // namespace fokker_planck
