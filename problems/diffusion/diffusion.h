// The diffusion tensor D(theta) of dtheta = b dt + sqrt(2D) dW, in units of loss.
#pragma once

#include "problems/base/scalar_field.h"

#include <nlohmann/json_fwd.hpp>

#include <memory>
#include <string>
#include <vector>

namespace fokker_planck {

template <int dim>
struct Problem;

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

/// Interface of all noise models. Results are resized to the number of points.
template <int dim>
class Diffusion {
public:
  virtual ~Diffusion() = default;

  /// "Section/Key: got 'value'", the beginning of a message about this noise.
  virtual std::string description() const = 0;

  /// D at each point, symmetric.
  virtual void tensors(const std::vector<dealii::Point<dim>>& points,
                       std::vector<dealii::SymmetricTensor<2, dim>>& tensors) const = 0;

  /// div D at each point: (div D)_i = sum_j dD_ij/dtheta_j.
  virtual void divergences(const std::vector<dealii::Point<dim>>& points,
                           std::vector<dealii::Tensor<1, dim>>& divergences) const = 0;

  /// Whether D is the same everywhere.
  virtual bool is_constant() const { return false; }

  /// Candidates for a potential Psi with D grad Psi = grad L + (1-a) div D, the best first, for the
  /// noise D + injected * I; the last one serves as the guess if none is exact. Uses loss,
  /// interpretation a and domain.
  virtual std::vector<PotentialCandidate<dim>> potentials(const Problem<dim>& problem,
                                                          double injected) const = 0;

  /// What a reader of the result wants to know: noise scale, temperatures, Hessian eigenvalues.
  virtual nlohmann::ordered_json quantities() const = 0;
};

} // namespace fokker_planck
