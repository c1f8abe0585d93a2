// The table of all formulas.
#include "postprocess/formulas/escape_formula.h"

namespace fokker_planck {

namespace {

template <int dim>
std::vector<EscapeFormula<dim>> all_formulas() {
  std::vector<EscapeFormula<dim>> all;
  for (const auto& formulas :
       { transition_state_formulas<dim>(), path_formulas<dim>(), level_formulas<dim>(),
         gradient_noise_formulas<dim>(), exact_formulas<dim>() })
    all.insert(all.end(), formulas.begin(), formulas.end());
  return all;
}

} // namespace

template <int dim>
std::vector<Formula> escape_formulas(const Problem<dim>& problem, const Gauge<dim>& gauge,
                                     const Landscape<dim>& landscape) {
  const EscapeSetting<dim> setting(problem, gauge, landscape);
  std::vector<Formula> results;
  for (const auto& formula : all_formulas<dim>()) {
    const Evaluation evaluation = formula.evaluate(setting);
    results.push_back({ formula.name, formula.reference, formula.expression, evaluation.applicable,
                        evaluation.reason, evaluation.log_rate, evaluation.corrected_log_rate });
  }
  return results;
}

#define INSTANTIATE(dim)                                                                           \
  template std::vector<Formula> escape_formulas(const Problem<dim>&, const Gauge<dim>&,            \
                                                const Landscape<dim>&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
