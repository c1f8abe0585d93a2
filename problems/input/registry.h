// The models known by name. A new model is one class and one line in registry.cc.
#pragma once

#include "problems/data/dataset_input.h"
#include "problems/formula/expression.h"
#include "problems/problem.h"

#include <memory>
#include <string>

namespace fokker_planck {

/// What section Loss holds.
struct LossInput {
  std::string expression;
  FormulaNames names;
  double k = 1;
  DatasetInput dataset = {};
};

/// What section Noise holds, as the user wrote it.
struct NoiseInput {
  std::string diffusion = {};
  std::string expressions = {};
  FormulaNames names = {};
  std::string learning_rate = {}, batch_size = "1", data_set_size = {};
  std::string hessian = "frozen";
  std::string path_parameter = "0.5", transition_width = {};
  std::string floor = "0";
};

/// The names of all models, separated by '|'.
std::string loss_types();
std::string noise_types();

/// Makes the model of the given name. Throws InputError for an unknown name or wrong input.
template <int dim>
std::shared_ptr<const Loss<dim>> make_loss(const std::string& type, const LossInput& input);

/// problem: loss, domain and start, to which noise models refer.
template <int dim>
std::shared_ptr<const Diffusion<dim>> make_diffusion(const std::string& type,
                                                     const NoiseInput& input,
                                                     const Problem<dim>& problem);

} // namespace fokker_planck
