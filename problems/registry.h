// The models known by name. A new model is one class and one line in registry.cc.
#pragma once

#include "problems/diffusion/diffusion.h"
#include "problems/expression.h"
#include "problems/loss/loss.h"

#include <memory>
#include <string>

namespace fokker_planck {

/// What section Loss holds.
struct LossInput {
  std::string expression;
  Constants constants;
  double k = 1;
};

/// What section Noise holds.
struct NoiseInput {
  std::string diffusion;
};

/// The names of all models, separated by '|'.
std::string loss_types();
std::string noise_types();

/// Makes the model of the given name. Throws InputError for an unknown name or wrong input.
template <int dim>
std::shared_ptr<const Loss<dim>> make_loss(const std::string& type, const LossInput& input);

template <int dim>
std::shared_ptr<const Diffusion<dim>> make_diffusion(const std::string& type,
                                                     const NoiseInput& input);

} // namespace fokker_planck
