// The escape rate of dx = -L'(x) dt + sqrt(2 D(x)) dW (Ito) from |x| < 3, for a loss and a noise of
// one's own: L = x^2/2 and D = T (1 + x^2)/2. Prints the logarithm of the rate.
#include "solver/analyses/solve.h"

#include <deal.II/base/mpi.h>

#include <nlohmann/json.hpp>

#include <cmath>
#include <iostream>

using Points = std::vector<dealii::Point<1>>;
constexpr double T = 0.2;

/// result[q] = function(x_q).
template <typename Values, typename Function>
void evaluate(const Points& points, Values& result, const Function& function) {
  result.resize(points.size());
  for (std::size_t q = 0; q < points.size(); ++q)
    function(points[q][0], result[q]);
}

struct Quadratic : fokker_planck::Loss<1> {
  using Vectors = std::vector<dealii::Tensor<1, 1>>;
  using Matrices = std::vector<dealii::SymmetricTensor<2, 1>>;
  std::string description() const override { return "the quadratic loss"; }
  void values(const Points& points, std::vector<double>& values) const override {
    evaluate(points, values, [](double x, double& value) { value = x * x / 2; });
  }
  void gradients(const Points& points, Vectors& gradients) const override {
    evaluate(points, gradients, [](double x, auto& gradient) { gradient[0] = x; });
  }
  void hessians(const Points& points, Matrices& hessians) const override {
    evaluate(points, hessians, [](double, auto& hessian) { hessian[0][0] = 1; });
  }
  void third_derivatives(const Points& points,
                         std::vector<ThirdDerivatives>& third) const override {
    third.assign(points.size(), ThirdDerivatives());
  }
};

struct GrowingNoise : fokker_planck::Diffusion<1> {
  std::string description() const override { return "the growing noise"; }
  void tensors(const Points& points, Quadratic::Matrices& tensors) const override {
    evaluate(points, tensors, [](double x, auto& D) { D[0][0] = T * (1 + x * x) / 2; });
  }
  void divergences(const Points& points, Quadratic::Vectors& divergences) const override {
    evaluate(points, divergences, [](double x, auto& derivative) { derivative[0] = T * x; });
  }
  /// None that is known: it is integrated.
  std::vector<fokker_planck::PotentialCandidate<1>> potentials(const fokker_planck::Problem<1>&,
                                                               double) const override {
    return {};
  }
  nlohmann::ordered_json quantities() const override { return {}; }
};

int main(int argc, char** argv) {
  const dealii::Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
  fokker_planck::Problem<1> problem;
  problem.loss = std::make_shared<Quadratic>();
  problem.diffusion = std::make_shared<GrowingNoise>();
  problem.domain.lower[0] = -3;
  problem.domain.upper[0] = 3;
  problem.domain.absorbing = { true, true };
  fokker_planck::Settings settings;
  settings.tolerance = 1e-8;
  const auto solution = solve(problem, settings, MPI_COMM_WORLD);
  std::cout.precision(15);
  std::cout << solution.adaptive.solution.log_rate << std::endl;
}
