#include "postprocess/commands/sweep/least_squares.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace fokker_planck {

Line fit_line(const std::vector<double>& x, const std::vector<double>& y) {
  constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  Line line{ unknown, unknown, unknown, unknown, unknown };
  const std::size_t n = x.size();
  if (n < 2 || std::all_of(x.begin(), x.end(), [&](const double value) { return value == x[0]; }))
    return line;
  long double x_mean = 0, y_mean = 0, xx = 0, xy = 0, yy = 0, rest = 0;
  for (std::size_t i = 0; i < n; ++i) {
    x_mean += static_cast<long double>(x[i]) / n;
    y_mean += static_cast<long double>(y[i]) / n;
  }
  for (std::size_t i = 0; i < n; ++i) {
    xx += (x[i] - x_mean) * (x[i] - x_mean);
    xy += (x[i] - x_mean) * (y[i] - y_mean);
    yy += (y[i] - y_mean) * (y[i] - y_mean);
  }
  const long double slope = xy / xx;
  for (std::size_t i = 0; i < n; ++i) {
    const long double difference = (y[i] - y_mean) - slope * (x[i] - x_mean);
    rest += difference * difference;
  }
  line.slope = static_cast<double>(slope);
  line.intercept = static_cast<double>(y_mean - slope * x_mean);
  if (yy > 0) line.r_squared = static_cast<double>(1 - rest / yy);
  if (n < 3) return line;
  const long double variance = rest / (n - 2);
  line.slope_error = static_cast<double>(std::sqrt(variance / xx));
  line.intercept_error =
    static_cast<double>(std::sqrt(variance * (1.L / n + x_mean * x_mean / xx)));
  return line;
}

} // namespace fokker_planck
