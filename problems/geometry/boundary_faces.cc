#include "problems/geometry/boundary_faces.h"

#include <algorithm>
#include <cmath>

namespace fokker_planck {

using dealii::Point;
using dealii::Tensor;

namespace {

double clamp(const double x) {
  return std::min(std::max(x, 0.), 1.);
}

template <int dim>
struct FacePoint {
  Point<dim> position;
  Tensor<1, dim> normal; ///< up to length and sign
};

/// The position t in [0, 1] of the nearest point on a segment.
template <int dim>
double nearest_on_segment(const Point<dim>& a, const Point<dim>& b, const Point<dim>& point) {
  const Tensor<1, dim> edge = b - a;
  return clamp((point - a) * edge / edge.norm_square());
}

FacePoint<2> nearest_on_face(const std::array<Point<2>, 2>& v, const Point<2>& point) {
  const Tensor<1, 2> edge = v[1] - v[0];
  return { v[0] + nearest_on_segment(v[0], v[1], point) * edge, cross_product_2d(edge) };
}

/// Weights of the corners of a triangle at its point nearest to a point.
std::array<double, 3> nearest_on_triangle(const std::array<Point<3>, 3>& v, const Point<3>& point) {
  const Tensor<1, 3> a = v[1] - v[0], b = v[2] - v[0], p = point - v[0];
  const double aa = a * a, ab = a * b, bb = b * b;
  const double s = (bb * (a * p) - ab * (b * p)) / (aa * bb - ab * ab);
  const double t = (aa * (b * p) - ab * (a * p)) / (aa * bb - ab * ab);
  if (s >= 0 && t >= 0 && s + t <= 1) return { { 1 - s - t, s, t } };
  std::array<double, 3> best{};
  double least = INFINITY;
  for (unsigned int i = 0; i < 3; ++i) {
    const unsigned int j = (i + 1) % 3;
    const double weight = nearest_on_segment(v[i], v[j], point);
    const double distance = point.distance(v[i] + weight * (v[j] - v[i]));
    if (distance >= least) continue;
    least = distance;
    best = {};
    best[i] = 1 - weight;
    best[j] = weight;
  }
  return best;
}

/// The bilinear quadrilateral x(s, t).
class Quadrilateral {
public:
  explicit Quadrilateral(const std::array<Point<3>, 4>& vertices) : v(vertices) {}

  FacePoint<3> nearest(const Point<3>& point) const {
    double s = 0, t = 0, least = INFINITY;
    constexpr unsigned int triangles[2][3] = { { 0, 1, 3 }, { 0, 3, 2 } };
    for (const auto& triangle : triangles) {
      const auto weights =
        nearest_on_triangle({ { v[triangle[0]], v[triangle[1]], v[triangle[2]] } }, point);
      double trial_s = 0, trial_t = 0;
      for (unsigned int i = 0; i < 3; ++i) {
        trial_s += weights[i] * (triangle[i] & 1);
        trial_t += weights[i] * (triangle[i] >> 1);
      }
      take_if_nearer(point, trial_s, trial_t, s, t, least);
    }
    for (unsigned int i = 0; i < 20; ++i) {
      const Tensor<1, 3> a = along_s(t), b = along_t(s), rest = point - position(s, t);
      const double aa = a * a, ab = a * b, bb = b * b, determinant = aa * bb - ab * ab;
      const double step_s = (bb * (a * rest) - ab * (b * rest)) / determinant;
      const double step_t = (aa * (b * rest) - ab * (a * rest)) / determinant;
      if (!take_if_nearer(point, clamp(s + step_s), clamp(t + step_t), s, t, least)) break;
    }
    return { position(s, t), cross_product_3d(along_s(t), along_t(s)) };
  }

private:
  Point<3> position(const double s, const double t) const {
    return v[0] + s * (v[1] - v[0]) + t * (v[2] - v[0]) + s * t * twist();
  }
  Tensor<1, 3> along_s(const double t) const { return v[1] - v[0] + t * twist(); }
  Tensor<1, 3> along_t(const double s) const { return v[2] - v[0] + s * twist(); }
  Tensor<1, 3> twist() const { return (v[3] - v[2]) - (v[1] - v[0]); }

  bool take_if_nearer(const Point<3>& point, const double trial_s, const double trial_t, double& s,
                      double& t, double& least) const {
    const double distance = point.distance(position(trial_s, trial_t));
    if (!(distance < least)) return false;
    least = distance;
    s = trial_s;
    t = trial_t;
    return true;
  }

  const std::array<Point<3>, 4>& v;
};

FacePoint<3> nearest_on_face(const std::array<Point<3>, 4>& v, const Point<3>& point) {
  return Quadrilateral(v).nearest(point);
}

} // namespace

template <int dim>
BoundaryFaces<dim>::BoundaryFaces(const std::vector<Face>& faces_) : faces(faces_) {
  std::vector<std::pair<dealii::BoundingBox<dim>, std::size_t>> boxes;
  for (std::size_t i = 0; i < faces.size(); ++i) {
    const auto& vertices = faces[i].vertices;
    boxes.emplace_back(
      dealii::BoundingBox<dim>(std::vector<Point<dim>>(vertices.begin(), vertices.end())), i);
  }
  tree = dealii::pack_rtree(boxes);
}

template <int dim>
typename Shape<dim>::BoundaryPoint BoundaryFaces<dim>::nearest(const Point<dim>& point) const {
  namespace bgi = boost::geometry::index;
  FacePoint<dim> best;
  const Face* best_face = nullptr;
  double least = INFINITY;
  for (auto candidate = tree.qbegin(bgi::nearest(point, static_cast<unsigned int>(tree.size())));
       candidate != tree.qend(); ++candidate) {
    if (boost::geometry::distance(point, candidate->first) > least) break;
    const Face& face = faces[candidate->second];
    const auto found = nearest_on_face(face.vertices, point);
    const double distance = point.distance(found.position);
    if (!(distance < least)) continue;
    least = distance;
    best = found;
    best_face = &face;
  }
  const double sign = best.normal * (best.position - best_face->inside) < 0 ? -1 : 1;
  return { best.position, best_face->side, sign / best.normal.norm() * best.normal, {} };
}

template class BoundaryFaces<2>;
template class BoundaryFaces<3>;

} // namespace fokker_planck
