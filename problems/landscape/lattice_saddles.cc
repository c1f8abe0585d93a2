#include "problems/landscape/lattice_saddles.h"

#include <array>
#include <cstdint>

namespace fokker_planck {

namespace {

using Mask = std::uint32_t; ///< a set of neighbours, one bit each

/// The neighbours of an inner point of a lattice.
template <int dim>
struct Surroundings {
  static constexpr unsigned int size = dim == 1 ? 2 : dim == 2 ? 8 : 26;

  explicit Surroundings(const unsigned int n_points) {
    std::array<std::array<int, dim>, size> steps;
    unsigned int count = 0;
    for (unsigned int code = 0; code <= size; ++code) {
      std::array<int, dim> step;
      std::ptrdiff_t offset = 0, stride = 1;
      unsigned int rest = code;
      for (int i = 0; i < dim; ++i, rest /= 3, stride *= n_points) {
        step[i] = static_cast<int>(rest % 3) - 1;
        offset += step[i] * stride;
      }
      if (offset == 0) continue;
      steps[count] = step;
      offsets[count++] = offset;
    }
    for (unsigned int a = 0; a < size; ++a)
      for (unsigned int b = 0; b < size; ++b) {
        bool touch = true;
        for (int i = 0; i < dim; ++i)
          touch = touch && steps[a][i] - steps[b][i] <= 1 && steps[b][i] - steps[a][i] <= 1;
        if (touch) touching[a] |= Mask(1) << b;
      }
  }

  /// Whether a set consists of one part, or none.
  bool is_connected(const Mask set) const {
    Mask part = set & (~set + 1), pending = part;
    while (pending != 0) {
      unsigned int next = 0;
      while ((pending >> next & 1U) == 0)
        ++next;
      const Mask reached = touching[next] & set & ~part;
      part |= reached;
      pending = (pending & (pending - 1)) | reached;
    }
    return part == set;
  }

  std::array<std::ptrdiff_t, size> offsets;
  std::array<Mask, size> touching{}; ///< per neighbour those it touches
};

} // namespace

template <int dim>
std::vector<std::size_t> saddles_on_lattice(const std::vector<double>& values,
                                            const unsigned int n) {
  const Surroundings<dim> surroundings(n + 1);
  std::vector<std::size_t> saddles;
  for (std::size_t index = 0; index < values.size(); ++index) {
    bool inner = true;
    std::size_t rest = index;
    for (int i = 0; i < dim; ++i, rest /= n + 1)
      inner = inner && rest % (n + 1) != 0 && rest % (n + 1) != n;
    if (!inner) continue;
    Mask lower = 0;
    for (unsigned int k = 0; k < Surroundings<dim>::size; ++k)
      lower |= Mask(values[index + surroundings.offsets[k]] < values[index]) << k;
    if (!surroundings.is_connected(lower)) saddles.push_back(index);
  }
  return saddles;
}

#define INSTANTIATE(dim)                                                                           \
  template std::vector<std::size_t> saddles_on_lattice<dim>(const std::vector<double>&,            \
                                                            unsigned int);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
