#include "problems/landscape/level_survey.h"

#include "problems/base/eigenvalues.h"
#include "problems/base/input_error.h"
#include "problems/base/text.h"
#include "problems/geometry/lattice.h"

#include <deal.II/base/numbers.h>

#include <algorithm>
#include <cmath>

namespace fokker_planck {

using dealii::Point;
using dealii::Tensor;

namespace {

const std::string key = "Domain/Level";

template <int dim>
constexpr unsigned int n_rays = dim == 1   ? 2
                                : dim == 2 ? 2000
                                           : 4000;

constexpr unsigned int n_steps = 512; // of the scan along a ray through the search box

template <int dim>
constexpr unsigned int n_lattice = dim == 2 ? 200 : 40; // intervals per direction

constexpr double least_rise = 0.02; // cosine of the angle between a ray and grad L, in y

/// Evenly spread unit vectors: a Fibonacci lattice in 3-D.
template <int dim>
std::vector<Tensor<1, dim>> directions() {
  using dealii::numbers::PI;
  std::vector<Tensor<1, dim>> all(n_rays<dim>);
  for (unsigned int i = 0; i < all.size(); ++i)
    if constexpr (dim == 1)
      all[i][0] = i == 0 ? -1 : 1;
    else if constexpr (dim == 2) {
      all[i][0] = std::cos(2 * PI * i / n_rays<dim>);
      all[i][1] = std::sin(2 * PI * i / n_rays<dim>);
    } else {
      const double z = 1 - (2. * i + 1) / n_rays<dim>, angle = PI * (3 - std::sqrt(5.)) * i;
      all[i][0] = std::sqrt(1 - z * z) * std::cos(angle);
      all[i][1] = std::sqrt(1 - z * z) * std::sin(angle);
      all[i][2] = z;
    }
  return all;
}

/// The rho > 0 at which a ray leaves the box.
template <int dim>
double length_in_box(const Domain<dim>& box, const Point<dim>& start, const Tensor<1, dim>& v) {
  double length = INFINITY;
  for (int i = 0; i < dim; ++i)
    if (v[i] != 0)
      length = std::min(length, ((v[i] > 0 ? box.upper : box.lower)[i] - start[i]) / v[i]);
  return length;
}

/// The rotation that carries the diagonal (1, 1, ...), or (-1, -1, ...), to a direction.
template <int dim>
Tensor<2, dim> rotation_of_diagonal(const Tensor<1, dim>& direction) {
  const Tensor<1, dim> b = direction / direction.norm();
  Tensor<1, dim> a;
  for (int i = 0; i < dim; ++i)
    a[i] = 1 / std::sqrt(1. * dim);
  if (a * b < 0) a *= -1;
  const Tensor<2, dim> identity = dealii::unit_symmetric_tensor<dim>();
  return identity + 2. * outer_product(b, a) - outer_product(a + b, a + b) / (1 + a * b);
}

template <int dim>
class Survey {
public:
  Survey(const std::shared_ptr<const ScalarField<dim>>& loss_, const Domain<dim>& box_,
         const Valley<dim>& valley_, const double level_, const std::string& text_)
    : loss(loss_), box(box_), valley(valley_), level(level_), text(text_),
      rays(loss, valley.minimum, level) {
    choose_matrix();
    measure_radii();
  }

  Domain<dim> domain() const {
    constexpr BoundaryKind absorbing = BoundaryKind::absorbing;
    if constexpr (dim == 1)
      return Domain<dim>::box(valley.minimum + radii[0] * (matrix * all_directions[0]),
                              valley.minimum + radii[1] * (matrix * all_directions[1]),
                              { absorbing, absorbing });
    else {
      check_slopes();
      const auto [least, largest] = std::minmax_element(radii.begin(), radii.end());
      const auto shape = std::make_shared<LevelSet<dim>>(
        loss, valley.minimum, level, matrix, typename LevelSet<dim>::Radii{ *least, *largest });
      Point<dim> lower, upper;
      for (int i = 0; i < dim; ++i) {
        lower[i] = extreme(*shape, i, -1);
        upper[i] = extreme(*shape, i, 1);
      }
      const Domain<dim> result(shape, { absorbing }, lower, upper);
      check_saddles(result);
      check_no_jump(result);
      return result;
    }
  }

private:
  /// M from the Hessian or a multiple of the identity, whichever makes the radii more equal; turned
  /// such that a corner of the cube of reference coordinates points to the lowest saddle: there the
  /// boundary is curved most, or has a corner itself.
  void choose_matrix() {
    matrix = dealii::unit_symmetric_tensor<dim>();
    measure_radii();
    double sum = 0;
    for (const double radius : radii)
      sum += radius;
    matrix *= sum / static_cast<double>(radii.size());

    if (smallest_eigenvalue(valley.hessian) > 0) {
      const double isotropic_ratio = ratio();
      const Tensor<2, dim> isotropic = matrix;
      matrix = 0;
      for (const auto& [value, vector] : eigenpairs_by_ql(valley.hessian))
        matrix += std::sqrt(2 * (level - valley.loss) / value) * outer_product(vector, vector);
      measure_radii();
      if (!(ratio() < isotropic_ratio)) matrix = isotropic;
    }

    if constexpr (dim > 1)
      if (!valley.exits.empty())
        matrix = matrix * rotation_of_diagonal<dim>(invert(matrix) *
                                                    (valley.exits[0].position - valley.minimum));
  }

  /// The largest radius divided by the smallest.
  double ratio() const {
    const auto [least, largest] = std::minmax_element(radii.begin(), radii.end());
    return *largest / *least;
  }

  /// The first root along a ray.
  double length(const Tensor<1, dim>& v) const {
    const double longest = length_in_box(box, valley.minimum, v);
    const auto root = rays.first_root(v, longest, n_steps);
    if (root && *root < longest) return *root;
    const std::string saddle =
      valley.exits.empty() ? "no saddle was found within them"
                           : "the lowest saddle is at L = " + format_rounded(valley.exits[0].loss);
    const Point<dim> point = valley.minimum + longest * v;
    throw InputError(key, text,
                     "the level set L < " + format_rounded(level) +
                       " reaches beyond Domain/Lower, Upper at " + format_rounded_point(point) +
                       "; " + saddle + ": lower the level or enlarge the search box");
  }

  static std::string format_rounded_point(const Point<dim>& point) {
    std::string coordinates = "(";
    for (int i = 0; i < dim; ++i)
      coordinates += (i ? ", " : "") + format_rounded(point[i]);
    return coordinates + ")";
  }

  void measure_radii() {
    radii.clear();
    for (const auto& direction : all_directions)
      radii.push_back(length(matrix * direction));
  }

  /// The largest (sign = 1) or smallest (-1) coordinate i, by a compass search from the best ray.
  double extreme(const LevelSet<dim>& shape, const int i, const double sign) const {
    std::size_t best = 0;
    const auto coordinate = [&](const Tensor<1, dim>& direction) {
      return sign * shape.project(valley.minimum + matrix * direction).position[i];
    };
    const auto sampled = [&](const std::size_t k) {
      return sign * (valley.minimum + radii[k] * (matrix * all_directions[k]))[i];
    };
    for (std::size_t k = 1; k < radii.size(); ++k)
      if (sampled(k) > sampled(best)) best = k;
    Tensor<1, dim> direction = all_directions[best];
    double highest = coordinate(direction);
    for (double step = 0.1; step > 1e-9;) {
      bool rises = false;
      for (int k = 0; k < 2 * dim; ++k) {
        Tensor<1, dim> next = direction;
        next[k / 2] += k % 2 ? step : -step;
        next /= next.norm();
        const double value = coordinate(next);
        if (!(value > highest)) continue;
        rises = true;
        highest = value;
        direction = next;
      }
      if (!rises) step /= 2;
    }
    return sign * highest;
  }

  [[noreturn]] void refuse(const Point<dim>& point) const {
    throw InputError(
      key, text,
      "the level set L < " + format_rounded(level) + " is not star-shaped about the minimum " +
        format_rounded_point(valley.minimum) + ": at " + format_rounded_point(point) +
        " it goes on out of sight of the minimum; lower the level");
  }

  /// L must rise through the level along every ray, except at a saddle.
  void check_slopes() const {
    std::vector<Point<dim>> points;
    for (std::size_t k = 0; k < radii.size(); ++k)
      points.push_back(valley.minimum + radii[k] * (matrix * all_directions[k]));
    std::vector<Tensor<1, dim>> gradients;
    loss->gradients(points, gradients);
    for (std::size_t k = 0; k < radii.size(); ++k) {
      const Tensor<1, dim> gradient = transpose(matrix) * gradients[k];
      const bool is_saddle = gradient.norm() < 1e-3 * (level - valley.loss);
      if (!is_saddle && !(gradient * all_directions[k] > least_rise * gradient.norm()))
        refuse(points[k]);
    }
  }

  /// The saddles below the level, or at it, must be in sight: they lead out of the valley.
  void check_saddles(const Domain<dim>& found) const {
    for (const auto& exit : valley.exits)
      if (exit.loss <= level + 1e-12 * (level - valley.loss)) {
        const Tensor<1, dim> way = exit.position - valley.minimum;
        if (!found.contains(valley.minimum + (1 - 1e-6) * way))
          refuse(found.shape->project(exit.position).position);
      }
  }

  /// L must be at the level wherever a lattice edge leaves the domain.
  void check_no_jump(const Domain<dim>& found) const {
    constexpr unsigned int n = n_lattice<dim>;
    Point<dim> lower, upper;
    for (int i = 0; i < dim; ++i) {
      lower[i] = found.lower[i] - found.length(i) / n;
      upper[i] = found.upper[i] + found.length(i) / n;
    }
    const auto points = lattice(Domain<dim>::box(lower, upper), n);
    std::vector<bool> inside;
    for (const auto& point : points)
      inside.push_back(found.contains(point));

    std::vector<Point<dim>> borders;
    std::size_t stride = 1;
    for (int i = 0; i < dim; ++i, stride *= n + 1)
      for (std::size_t index = 0; index < points.size(); ++index)
        if (index / stride % (n + 1) < n && inside[index] != inside[index + stride])
          borders.push_back(inside[index]
                              ? last_inside(found, points[index], points[index + stride])
                              : last_inside(found, points[index + stride], points[index]));
    std::vector<double> losses;
    loss->values(borders, losses);
    for (std::size_t k = 0; k < borders.size(); ++k)
      if (losses[k] < level - 1e-6 * (level - valley.loss)) refuse(borders[k]);
  }

  static Point<dim> last_inside(const Domain<dim>& found, Point<dim> inside, Point<dim> outside) {
    for (unsigned int i = 0; i < 24; ++i) {
      const Point<dim> middle = inside + 0.5 * (outside - inside);
      (found.contains(middle) ? inside : outside) = middle;
    }
    return inside;
  }

  const std::shared_ptr<const ScalarField<dim>>& loss;
  const Domain<dim>& box;
  const Valley<dim>& valley;
  double level;
  const std::string& text;
  LevelRays<dim> rays;
  const std::vector<Tensor<1, dim>> all_directions = directions<dim>();
  Tensor<2, dim> matrix;
  std::vector<double> radii; ///< per direction
};

} // namespace

template <int dim>
Domain<dim> survey_level_set(const std::shared_ptr<const ScalarField<dim>>& loss,
                             const Domain<dim>& search_box, const Valley<dim>& valley,
                             const double level, const std::string& text) {
  return Survey<dim>(loss, search_box, valley, level, text).domain();
}

#define INSTANTIATE(dim)                                                                           \
  template Domain<dim> survey_level_set(const std::shared_ptr<const ScalarField<dim>>&,            \
                                        const Domain<dim>&, const Valley<dim>&, double,            \
                                        const std::string&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
