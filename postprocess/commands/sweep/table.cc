#include "postprocess/commands/sweep/table.h"

#include "problems/base/installation.h"
#include "problems/base/text.h"

#include <deal.II/base/config.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace fokker_planck {

using Json = nlohmann::ordered_json;

namespace {

const char* const remark =
  "Standard errors are those of least squares. Computed points do not scatter: their deviations "
  "from the line are the curvature of the law, that is, what the asymptotic law neglects.";

/// 12 digits: more than the rates are accurate to, and short.
std::string format(const double value) {
  if (!std::isfinite(value)) return "";
  char text[32];
  std::snprintf(text, sizeof text, "%.12g", value);
  return text;
}

std::string quote(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text)
    quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

Json number(const double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json numbers(const std::vector<double>& values) {
  Json json = Json::array();
  for (const double value : values)
    json.push_back(number(value));
  return json;
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

Json describe(const Line& line) {
  return { { "slope", number(line.slope) },
           { "intercept", number(line.intercept) },
           { "slope_error", number(line.slope_error) },
           { "intercept_error", number(line.intercept_error) },
           { "r_squared", number(line.r_squared) } };
}

Json describe(const FittedLine& line) {
  Json json;
  json["group"] = Json::object();
  for (const auto& [name, value] : line.group)
    json["group"][name] = value;
  json["n_points"] = line.x.size();
  json.update(describe(line.line));
  if (std::isfinite(line.theory)) {
    const double difference = line.line.slope - line.theory;
    json["theory"] = { { "slope", line.theory },
                       { "spread", number(line.theory_spread) },
                       { "difference", number(difference) },
                       { "difference_per_cent", number(100 * difference / std::fabs(line.theory)) },
                       { "difference_standard_errors", number(difference / line.line.slope_error) },
                       { "allowed", number(line.allowed) },
                       { "agrees", std::isfinite(line.allowed) ? Json(line.agrees()) : Json() } };
  } else
    json["theory"] = nullptr;
  json["x"] = numbers(line.x);
  json["y"] = numbers(line.y);
  json["formulas"] = Json::array();
  for (const auto& formula : line.formulas) {
    json["formulas"].push_back({ { "name", formula.name } });
    json["formulas"].back().update(describe(formula.line));
    json["formulas"].back()["y"] = numbers(formula.y);
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
      table += "," + format(result.columns.column(name)[p]);
    for (const FormulaColumn& formula : result.columns.get_formulas())
      table += "," + format(formula.log_rate[p]) + "," +
               (formula.applicable[p] ? "true" : "false") + "," + format(formula.ratio[p]);
    table += "\n";
  }
  return table;
}

Json describe_sweep(const SweepResult& result) {
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
      json["fits"].back()["lines"].push_back(describe(line));
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
      row[name] = number(result.columns.column(name)[p]);
    row["formulas"] = Json::array();
    for (const FormulaColumn& formula : result.columns.get_formulas())
      row["formulas"].push_back({ { "name", formula.name },
                                  { "log_rate", number(formula.log_rate[p]) },
                                  { "applicable", bool(formula.applicable[p]) },
                                  { "ratio", number(formula.ratio[p]) } });
    json["points"].push_back(row);
  }
  return json;
}

} // namespace fokker_planck
