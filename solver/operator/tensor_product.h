// Sums over tensor products of points and shape functions, direction by direction.
//
// The shape functions of a cell are products phi_i(x) = l_i1(x_1) ... l_id(x_d) of polynomials in
// one variable, and the quadrature points form a grid. Values and gradients at all m^d points then
// cost O(d m^(d+1)) operations instead of O(m^d n^d), n = k + 1, and the matrix of a cell
// O(m n^(2d)) instead of O(m^d n^(2d)).
// Source: S. A. Orszag, J. Comput. Phys. 37 (1980) 70; for matrices J. M. Melenk, K. Gerdes, C.
// Schwab, Comput. Methods Appl. Mech. Eng. 190 (2001) 4339.
#pragma once

#include "problems/base/pack.h"

#include <deal.II/base/quadrature.h>
#include <deal.II/lac/full_matrix.h>

#include <array>
#include <vector>

namespace fokker_planck {

/// Storage for packs, aligned as vector instructions need it.
class PackArray {
public:
  explicit PackArray(std::size_t size = 0) { resize(size); }
  PackArray(const PackArray&) = delete;
  PackArray& operator=(const PackArray&) = delete;
  PackArray(PackArray&&) = default;
  PackArray& operator=(PackArray&&) = default;

  /// Contents are lost; zero if the array was empty.
  void resize(std::size_t size);

  /// Makes it large enough. Contents are lost.
  void reserve(const std::size_t size) {
    if (size > n) resize(size);
  }
  std::size_t size() const { return n; }
  Pack* data() const { return begin; }
  Pack& operator[](const std::size_t i) const { return begin[i]; }

private:
  std::vector<double> storage;
  Pack* begin;
  std::size_t n;
};

template <int dim>
class TensorProduct {
public:
  /// degree: k of the Gauss-Lobatto elements; rule: the points along each direction.
  TensorProduct(unsigned int degree, const dealii::Quadrature<1>& rule);

  unsigned int n_nodes() const { return power(n, dim); }
  unsigned int n_points() const { return power(m, dim); }
  const dealii::Quadrature<1>& get_rule() const { return rule; }

  /// The place of node i of a cell (as deal.II numbers it) in the arrays below, which run through
  /// the nodes along the first direction first.
  unsigned int place(const unsigned int i) const { return places[i]; }

  /// Values (n_points) and gradients in the unit cell (dim times n_points, component after
  /// component), or one of both and null, of the functions, one in each place of a
  /// pack, with the given nodal values, at the quadrature points.
  void evaluate(const Pack* nodal, Pack* values, Pack* gradients) const;

  /// nodal_i = sum_q values_q phi_i + gradients_q . grad phi_i; one of both may be null. The
  /// transpose of evaluate().
  void integrate(const Pack* values, const Pack* gradients, Pack* nodal) const;

  /// What a shape function is to be multiplied by: itself or a derivative.
  static constexpr int value = -1;

  /// Adds sum_q c_q (d_a phi_i)(d_b phi_j) to pairs, where d_a is the derivative along direction a,
  /// or a = value. pairs: of length n_nodes^2, in an order that unpack() knows.
  void add_products(const std::vector<double>& coefficients, int a, int b,
                    std::vector<double>& pairs) const;

  /// Adds sum_q c_q (d_a phi_i)(d_b phi_i) to nodal_i.
  void add_diagonal(const Pack* coefficients, int a, int b, Pack* nodal) const;

  /// The matrix (i, j), in deal.II's numbering, of pairs; transposed: its transpose.
  void add_unpacked(const std::vector<double>& pairs, dealii::FullMatrix<double>& matrix,
                    bool transposed = false) const;

private:
  static unsigned int power(const unsigned int base, const int exponent) {
    return exponent == 0 ? 1 : base * power(base, exponent - 1);
  }

  const dealii::Quadrature<1> rule;
  const unsigned int n, m; ///< nodes and points per direction
  std::vector<unsigned int> places, pair_places;
  std::vector<double> values_of_points, slopes_of_points;     ///< l_i(x_q) and l_i'(x_q), q first
  std::vector<double> values_of_nodes, slopes_of_nodes;       ///< their transposes
  std::array<std::array<std::vector<double>, 2>, 2> products; ///< of values (0) and slopes (1)
  std::array<std::array<std::vector<double>, 2>, 2> squares;  ///< those of a node with itself
  mutable std::array<std::array<PackArray, dim + 1>, 2> buffers;
  mutable std::vector<double> scratch[2];
};

} // namespace fokker_planck
