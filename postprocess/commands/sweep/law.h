// Laws that a sweep is to follow: straight lines through functions of its columns.
#pragma once

#include "postprocess/commands/sweep/columns.h"
#include "postprocess/commands/sweep/least_squares.h"

#include <optional>
#include <string>
#include <vector>

namespace fokker_planck {

/// "RESPONSE ~ REGRESSOR [by PARAMETER, ...] [theory: SLOPE] [error: DIFFERENCE]".
struct Law {
  std::string key;  ///< where it was given, for messages
  std::string text; ///< as given
  std::string response, regressor;
  std::vector<std::string> by;       ///< one line for each combination of their values
  std::optional<std::string> theory; ///< the slope to expect
  std::optional<std::string> error;  ///< how far from it the slope may be (absolutely)
};

/// Throws InputError naming the key for a text of another form.
Law parse_law(const std::string& key, const std::string& text);

/// A line through the points of one group, and the same line through those of a formula.
struct FittedLine {
  struct Formula {
    std::string name;
    std::vector<double> y; ///< per point of the group; NaN where it is not applicable
    Line line;
  };

  std::vector<std::pair<std::string, std::string>> group; ///< columns of "by" with their values
  std::vector<std::size_t> points;                        ///< of the grid, those that are used
  std::vector<double> x, y;
  Line line;
  double theory;                 ///< NaN if none is known; the mean over the points
  double theory_spread;          ///< largest - smallest value over the points
  double allowed;                ///< largest value of "error" over the points; NaN if none is given
  std::vector<Formula> formulas; ///< those that are applicable at two points or more

  /// Whether theory and computation differ by no more than is allowed.
  bool agrees() const;
};

/// Fits the law to the points that are marked as usable. Points where the response or the regressor
/// is not finite are left out. Throws InputError for unknown names.
std::vector<FittedLine> fit(const Law& law, const Columns& columns,
                            const std::vector<bool>& usable);

} // namespace fokker_planck
