// The straight line through points.
#pragma once

#include <vector>

namespace fokker_planck {

/// y = intercept + slope x with the least sum of squares. NaN marks what the points do not
/// determine: everything with less than two different x, errors with less than three points, R^2 if
/// all y are equal.
///
/// The standard errors are the usual ones, from the scatter around the line, (sum of squares / (N -
/// 2))^(1/2). Computed points do not scatter: their deviations are the curvature of the law, that
/// is, what it neglects.
struct Line {
  double slope, intercept;
  double slope_error, intercept_error; ///< standard errors
  double r_squared;
};

/// Equal numbers of finite x and y.
Line fit_line(const std::vector<double>& x, const std::vector<double>& y);

} // namespace fokker_planck
