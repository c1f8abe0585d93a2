#include "postprocess/commands/sweep/columns.h"

#include "problems/base/input_error.h"
#include "problems/base/text.h"
#include "problems/formula/expression.h"
#include "problems/formula/tape.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <optional>

namespace fokker_planck {

using Json = nlohmann::ordered_json;

namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

const char* const rates[] = { "log_rate", "rate", "tau" };
const char* const errors[] = { "relative_error", "unknowns" };
const char* const quantities[] = {
  "L_a", "L_b", "barrier", "H_a", "H_b", "n", "det_H_a", "det_H_b"
};
const char* const noise[] = { "eta_B", "T_e", "T_a", "T_b", "critical_dimension" };

bool is_word(const char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

/// A name with everything else than letters and digits replaced, so that it is one word of a
/// formula and as long as before.
std::string as_word(std::string name) {
  std::replace_if(
    name.begin(), name.end(), [](const char c) { return !is_word(c); }, '_');
  return name;
}

/// A parameter that is a number.
std::optional<double> number(const Json& text) {
  try {
    return parse_number("", text.get<std::string>());
  } catch (const InputError&) {
    return {};
  }
}

/// All parameters as (section or empty, key, text).
template <typename Visitor>
void visit(const Json& parameters, const Visitor& visitor) {
  for (const auto& [name, value] : parameters.items())
    if (value.is_object())
      for (const auto& [key, text] : value.items())
        visitor(name, key, text);
    else
      visitor("", name, value);
}

} // namespace

Columns::Columns(const std::vector<GridPoint>& points) : n_points(points.size()) {
  const auto add = [&](const std::string& name) {
    computed.push_back(name);
    columns.push_back({ name, std::vector<double>(n_points, unknown) });
    spellings.emplace_back(name, name);
  };
  for (const char* const name : rates)
    add(name);
  for (const char* const name : errors)
    add(name);
  for (const char* const name : quantities)
    add(name);
  for (const char* const name : noise)
    add(name);

  std::map<std::string, std::vector<std::string>> short_names; // and the columns they may mean
  for (std::size_t p = 0; p < n_points; ++p)
    visit(points[p].parameters,
          [&](const std::string& section, const std::string& key, const Json& text) {
            const std::string path = section.empty() ? key : section + "." + key;
            const std::string identifier = as_word(path);
            texts.try_emplace(identifier, n_points).first->second[p] = text;
            const auto value = number(text);
            if (!value) return;
            std::size_t i = find(identifier);
            if (i == columns.size()) {
              columns.push_back({ identifier, std::vector<double>(n_points, unknown) });
              spellings.emplace_back(path, identifier);
              if (!section.empty()) {
                spellings.emplace_back(section + "/" + key, identifier);
                short_names[key].push_back(identifier);
              }
            }
            columns[i].values[p] = *value;
          });
  for (const auto& [name, meanings] : short_names)
    if (meanings.size() == 1 && find(as_word(name)) == columns.size())
      spellings.emplace_back(name, meanings[0]);
  for (std::size_t i = 0, n = spellings.size(); i < n; ++i)
    spellings.emplace_back(as_word(spellings[i].first), spellings[i].second);
  std::stable_sort(spellings.begin(), spellings.end(),
                   [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
}

std::size_t Columns::find(const std::string& identifier) const {
  const auto found = std::find_if(columns.begin(), columns.end(), [&](const Column& column) {
    return column.identifier == identifier;
  });
  return found - columns.begin();
}

void Columns::set(const std::string& identifier, const std::size_t point, const Json& value) {
  if (value.is_number()) columns[find(identifier)].values[point] = value.get<double>();
}

void Columns::set(const std::size_t point, const Json& record) {
  if (!record.contains("result")) return;
  const Json& result = record["result"];
  set("log_rate", point, result["escape_rate"]["log"]);
  set("rate", point, result["escape_rate"]["value"]);
  set("tau", point, result["mean_escape_time"]);
  set("relative_error", point, result["escape_rate"]["relative_error"]);
  set("unknowns", point, result["discretization"]["dofs"]);
  for (const char* const name : quantities)
    if (record["quantities"].contains(name)) set(name, point, record["quantities"][name]);
  for (const char* const name : noise)
    if (result["noise"].contains(name)) set(name, point, result["noise"][name]);
  set_formulas(point, result["formulas"]);
}

void Columns::set_formulas(const std::size_t point, const Json& record) {
  for (const Json& entry : record) {
    const std::string name = entry["name"];
    auto formula = std::find_if(formulas.begin(), formulas.end(),
                                [&](const FormulaColumn& column) { return column.name == name; });
    if (formula == formulas.end())
      formula = formulas.insert(formula, { name, std::vector<double>(n_points, unknown),
                                           std::vector<double>(n_points, unknown),
                                           std::vector<bool>(n_points, false) });
    if (entry["log_rate"].is_number()) formula->log_rate[point] = entry["log_rate"];
    if (entry["ratio"].is_number()) formula->ratio[point] = entry["ratio"];
    formula->applicable[point] = entry["applicable"];
  }
}

/// The formula with every name as one word.
std::string Columns::identified(const std::string& formula) const {
  std::string text;
  for (std::size_t i = 0; i < formula.size();) {
    const bool begins = is_word(formula[i]) && (i == 0 || !is_word(formula[i - 1]));
    const auto spelling =
      std::find_if(spellings.begin(), spellings.end(), [&](const auto& candidate) {
        const std::string& name = candidate.first;
        const std::size_t end = i + name.size();
        return begins && formula.compare(i, name.size(), name) == 0 &&
               (end == formula.size() || !is_word(formula[end]));
      });
    if (spelling == spellings.end())
      text += formula[i++];
    else {
      text += spelling->second;
      i += spelling->first.size();
    }
  }
  return text;
}

std::vector<double> Columns::evaluate(const std::string& key, const std::string& formula,
                                      const std::vector<Column>& data) const {
  FormulaNames names;
  names.coordinates.clear();
  std::vector<const double*> inputs;
  for (const Column& column : data) {
    names.coordinates.push_back(column.identifier);
    inputs.push_back(column.values.data());
  }
  const Expression expression(key, identified(formula), names, static_cast<int>(data.size()));
  std::vector<double> result(n_points);
  double* const output = result.data();
  expression.value().evaluate(inputs.data(), n_points, &output);
  return result;
}

std::vector<double> Columns::evaluate(const std::string& key, const std::string& formula) const {
  return evaluate(key, formula, columns);
}

std::vector<double> Columns::evaluate(const std::string& key, const std::string& formula,
                                      const std::vector<double>& log_rate) const {
  std::vector<Column> data = columns;
  data[find("log_rate")].values = log_rate;
  for (std::size_t p = 0; p < n_points; ++p) {
    data[find("rate")].values[p] = std::exp(log_rate[p]);
    data[find("tau")].values[p] = std::exp(-log_rate[p]);
  }
  return evaluate(key, formula, data);
}

const std::vector<double>& Columns::column(const std::string& name) const {
  return columns[find(name)].values;
}

std::vector<std::string> Columns::labels(const std::string& key, const std::string& name) const {
  const std::size_t i = find(identified(name));
  if (i < columns.size()) {
    std::vector<std::string> result;
    for (const double value : columns[i].values)
      result.push_back(format_rounded(value));
    return result;
  }
  const auto found = texts.find(as_word(name));
  if (found != texts.end()) return found->second;
  std::string known;
  for (const Column& column : columns)
    known += (known.empty() ? "" : ", ") + column.identifier;
  throw InputError(key, name,
                   "there is no such column (known: " + known + ", and all other parameters)");
}

} // namespace fokker_planck
