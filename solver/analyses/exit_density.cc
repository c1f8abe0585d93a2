#include "solver/analyses/exit_density.h"

#include <deal.II/base/mpi.h>
#include <deal.II/base/quadrature_lib.h>
#include <deal.II/fe/fe_values.h>
#include <deal.II/lac/vector.h>

#include <algorithm>
#include <cmath>

namespace fokker_planck {

using dealii::types::global_dof_index;

namespace {

/// Area of the sphere of radius R in the dimension n of the ball; 1 elsewhere.
template <int dim>
double area_of_point(const Domain<dim>& domain) {
  if (!domain.is_radial()) return 1;
  const double n = domain.dimension();
  return 2 * std::exp(0.5 * n * std::log(M_PI) - std::lgamma(0.5 * n) +
                      (n - 1) * std::log(domain.upper[0]));
}

/// Fluxes through, and areas of, the shape functions of the absorbing nodes of a cell.
template <int dim>
class CellFluxes {
public:
  using Cell = typename WeightedForm<dim>::Cell;

  CellFluxes(const Generator<dim>& generator, const double log_rate_, const double log_mass_)
    : domain(generator.get_problem().domain), discretization(generator.get_discretization()),
      form(generator.get_form()), rate(std::exp(log_rate_)), log_flux(log_rate_ + log_mass_),
      area(area_of_point(domain)),
      face_values(discretization.get_mapping(), discretization.get_element(), face_rule(),
                  dealii::update_values | dealii::update_JxW_values),
      nodes(discretization.get_element().n_dofs_per_cell()), u_local(nodes.size()),
      product(nodes.size()), fluxes(nodes.size()), areas(nodes.size()) {}

  /// Computes the fluxes of all shape functions of a cell unless none of them acts on an absorbing
  /// node; returns whether it did.
  bool reinit(const Cell& cell, const dealii::PETScWrappers::MPI::Vector& u) {
    cell->get_dof_indices(nodes);
    if (std::none_of(nodes.begin(), nodes.end(),
                     [&](const global_dof_index node) { return acts_on_absorbing(node); }))
      return false;
    cell->get_dof_values(u, u_local);
    form.compute(cell, matrices);
    const double scale =
      static_cast<double>(std::exp(static_cast<long double>(-matrices.reference - log_flux)));
    matrices.stiffness.vmult(product, u_local);
    fluxes.equ(-scale, product);
    matrices.mass.vmult(product, u_local);
    fluxes.add(rate * scale, product);
    compute_areas(cell);
    return true;
  }

  const Domain<dim>& domain;
  const Discretization<dim>& discretization;
  WeightedForm<dim>& form;
  const double rate, log_flux, area;
  dealii::FEFaceValues<dim> face_values;
  typename WeightedForm<dim>::CellMatrices matrices;
  std::vector<global_dof_index> nodes;
  dealii::Vector<double> u_local, product, fluxes, areas;

private:
  /// Whether a node is absorbing, or hanging on one that is.
  bool acts_on_absorbing(const global_dof_index node) const {
    if (discretization.absorbing_sides(node) != 0) return true;
    const auto* const entries = discretization.get_constraints().get_constraint_entries(node);
    return entries != nullptr && std::any_of(entries->begin(), entries->end(), [&](const auto& e) {
             return discretization.absorbing_sides(e.first) != 0;
           });
  }

  dealii::Quadrature<dim - 1> face_rule() const {
    return dealii::QGaussLobatto<dim - 1>(discretization.get_element().degree + 1);
  }

  void compute_areas(const Cell& cell) {
    areas = 0;
    for (const unsigned int f : cell->face_indices()) {
      const auto face = cell->face(f);
      if (!face->at_boundary() || !domain.absorbs(face->boundary_id())) continue;
      face_values.reinit(cell, f);
      for (unsigned int i = 0; i < nodes.size(); ++i)
        for (unsigned int q = 0; q < face_values.n_quadrature_points; ++q)
          areas[i] += area * face_values.shape_value(i, q) * face_values.JxW(q);
    }
  }
};

} // namespace

template <int dim>
ExitDensity<dim> compute_exit_density(const Generator<dim>& generator,
                                      const dealii::PETScWrappers::MPI::Vector& u,
                                      const double log_rate, const double log_mass) {
  const Domain<dim>& domain = generator.get_problem().domain;
  const Discretization<dim>& discretization = generator.get_discretization();
  const MPI_Comm communicator = discretization.get_communicator();
  dealii::PETScWrappers::MPI::Vector fluxes(discretization.locally_owned(), communicator),
    areas(discretization.locally_owned(), communicator);
  CellFluxes<dim> of_cell(generator, log_rate, log_mass);
  const auto& constraints = discretization.get_constraints();
  for (const auto& cell : discretization.get_dof_handler().active_cell_iterators())
    if (cell->is_locally_owned() && of_cell.reinit(cell, u)) {
      constraints.distribute_local_to_global(of_cell.fluxes, of_cell.nodes, fluxes);
      constraints.distribute_local_to_global(of_cell.areas, of_cell.nodes, areas);
    }
  fluxes.compress(dealii::VectorOperation::add);
  areas.compress(dealii::VectorOperation::add);

  ExitDensity<dim> result{ {}, std::vector<double>(domain.n_sides(), 0.) };
  dealii::PETScWrappers::MPI::Vector density(discretization.locally_owned(), communicator);
  for (const global_dof_index node : discretization.locally_owned()) {
    const unsigned int sides = discretization.absorbing_sides(node);
    const double flux = fluxes(node), area = areas(node);
    density(node) = area > 0 ? flux / area : 0.;
    for (unsigned int side = 0; sides != 0 && side < domain.n_sides(); ++side)
      if ((sides >> side) & 1U)
        result.probability[side] += flux / __builtin_popcount(sides); // edges belong to each
  }
  density.compress(dealii::VectorOperation::insert);
  dealii::Utilities::MPI::sum(result.probability, communicator, result.probability);
  result.values = discretization.ghosted(density);
  return result;
}

#define INSTANTIATE(dim)                                                                           \
  template ExitDensity<dim> compute_exit_density(                                                  \
    const Generator<dim>&, const dealii::PETScWrappers::MPI::Vector&, double, double);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
