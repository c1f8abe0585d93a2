// The numbers of a sweep by name, and formulas in these names.
#pragma once

#include "postprocess/commands/sweep/grid_point.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace fokker_planck {

/// A formula of the theory library, as a record names it.
struct FormulaColumn {
  std::string name;
  std::vector<double> log_rate; ///< per point; NaN where it does not exist
  std::vector<double> ratio;    ///< computed/formula
  std::vector<bool> applicable;
};

/// One row per point, with NaN for what does not exist, and for every number of a failed point.
///
/// Names: rate, log_rate, tau = 1/rate, relative_error, unknowns; those of exit_quantities();
/// eta_B, T_e, T_a, T_b, critical_dimension of the noise; and every parameter that is a number, as
/// Section.Key, Section/Key or, if no other has this name, Key. In formulas blanks and dots of
/// names may also be written as underscores.
class Columns {
public:
  /// Names only, with rows for the parameters. All points have the same parameters.
  explicit Columns(const std::vector<GridPoint>& points);

  /// Takes over what the record of a point says.
  void set(std::size_t point, const nlohmann::ordered_json& record);

  /// The values of a formula at all points. Throws InputError naming the key for what is no formula
  /// in these names.
  std::vector<double> evaluate(const std::string& key, const std::string& formula) const;

  /// The same with log_rate, rate and tau replaced by those of another rate.
  std::vector<double> evaluate(const std::string& key, const std::string& formula,
                               const std::vector<double>& log_rate) const;

  /// One of computed_names().
  const std::vector<double>& column(const std::string& name) const;

  /// The values of a column, or of any parameter as Section.Key, as texts. Throws InputError naming
  /// the key if there is none of this name.
  std::vector<std::string> labels(const std::string& key, const std::string& name) const;

  /// Columns that are no parameters, in order.
  const std::vector<std::string>& computed_names() const { return computed; }

  const std::vector<FormulaColumn>& get_formulas() const { return formulas; }

private:
  struct Column {
    std::string identifier;
    std::vector<double> values;
  };

  std::size_t find(const std::string& identifier) const;
  std::string identified(const std::string& formula) const;
  std::vector<double> evaluate(const std::string& key, const std::string& formula,
                               const std::vector<Column>& data) const;
  void set(const std::string& identifier, std::size_t point, const nlohmann::ordered_json& value);
  void set_formulas(std::size_t point, const nlohmann::ordered_json& record);

  std::size_t n_points;
  std::vector<std::string> computed;
  std::vector<Column> columns;
  std::vector<std::pair<std::string, std::string>>
    spellings;                                           ///< and their identifier, longest first
  std::map<std::string, std::vector<std::string>> texts; ///< of all parameters, by identifier
  std::vector<FormulaColumn> formulas;
};

} // namespace fokker_planck
