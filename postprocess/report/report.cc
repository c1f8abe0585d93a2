#include "postprocess/results/result.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdio>
#include <ostream>

namespace fokker_planck {

namespace {

using Json = nlohmann::ordered_json;

template <typename... Values>
std::string print(const char* format, const Values... values) {
  char buffer[400];
  std::snprintf(buffer, sizeof buffer, format, values...);
  return buffer;
}

/// exp(log) in scientific notation, also outside the range of a double.
std::string exponential(const double log, const int digits) {
  if (std::fabs(log) < 690) return print("%.*e", digits, std::exp(log));
  const double decimal = log / std::log(10.), exponent = std::floor(decimal);
  return print("%.*fe%+.0f", digits, std::pow(10., decimal - exponent), exponent);
}

std::string point(const Json& coordinates) {
  std::string text;
  for (const auto& coordinate : coordinates) {
    const double value = coordinate;
    text += print(text.empty() ? "%.5g" : ", %.5g", std::fabs(value) < 1e-12 ? 0. : value);
  }
  return "(" + text + ")";
}

void print_rate(std::ostream& stream, const Json& rate) {
  const double log_rate = rate["log"];
  if (!rate["converged"])
    stream << "  NOT CONVERGED: the estimated error exceeds Discretization/Tolerance\n\n";
  stream << "  escape rate       " << exponential(log_rate, 10);
  if (!rate["relative_error"].is_null())
    stream << print("  +- %.0e relative", rate["relative_error"].get<double>());
  stream << print("  (log = %.12g)\n", log_rate) << "  mean escape time  "
         << exponential(-log_rate, 10) << "\n";
}

void print_convergence(std::ostream& stream, const Json& levels) {
  stream << "\n  cells     unknowns  rate              relative error  seconds\n";
  for (const auto& level : levels) {
    stream << print("  %-8ld  %-8ld  ", level["cells"].get<long>(), level["unknowns"].get<long>());
    if (level["log_rate"].is_null())
      stream << "mesh too coarse   -             ";
    else
      stream << print("%-16s  %-14.1e", exponential(level["log_rate"], 9).c_str(),
                      level["relative_error"].is_null() ? NAN
                                                        : level["relative_error"].get<double>());
    stream << print("  %.2f\n", level["seconds"].get<double>());
  }
}

/// Those that apply with their references, then the others with what speaks against them.
void print_formulas(std::ostream& stream, const Json& formulas) {
  stream << "\n  formula                        rate          computed/formula  with next order\n";
  for (const auto& formula : formulas)
    if (formula["applicable"]) {
      const auto& corrected = formula["corrected_ratio"];
      stream << print("  %-29s  %-12s  %-16.9g  ", formula["name"].get<std::string>().c_str(),
                      exponential(formula["log_rate"], 5).c_str(), formula["ratio"].get<double>())
             << (corrected.is_null() ? print("%-15s  ", "-")
                                     : print("%-15.9g  ", corrected.get<double>()))
             << "(" << formula["reason"].get<std::string>() << ")\n"
             << print("  %-29s  ", "") << formula["reference"].get<std::string>() << "\n";
    }
  for (const auto& formula : formulas)
    if (!formula["applicable"])
      stream << print("  %-29s  not applicable: ", formula["name"].get<std::string>().c_str())
             << formula["reason"].get<std::string>() << "\n";
}

} // namespace

void print_report(std::ostream& stream, const Json& result) {
  print_rate(stream, result["escape_rate"]);

  const auto& noise = result["noise"];
  stream << "  detailed balance  "
         << (result["detailed_balance"] ? "holds" : "broken: a current circulates") << "\n";
  for (const char* key : { "T_e", "T_e_at_exit", "T_a", "T_b", "critical_dimension" })
    if (noise.contains(key)) stream << print("  %-16s  %.8g\n", key, noise[key].get<double>());

  stream << "\n  exit      flux              probability\n";
  for (const auto& exit : result["exit"])
    stream << print("  %-8s  %-16.9e  %.9g\n", exit["boundary"].get<std::string>().c_str(),
                    exit["flux"].get<double>(), exit["probability"].get<double>());

  if (result["critical_points"].empty())
    stream << "\n  No critical points were found in the domain.\n";
  else
    stream << "\n  critical point  loss          position\n";
  for (const auto& critical : result["critical_points"])
    stream << print("  %-14s  %-12.6g  ", critical["kind"].get<std::string>().c_str(),
                    critical["loss"].get<double>())
           << point(critical["position"]) << "\n";
  if (result["n_valleys"] > 1)
    stream
      << "  The domain holds " << result["n_valleys"].get<int>()
      << " valleys; the rate is that of leaving all of them. Formulas are for the valley\n  at "
      << point(result["start"]) << ".\n";
  bool has_minimum = false;
  for (const auto& critical : result["critical_points"])
    has_minimum = has_minimum || critical["kind"] == "minimum";
  if (!has_minimum)
    stream << "  There is no minimum inside the domain; escape formulas do not apply.\n";

  print_formulas(stream, result["formulas"]);
  if (result["convergence"].size() > 1) print_convergence(stream, result["convergence"]);
  const auto& discretization = result["discretization"];
  const auto& time = result["time_seconds"];
  stream << print("\n  degree %d, %d cells, %d unknowns; %s, %d iterations, residual %.1e\n",
                  discretization["degree"].get<int>(), discretization["cells"].get<int>(),
                  discretization["dofs"].get<int>(),
                  result["solver"]["method"].get<std::string>().c_str(),
                  result["solver"]["iterations"].get<int>(),
                  result["solver"]["residual"].get<double>())
         << print("  assembly %.2f s, solve %.2f s, total %.2f s\n", time["assembly"].get<double>(),
                  time["solve"].get<double>(), time["total"].get<double>());
}

} // namespace fokker_planck
