// The models known by name. A new model is one class, which declares its parameters, and one line
// in registry.cc.
#pragma once

#include "problems/data/dataset_input.h"
#include "problems/diffusion/constant_diffusion.h"
#include "problems/diffusion/expression_diffusion.h"
#include "problems/diffusion/gradient_noise.h"
#include "problems/diffusion/hessian_aligned.h"
#include "problems/diffusion/injected_diffusion.h"
#include "problems/diffusion/noise_floor.h"
#include "problems/formula/expression.h"
#include "problems/loss/expression_loss.h"
#include "problems/problem.h"

#include <memory>
#include <string>

namespace dealii {
class ParameterHandler;
}

namespace fokker_planck {

/// What section Loss holds, as the user wrote it.
struct LossInput {
  std::string type = "expression";
  ExpressionLossInput expression = {};
  std::string constants = {}; ///< for the formulas of all sections
  double scale = 1;           ///< k
  DatasetInput dataset = {};

  /// Declares the keys in the present section and binds them to this object.
  void declare(dealii::ParameterHandler& handler);

  /// Throws InputError for an unknown type or wrong input.
  template <int dim>
  std::shared_ptr<const Loss<dim>> make(const FormulaNames& names) const;
};

/// What section Noise holds, as the user wrote it.
struct NoiseInput {
  std::string type = "constant";
  ConstantDiffusionInput constant = {};
  GradientNoiseInput gradient_noise = {};
  HessianAlignedInput hessian_aligned = {};
  NoiseFloorInput floor = {};
  ExpressionDiffusionInput expression = {};
  InjectedDiffusionInput injected = {};
  std::string interpretation = "ito";

  /// Declares the keys in the present section and binds them to this object.
  void declare(dealii::ParameterHandler& handler);

  /// a.
  double read_interpretation() const;

  /// problem: loss, domain, start and interpretation, to which models refer. Throws InputError for
  /// an unknown type or wrong input, and where D is not positive definite.
  template <int dim>
  std::shared_ptr<const Diffusion<dim>> make(const FormulaNames& names,
                                             const Problem<dim>& problem) const;
};

} // namespace fokker_planck
