// Rates between valleys and to the exit: a continuous-time Markov chain on the pinned wells.
#pragma once

#include <vector>

namespace fokker_planck {

/// Long double for its range of exponents: rates of one chain differ by hundreds of orders of
/// magnitude.
struct RateMatrix {
  /// rate[l][m] is the rate from well m to well l != m; the methods do not use the diagonal. Rates
  /// between wells without a direct connection may be slightly negative, by the error of the
  /// discretization.
  std::vector<std::vector<long double>> rate;

  /// exit[m] is the rate from well m to the absorbing boundary.
  std::vector<long double> exit;

  /// Solves (sum_l rate[l][m] + exit[m]) t_m - sum_l rate[m][l] t_l = b_m for b >= 0.
  ///
  /// Method: Gaussian elimination of one well after another in which every diagonal entry is formed
  /// anew as a sum of outgoing rates. With rates >= 0 nothing is subtracted, so each t_m has full
  /// relative accuracy. Reference: W. K. Grassmann, M. I. Taksar, D. P. Heyman, Oper. Res. 33
  /// (1985) 1107. Throws NotConverged if the rate out of a well is not positive.
  std::vector<long double> solve(std::vector<long double> b) const;

  /// The same with the transposed matrix: sum_m R_ml t_m = b_l.
  std::vector<long double> solve_transposed(const std::vector<long double>& b) const;

  /// The nonnegative t, t_0 = 1, of (rates applied to t) = lambda S t for the smallest lambda: the
  /// populations of the slowest mode, for overlap[l][m] = S_lm >= 0.
  std::vector<long double> slowest_mode(const std::vector<std::vector<long double>>& overlap) const;
};

} // namespace fokker_planck
