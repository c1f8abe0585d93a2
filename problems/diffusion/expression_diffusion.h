// Noise/Type = expression: the entries of D as formulas.
#pragma once

#include "problems/diffusion/diffusion.h"
#include "problems/formula/expression.h"
#include "problems/formula/tape.h"

#include <string>

namespace dealii {
class ParameterHandler;
}

namespace fokker_planck {

template <int dim>
class ExpressionDiffusion : public Diffusion<dim> {
public:
  /// text: formulas separated by ';', one (D times the identity), the upper triangle row by row
  /// (xx, xy, yy, ...), or all dim^2 entries row by row. Throws InputError for a wrong number of
  /// formulas or one that cannot be read, or if the full matrix is not symmetric in the domain.
  ExpressionDiffusion(const std::string& text, const FormulaNames& names,
                      const Domain<dim>& domain);

  std::string description() const override { return "Noise/Expressions: got '" + text + "'"; }
  void tensors(const std::vector<dealii::Point<dim>>& points,
               std::vector<dealii::SymmetricTensor<2, dim>>& tensors) const override;
  void divergences(const std::vector<dealii::Point<dim>>& points,
                   std::vector<dealii::Tensor<1, dim>>& divergences) const override;

  /// L/D_e, D_e the harmonic mean of the eigenvalues of D where the loss is lowest.
  std::vector<PotentialCandidate<dim>> potentials(const std::shared_ptr<const Loss<dim>>& loss,
                                                  const Domain<dim>& domain, double interpretation,
                                                  double injected) const override;
  Quantities quantities() const override;

private:
  struct Entry {
    Tape value, gradient;
  };

  /// The formula of entry (i, j), i <= j; null where D is a multiple of the identity and i != j.
  const Entry* entry(int i, int j) const;

  std::string text;
  std::vector<Entry> entries; ///< one, or the upper triangle
};

/// Noise/Expressions.
struct ExpressionDiffusionInput {
  std::string expressions = {};

  /// Declares the key in the present section and binds it to this object.
  void declare(dealii::ParameterHandler& handler);
};

} // namespace fokker_planck
