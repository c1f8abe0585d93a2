#include "postprocess/formulas/valley_formulas.h"

#include "postprocess/formulas/paths.h"

#include <stdexcept>

namespace fokker_planck {

template <int dim>
std::optional<ValleyFormulaRates> valley_formula_rates(const Problem<dim>& problem,
                                                       const Gauge<dim>& gauge,
                                                       const Landscape<dim>& landscape) {
  const EscapeSetting<dim> setting(problem, gauge, landscape);
  if (!setting.objection.empty()) return {};
  std::vector<std::vector<double>> into; // rates[to][from], the exits last
  try {
    into = log_rates_between_valleys(setting);
  } catch (const std::invalid_argument&) { // a valley without a minimum inside the domain
    return {};
  }
  const std::size_t n = into.size() - 1;
  ValleyFormulaRates rates;
  for (std::size_t from = 0; from < n; ++from) {
    std::vector<double> row;
    for (std::size_t to = 0; to < n; ++to)
      row.push_back(into[to][from]);
    rates.to_valleys.push_back(row);
    rates.to_exits.push_back(into[n][from]);
  }
  return rates;
}

#define INSTANTIATE(dim)                                                                           \
  template std::optional<ValleyFormulaRates> valley_formula_rates(                                 \
    const Problem<dim>&, const Gauge<dim>&, const Landscape<dim>&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
