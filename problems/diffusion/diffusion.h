// The diffusion tensor D(theta) of dtheta = b dt + sqrt(2D) dW, in units of loss.
#pragma once

#include "problems/base/quantity.h"
#include "problems/base/scalar_field.h"
#include "problems/base/tensor_field.h"
#include "problems/diffusion/gradient_noise.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fokker_planck {

template <int dim>
struct Domain;
template <int dim>
class Loss;
template <int dim>
struct Valley;

/// A candidate for the potential of a noise model.
template <int dim>
struct PotentialCandidate {
  enum class Exactness {
    always,  ///< exact as long as there is no force
    perhaps, ///< exact if it is so on a lattice
    never    ///< a guess
  };
  std::shared_ptr<const ScalarField<dim>> potential;
  Exactness exactness;
};

/// Interface of all noise models: tensors() is D. Results are resized to the number of points.
template <int dim>
class Diffusion : public TensorField<dim> {
public:
  /// "Section/Key: got 'value'", the beginning of a message about this noise.
  virtual std::string description() const = 0;

  /// div D at each point: (div D)_i = sum_j dD_ij/dtheta_j.
  virtual void divergences(const std::vector<dealii::Point<dim>>& points,
                           std::vector<dealii::Tensor<1, dim>>& divergences) const = 0;

  /// Whether D is the same everywhere.
  virtual bool is_constant() const { return false; }

  /// Candidates for a potential Psi with D grad Psi = grad L + (1-a) div D, the best first, for the
  /// noise D + injected * I; the last one serves as the guess if none is exact. interpretation: a.
  /// Without candidates the guess is the loss over the mean of D.
  virtual std::vector<PotentialCandidate<dim>> potentials(
    const std::shared_ptr<const Loss<dim>>& /*loss*/, const Domain<dim>& /*domain*/,
    double /*interpretation*/, double /*injected*/) const {
    return {};
  }

  /// What a reader of the result wants to know: noise scale, temperatures, Hessian eigenvalues.
  virtual Quantities quantities() const { return {}; }

  /// Learning rate and batch size, if this is a model of the noise of stochastic gradient descent.
  virtual std::optional<GradientNoise> gradient_noise() const { return {}; }

  /// The part delta I of D that is added to gradient noise; 0 if there is none.
  virtual double injected_diffusion() const { return 0; }

  /// The valley whose minimum and way out the model refers to; null if it refers to none.
  virtual const Valley<dim>* get_valley() const { return nullptr; }
};

} // namespace fokker_planck
