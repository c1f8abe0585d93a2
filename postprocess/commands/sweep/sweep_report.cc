#include "postprocess/commands/sweep/sweep_report.h"

#include "postprocess/commands/sweep/table.h"
#include "problems/base/format.h"

#include <algorithm>
#include <cmath>
#include <ostream>

namespace fokker_planck {

namespace {

/// A number in a column; a dash if there is none.
std::string cell(const char* const pattern, const double value, const int width) {
  return format("%-*s", width, std::isfinite(value) ? format(pattern, value).c_str() : "-");
}

void print_row(std::ostream& stream, const std::string& name, const Line& line,
               const FittedLine& fitted) {
  const double difference = line.slope - fitted.theory;
  stream << format("  %-31s  ", name.c_str()) << cell("%.8g", line.slope, 14) << "  "
         << cell("%.1e", line.slope_error, 8) << "  " << cell("%.8g", fitted.theory, 14) << "  "
         << cell("%+.3g %%", 100 * difference / std::fabs(fitted.theory), 10) << "  "
         << cell("%+.3g", difference / line.slope_error, 9) << "  "
         << cell("%.8f", line.r_squared, 10);
}

std::string verdict(const FittedLine& fitted) {
  const std::string limit = fitted.theory != 0
                              ? format("%.2g %%", 100 * fitted.allowed / std::fabs(fitted.theory))
                              : format("%.2g", fitted.allowed);
  return fitted.agrees() ? "agrees within " + limit : "DIFFERS by more than " + limit;
}

void print_line(std::ostream& stream, const FittedLine& fitted) {
  std::string name;
  for (const auto& [column, value] : fitted.group)
    name += (name.empty() ? "" : ", ") + column + " = " + value;
  print_row(stream, name.empty() ? "computed" : name, fitted.line, fitted);
  if (std::isfinite(fitted.allowed)) stream << "  " << verdict(fitted);
  stream << "\n";
  for (const auto& formula : fitted.formulas) {
    print_row(stream, "  " + formula.name, formula.line, fitted);
    stream << "\n";
  }
  if (std::isfinite(fitted.theory) && fitted.theory_spread > 1e-6 * std::fabs(fitted.theory))
    stream << format("    the theory's slope varies by %.2g over the points; its mean is used\n",
                     fitted.theory_spread);
}

} // namespace

void print_sweep(std::ostream& stream, const SweepResult& result) {
  for (std::size_t i = 0; i < result.laws.size(); ++i) {
    const Law& law = result.laws[i];
    stream << "\n  " << law.response << " ~ " << law.regressor << "\n"
           << format("  %-31s  %-14s  %-8s  %-14s  %-10s  %-9s  %s\n", "", "slope", "s.e.",
                     "theory", "difference", "in s.e.", "R^2");
    for (const FittedLine& line : result.lines[i])
      print_line(stream, line);
    if (result.lines[i].empty()) stream << "  no point can be used\n";
  }
  if (!result.laws.empty())
    stream << "\n  s.e.: standard error of least squares. Computed points do not scatter: it "
              "measures the curvature\n  that the asymptotic law neglects, not an uncertainty.\n";
  stream << "\n";
}

} // namespace fokker_planck
