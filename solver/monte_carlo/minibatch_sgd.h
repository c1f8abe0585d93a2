// Stochastic gradient descent on minibatches of a data set, iterated until it leaves the domain.
//
//   theta <- theta - eta (1/B) sum_(i in batch) g_i(theta) + sqrt(2 eta delta) xi,
// g_i the gradient of the loss of sample i, xi normal with the unit covariance, delta the injected
// diffusion. A batch is drawn anew in every iteration, without replacement within it (or with, as
// an option). This is the process that the Fokker-Planck equation with empirical noise
// approximates; one iteration is the time eta, so that a rate per time gamma is gamma eta per
// iteration.
//
// The random numbers of a trajectory depend on the seed and its number alone (random.h).
#pragma once

#include "problems/data/dataset_loss.h"
#include "problems/problem.h"
#include "solver/monte_carlo/random.h"

#include <vector>

namespace fokker_planck {

struct SgdSettings {
  double learning_rate;          ///< eta > 0
  std::uint32_t batch_size;      ///< B, 1 ... m
  double injected = 0;           ///< delta >= 0
  bool with_replacement = false; ///< within a batch
  std::uint32_t seed = 0;

  /// Learning rate, batch size and injected diffusion of a problem, the noise of which may be any
  /// model of gradient noise. Throws InputError if it is none, or if the batch size is no integer.
  template <int dim>
  static SgdSettings of(const Problem<dim>& problem);
};

template <int dim>
class MinibatchSgd {
public:
  /// Uses loss and domain of the problem; its noise does not matter. Throws InputError unless the
  /// loss is that of a data set with at least B samples.
  MinibatchSgd(const Problem<dim>& problem, const SgdSettings& settings);

  class Trajectory;

  /// How a trajectory ended.
  struct Exit {
    bool left;                   ///< false if most_iterations did not suffice
    std::uint64_t iterations;    ///< done, the one that left included
    dealii::Point<dim> position; ///< where the last step crossed the boundary, or the last iterate
    unsigned int side;           ///< that it crossed, if it left
  };

  /// Iterates from a point inside until an absorbing side is crossed. Thread-safe.
  Exit run(const dealii::Point<dim>& start, std::uint64_t trajectory,
           std::uint64_t most_iterations) const;

  const SgdSettings& get_settings() const { return settings; }

  /// The number m of samples.
  std::size_t n_samples() const { return loss->n_samples(); }

private:
  /// Reflects an iterate on reflecting sides; true if it crossed an absorbing one before, whose
  /// side and crossing point are then set.
  bool leaves(const dealii::Point<dim>& from, dealii::Point<dim>& to, Exit& exit) const;

  std::shared_ptr<const DatasetLoss<dim>> loss;
  Domain<dim> domain;
  SgdSettings settings;
  RandomNumbers random;
};

/// One trajectory, step by step; must not outlive its MinibatchSgd.
template <int dim>
class MinibatchSgd<dim>::Trajectory {
public:
  Trajectory(const MinibatchSgd& sgd, const dealii::Point<dim>& start, std::uint64_t number);

  /// One iteration; returns whether it crossed an absorbing side (then there must be no other one).
  bool step();

  /// Goes back to a point; iterations are counted from 0 again, with other random numbers.
  void restart(const dealii::Point<dim>& start) { exit = { false, 0, start, 0 }; }

  /// So far; position is the present iterate, or the point of exit.
  const Exit& state() const { return exit; }

private:
  std::uint32_t random_word();
  std::uint32_t random_below(std::uint32_t n);
  void draw_batch();
  dealii::Tensor<1, dim> random_normal();

  const MinibatchSgd& sgd;
  Exit exit;
  std::uint64_t number, n_blocks = 0; ///< of words that were drawn
  std::array<std::uint32_t, 4> words;
  unsigned int n_used = 4;            ///< of the words
  std::vector<std::uint32_t> samples; ///< a permutation of all; the batch comes first
};

} // namespace fokker_planck
