#include "solver/monte_carlo/branching.h"

#include "problems/base/input_error.h"
#include "problems/base/text.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace fokker_planck {

using dealii::Point;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::uint64_t most_steps = 20000000; // of an excursion
constexpr double killed_share = 0.25;

/// Trajectories begin here, far from those of the pilots, which have the same random numbers.
constexpr std::uint64_t first_trajectory = std::uint64_t(1) << 40U;

/// An excursion: its states with a larger xi than all before.
template <int dim>
struct Replica {
  static constexpr int returned = -1;

  std::vector<double> levels;
  std::vector<Point<dim>> states;
  int side = returned; ///< or where it left

  double level() const { return side == returned ? levels.back() : infinity; }

  /// The part up to the first state beyond a level; of an exit, if no state is, the exit.
  Replica branch_beyond(const double level) const {
    const auto first = std::upper_bound(levels.begin(), levels.end(), level) - levels.begin();
    Replica result;
    if (first == static_cast<std::ptrdiff_t>(levels.size()))
      result.side = side;
    else {
      result.levels = { levels[first] };
      result.states = { states[first] };
    }
    return result;
  }
};

template <int dim>
class Branching {
public:
  Branching(const Problem<dim>& problem, const ReactionCoordinate<dim>& coordinate,
            const std::vector<Point<dim>>& first_states, const BranchingSettings& settings,
            const RandomNumbers& random,
            const std::function<bool(std::uint64_t n_steps, double level)>& go_on);

  BranchingResult run();

private:
  using Watcher = std::function<bool(std::uint64_t, double)>;

  bool simulate(const std::vector<std::size_t>& which);
  void run_block();
  void fill(std::size_t l, std::size_t replica);
  void settle(std::size_t l);
  double find_level() const;
  std::vector<std::size_t> replace(double level);

  const ReactionCoordinate<dim>& coordinate;
  const BranchingSettings settings;
  const RandomNumbers random;
  const Watcher& go_on;
  Walkers<dim> walkers;
  std::vector<Replica<dim>> replicas;
  std::vector<std::size_t> replica_of; ///< per lane
  std::vector<double> records, xi;     ///< per lane; the record of a lane that is done is infinite
  std::uint64_t next = first_trajectory;
  double level = 0;
  BranchingResult result{};
};

template <int dim>
Branching<dim>::Branching(const Problem<dim>& problem, const ReactionCoordinate<dim>& coordinate_,
                          const std::vector<Point<dim>>& first_states,
                          const BranchingSettings& settings_, const RandomNumbers& random_,
                          const Watcher& go_on_)
  : coordinate(coordinate_), settings(settings_), random(random_), go_on(go_on_),
    walkers(problem, settings.scheme, settings.time_step, random,
            std::min<std::size_t>(settings.n_replicas, Walkers<dim>::good_n_lanes)),
    replicas(settings.n_replicas), records(walkers.most_lanes()), xi(walkers.most_lanes()),
    level(settings.inner) {
  result.probability.assign(problem.domain.n_sides(), 0.);
  result.n_exits.assign(problem.domain.n_sides(), 0);
  // Each first state has the same expected number of replicas.
  const double n_states = static_cast<double>(first_states.size());
  const double u = random.uniforms(first_trajectory, 0, RandomPurpose::choice)[0];
  for (std::size_t k = 0; k < replicas.size(); ++k) {
    const double place = (static_cast<double>(k) + u) / static_cast<double>(replicas.size());
    const auto& state = first_states[static_cast<std::size_t>(place * n_states)];
    replicas[k].levels = { coordinate.value(state) };
    replicas[k].states = { state };
  }
}

template <int dim>
BranchingResult Branching<dim>::run() {
  const double n = static_cast<double>(replicas.size());
  double factor = 1;
  std::vector<std::size_t> unfinished(replicas.size());
  for (std::size_t k = 0; k < replicas.size(); ++k)
    unfinished[k] = k;
  while (true) {
    if (!simulate(unfinished)) {
      result.stopped = true;
      return result;
    }
    level = find_level();
    if (level == infinity) break;
    const auto killed = std::count_if(replicas.begin(), replicas.end(), [&](const auto& replica) {
      return replica.level() <= level;
    });
    if (killed == static_cast<std::ptrdiff_t>(replicas.size())) {
      result.extinct = true;
      return result;
    }
    factor *= 1 - static_cast<double>(killed) / n;
    ++result.n_iterations;
    unfinished = replace(level);
  }
  for (const auto& replica : replicas)
    if (replica.side != Replica<dim>::returned) ++result.n_exits[replica.side];
  for (std::size_t side = 0; side < result.n_exits.size(); ++side)
    result.probability[side] = factor * static_cast<double>(result.n_exits[side]) / n;
  return result;
}

/// The k-th smallest level.
template <int dim>
double Branching<dim>::find_level() const {
  std::vector<double> levels;
  for (const auto& replica : replicas)
    levels.push_back(replica.level());
  const auto k =
    static_cast<std::ptrdiff_t>(std::ceil(killed_share * static_cast<double>(replicas.size())));
  std::nth_element(levels.begin(), levels.begin() + k - 1, levels.end());
  return levels[k - 1];
}

/// Replaces replicas up to a level. Returns those that have to be simulated.
template <int dim>
std::vector<std::size_t> Branching<dim>::replace(const double killed_level) {
  std::vector<std::size_t> killed, survivors, unfinished;
  for (std::size_t k = 0; k < replicas.size(); ++k)
    (replicas[k].level() <= killed_level ? killed : survivors).push_back(k);
  std::uint64_t choice = next; // a stream of its own for each trajectory to come
  for (const std::size_t k : killed) {
    const double u = random.uniforms(choice++, 1, RandomPurpose::choice)[0];
    const auto parent = static_cast<std::size_t>(u * static_cast<double>(survivors.size()));
    replicas[k] = replicas[survivors[parent]].branch_beyond(killed_level);
    if (replicas[k].side == Replica<dim>::returned) unfinished.push_back(k);
  }
  next = choice;
  return unfinished;
}

/// Simulates replicas to their ends. Returns whether it came to the end.
template <int dim>
bool Branching<dim>::simulate(const std::vector<std::size_t>& which) {
  std::size_t waiting = 0;
  replica_of.clear();
  while (true) {
    for (; waiting < which.size() && walkers.n_lanes() < walkers.most_lanes(); ++waiting) {
      replica_of.push_back(which[waiting]);
      walkers.add(next++, replicas[which[waiting]].states.back());
      records[replica_of.size() - 1] = replicas[which[waiting]].levels.back();
    }
    if (walkers.n_lanes() == 0) return true;
    if (!go_on(result.n_steps, level)) return false;
    run_block();
    for (std::size_t l = walkers.n_lanes(); l-- > 0;)
      settle(l);
  }
}

template <int dim>
void Branching<dim>::run_block() {
  walkers.begin_block();
  const std::size_t n = walkers.n_lanes();
  for (std::uint64_t step = 0; step < Walkers<dim>::block_steps; ++step) {
    for (const auto& exit : walkers.step()) {
      if (records[exit.lane] == infinity) continue; // of no concern any more
      replicas[replica_of[exit.lane]].side = static_cast<int>(exit.wall.side);
      records[exit.lane] = infinity;
    }
    coordinate.values(walkers.positions(), n, xi.data());
    for (std::size_t l = 0; l < n; ++l)
      if (xi[l] <= settings.inner)
        records[l] = infinity;
      else if (xi[l] > records[l]) {
        records[l] = xi[l];
        replicas[replica_of[l]].levels.push_back(xi[l]);
        replicas[replica_of[l]].states.push_back(walkers.position(l));
      }
  }
  result.n_steps += n * Walkers<dim>::block_steps;
}

/// Lanes that are done make place.
template <int dim>
void Branching<dim>::settle(const std::size_t l) {
  if (walkers.n_steps(l) > most_steps)
    throw NotConverged("an excursion neither leaves nor returns to the valley within " +
                       format_number(most_steps) +
                       " steps: it stays in another valley on the way out, for which Monte "
                       "Carlo/Method = splitting is not made");
  if (records[l] < infinity) return;
  records[l] = records[walkers.n_lanes() - 1];
  replica_of[l] = replica_of.back();
  replica_of.pop_back();
  walkers.remove(l);
}

} // namespace

template <int dim>
BranchingResult branch(const Problem<dim>& problem, const ReactionCoordinate<dim>& coordinate,
                       const std::vector<Point<dim>>& first_states,
                       const BranchingSettings& settings, const RandomNumbers& random,
                       const std::function<bool(std::uint64_t n_steps, double level)>& go_on) {
  return Branching<dim>(problem, coordinate, first_states, settings, random, go_on).run();
}

#define INSTANTIATE(dim)                                                                           \
  template BranchingResult branch(const Problem<dim>&, const ReactionCoordinate<dim>&,             \
                                  const std::vector<Point<dim>>&, const BranchingSettings&,        \
                                  const RandomNumbers&,                                            \
                                  const std::function<bool(std::uint64_t, double)>&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
