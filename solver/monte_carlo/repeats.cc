#include "solver/monte_carlo/repeats.h"
#include "problems/base/collective.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace fokker_planck {

RandomNumbers random_numbers_of(const RepeatSettings& settings, const std::uint64_t repeat) {
  return RandomNumbers(settings.seed, settings.run + 2 * static_cast<std::uint32_t>(repeat + 1));
}

std::vector<std::vector<double>> run_repeats(
  const RepeatSettings& settings, const MPI_Comm communicator,
  const std::function<std::vector<double>(std::uint64_t repeat)>& work) {
  namespace MPI = dealii::Utilities::MPI;
  const std::uint64_t n_ranks = MPI::n_mpi_processes(communicator);
  std::vector<std::vector<double>> mine; // empty where another rank has the repeat
  collectively<NotConverged>(communicator, [&] {
    for (std::uint64_t repeat = MPI::this_mpi_process(communicator); repeat < settings.n_repeats;
         repeat += n_ranks) {
      mine.push_back(work(repeat));
      if (mine.back().empty()) break;
    }
  });
  const auto all = MPI::all_gather(communicator, mine);
  std::vector<std::vector<double>> rows;
  for (std::uint64_t repeat = 0; repeat < settings.n_repeats; ++repeat) {
    const auto& part = all[repeat % n_ranks];
    if (repeat / n_ranks < part.size() && !part[repeat / n_ranks].empty())
      rows.push_back(part[repeat / n_ranks]);
  }
  return rows;
}

RepeatedRatio repeated_ratio(const std::vector<double>& a, const std::vector<double>& b) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const double sum_a = std::accumulate(a.begin(), a.end(), 0.);
  const double sum_b = std::accumulate(b.begin(), b.end(), 0.);
  RepeatedRatio result{ sum_a / sum_b, infinity, { 0, infinity } };
  const std::size_t n = a.size();
  if (n < 2) return result;
  const double largest = *std::max_element(a.begin(), a.end()); // the squares may underflow
  double sum = 0;
  for (std::size_t k = 0; k < n && largest > 0; ++k) {
    const double deviation = (a[k] - result.value * b[k]) / largest;
    sum += deviation * deviation;
  }
  result.standard_error = largest * std::sqrt(static_cast<double>(n) / (n - 1.) * sum) / sum_b;
  const double half = student_quantile(n - 1, 0.975) * result.standard_error;
  result.interval = { std::max(0., result.value - half), result.value + half };
  return result;
}

} // namespace fokker_planck
