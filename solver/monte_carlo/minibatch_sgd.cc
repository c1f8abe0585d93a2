#include "solver/monte_carlo/minibatch_sgd.h"

#include "problems/base/input_error.h"
#include "problems/base/text.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace fokker_planck {

using dealii::Point;
using dealii::Tensor;

namespace {

constexpr int most_reflections = 100; // of a step; one that is far too long is not taken

} // namespace

template <int dim>
SgdSettings SgdSettings::of(const Problem<dim>& problem) {
  const auto noise = problem.diffusion->gradient_noise();
  if (!noise)
    throw InputError(problem.diffusion->description() +
                     ", but it has no learning rate: SGD needs Noise/Type = empirical, hessian "
                     "aligned or loss proportional");
  const double size = noise->batch_size;
  if (!(size >= 1 && size < 4294967296. && size == std::floor(size)))
    throw InputError("Noise/Batch size", format_number(size), "SGD needs a whole number >= 1");
  SgdSettings settings{ noise->learning_rate, static_cast<std::uint32_t>(size) };
  settings.injected = problem.diffusion->injected_diffusion();
  return settings;
}

template <int dim>
MinibatchSgd<dim>::MinibatchSgd(const Problem<dim>& problem, const SgdSettings& settings_)
  : loss(std::dynamic_pointer_cast<const DatasetLoss<dim>>(problem.loss)), domain(problem.domain),
    settings(settings_), random(settings_.seed) {
  if (!loss)
    throw InputError(problem.loss->description() +
                     ", but SGD draws samples of a data set: Loss/Type = dataset is needed");
  if (problem.force)
    throw InputError(problem.force->description() +
                     ", but SGD follows the gradients of the samples alone: it has no other force");
  if (domain.is_radial())
    throw InputError("Domain/Type", "radial", "SGD moves in the weights: a box is needed");
  if (settings.batch_size < 1 || settings.batch_size > loss->n_samples())
    throw InputError("Noise/Batch size", std::to_string(settings.batch_size),
                     "it must be between 1 and the number of samples, " +
                       std::to_string(loss->n_samples()));
}

template <int dim>
typename MinibatchSgd<dim>::Exit MinibatchSgd<dim>::run(const Point<dim>& start,
                                                        const std::uint64_t trajectory,
                                                        const std::uint64_t most_iterations) const {
  Trajectory path(*this, start, trajectory);
  while (path.state().iterations < most_iterations && !path.step())
    ;
  return path.state();
}

/// Of the sides that the straight line from `from` to `to` crosses the first one decides.
template <int dim>
bool MinibatchSgd<dim>::leaves(const Point<dim>& from, Point<dim>& to, Exit& exit) const {
  for (int n = 0; n < most_reflections; ++n) {
    const auto crossing = domain.first_crossing(from, to);
    if (!crossing) return false;
    if (domain.absorbs(crossing->side)) {
      exit.side = crossing->side;
      exit.position = crossing->position;
      return true;
    }
    to += 2 * ((crossing->position - to) * crossing->normal) * crossing->normal;
  }
  to = from;
  return false;
}

template <int dim>
MinibatchSgd<dim>::Trajectory::Trajectory(const MinibatchSgd& sgd_, const Point<dim>& start,
                                          const std::uint64_t number_)
  : sgd(sgd_), exit{ false, 0, start, 0 }, number(number_), words(),
    samples(sgd.loss->n_samples()) {
  std::iota(samples.begin(), samples.end(), 0U);
  if (sgd.settings.with_replacement) samples.resize(sgd.settings.batch_size);
}

template <int dim>
std::uint32_t MinibatchSgd<dim>::Trajectory::random_word() {
  if (n_used == 4) {
    words = sgd.random.bits(number, n_blocks++, RandomPurpose::minibatch);
    n_used = 0;
  }
  return words[n_used++];
}

/// Uniform on 0 ... n-1. Method: D. Lemire, ACM Trans. Model. Comput. Simul. 29 (2019) 3.
template <int dim>
std::uint32_t MinibatchSgd<dim>::Trajectory::random_below(const std::uint32_t n) {
  std::uint64_t product = static_cast<std::uint64_t>(random_word()) * n;
  if (static_cast<std::uint32_t>(product) < n) {
    const std::uint32_t threshold = (0U - n) % n;
    while (static_cast<std::uint32_t>(product) < threshold)
      product = static_cast<std::uint64_t>(random_word()) * n;
  }
  return static_cast<std::uint32_t>(product >> 32U);
}

/// Without replacement by the first steps of a shuffle: they give a random subset whatever the
/// order of the samples was before.
template <int dim>
void MinibatchSgd<dim>::Trajectory::draw_batch() {
  const auto n_samples = static_cast<std::uint32_t>(sgd.loss->n_samples());
  for (std::uint32_t b = 0; b < sgd.settings.batch_size; ++b)
    if (sgd.settings.with_replacement)
      samples[b] = random_below(n_samples);
    else
      std::swap(samples[b], samples[b + random_below(n_samples - b)]);
}

template <int dim>
Tensor<1, dim> MinibatchSgd<dim>::Trajectory::random_normal() {
  Tensor<1, dim> xi;
  for (int i = 0; i < dim; i += 2) {
    const std::uint32_t radius = random_word(), angle = random_word();
    double second;
    box_muller(&radius, &angle, 1, &xi[i], i + 1 < dim ? &xi[i + 1] : &second);
  }
  return xi;
}

template <int dim>
bool MinibatchSgd<dim>::Trajectory::step() {
  const SgdSettings& settings = sgd.settings;
  draw_batch();
  const Point<dim> from = exit.position;
  Point<dim> to = from - settings.learning_rate *
                           sgd.loss->batch_gradient(from, samples.data(), settings.batch_size);
  if (settings.injected > 0)
    to += std::sqrt(2 * settings.learning_rate * settings.injected) * random_normal();
  ++exit.iterations;
  exit.left = sgd.leaves(from, to, exit);
  if (!exit.left) exit.position = to;
  return exit.left;
}

#define INSTANTIATE(dim)                                                                           \
  template SgdSettings SgdSettings::of(const Problem<dim>&);                                       \
  template class MinibatchSgd<dim>;
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
