#include "postprocess/commands/sweep/table.h"

#include "postprocess/results/json.h"
#include "problems/base/format.h"
#include "problems/base/installation.h"

#include <deal.II/base/config.h>

#include <algorithm>
#include <cmath>

namespace fokker_planck {

using Json = nlohmann::ordered_json;

namespace {

const char* const remark =
  "Standard errors are those of least squares. Computed points do not scatter: their deviations "
  "from the line are the curvature of the law, that is, what the asymptotic law neglects.";

/// 12 digits: more than the rates are accurate to, and short; empty if there is no number.
std::string cell(const double value) {
  return std::isfinite(value) ? format("%.12g", value) : "";
}

std::string quote(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text)
    quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

/// Whether a column holds any number at all.
bool is_known(const std::vector<double>& values) {
  return std::any_of(values.begin(), values.end(), [](const double v) { return std::isfinite(v); });
}

std::vector<std::string> shown_columns(const Columns& columns) {
  std::vector<std::string> names;
  for (const std::string& name : columns.computed_names())
    if (names.size() < 5 || is_known(columns.column(name))) names.push_back(name);
  return names;
}

Json line_json(const Line& line) {
  return { { "slope", number_or_null(line.slope) },
           { "intercept", number_or_null(line.intercept) },
           { "slope_error", number_or_null(line.slope_error) },
           { "intercept_error", number_or_null(line.intercept_error) },
           { "r_squared", number_or_null(line.r_squared) } };
}

Json fitted_line_json(const FittedLine& line) {
  Json json;
  json["group"] = Json::object();
  for (const auto& [name, value] : line.group)
    json["group"][name] = value;
  json["n_points"] = line.x.size();
  json.update(line_json(line.line));
  if (std::isfinite(line.theory)) {
    const double difference = line.line.slope - line.theory;
    json["theory"] = {
      { "slope", line.theory },
      { "spread", number_or_null(line.theory_spread) },
      { "difference", number_or_null(difference) },
      { "difference_per_cent", number_or_null(100 * difference / std::fabs(line.theory)) },
      { "difference_standard_errors", number_or_null(difference / line.line.slope_error) },
      { "allowed", number_or_null(line.allowed) },
      { "agrees", std::isfinite(line.allowed) ? Json(line.agrees()) : Json() }
    };
  } else
    json["theory"] = nullptr;
  json["x"] = numbers_or_null(line.x);
  json["y"] = numbers_or_null(line.y);
  json["formulas"] = Json::array();
  for (const auto& formula : line.formulas) {
    json["formulas"].push_back({ { "name", formula.name } });
    json["formulas"].back().update(line_json(formula.line));
    json["formulas"].back()["y"] = numbers_or_null(formula.y);
  }
  return json;
}

} // namespace

std::string sweep_table(const SweepResult& result) {
  std::string table;
  for (const Variation& variation : result.variations)
    table += quote(variation.column()) + ",";
  table += "status,reason";
  const auto names = shown_columns(result.columns);
  for (const std::string& name : names)
    table += "," + name;
  for (const FormulaColumn& formula : result.columns.get_formulas())
    for (const char* const what : { "log_rate", "applicable", "ratio" })
      table += "," + quote(what + ("(" + formula.name + ")"));
  table += "\n";
  for (std::size_t p = 0; p < result.points.size(); ++p) {
    for (const std::string& value : result.points[p].values)
      table += quote(value) + ",";
    table += result.status[p] + "," + quote(result.reason[p]);
    for (const std::string& name : names)
      table += "," + cell(result.columns.column(name)[p]);
    for (const FormulaColumn& formula : result.columns.get_formulas())
      table += "," + cell(formula.log_rate[p]) + "," + (formula.applicable[p] ? "true" : "false") +
               "," + cell(formula.ratio[p]);
    table += "\n";
  }
  return table;
}

Json sweep_json(const SweepResult& result) {
  Json json;
  json["schema"] = 1;
  json["program"] = { { "name", "fokker-planck" },
                      { "version", program_version() },
                      { "deal.II", DEAL_II_PACKAGE_VERSION } };
  json["file"] = result.file;
  json["title"] = result.title;
  json["law"] = result.law;
  json["problem"] = result.points[0].parameters;
  json["varied"] = Json::array();
  for (const Variation& variation : result.variations) {
    json["varied"].push_back(
      { { "parameter", variation.column() }, { "values", variation.values } });
    const auto slash = variation.path.find('/');
    Json& section = slash == std::string::npos ? json["problem"]
                                               : json["problem"][variation.path.substr(0, slash)];
    section.erase(slash == std::string::npos ? variation.path : variation.path.substr(slash + 1));
  }
  json["fits"] = Json::array();
  for (std::size_t i = 0; i < result.laws.size(); ++i) {
    const Law& law = result.laws[i];
    json["fits"].push_back({ { "text", law.text },
                             { "response", law.response },
                             { "regressor", law.regressor },
                             { "theory", law.theory ? Json(*law.theory) : Json() },
                             { "error", law.error ? Json(*law.error) : Json() },
                             { "lines", Json::array() } });
    for (const FittedLine& line : result.lines[i])
      json["fits"].back()["lines"].push_back(fitted_line_json(line));
  }
  json["remark"] = remark;
  json["points"] = Json::array();
  const auto names = shown_columns(result.columns);
  for (std::size_t p = 0; p < result.points.size(); ++p) {
    Json row;
    for (std::size_t i = 0; i < result.variations.size(); ++i)
      row[result.variations[i].column()] = result.points[p].values[i];
    row["status"] = result.status[p];
    row["reason"] = result.reason[p];
    for (const std::string& name : names)
      row[name] = number_or_null(result.columns.column(name)[p]);
    row["formulas"] = Json::array();
    for (const FormulaColumn& formula : result.columns.get_formulas())
      row["formulas"].push_back({ { "name", formula.name },
                                  { "log_rate", number_or_null(formula.log_rate[p]) },
                                  { "applicable", bool(formula.applicable[p]) },
                                  { "ratio", number_or_null(formula.ratio[p]) } });
    json["points"].push_back(row);
  }
  return json;
}

} // namespace fokker_planck
