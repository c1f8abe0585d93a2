// What versions 9.4 and 9.7 of deal.II call differently.
#pragma once

#include <deal.II/base/config.h>

#include <mpi.h>

namespace fokker_planck {

/// The communicator of a dealii::Triangulation or dealii::DoFHandler.
template <typename Distributed>
MPI_Comm communicator_of(const Distributed& object) {
#if DEAL_II_VERSION_GTE(9, 7, 0)
  return object.get_mpi_communicator();
#else
  return object.get_communicator();
#endif
}

/// Empties a dealii::AffineConstraints. owned: indices whose rows this rank owns; stored: all whose
/// constraints it is to know.
template <typename Constraints, typename IndexSet>
void reset_constraints(Constraints& constraints, const IndexSet& owned, const IndexSet& stored) {
#if DEAL_II_VERSION_GTE(9, 6, 0)
  constraints.reinit(owned, stored);
#else
  static_cast<void>(owned);
  constraints.reinit(stored);
#endif
}

} // namespace fokker_planck
