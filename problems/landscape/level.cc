#include "problems/landscape/level.h"

#include "problems/base/input_error.h"
#include "problems/base/text.h"
#include "problems/landscape/descent.h"
#include "problems/landscape/level_survey.h"

#include <algorithm>

namespace fokker_planck {

using dealii::Point;

namespace {

const std::string key = "Domain/Level";

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

/// Puts the end of a descent in the place of a minimum that was not found because its Hessian is
/// not positive definite. Throws InputError if there is none.
template <int dim>
void find_flat_minimum(const Domain<dim>& box, const ScalarField<dim>& loss,
                       const std::string& text, Valley<dim>& valley) {
  const auto end = Descent<dim>(box, loss).follow(valley.minimum);
  if (end.absorbed)
    throw InputError(key, text,
                     "no minimum of the loss was found inside the search box Domain/Lower, Upper");
  std::vector<double> value;
  std::vector<dealii::SymmetricTensor<2, dim>> hessian;
  loss.values({ end.point }, value);
  loss.hessians({ end.point }, hessian);
  valley.minimum = end.point;
  valley.loss = value[0];
  valley.hessian = hessian[0];
}

/// The valley as far as a level set needs it: exits are only saddles between it and something else.
template <int dim>
Valley<dim> find_level_set_valley(const Domain<dim>& box, const ScalarField<dim>& loss,
                                  const std::optional<Point<dim>>& start, const std::string& text) {
  // The temperature, about a tenth of the barrier, decides only which saddles beside a side of the
  // box count as lying on it. It is guessed from the size of the box first.
  auto valley = find_valley(box, loss, start, 0.01 * box.diameter() * box.diameter());
  if (!valley.is_minimum)
    find_flat_minimum(box, loss, text, valley);
  else if (!valley.exits.empty()) {
    const double barrier = valley.exits[0].loss - valley.loss;
    if (barrier > 0 && valley.hessian.norm() > 0)
      valley = find_valley(box, loss, start, 0.1 * barrier / valley.hessian.norm());
  }

  const Descent<dim> descent(box, loss);
  const auto leads_back = [&](const auto& exit) {
    const double distance = exit.position.distance(valley.minimum);
    for (const double sign : { -1., 1. }) {
      const auto end = descent.follow(exit.position + sign * 1e-3 * distance * exit.direction);
      if (end.absorbed || end.point.distance(valley.minimum) > 1e-3 * distance) return false;
    }
    return true;
  };
  auto& exits = valley.exits;
  exits.erase(std::remove_if(exits.begin(), exits.end(),
                             [&](const auto& exit) { return !exit.is_saddle || leads_back(exit); }),
              exits.end());
  return valley;
}

} // namespace

Level::Level(const std::string& text_) : text(trim(text_)), unit(Unit::loss), number(1) {
  std::string factor = text;
  for (const auto& [word, meaning] :
       { std::make_pair("saddle", Unit::saddle), std::make_pair("minimum", Unit::minimum) })
    if (ends_with(text, word)) {
      unit = meaning;
      factor = trim(text.substr(0, text.size() - std::string(word).size()));
      if (ends_with(factor, "*")) factor = trim(factor.substr(0, factor.size() - 1));
    }
  const bool alone = unit == Unit::saddle && text == "saddle";
  try {
    if (!alone) number = parse_number(key, factor);
  } catch (const InputError&) {
    throw InputError(
      key, text,
      "a number is needed, or saddle, a fraction of the barrier such as 0.9 saddle, or "
      "a multiple of the loss at the minimum such as 3 minimum");
  }
  if (unit == Unit::saddle && !(number > 0 && number <= 1))
    throw InputError(key, text, "the fraction of the barrier must be between 0 and 1");
  if (unit == Unit::minimum && !(number > 1))
    throw InputError(key, text, "the multiple of the loss at the minimum must be > 1");
}

template <int dim>
double Level::value(const Valley<dim>& valley) const {
  const std::string where = format_point(&valley.minimum[0], dim);
  if (unit == Unit::saddle) {
    if (valley.exits.empty())
      throw InputError(key, text,
                       "no saddle was found that leads out of the valley of the minimum " + where +
                         " within Domain/Lower, Upper: give the level as a number, or enlarge the "
                         "search box");
    const double saddle = valley.exits[0].loss;
    return number == 1 ? saddle : valley.loss + number * (saddle - valley.loss);
  }
  if (unit == Unit::minimum && !(valley.loss > 0))
    throw InputError(key, text,
                     "a multiple of the loss at the minimum " + where +
                       " needs a positive loss there, not L = " + format_number(valley.loss));
  const double level = unit == Unit::minimum ? number * valley.loss : number;
  if (!(level > valley.loss))
    throw InputError(key, text,
                     "the level must lie above the minimum L = " + format_number(valley.loss) +
                       " at " + where);
  return level;
}

template <int dim>
Domain<dim> make_level_set(const Domain<dim>& search_box,
                           const std::shared_ptr<const ScalarField<dim>>& loss,
                           const std::optional<Point<dim>>& start, const std::string& text) {
  const Level level(text);
  const auto valley = find_level_set_valley(search_box, *loss, start, trim(text));
  return survey_level_set(loss, search_box, valley, level.value(valley), trim(text));
}

#define INSTANTIATE(dim)                                                                           \
  template double Level::value(const Valley<dim>&) const;                                          \
  template Domain<dim> make_level_set(const Domain<dim>&,                                          \
                                      const std::shared_ptr<const ScalarField<dim>>&,              \
                                      const std::optional<Point<dim>>&, const std::string&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
