#include "postprocess/commands/sweep/law.h"

#include "problems/base/input_error.h"
#include "problems/base/text.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace fokker_planck {

namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// The end of a text that begins with a keyword, without it; removed from the text.
std::optional<std::string> cut_off(std::string& text, const std::string& keyword) {
  const auto begin = text.find(keyword);
  if (begin == std::string::npos) return {};
  std::string rest = trim(text.substr(begin + keyword.size()));
  text = trim(text.substr(0, begin));
  return rest;
}

std::vector<double> pick(const std::vector<double>& values,
                         const std::vector<std::size_t>& points) {
  std::vector<double> picked;
  for (const std::size_t p : points)
    picked.push_back(values[p]);
  return picked;
}

/// The line through the pairs that are finite; NaN if there are less than two.
Line fit_finite(const std::vector<double>& x, const std::vector<double>& y) {
  std::vector<double> u, v;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (std::isfinite(x[i]) && std::isfinite(y[i])) {
      u.push_back(x[i]);
      v.push_back(y[i]);
    }
  return fit_line(u, v);
}

/// The points of every combination of the values of some columns, in the order in which these
/// occur.
std::vector<FittedLine> group(const Law& law, const Columns& columns,
                              const std::vector<std::size_t>& points) {
  std::vector<FittedLine> groups;
  std::vector<std::vector<std::string>> labels;
  for (const std::string& name : law.by)
    labels.push_back(columns.labels(law.key, name));
  for (const std::size_t p : points) {
    std::vector<std::pair<std::string, std::string>> values;
    for (std::size_t i = 0; i < law.by.size(); ++i)
      values.emplace_back(law.by[i], labels[i][p]);
    auto found = std::find_if(groups.begin(), groups.end(), [&](const FittedLine& candidate) {
      return candidate.group == values;
    });
    if (found == groups.end()) {
      groups.push_back({ values, {}, {}, {}, {}, unknown, 0, unknown, {} });
      found = groups.end() - 1;
    }
    found->points.push_back(p);
  }
  return groups;
}

void compare_with_theory(const Law& law, const Columns& columns, FittedLine& line) {
  const auto values = pick(columns.evaluate(law.key, *law.theory), line.points);
  const auto [least, largest] = std::minmax_element(values.begin(), values.end());
  line.theory = std::accumulate(values.begin(), values.end(), 0.) / values.size();
  line.theory_spread = *largest - *least;
  if (!law.error) return;
  const auto errors = pick(columns.evaluate(law.key, *law.error), line.points);
  line.allowed = *std::max_element(errors.begin(), errors.end());
}

} // namespace

bool FittedLine::agrees() const {
  return std::fabs(line.slope - theory) <= allowed;
}

Law parse_law(const std::string& key, const std::string& text) {
  Law law;
  law.key = key;
  law.text = one_line(trim(text));
  std::string rest = " " + law.text + " ";
  law.error = cut_off(rest, " error:");
  law.theory = cut_off(rest, " theory:");
  const auto by = cut_off(rest, " by ");
  const auto sides = split(rest, '~');
  const auto fail = [&](const std::string& what) { throw InputError(key, law.text, what); };
  const std::string syntax =
    "RESPONSE ~ REGRESSOR [by PARAMETER, ...] [theory: SLOPE] [error: DIFFERENCE] is needed";
  if (sides.size() != 2 || sides[0].empty() || sides[1].empty()) fail(syntax);
  if ((law.theory && law.theory->empty()) || (law.error && law.error->empty())) fail(syntax);
  if (law.error && !law.theory) fail("'error:' needs a 'theory:' before it");
  law.response = sides[0];
  law.regressor = sides[1];
  if (by) law.by = split(*by, ',');
  if (by && (law.by.empty() || std::count(law.by.begin(), law.by.end(), ""))) fail(syntax);
  return law;
}

std::vector<FittedLine> fit(const Law& law, const Columns& columns,
                            const std::vector<bool>& usable) {
  const auto y = columns.evaluate(law.key, law.response);
  const auto x = columns.evaluate(law.key, law.regressor);
  if (law.theory) columns.evaluate(law.key, *law.theory);
  if (law.error) columns.evaluate(law.key, *law.error);
  std::vector<std::size_t> points;
  for (std::size_t p = 0; p < usable.size(); ++p)
    if (usable[p] && std::isfinite(x[p]) && std::isfinite(y[p])) points.push_back(p);

  auto lines = group(law, columns, points);
  for (FittedLine& line : lines) {
    line.x = pick(x, line.points);
    line.y = pick(y, line.points);
    line.line = fit_line(line.x, line.y);
    if (law.theory) compare_with_theory(law, columns, line);
  }
  for (const FormulaColumn& formula : columns.get_formulas()) {
    std::vector<double> log_rate = formula.log_rate;
    for (std::size_t p = 0; p < log_rate.size(); ++p)
      if (!formula.applicable[p]) log_rate[p] = unknown;
    const auto all = columns.evaluate(law.key, law.response, log_rate);
    if (pick(all, points) == pick(y, points)) continue; // nothing that a formula speaks about
    for (FittedLine& line : lines) {
      FittedLine::Formula fitted{ formula.name, pick(all, line.points), {} };
      fitted.line = fit_finite(line.x, fitted.y);
      if (std::isfinite(fitted.line.slope)) line.formulas.push_back(fitted);
    }
  }
  return lines;
}

} // namespace fokker_planck
