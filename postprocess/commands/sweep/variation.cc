#include "postprocess/commands/sweep/variation.h"

#include "problems/base/format.h"
#include "problems/base/input_error.h"
#include "problems/base/text.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace fokker_planck {

namespace {

constexpr std::size_t most_points = 1000000;

const char* const syntax =
  "Section/Key = from:to:count, from:to:count:log or v1, v2, ... is needed";

double round_to_12_digits(const double number) {
  return std::strtod(format("%.12g", number).c_str(), nullptr);
}

std::vector<std::string> range(const std::string& key, const std::string& text) {
  const auto parts = split(text, ':');
  if (parts.size() < 3 || parts.size() > 4)
    throw InputError(key, text, "from:to:count or from:to:count:log is needed");
  const bool logarithmic = parts.size() == 4;
  if (logarithmic && parts[3] != "log")
    throw InputError(key, text,
                     "after from:to:count only ':log' can follow, not ':" + parts[3] + "'");
  const double from = parse_number(key + ": from", parts[0]);
  const double to = parse_number(key + ": to", parts[1]);
  const double count = parse_number(key + ": count", parts[2]);
  if (!(count >= 1 && count <= most_points && count == std::floor(count)))
    throw InputError(key + ": count", parts[2],
                     "an integer from 1 to " + std::to_string(most_points) + " is needed");
  if (logarithmic && !(from > 0 && to > 0))
    throw InputError(key, text, "equal ratios (log) need ends > 0");
  if (count == 1 && from != to)
    throw InputError(key, text, "one value cannot reach from " + parts[0] + " to " + parts[1]);
  const auto n = static_cast<std::size_t>(count);
  std::vector<std::string> values;
  for (std::size_t i = 0; i < n; ++i) {
    const double share = n > 1 ? static_cast<double>(i) / static_cast<double>(n - 1) : 0.;
    const double between = logarithmic ? std::exp(std::log(from) + share * std::log(to / from))
                                       : from + share * (to - from);
    values.push_back(format_number(i == 0 ? from : i + 1 == n ? to : round_to_12_digits(between)));
  }
  return values;
}

} // namespace

std::string Variation::column() const {
  std::string name = path;
  std::replace(name.begin(), name.end(), '/', '.');
  return name;
}

Variation parse_variation(const std::string& option, const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || trim(text.substr(0, equals)).empty())
    throw InputError(option, text, syntax);
  Variation variation;
  const std::string path = trim(text.substr(0, equals));
  const auto slash = path.find_first_of('/');
  variation.path = slash == std::string::npos
                     ? path
                     : trim(path.substr(0, slash)) + "/" + trim(path.substr(slash + 1));
  const std::string values = trim(text.substr(equals + 1)), key = option + " " + variation.path;
  if (values.empty()) throw InputError(option, text, syntax);
  const bool is_list = values.find_first_of(",|") != std::string::npos;
  if (!is_list && values.find(':') != std::string::npos)
    variation.values = range(key, values);
  else
    variation.values = split(values, values.find('|') != std::string::npos ? '|' : ',');
  auto sorted = variation.values;
  std::sort(sorted.begin(), sorted.end());
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
  if (twice != sorted.end())
    throw InputError(key, values, "the value '" + *twice + "' occurs more than once");
  return variation;
}

std::vector<std::vector<std::string>> full_grid(const std::string& option,
                                                const std::vector<Variation>& variations) {
  std::size_t n = 1;
  for (std::size_t i = 0; i < variations.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j)
      if (variations[i].path == variations[j].path)
        throw InputError(option + " " + variations[i].path + ": the parameter is varied twice");
    n *= variations[i].values.size();
    if (n > most_points)
      throw InputError(option + ": the grid has more than " + std::to_string(most_points) +
                       " points");
  }
  std::vector<std::vector<std::string>> points(n);
  for (std::size_t p = 0; p < n; ++p) {
    std::size_t rest = p;
    for (std::size_t i = variations.size(); i-- > 0;) {
      const auto& values = variations[i].values;
      points[p].insert(points[p].begin(), values[rest % values.size()]);
      rest /= values.size();
    }
  }
  return points;
}

} // namespace fokker_planck
