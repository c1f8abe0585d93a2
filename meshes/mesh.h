// Uniform meshes of a box.
#pragma once

#include "problems/domain/domain.h"

#include <deal.II/distributed/tria_base.h>

#include <mpi.h>

#include <array>
#include <memory>
#include <string>

namespace dealii {
class ParameterHandler;
}

namespace fokker_planck {

/// Section Discretization: the polynomial degree, the number of cells and the scale of the gauge.
class DiscretizationParameters {
public:
  /// Declares the section and binds its values to this object, which must outlive the handler.
  void declare(dealii::ParameterHandler& handler);

  /// Polynomial degree k of the elements.
  unsigned int get_degree() const { return degree; }

  /// Cells per direction. Throws InputError unless Cells holds one positive integer or dim of them.
  template <int dim>
  std::array<unsigned int, dim> n_cells() const;

  /// Factor of the reference potential. Throws InputError unless it is positive.
  double get_gauge_scale() const;

private:
  unsigned int degree = 4;
  std::string cells = "16";
  double gauge_scale = 1;
};

/// A uniform mesh, distributed over the ranks of the communicator (p4est in 2-D and 3-D, equal
/// shares of a shared mesh in 1-D). The boundary id of a face is the number of its side of the box.
template <int dim>
std::unique_ptr<dealii::parallel::TriangulationBase<dim>> make_mesh(
  const Domain<dim>& box, const std::array<unsigned int, dim>& n_cells, MPI_Comm communicator);

} // namespace fokker_planck
