#include "solver/operator/rate_matrix.h"

#include "problems/base/input_error.h"

#include <cmath>

namespace fokker_planck {

std::vector<long double> RateMatrix::solve(std::vector<long double> b) const {
  const std::size_t n = exit.size();
  auto r = rate;
  auto e = exit;
  std::vector<long double> diagonal(n), t(n);
  for (std::size_t k = n; k-- > 0;) {
    long double out = e[k];
    for (std::size_t l = 0; l < k; ++l)
      out += r[l][k];
    if (!(out > 0) || !std::isfinite(out))
      throw MeshTooCoarse("no probability leaves one of the valleys: the computed outgoing rate is "
                          "not positive (the mesh is too coarse)");
    diagonal[k] = out;
    for (std::size_t m = 0; m < k; ++m) {
      const long double share = r[k][m] / out;
      e[m] += e[k] * share;
      for (std::size_t l = 0; l < k; ++l)
        if (l != m) r[l][m] += r[l][k] * share;
    }
    for (std::size_t l = 0; l < k; ++l)
      b[l] += r[l][k] / out * b[k];
  }
  for (std::size_t k = 0; k < n; ++k) {
    long double in = b[k];
    for (std::size_t m = 0; m < k; ++m)
      in += r[k][m] * t[m];
    t[k] = in / diagonal[k];
  }
  return t;
}

std::vector<long double> RateMatrix::solve_transposed(const std::vector<long double>& b) const {
  // Column by column of R^-1, which has no negative entries.
  const std::size_t n = exit.size();
  std::vector<long double> t(n, 0.L);
  for (std::size_t l = 0; l < n; ++l) {
    std::vector<long double> unit(n, 0.L);
    unit[l] = 1;
    const auto column = solve(unit);
    for (std::size_t m = 0; m < n; ++m)
      t[l] += column[m] * b[m];
  }
  return t;
}

std::vector<long double> RateMatrix::slowest_mode(
  const std::vector<std::vector<long double>>& overlap) const {
  const std::size_t n = exit.size();
  if (n == 1) return { 1.L };
  // Powers of T = rates^-1 S, by repeated squaring: all columns tend to the wanted vector. T >= 0,
  // so nothing is subtracted.
  std::vector<std::vector<long double>> power(n, std::vector<long double>(n));
  for (std::size_t m = 0; m < n; ++m) {
    std::vector<long double> column(n);
    for (std::size_t l = 0; l < n; ++l)
      column[l] = overlap[l][m];
    column = solve(column);
    for (std::size_t l = 0; l < n; ++l)
      power[l][m] = column[l];
  }
  for (unsigned int squaring = 0; squaring < 40; ++squaring) {
    auto square = power;
    long double largest = 0;
    for (std::size_t l = 0; l < n; ++l)
      for (std::size_t m = 0; m < n; ++m) {
        square[l][m] = 0;
        for (std::size_t k = 0; k < n; ++k)
          square[l][m] += power[l][k] * power[k][m];
        largest = std::max(largest, square[l][m]);
      }
    for (auto& row : square)
      for (long double& entry : row)
        entry /= largest;
    power = square;
  }
  std::vector<long double> t(n, 0.L);
  for (std::size_t l = 0; l < n; ++l)
    for (std::size_t m = 0; m < n; ++m)
      t[l] += power[l][m];
  for (std::size_t l = n; l-- > 0;)
    t[l] /= t[0];
  return t;
}

} // namespace fokker_planck
