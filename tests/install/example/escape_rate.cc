// The escape rate of dx = -L'(x) dt + sqrt(2 D(x)) dW (Ito) from |x| < 3, for a loss and a noise of
// one's own: L = x^2/2 and D = T (1 + x^2)/2. Prints the logarithm of the rate.
#include "solver/analyses/solve.h"

#include <deal.II/base/mpi.h>

#include <iostream>

using namespace fokker_planck;
using Points = std::vector<dealii::Point<1>>;
constexpr double T = 0.2;

struct Quadratic : Loss<1> {
  using Vectors = std::vector<dealii::Tensor<1, 1>>;
  using Matrices = std::vector<dealii::SymmetricTensor<2, 1>>;
  std::string description() const override { return "the quadratic loss"; }
  void values(const Points& x, std::vector<double>& L) const override {
    L.resize(x.size());
    for (std::size_t q = 0; q < x.size(); ++q)
      L[q] = x[q][0] * x[q][0] / 2;
  }
  void gradients(const Points& x, Vectors& slopes) const override {
    slopes.assign(x.begin(), x.end());
  }
  void hessians(const Points& x, Matrices& curvatures) const override {
    curvatures.assign(x.size(), dealii::unit_symmetric_tensor<1>());
  }
  void third_derivatives(const Points& x, std::vector<ThirdDerivatives>& third) const override {
    third.assign(x.size(), ThirdDerivatives());
  }
};

struct GrowingNoise : Diffusion<1> {
  std::string description() const override { return "the growing noise"; }
  void tensors(const Points& x, Quadratic::Matrices& D) const override {
    D.resize(x.size());
    for (std::size_t q = 0; q < x.size(); ++q)
      D[q][0][0] = T * (1 + x[q][0] * x[q][0]) / 2;
  }
  void divergences(const Points& x, Quadratic::Vectors& divergences) const override {
    divergences.resize(x.size());
    for (std::size_t q = 0; q < x.size(); ++q)
      divergences[q] = T * x[q];
  }
};

int main(int argc, char** argv) {
  const dealii::Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
  Problem<1> problem;
  problem.loss = std::make_shared<Quadratic>();
  problem.diffusion = std::make_shared<GrowingNoise>();
  problem.domain = Domain<1>::box(dealii::Point<1>(-3), dealii::Point<1>(3),
                                  { BoundaryKind::absorbing, BoundaryKind::absorbing });
  Settings settings;
  settings.tolerance = 1e-8;
  std::cout.precision(15);
  std::cout << solve(problem, settings, MPI_COMM_WORLD).adaptive.solution.log_rate << std::endl;
}
