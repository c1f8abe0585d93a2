#include "postprocess/formulas/exact_integral.h"

#include "problems/base/input_error.h"

#include <algorithm>
#include <cmath>

namespace fokker_planck {

namespace {

constexpr unsigned int n = PanelRule::n;
constexpr unsigned int n_rough = 128; // panels before bisection
constexpr int n_dyadic = 64;          // towards r = 0, where the volume element is singular
constexpr double most_rise = 6;       // of Psi on a panel: exp(6 t) is a polynomial to 1e-15
constexpr double resolution = 1e-13;  // relative error of interpolation
constexpr std::size_t most_panels = 50000;
constexpr std::size_t most_bisections = 45; // then a jump of D or L' adds less than rounding
constexpr double most_rise_at_jump = 1e-6;  // of Psi on such a panel
constexpr unsigned int most_iterations = 1000;

} // namespace

ExactIntegral::ExactIntegral(const Problem<1>& problem_, const double start_, const double cutoff)
  : problem(problem_), start(start_) {
  set_weights(refine(connected_part(rough_panels(), cutoff)));
  iterate();
}

ExactIntegral::Panel ExactIntegral::evaluate(const double left, const double length) const {
  const PanelRule& rule = PanelRule::get();
  std::vector<dealii::Point<1>> points(n);
  for (unsigned int i = 0; i < n; ++i)
    points[i][0] = left + length * rule.nodes[i];
  std::vector<dealii::Tensor<1, 1>> convections;
  std::vector<dealii::SymmetricTensor<2, 1>> tensors;
  problem.convections(points, convections);
  problem.diffusion->tensors(points, tensors);
  Panel panel{ left, length, {}, {}, 0 };
  PanelRule::Values slopes;
  for (unsigned int i = 0; i < n; ++i) {
    panel.diffusions[i] = tensors[i][0][0];
    slopes[i] = length * convections[i][0] / panel.diffusions[i];
    if (!std::isfinite(slopes[i]))
      throw NotConverged("the drift divided by D is not finite at " + std::to_string(points[i][0]));
  }
  panel.rises = rule.running(slopes);
  panel.rise = rule.integrate(slopes);
  return panel;
}

/// Psi at the nodes, with the volume element.
PanelRule::Values ExactIntegral::potentials(const Panel& panel, const double at_left) const {
  const double volume_exponent = problem.domain.dimension() - 1;
  PanelRule::Values psi;
  for (unsigned int i = 0; i < n; ++i) {
    psi[i] = at_left + panel.rises[i];
    if (volume_exponent > 0)
      psi[i] -= volume_exponent * std::log(panel.left + panel.length * PanelRule::get().nodes[i]);
  }
  return psi;
}

/// Whether exp(-Psi) and exp(Psi)/D are polynomials on the panel, or it is too small to matter.
bool ExactIntegral::is_resolved(const Panel& panel, const bool is_last) const {
  auto psi = potentials(panel, 0);
  const auto [least, largest] = std::minmax_element(psi.begin(), psi.end());
  const double middle = 0.5 * (*least + *largest);
  if (*largest - *least > (is_last ? most_rise_at_jump : most_rise)) return false;
  PanelRule::Values falling, rising;
  for (unsigned int i = 0; i < n; ++i) {
    falling[i] = std::exp(middle - psi[i]);
    rising[i] = std::exp(psi[i] - middle) / panel.diffusions[i];
  }
  const PanelRule& rule = PanelRule::get();
  return is_last || (rule.tail(falling) <= resolution && rule.tail(rising) <= resolution);
}

std::vector<ExactIntegral::Panel> ExactIntegral::rough_panels() const {
  const Domain<1>& domain = problem.domain;
  const double step = domain.length(0) / n_rough;
  std::vector<Panel> panels;
  if (domain.dimension() > 1) // the contribution of what is left out is below exp(-n_dyadic/2)^2
    for (int k = n_dyadic; k >= 1; --k)
      panels.push_back(evaluate(step * std::ldexp(1., -k), step * std::ldexp(1., -k)));
  for (unsigned int i = domain.dimension() > 1 ? 1 : 0; i < n_rough; ++i) {
    const double left = domain.lower[0] + i * step;
    panels.push_back(evaluate(left, (i + 1 == n_rough ? domain.upper[0] : left + step) - left));
  }
  return panels;
}

/// The panels around the start up to walls of Psi more than the cutoff above the lower way out;
/// such walls reflect.
std::vector<ExactIntegral::Panel> ExactIntegral::connected_part(const std::vector<Panel>& rough,
                                                                const double cutoff) {
  std::size_t home = 0;
  while (home + 1 < rough.size() && rough[home + 1].left <= start)
    ++home;
  std::vector<double> at_left(rough.size(), 0.), lowest, highest;
  for (std::size_t p = home + 1; p < rough.size(); ++p)
    at_left[p] = at_left[p - 1] + rough[p - 1].rise;
  for (std::size_t p = home; p-- > 0;)
    at_left[p] = at_left[p + 1] - rough[p].rise;
  for (std::size_t p = 0; p < rough.size(); ++p) {
    const auto psi = potentials(rough[p], at_left[p]);
    const auto [least, largest] = std::minmax_element(psi.begin(), psi.end());
    lowest.push_back(*least);
    highest.push_back(*largest);
  }
  const double to_left = *std::max_element(highest.begin(), highest.begin() + home + 1);
  const double to_right = *std::max_element(highest.begin() + home, highest.end());
  const Domain<1>& domain = problem.domain;
  left_absorbs = domain.absorbs(0) && !domain.is_radial();
  right_absorbs = domain.absorbs(1);
  const double level =
    cutoff + std::min(left_absorbs ? to_left : INFINITY, right_absorbs ? to_right : INFINITY);
  std::size_t first = home, last = home;
  while (first > 0 && lowest[first - 1] <= level)
    --first;
  while (last + 1 < rough.size() && lowest[last + 1] <= level)
    ++last;
  left_absorbs = left_absorbs && first == 0;
  right_absorbs = right_absorbs && last + 1 == rough.size();
  return { rough.begin() + first, rough.begin() + last + 1 };
}

std::vector<ExactIntegral::Panel> ExactIntegral::refine(const std::vector<Panel>& rough) const {
  std::vector<Panel> refined;
  for (const Panel& panel : rough) {
    std::vector<Panel> pending = { panel };
    while (!pending.empty()) {
      const Panel next = pending.back();
      pending.pop_back();
      const bool is_last = pending.size() >= most_bisections;
      if (is_resolved(next, is_last)) {
        refined.push_back(next);
        continue;
      }
      if (refined.size() + pending.size() > most_panels || is_last)
        throw NotConverged("the drift divided by D is not smooth enough near " +
                           std::to_string(next.left));
      const double half = 0.5 * next.length;
      pending.push_back(evaluate(next.left + half, half));
      pending.push_back(evaluate(next.left, half));
    }
  }
  return refined;
}

/// Integrates Psi away from the start, so that its rounding errors grow with the barrier only.
void ExactIntegral::set_weights(const std::vector<Panel>& panels) {
  std::size_t home = 0;
  while (home + 1 < panels.size() && panels[home + 1].left <= start)
    ++home;
  std::vector<double> at_left(panels.size(), 0.);
  for (std::size_t p = home + 1; p < panels.size(); ++p)
    at_left[p] = at_left[p - 1] + panels[p - 1].rise;
  for (std::size_t p = home; p-- > 0;)
    at_left[p] = at_left[p + 1] - panels[p].rise;

  density = ScaledFunction::ones(panels.size());
  ScaledFunction resistance = density;
  for (std::size_t p = 0; p < panels.size(); ++p) {
    lefts.push_back(panels[p].left);
    lengths.push_back(panels[p].length);
    const auto psi = potentials(panels[p], at_left[p]);
    density.logs[p] = -psi[n / 2];
    resistance.logs[p] = psi[n / 2];
    for (unsigned int i = 0; i < n; ++i) {
      density.values[p][i] = std::exp(psi[n / 2] - psi[i]);
      resistance.values[p][i] = std::exp(psi[i] - psi[n / 2]) / panels[p].diffusions[i];
    }
  }
  const auto one = ScaledFunction::ones(panels.size());
  from_left = left_absorbs ? integral_from_left(resistance, lengths) : one;
  to_right = right_absorbs ? integral_to_right(resistance, lengths) : one;
  if (left_absorbs && right_absorbs) log_z = log_integral(resistance, lengths);
  left_kernel = density * from_left;
  right_kernel = density * to_right;
}

ScaledFunction ExactIntegral::apply(const ScaledFunction& f) const {
  ScaledFunction result = to_right * integral_from_left(left_kernel * f, lengths) +
                          from_left * integral_to_right(right_kernel * f, lengths);
  for (double& log : result.logs)
    log -= log_z;
  return result;
}

void ExactIntegral::iterate() {
  log_gamma = -INFINITY;
  if (!left_absorbs && !right_absorbs) return;
  auto f = ScaledFunction::ones(lengths.size());
  for (iterations = 1; iterations <= most_iterations; ++iterations) {
    auto next = apply(f);
    if (iterations == 1) mean_time = next;
    const auto weighted = density * next;
    const double before = log_gamma, norm = log_integral(weighted * next, lengths);
    log_gamma = log_integral(weighted * f, lengths) - norm;
    if (!std::isfinite(log_gamma)) throw NotConverged("the integrals are not finite");
    const double rounding = 1e-15 * (1 + std::fabs(norm) + std::fabs(log_gamma));
    if (std::fabs(log_gamma - before) <= rounding) return;
    for (double& log : next.logs)
      log -= 0.5 * norm;
    f = std::move(next);
  }
  throw NotConverged("two valleys are left at almost the same rate: the iteration for the smallest "
                     "eigenvalue does not converge");
}

double ExactIntegral::log_mean_first_passage_time(const double x) const {
  const auto next = std::upper_bound(lefts.begin() + 1, lefts.end(), x);
  const std::size_t p = next - lefts.begin() - 1;
  return mean_time.logs[p] +
         std::log(PanelRule::get().interpolate(mean_time.values[p], (x - lefts[p]) / lengths[p]));
}

double ExactIntegral::log_weight(const double from, const double to) const {
  ScaledFunction part = density;
  for (std::size_t p = 0; p < lengths.size(); ++p) {
    const double middle = lefts[p] + 0.5 * lengths[p];
    if (middle < from || middle > to) part.logs[p] = -INFINITY;
  }
  return log_integral(part, lengths);
}

} // namespace fokker_planck
