// Search for critical points of Psi in the domain.
//
// Method: Newton's iteration from many starts, in the interior and within every face of a box or
// along the boundary of a shape (see boundary_search.h), and then from starts close around every
// limit until no new one is found. Each limit is classified by the eigenvalues of its Hessian
// (index) and, on the boundary, by the slope across it.
#pragma once

#include "problems/base/scalar_field.h"
#include "problems/geometry/domain.h"
#include "problems/landscape/watershed.h"

#include <array>
#include <string>
#include <vector>

namespace fokker_planck {

/// How near to a side points count as lying on it: in units of the width 1/sqrt(|n.H n|) that Psi
/// has across the side.
constexpr double side_tolerance = 0.05;

/// A point where a valley or a way out of it is found.
template <int dim>
struct CriticalPoint {
  enum class Kind {
    minimum, ///< all Hessian eigenvalues positive
    saddle,  ///< exactly one negative eigenvalue
    exit     ///< minimum of Psi along an absorbing side, with Psi rising towards the side
  };

  Kind kind;
  dealii::Point<dim> position;
  double loss;      ///< L
  double potential; ///< Psi

  /// Eigenvalues of the Hessian of L, ascending. At an exit those of the Hessian along the
  /// boundary,
  ///   T^T H T - (dL/dn) T^T C T,
  /// with the tangents T and the curvature C (see Shape): the second term is there because moving
  /// by t along the boundary leads to x + T t - n (t^T T^T C T t)/2. None in a corner, and on an
  /// edge of a shape.
  std::vector<double> hessian_eigenvalues;

  /// Eigenvalues of the Hessian of Psi, likewise.
  std::vector<double> potential_eigenvalues;

  /// Sides on which the point lies, up to side_tolerance. For points inside a shape at most one.
  std::vector<unsigned int> sides;

  static constexpr int absorbed = -1;

  /// Where descent from the point ends.
  struct End {
    int well;         ///< index into Landscape::wells, or absorbed
    double potential; ///< Psi there
    int side;         ///< the absorbing side if the descent ends there
  };

  /// The ends of the ways down: two at a saddle in the interior, one at a saddle on a side and at
  /// an exit, none at a minimum.
  std::vector<End> leads_to;
};

/// "minimum", "saddle" or "exit".
template <int dim>
std::string to_string(typename CriticalPoint<dim>::Kind kind);

/// Newton's iteration from a lattice of starts, in the interior and on the boundary.
template <int dim>
class CriticalPointSearch {
public:
  /// loss: L, of which values and Hessians at the points are recorded.
  CriticalPointSearch(const Domain<dim>& domain, const ScalarField<dim>& psi,
                      const ScalarField<dim>& loss);

  /// All minima, saddles of index one and exit points found from a lattice of starts and from the
  /// local minima and saddles on the graph of a watershed, each kind sorted by loss.
  std::vector<CriticalPoint<dim>> find(const Watershed<dim>& watershed);

  /// Minima along reflecting sides towards which Psi falls; known after find().
  const std::vector<dealii::Point<dim>>& reflecting_minima() const { return bottoms_on_faces; }

  /// Points a little below a saddle on either side (within the domain), or below an exit.
  std::vector<dealii::Point<dim>> ways_down(const CriticalPoint<dim>& point) const;

private:
  using Fixed = std::array<int, dim>; ///< per direction: 0 free, -1 at lower, +1 at upper

  void search_faces(const std::vector<dealii::Point<dim>>& starts,
                    std::vector<CriticalPoint<dim>>& found);
  void search_face(const Fixed& fixed, const std::vector<dealii::Point<dim>>& starts,
                   std::vector<CriticalPoint<dim>>& found);
  std::vector<dealii::Point<dim>> starts_around(
    const Fixed& fixed, const std::vector<dealii::Point<dim>>& points) const;
  void iterate(const Fixed& fixed, std::vector<dealii::Point<dim>> active,
               std::vector<dealii::Point<dim>>& limits) const;
  void classify(const Fixed& fixed, const dealii::Point<dim>& position,
                std::vector<CriticalPoint<dim>>& found);
  bool find_sides(const Fixed& fixed, const dealii::SymmetricTensor<2, dim>& hessian,
                  CriticalPoint<dim>& point) const;
  void classify_on_face(const Fixed& fixed, CriticalPoint<dim>& point,
                        const dealii::Tensor<1, dim>& gradient,
                        const dealii::SymmetricTensor<2, dim>& hessian,
                        std::vector<CriticalPoint<dim>>& found);

  const Domain<dim>& domain;
  const ScalarField<dim>& psi;
  const ScalarField<dim>& loss;
  const bool has_faces; ///< of a box, which are searched one by one, edges and corners included
  std::vector<dealii::Point<dim>> bottoms_on_faces;
};

} // namespace fokker_planck
