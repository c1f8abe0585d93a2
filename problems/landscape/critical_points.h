// Search for critical points of Psi in a box, and descent from them to the wells.
//
// Method: Newton's iteration from many starts, in the interior and within every face of the box,
// each limit classified by the eigenvalues of its Hessian (index) and, on faces, by the slope
// across them.
#pragma once

#include "problems/problem.h"

#include <array>
#include <string>
#include <vector>

namespace fokker_planck {

/// A point where a valley or a way out of it is found.
template <int dim>
struct CriticalPoint {
  enum class Kind {
    minimum, ///< all Hessian eigenvalues positive
    saddle,  ///< exactly one negative eigenvalue
    exit     ///< minimum of Psi within an absorbing face, with Psi rising towards the face
  };

  Kind kind;
  dealii::Point<dim> position;
  double loss;      ///< L
  double potential; ///< Psi

  /// Eigenvalues of the Hessian of L, ascending; at an exit those of its part along the face.
  std::vector<double> hessian_eigenvalues;

  /// Eigenvalues of the Hessian of Psi, likewise.
  std::vector<double> potential_eigenvalues;

  /// Sides of the box on which the point lies, up to a twentieth of the width 1/sqrt(|H_nn|) that
  /// Psi has across the side.
  std::vector<unsigned int> sides;

  static constexpr int absorbed = -1;

  /// Where descent from the point ends.
  struct End {
    int well;         ///< index into Landscape::wells, or absorbed
    double potential; ///< Psi there
  };

  /// The ends of the ways down: two at a saddle in the interior, one at a saddle on a side and at
  /// an exit, none at a minimum.
  std::vector<End> leads_to;
};

/// "minimum", "saddle" or "exit".
template <int dim>
std::string to_string(typename CriticalPoint<dim>::Kind kind);

/// Newton's iteration from a lattice of starts, in the interior and within every face of the box.
template <int dim>
class CriticalPointSearch {
public:
  CriticalPointSearch(const Problem<dim>& problem, const ScalarField<dim>& psi);

  /// All minima, saddles of index one and exit points found from a lattice of starts and from the
  /// given ones, each kind sorted by loss.
  std::vector<CriticalPoint<dim>> find(const std::vector<dealii::Point<dim>>& starts);

  /// Minima within reflecting faces towards which Psi falls; known after find().
  const std::vector<dealii::Point<dim>>& reflecting_minima() const { return bottoms_on_faces; }

  /// Points a little below a saddle on either side (within the domain), or below an exit.
  std::vector<dealii::Point<dim>> ways_down(const CriticalPoint<dim>& point) const;

private:
  using Fixed = std::array<int, dim>; ///< per direction: 0 free, -1 at lower, +1 at upper

  void search_face(const Fixed& fixed, const std::vector<dealii::Point<dim>>& starts,
                   std::vector<CriticalPoint<dim>>& found);
  void classify(const Fixed& fixed, const dealii::Point<dim>& position,
                std::vector<CriticalPoint<dim>>& found);
  void classify_on_face(const Fixed& fixed, CriticalPoint<dim>& point,
                        const dealii::Tensor<1, dim>& gradient,
                        const dealii::SymmetricTensor<2, dim>& hessian,
                        std::vector<CriticalPoint<dim>>& found);

  const Problem<dim>& problem;
  const ScalarField<dim>& psi;
  std::vector<dealii::Point<dim>> bottoms_on_faces;
};

/// Descent of Psi within the box: Newton directions with the absolute Hessian, in short steps.
template <int dim>
class Descent {
public:
  struct End {
    dealii::Point<dim> point;
    bool absorbed; ///< whether the descent ran into an absorbing side
  };

  Descent(const Problem<dim>& problem, const ScalarField<dim>& psi);

  /// Descends from a point until an absorbing side is met or nothing falls any more.
  End follow(dealii::Point<dim> point) const;

private:
  const Problem<dim>& problem;
  const ScalarField<dim>& psi;
};

} // namespace fokker_planck
