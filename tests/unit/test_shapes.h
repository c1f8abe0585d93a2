// Shapes whose geometry is known exactly: a ball and an L.
#pragma once

#include "tests/solve.h"

#include <deal.II/grid/grid_generator.h>
#include <deal.II/grid/tria.h>

#include <cmath>
#include <string>
#include <vector>

namespace fokker_planck::testing {

/// The ball of a radius around a point, with one side. The cube |xi_i| <= 1 is mapped to it along
/// rays, linearly: xi |xi|_inf / |xi|.
template <int dim>
class RoundShape : public Shape<dim> {
public:
  RoundShape(const dealii::Point<dim>& center_, const double radius_)
    : center(center_), radius(radius_) {}

  std::string description() const override { return "a ball"; }
  unsigned int n_sides() const override { return 1; }
  std::string side_name(unsigned int) const override { return "sphere"; }

  bool contains(const dealii::Point<dim>& point) const override {
    return point.distance(center) <= radius * (1 + 1e-14);
  }

  typename Shape<dim>::BoundaryPoint project(const dealii::Point<dim>& point) const override {
    dealii::Tensor<1, dim> normal = point - center;
    if (normal.norm() == 0) normal[0] = 1;
    normal /= normal.norm();
    return { center + radius * normal, 0, normal,
             (dealii::unit_symmetric_tensor<dim>() - symmetrize(outer_product(normal, normal))) /
               radius };
  }

  void make_coarse_mesh(dealii::Triangulation<dim, dim>& mesh, const unsigned int n,
                        const std::vector<double>&) const override {
    dealii::GridGenerator::subdivided_hyper_cube(mesh, 2 * n, -1., 1.);
  }

  dealii::Point<dim> to_physical(const dealii::Point<dim>& reference) const override {
    double largest = 0;
    for (int i = 0; i < dim; ++i)
      largest = std::max(largest, std::fabs(reference[i]));
    if (largest == 0) return center;
    return center + radius * largest / reference.norm() * reference;
  }

private:
  dealii::Point<dim> center;
  double radius;
};

/// The square -1 <= x, y <= 1 without the quadrant x, y > 0. Its right end, x = 1 and y < 0, is the
/// door, side 0; the walls, side 1, are the rest.
class LShape : public Shape<2> {
public:
  std::string description() const override { return "an L"; }
  unsigned int n_sides() const override { return 2; }
  std::string side_name(const unsigned int side) const override {
    return side == 0 ? "door" : "walls";
  }

  bool contains(const dealii::Point<2>& point) const override {
    const double largest = std::max(std::fabs(point[0]), std::fabs(point[1]));
    return largest <= 1 + 1e-14 && std::min(point[0], point[1]) <= 1e-14;
  }

  BoundaryPoint project(const dealii::Point<2>& point) const override {
    struct Edge {
      double x, y; // from here
      double u, v; // to here
      dealii::Tensor<1, 2> normal;
      unsigned int side;
    };
    const auto axis = [](const unsigned int i, const double sign) {
      return sign * dealii::Point<2>::unit_vector(i);
    };
    const Edge edges[] = {
      { 1, -1, 1, 0, axis(0, 1), 0 }, { -1, -1, 1, -1, axis(1, -1), 1 },
      { 0, 0, 1, 0, axis(1, 1), 1 },  { 0, 0, 0, 1, axis(0, 1), 1 },
      { -1, 1, 0, 1, axis(1, 1), 1 }, { -1, -1, -1, 1, axis(0, -1), 1 },
    };
    BoundaryPoint best;
    double least = INFINITY;
    for (const Edge& edge : edges) {
      const dealii::Point<2> position(std::min(std::max(point[0], edge.x), edge.u),
                                      std::min(std::max(point[1], edge.y), edge.v));
      if (position.distance(point) < least) {
        least = position.distance(point);
        best = { position, edge.side, edge.normal, {} };
      }
    }
    return best;
  }

  void make_coarse_mesh(dealii::Triangulation<2, 2>& mesh, unsigned int,
                        const std::vector<double>&) const override {
    dealii::GridGenerator::hyper_L(mesh, -1., 1.);
    for (const auto& face : mesh.active_face_iterators())
      if (face->at_boundary())
        face->set_boundary_id(std::fabs(face->center()[0] - 1) < 1e-12 ? 0 : 1);
  }

  dealii::Point<2> to_physical(const dealii::Point<2>& reference) const override {
    return reference;
  }
};

/// A box as a shape, with the sides of the box.
template <int dim>
class BoxShape : public Shape<dim> {
public:
  explicit BoxShape(const Domain<dim>& box_) : box(box_) {}

  std::string description() const override { return "a box"; }
  unsigned int n_sides() const override { return box.n_sides(); }
  std::string side_name(const unsigned int side) const override { return box.side_name(side); }
  bool contains(const dealii::Point<dim>& point) const override {
    return box.contains(point, 1e-14 * box.diameter());
  }

  typename Shape<dim>::BoundaryPoint project(const dealii::Point<dim>& point) const override {
    auto walls = box.boundary_around(box.clamp(point));
    return *std::min_element(walls.begin(), walls.end(), [&](const auto& a, const auto& b) {
      return a.position.distance(point) < b.position.distance(point);
    });
  }

  void make_coarse_mesh(dealii::Triangulation<dim, dim>& mesh, const unsigned int n,
                        const std::vector<double>&) const override {
    dealii::GridGenerator::subdivided_hyper_rectangle(mesh, std::vector<unsigned int>(dim, n),
                                                      box.lower, box.upper, true);
  }

  dealii::Point<dim> to_physical(const dealii::Point<dim>& reference) const override {
    return reference;
  }

private:
  Domain<dim> box;
};

/// A domain of a shape inside the box lower <= theta_i <= upper.
template <int dim>
Domain<dim> make_domain(const std::shared_ptr<const Shape<dim>>& shape,
                        const std::vector<bool>& absorbing, const dealii::Point<dim>& lower,
                        const dealii::Point<dim>& upper) {
  std::vector<BoundaryKind> kinds;
  for (const bool absorbs : absorbing)
    kinds.push_back(absorbs ? BoundaryKind::absorbing : BoundaryKind::reflecting);
  return { shape, kinds, lower, upper };
}

/// The ball of a radius around a point, absorbing or reflecting.
template <int dim>
Domain<dim> ball(const dealii::Point<dim>& center, const double radius,
                 const bool absorbing = true) {
  dealii::Point<dim> lower = center, upper = center;
  for (int i = 0; i < dim; ++i) {
    lower[i] -= radius;
    upper[i] += radius;
  }
  return make_domain<dim>(std::make_shared<RoundShape<dim>>(center, radius), { absorbing }, lower,
                          upper);
}

/// The L with an absorbing door.
inline Domain<2> l_shape() {
  return make_domain<2>(std::make_shared<LShape>(), { true, false }, { -1, -1 }, { 1, 1 });
}

/// A problem with constant diffusion, and a force if the text is not empty.
template <int dim>
Problem<dim> make_problem_in(const Domain<dim>& domain, const std::string& loss,
                             const std::string& diffusion, const std::string& force = "") {
  const std::string corner = dim == 2 ? "-0.11, -0.11" : "0, 0, 0",
                    opposite = dim == 2 ? "-0.1, -0.1" : "0.1, 0.1, 0.1";
  auto problem = make_problem<dim>(
    Settings{ "Loss/Expression=" + loss + "|Noise/Diffusion=" + diffusion +
              "|Domain/Lower=" + corner + "|Domain/Upper=" + opposite + "|Domain/Absorbing=all" +
              (force.empty() ? "" : "|Force/Expression=" + force) });
  problem.domain = domain;
  return problem;
}

} // namespace fokker_planck::testing
