#include "problems/landscape/lattice.h"

namespace fokker_planck {

using dealii::Point;

template <int dim>
std::vector<Point<dim>> lattice(const Domain<dim>& box, const unsigned int n) {
  std::size_t total = 1;
  for (int i = 0; i < dim; ++i)
    total *= n + 1;
  std::vector<Point<dim>> points(total);
  for (std::size_t index = 0; index < total; ++index) {
    std::size_t rest = index;
    for (int i = 0; i < dim; ++i, rest /= n + 1) {
      const std::size_t step = rest % (n + 1);
      points[index][i] = step == n ? box.upper[i] : box.lower[i] + box.length(i) * step / n;
    }
  }
  return points;
}

template std::vector<Point<1>> lattice(const Domain<1>&, unsigned int);
template std::vector<Point<2>> lattice(const Domain<2>&, unsigned int);
template std::vector<Point<3>> lattice(const Domain<3>&, unsigned int);

} // namespace fokker_planck
