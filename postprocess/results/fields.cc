#include "postprocess/results/fields.h"

#include "postprocess/fields/slice_outline.h"
#include "problems/base/collective.h"
#include "problems/base/text.h"

#include <deal.II/base/mpi.h>
#include <deal.II/numerics/data_out.h>
#include <deal.II/numerics/data_postprocessor.h>

#include <cmath>
#include <fstream>

namespace fokker_planck {

namespace {

/// Turns u into loss, density and current at the points of the output.
template <int dim>
class DensityPostprocessor : public dealii::DataPostprocessor<dim> {
public:
  DensityPostprocessor(const Problem<dim>& problem_, const Density<dim>& density_)
    : problem(problem_), density(density_) {}

  void evaluate_scalar_field(const dealii::DataPostprocessorInputs::Scalar<dim>& inputs,
                             std::vector<dealii::Vector<double>>& results) const override {
    std::vector<double> losses, densities;
    std::vector<dealii::Tensor<1, dim>> currents;
    problem.loss->values(inputs.evaluation_points, losses);
    density.evaluate(inputs.evaluation_points, inputs.solution_values, inputs.solution_gradients,
                     densities, currents);
    for (std::size_t q = 0; q < results.size(); ++q) {
      results[q][0] = losses[q];
      results[q][1] = densities[q];
      for (int i = 0; i < dim; ++i)
        results[q][2 + i] = currents[q][i];
    }
  }

  std::vector<std::string> get_names() const override {
    std::vector<std::string> names = { "loss", "density" };
    names.resize(2 + dim, "current");
    return names;
  }

  std::vector<dealii::DataComponentInterpretation::DataComponentInterpretation>
  get_data_component_interpretation() const override {
    namespace Interpretation = dealii::DataComponentInterpretation;
    std::vector<Interpretation::DataComponentInterpretation> kinds(
      2 + dim, Interpretation::component_is_part_of_vector);
    kinds[0] = kinds[1] = Interpretation::component_is_scalar;
    return kinds;
  }

  dealii::UpdateFlags get_needed_update_flags() const override {
    return dealii::update_values | dealii::update_gradients | dealii::update_quadrature_points;
  }

private:
  const Problem<dim>& problem;
  const Density<dim>& density;
};

/// One line per point; columns x, y, z, loss, density, current_x, ...
template <int dim>
std::string table(const Samples<dim>& samples, const Domain<dim>& box) {
  std::string text;
  for (int i = 0; i < dim; ++i)
    text += box.coordinate_name(i) + ",";
  text += "loss,density";
  for (int i = 0; i < dim; ++i)
    text += ",current_" + box.coordinate_name(i);
  text += "\n";
  for (std::size_t q = 0; q < samples.points.size(); ++q) {
    for (int i = 0; i < dim; ++i)
      text += format_number(samples.points[q][i]) + ",";
    text += format_number(samples.losses[q]) + "," + format_number(samples.densities[q]);
    for (int i = 0; i < dim; ++i)
      text += "," + format_number(samples.currents[q][i]);
    text += "\n";
  }
  return text;
}

template <int dim>
std::array<std::vector<double>, dim> grid(const Domain<dim>& box, const unsigned int n) {
  std::array<std::vector<double>, dim> axes;
  for (int i = 0; i < dim; ++i)
    axes[i] = linspace(box.lower[i], box.upper[i], n);
  return axes;
}

} // namespace

template <int dim>
void write_vtu(const OutputDirectory& directory, const Problem<dim>& problem,
               const Density<dim>& density, const Discretization<dim>& discretization,
               const QuasiStationary<dim>& solution) {
  const DensityPostprocessor<dim> postprocessor(problem, density);
  dealii::DataOut<dim> output;
  output.attach_dof_handler(discretization.get_dof_handler());
  output.add_data_vector(solution.u, postprocessor);
  output.build_patches(discretization.get_mapping(), discretization.get_element().degree,
                       dealii::DataOut<dim>::curved_inner_cells);

  const MPI_Comm communicator = discretization.get_communicator();
  const unsigned int n_ranks = dealii::Utilities::MPI::n_mpi_processes(communicator);
  const auto piece = [&](unsigned int rank) {
    return n_ranks == 1 ? "density.vtu" : "density." + std::to_string(rank) + ".vtu";
  };
  std::ofstream stream(
    directory.staged(piece(dealii::Utilities::MPI::this_mpi_process(communicator))));
  output.write_vtu(stream);
  stream.close();
  if (!stream) throw std::runtime_error("cannot write the fields");
  if (n_ranks > 1 && is_first_rank(communicator)) {
    std::vector<std::string> pieces;
    for (unsigned int rank = 0; rank < n_ranks; ++rank)
      pieces.push_back(piece(rank));
    std::ofstream record(directory.staged("density.pvtu"));
    output.write_pvtu_record(record, pieces);
  }
}

template <int dim>
void write_samples(const OutputDirectory& directory, const Problem<dim>& problem,
                   const Density<dim>& density, const Landscape<dim>& landscape,
                   const Discretization<dim>& discretization,
                   const QuasiStationary<dim>& solution) {
  const bool first = is_first_rank(discretization.get_communicator());
  const auto write = [&](const std::string& file,
                         const std::array<std::vector<double>, dim>& axes) {
    const auto samples = sample_density<dim>(problem, density, discretization, solution, axes);
    if (first) directory.write(file, table(samples, problem.domain));
  };
  if constexpr (dim < 3)
    write("density.csv", grid(problem.domain, dim == 1 ? 1001 : 161));
  else
    for (const int fixed : { 2, 1, 0 }) {
      const std::string name = fixed == 2 ? "xy" : fixed == 1 ? "xz" : "yz";
      const double at = landscape.wells[0][fixed];
      auto axes = grid(problem.domain, 121);
      axes[fixed] = { at };
      write("density_" + name + ".csv", axes);
      if (problem.domain.is_box()) continue;
      const auto outline = slice_outline(problem.domain, discretization, fixed, at);
      if (first) directory.write("outline_" + name + ".csv", outline);
    }
}

#define INSTANTIATE(dim)                                                                           \
  template void write_vtu(const OutputDirectory&, const Problem<dim>&, const Density<dim>&,        \
                          const Discretization<dim>&, const QuasiStationary<dim>&);                \
  template void write_samples(const OutputDirectory&, const Problem<dim>&, const Density<dim>&,    \
                              const Landscape<dim>&, const Discretization<dim>&,                   \
                              const QuasiStationary<dim>&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
