#include "solver/operator/tensor_product.h"

#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/fe_tools.h>

#include <petscsys.h>

#include <petscblaslapack.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace fokker_planck {

namespace {

/// Sizes of a contraction out[a][q][b] = sum_i M[q][i] in[a][i][b].
struct Extents {
  unsigned int n_a, n_in, n_out, n_b;
};

/// Contracts the middle index with a matrix; add: adds to out.
FOKKER_PLANCK_CLONES
void contract(const double* const matrix, const Extents& sizes, const Pack* in, Pack* out,
              const bool add) {
  const unsigned int n_in = sizes.n_in, n_out = sizes.n_out, n_b = sizes.n_b;
  for (unsigned int a = 0; a < sizes.n_a; ++a, in += n_in * n_b, out += n_out * n_b)
    for (unsigned int b = 0; b < n_b; ++b) {
      unsigned int q = 0;
      for (; q + 4 <= n_out; q += 4) {
        const double* const row = matrix + q * n_in;
        Pack s0{}, s1{}, s2{}, s3{};
        for (unsigned int i = 0; i < n_in; ++i) {
          const Pack x = in[i * n_b + b];
          s0 += row[i] * x;
          s1 += row[n_in + i] * x;
          s2 += row[2 * n_in + i] * x;
          s3 += row[3 * n_in + i] * x;
        }
        Pack* const target = out + q * n_b + b;
        if (add) {
          s0 += target[0];
          s1 += target[n_b];
          s2 += target[2 * n_b];
          s3 += target[3 * n_b];
        }
        target[0] = s0;
        target[n_b] = s1;
        target[2 * n_b] = s2;
        target[3 * n_b] = s3;
      }
      for (; q < n_out; ++q) {
        Pack s{};
        for (unsigned int i = 0; i < n_in; ++i)
          s += matrix[q * n_in + i] * in[i * n_b + b];
        Pack& target = out[q * n_b + b];
        target = add ? target + s : s;
      }
    }
}

/// out[r][p] = sum_q M[p][q] in[q][r]: the first index is contracted, its successor comes last.
void contract_first(const std::vector<double>& matrix, const unsigned int n_p,
                    const unsigned int n_q, const unsigned int n_r, const double* const in,
                    double* const out, const double factor_of_out) {
  const auto p = static_cast<PetscBLASInt>(n_p), q = static_cast<PetscBLASInt>(n_q),
             r = static_cast<PetscBLASInt>(n_r);
  const double one = 1;
  BLASgemm_("T", "T", &p, &r, &q, &one, matrix.data(), &q, in, &r, &factor_of_out, out, &p);
}

std::vector<double> transpose(const std::vector<double>& matrix, const unsigned int n_rows) {
  const std::size_t n_columns = matrix.size() / n_rows;
  std::vector<double> result(matrix.size());
  for (unsigned int i = 0; i < n_rows; ++i)
    for (unsigned int j = 0; j < n_columns; ++j)
      result[j * n_rows + i] = matrix[i * n_columns + j];
  return result;
}

} // namespace

void PackArray::resize(const std::size_t size) {
  storage.resize((size + 1) * pack_size);
  const auto address = reinterpret_cast<std::uintptr_t>(storage.data());
  const std::uintptr_t excess = address % sizeof(Pack);
  begin = reinterpret_cast<Pack*>(address + (excess == 0 ? 0 : sizeof(Pack) - excess));
  n = size;
}

template <int dim>
TensorProduct<dim>::TensorProduct(const unsigned int degree, const dealii::Quadrature<1>& rule_)
  : rule(rule_), n(degree + 1), m(rule.size()),
    places(dealii::FETools::hierarchic_to_lexicographic_numbering<dim>(degree)),
    values_of_points(m * n), slopes_of_points(m * n) {
  const dealii::FE_Q<1> element(degree);
  const auto order = dealii::FETools::hierarchic_to_lexicographic_numbering<1>(degree);
  for (unsigned int q = 0; q < m; ++q)
    for (unsigned int i = 0; i < n; ++i) {
      values_of_points[q * n + order[i]] = element.shape_value(i, rule.point(q));
      slopes_of_points[q * n + order[i]] = element.shape_grad(i, rule.point(q))[0];
    }
  values_of_nodes = transpose(values_of_points, m);
  slopes_of_nodes = transpose(slopes_of_points, m);
  const std::vector<double>* const tables[] = { &values_of_nodes, &slopes_of_nodes };
  for (unsigned int a = 0; a < 2; ++a)
    for (unsigned int b = 0; b < 2; ++b)
      for (unsigned int i = 0; i < n; ++i)
        for (unsigned int j = 0; j < n; ++j)
          for (unsigned int q = 0; q < m; ++q) {
            const double product = (*tables[a])[i * m + q] * (*tables[b])[j * m + q];
            products[a][b].push_back(product);
            if (i == j) squares[a][b].push_back(product);
          }
  for (auto& set : buffers)
    for (PackArray& buffer : set)
      buffer.resize(power(std::max(n, m), dim));
  // A pair of nodes (i, j) has the pairs i_d n + j_d of the directions as digits to the base n^2.
  for (unsigned int i = 0; i < n_nodes(); ++i) {
    unsigned int rest = places[i], place = 0;
    for (unsigned int d = 0, factor = 1; d < dim; ++d, rest /= n, factor *= n * n)
      place += factor * n * (rest % n);
    pair_places.push_back(place);
  }
}

template <int dim>
void TensorProduct<dim>::evaluate(const Pack* nodal, Pack* values, Pack* gradients) const {
  // After direction d: the values and the derivatives along directions 0 to d.
  const Pack* before[dim + 1] = { nodal };
  for (int d = 0; d < dim; ++d) {
    const bool last = d == dim - 1;
    const Extents sizes{ power(n, dim - 1 - d), n, m, power(m, d) };
    Pack* after[dim + 1];
    for (int j = 0; j <= d + 1; ++j)
      after[j] = !last    ? buffers[d % 2][j].data()
                 : j == 0 ? values
                          : gradients + (j - 1) * n_points();
    if (after[0] != nullptr) contract(values_of_points.data(), sizes, before[0], after[0], false);
    if (gradients != nullptr) {
      for (int j = 1; j <= d; ++j)
        contract(values_of_points.data(), sizes, before[j], after[j], false);
      contract(slopes_of_points.data(), sizes, before[0], after[d + 1], false);
    }
    std::copy(after, after + d + 2, before);
  }
}

template <int dim>
void TensorProduct<dim>::integrate(const Pack* values, const Pack* gradients, Pack* nodal) const {
  const Pack* before[dim + 1] = { values };
  for (int j = 0; j < dim; ++j)
    before[j + 1] = gradients + j * n_points();
  for (int d = dim - 1; d >= 0; --d) {
    const Extents sizes{ power(n, dim - 1 - d), m, n, power(m, d) };
    Pack* after[dim + 1] = {};
    for (int j = 0; j <= d; ++j)
      after[j] = d == 0 ? nodal : buffers[d % 2][j].data();
    if (gradients != nullptr) {
      contract(slopes_of_nodes.data(), sizes, before[d + 1], after[0], false);
      for (int j = 1; j <= d; ++j)
        contract(values_of_nodes.data(), sizes, before[j], after[j], false);
    }
    if (before[0] != nullptr)
      contract(values_of_nodes.data(), sizes, before[0], after[0], gradients != nullptr);
    std::copy(after, after + d + 1, before);
  }
}

template <int dim>
void TensorProduct<dim>::add_diagonal(const Pack* coefficients, const int a, const int b,
                                      Pack* nodal) const {
  const Pack* in = coefficients;
  for (int d = dim - 1; d >= 0; --d) {
    const Extents sizes{ power(n, dim - 1 - d), m, n, power(m, d) };
    Pack* const out = d == 0 ? nodal : buffers[d % 2][0].data();
    contract(squares[a == d ? 1 : 0][b == d ? 1 : 0].data(), sizes, in, out, d == 0);
    in = out;
  }
}

template <int dim>
void TensorProduct<dim>::add_products(const std::vector<double>& coefficients, const int a,
                                      const int b, std::vector<double>& pairs) const {
  const double* in = coefficients.data();
  for (int d = dim - 1; d >= 0; --d) {
    const auto& table = products[a == d ? 1 : 0][b == d ? 1 : 0];
    const unsigned int n_others = power(m, d) * power(n * n, dim - 1 - d);
    double* out = pairs.data();
    if (d > 0) {
      scratch[d % 2].resize(static_cast<std::size_t>(n_others) * n * n);
      out = scratch[d % 2].data();
    }
    contract_first(table, n * n, m, n_others, in, out, d > 0 ? 0 : 1);
    in = out;
  }
}

template <int dim>
void TensorProduct<dim>::add_unpacked(const std::vector<double>& pairs,
                                      dealii::FullMatrix<double>& matrix,
                                      const bool transposed) const {
  for (unsigned int i = 0; i < n_nodes(); ++i)
    for (unsigned int j = 0; j < n_nodes(); ++j) {
      const double entry = pairs[pair_places[i] + pair_places[j] / n];
      matrix(transposed ? j : i, transposed ? i : j) += entry;
    }
}

template class TensorProduct<1>;
template class TensorProduct<2>;
template class TensorProduct<3>;

} // namespace fokker_planck
