#include "solver/analyses/metastable_spectrum.h"

#include "problems/base/input_error.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace fokker_planck {

namespace {

constexpr long double rounding = std::numeric_limits<long double>::epsilon();

LongMatrix identity(const std::size_t n) {
  LongMatrix result(n, std::vector<long double>(n, 0.L));
  for (std::size_t i = 0; i < n; ++i)
    result[i][i] = 1;
  return result;
}

LongMatrix product(const LongMatrix& a, const LongMatrix& b) {
  const std::size_t n = a.size();
  LongMatrix result(n, std::vector<long double>(n, 0.L));
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t k = 0; k < n; ++k)
      for (std::size_t j = 0; j < n; ++j)
        result[i][j] += a[i][k] * b[k][j];
  return result;
}

/// R = L D U with rows and columns in the order of elimination.
struct Factors {
  std::vector<std::size_t> order; ///< the states as they are eliminated
  LongMatrix lower, upper;
  std::vector<long double> diagonal;
};

Factors factorize(const RateMatrix& rates, const LongMatrix& overlaps) {
  const std::size_t n = rates.exit.size();
  auto r = rates.rate;
  auto exit = rates.exit;
  Factors factors{ {}, identity(n), identity(n), std::vector<long double>(n) };
  std::vector<std::size_t> left(n), place(n);
  std::iota(left.begin(), left.end(), 0);
  const auto outflow = [&](const std::size_t k) {
    long double sum = exit[k];
    for (const std::size_t l : left)
      if (l != k) sum += r[l][k];
    return sum;
  };
  LongMatrix below(n, std::vector<long double>(n, 0.L)), right = below;
  while (!left.empty()) {
    const auto chosen =
      std::max_element(left.begin(), left.end(), [&](const std::size_t a, const std::size_t b) {
        return outflow(a) / overlaps[a][a] < outflow(b) / overlaps[b][b];
      });
    const std::size_t k = *chosen;
    const long double out = outflow(k);
    if (!(out > 0) || !std::isfinite(out))
      throw MeshTooCoarse("no probability leaves one of the valleys: the computed outgoing rate is "
                          "not positive (the mesh is too coarse)");
    left.erase(chosen);
    place[k] = factors.order.size();
    factors.order.push_back(k);
    factors.diagonal[place[k]] = out;
    for (const std::size_t l : left) {
      below[l][k] = -r[l][k] / out;
      right[k][l] = -r[k][l] / out;
    }
    for (const std::size_t m : left) {
      exit[m] -= exit[k] * right[k][m];
      for (const std::size_t l : left)
        if (l != m) r[l][m] += below[l][k] * right[k][m] * out;
    }
  }
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < i; ++j) {
      factors.lower[i][j] = below[factors.order[i]][factors.order[j]];
      factors.upper[j][i] = right[factors.order[j]][factors.order[i]];
    }
  return factors;
}

/// Solves S x = b for all columns b of a matrix, by elimination with pivots from the diagonal after
/// S has been scaled to have ones there.
LongMatrix solve(LongMatrix s, LongMatrix b) {
  const std::size_t n = s.size();
  std::vector<long double> scale(n);
  for (std::size_t i = 0; i < n; ++i) {
    if (!(s[i][i] > 0)) throw MeshTooCoarse("a valley has no probability (the mesh is too coarse)");
    scale[i] = 1 / std::sqrt(s[i][i]);
  }
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) {
      s[i][j] *= scale[i] * scale[j];
      b[i][j] *= scale[i];
    }
  for (std::size_t k = 0; k < n; ++k)
    for (std::size_t i = k + 1; i < n; ++i) {
      const long double factor = s[i][k] / s[k][k];
      for (std::size_t j = k; j < n; ++j)
        s[i][j] -= factor * s[k][j];
      for (std::size_t j = 0; j < n; ++j)
        b[i][j] -= factor * b[k][j];
    }
  for (std::size_t k = n; k-- > 0;)
    for (std::size_t j = 0; j < n; ++j) {
      for (std::size_t i = k + 1; i < n; ++i)
        b[k][j] -= s[k][i] * b[i][j];
      b[k][j] /= s[k][k];
    }
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      b[i][j] *= scale[i];
  return b;
}

/// C^-1 b with S = C C^T, C lower triangular.
LongMatrix solve_with_root(LongMatrix s, LongMatrix b) {
  const std::size_t n = s.size();
  for (std::size_t k = 0; k < n; ++k) {
    for (std::size_t i = k; i < n; ++i)
      for (std::size_t j = 0; j < k; ++j)
        s[i][k] -= s[i][j] * s[k][j];
    if (!(s[k][k] > 0))
      throw MeshTooCoarse("two valleys cannot be told from each other (the mesh is too coarse)");
    const long double root = std::sqrt(s[k][k]);
    for (std::size_t i = k; i < n; ++i)
      s[i][k] /= root;
  }
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) {
      for (std::size_t k = 0; k < i; ++k)
        b[i][j] -= s[i][k] * b[k][j];
      b[i][j] /= s[i][i];
    }
  return b;
}

/// The squares of the singular values of a matrix: its columns are rotated until they are
/// orthogonal.
std::vector<std::complex<long double>> squared_singular_values(LongMatrix b) {
  const std::size_t n = b.size();
  const auto dot = [&](const std::size_t p, const std::size_t q) {
    long double sum = 0;
    for (std::size_t i = 0; i < n; ++i)
      sum += b[i][p] * b[i][q];
    return sum;
  };
  bool rotated = true;
  for (unsigned int sweep = 0; rotated && sweep < 100; ++sweep) {
    rotated = false;
    for (std::size_t p = 0; p < n; ++p)
      for (std::size_t q = p + 1; q < n; ++q) {
        const long double pp = dot(p, p), qq = dot(q, q), pq = dot(p, q);
        if (std::fabs(pq) <= 4 * rounding * std::sqrt(pp) * std::sqrt(qq)) continue;
        rotated = true;
        const long double zeta = (qq - pp) / (2 * pq);
        const long double t = (zeta < 0 ? -1 : 1) / (std::fabs(zeta) + std::hypot(1.L, zeta));
        const long double c = 1 / std::hypot(1.L, t), s = c * t;
        for (std::size_t i = 0; i < n; ++i) {
          const long double old = b[i][p];
          b[i][p] = c * old - s * b[i][q];
          b[i][q] = s * old + c * b[i][q];
        }
      }
  }
  std::vector<std::complex<long double>> squares;
  for (std::size_t p = 0; p < n; ++p)
    squares.emplace_back(dot(p, p));
  return squares;
}

/// Q and R of a matrix by Givens rotations; returns R Q, which is similar to it.
LongMatrix qr_step(LongMatrix x) {
  const std::size_t n = x.size();
  struct Rotation {
    std::size_t i, j;
    long double c, s;
  };
  std::vector<Rotation> rotations;
  for (std::size_t j = 0; j < n; ++j)
    for (std::size_t i = n; i-- > j + 1;) {
      const long double size = std::hypot(x[j][j], x[i][j]);
      if (x[i][j] == 0 || size == 0) continue;
      const Rotation r{ i, j, x[j][j] / size, x[i][j] / size };
      for (std::size_t k = 0; k < n; ++k) {
        const long double upper = x[j][k];
        x[j][k] = r.c * upper + r.s * x[i][k];
        x[i][k] = r.c * x[i][k] - r.s * upper;
      }
      rotations.push_back(r);
    }
  for (const Rotation& r : rotations)
    for (std::size_t k = 0; k < n; ++k) {
      const long double left = x[k][r.j];
      x[k][r.j] = r.c * left + r.s * x[k][r.i];
      x[k][r.i] = r.c * x[k][r.i] - r.s * left;
    }
  return x;
}

/// Eigenvalues of a matrix whose large ones come first, by QR iteration without shifts: where two
/// moduli stay too close to be separated, they are those of a block of two.
std::vector<std::complex<long double>> graded_eigenvalues(LongMatrix x) {
  const std::size_t n = x.size();
  const auto coupling = [&](const std::size_t i) { // of i and i + 1
    const long double scale = std::sqrt(std::fabs(x[i][i])) * std::sqrt(std::fabs(x[i + 1][i + 1]));
    return scale > 0 ? std::sqrt(std::fabs(x[i + 1][i])) * std::sqrt(std::fabs(x[i][i + 1])) / scale
                     : 1;
  };
  const double most_steps = std::clamp(4e9 / std::pow(static_cast<double>(n), 3), 20., 2000.);
  for (unsigned int step = 0; step < most_steps; ++step) {
    x = qr_step(std::move(x));
    bool separated = true;
    for (std::size_t i = 0; i + 1 < n; ++i)
      separated = separated && coupling(i) < 1e-9L;
    if (separated) break;
  }
  std::vector<std::complex<long double>> values;
  for (std::size_t i = 0; i < n; ++i) {
    if (i + 1 == n || coupling(i) < 1e-9L) {
      values.emplace_back(x[i][i]);
      continue;
    }
    const std::complex<long double> half_difference = (x[i][i] - x[i + 1][i + 1]) / 2,
                                    mean = (x[i][i] + x[i + 1][i + 1]) / 2;
    const auto root = std::sqrt(half_difference * half_difference + x[i][i + 1] * x[i + 1][i]);
    values.push_back(mean + root);
    values.push_back(mean - root);
    ++i;
  }
  return values;
}

} // namespace

std::vector<std::complex<long double>> metastable_eigenvalues(const RateMatrix& rates,
                                                              const LongMatrix& overlaps,
                                                              const Symmetry symmetry) {
  const Factors factors = factorize(rates, overlaps);
  const std::size_t n = factors.order.size();
  LongMatrix s = overlaps, lower = factors.lower;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      s[i][j] = overlaps[factors.order[i]][factors.order[j]];
  const auto root = [&](const std::size_t i) { return std::sqrt(factors.diagonal[i]); };
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      lower[i][j] *= root(j);
  std::vector<std::complex<long double>> values;
  if (symmetry == Symmetry::symmetric)
    values = squared_singular_values(solve_with_root(std::move(s), std::move(lower)));
  else {
    LongMatrix x = product(factors.upper, solve(std::move(s), std::move(lower)));
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j)
        x[i][j] *= root(i);
    values = graded_eigenvalues(std::move(x));
  }
  std::sort(values.begin(), values.end(), [](const auto& a, const auto& b) {
    return std::abs(a) < std::abs(b) || (std::abs(a) == std::abs(b) && a.imag() < b.imag());
  });
  return values;
}

std::vector<long double> stationary_vector(const RateMatrix& rates) {
  // Elimination of one state after another; what is left is the flux balance of the states before.
  const std::size_t n = rates.exit.size();
  auto r = rates.rate;
  std::vector<long double> outflow(n), t(n);
  for (auto& row : r)
    for (long double& rate : row)
      rate = std::max(rate, 0.L);
  for (std::size_t k = n; k-- > 1;) {
    for (std::size_t l = 0; l < k; ++l)
      outflow[k] += r[l][k];
    if (!(outflow[k] > 0) || !std::isfinite(outflow[k])) return {};
    for (std::size_t m = 0; m < k; ++m)
      for (std::size_t l = 0; l < k; ++l)
        if (l != m) r[l][m] += r[l][k] * (r[k][m] / outflow[k]);
  }
  t[0] = 1;
  for (std::size_t k = 1; k < n; ++k) {
    for (std::size_t m = 0; m < k; ++m)
      t[k] += r[k][m] * t[m];
    t[k] /= outflow[k];
  }
  const long double sum = std::accumulate(t.begin(), t.end(), 0.L);
  for (long double& entry : t)
    entry /= sum;
  return t;
}

} // namespace fokker_planck
