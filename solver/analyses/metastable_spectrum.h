// Eigenvalues of a Markov chain whose rates differ by hundreds of orders of magnitude.
//
//   R t = lambda S t,   R_ll = sum_m rate[m][l] + exit[l],  R_lm = -rate[l][m].
//
// Method: R = L D U by elimination of the state that is left fastest first, every pivot formed anew
// as a sum of rates, so that nothing is subtracted (see rate_matrix.h): D has all digits, and L and
// U, whose entries are shares of fluxes, are benign. The eigenvalues are those of
//   X = D^(1/2) U S^-1 L D^(1/2).
// If R and S are symmetric, X = B^T B with S = C C^T, B = C^-1 L D^(1/2), and one-sided Jacobi
// rotations give the singular values of B with all digits, however much its columns differ;
// otherwise the QR iteration of X, which is graded. Long double for its range.
// References: J. Demmel, K. Veselic, SIAM J. Matrix Anal. Appl. 13 (1992) 1204; W. K. Grassmann,
// M. I. Taksar, D. P. Heyman, Oper. Res. 33 (1985) 1107.
#pragma once

#include "solver/operator/kinds.h"
#include "solver/operator/rate_matrix.h"

#include <complex>
#include <vector>

namespace fokker_planck {

/// A square matrix, by row and column.
using LongMatrix = std::vector<std::vector<long double>>;

/// The eigenvalues by ascending modulus. symmetry: of R and S, S being positive definite then.
/// Throws MeshTooCoarse if the rate out of a state is not positive or S is singular.
std::vector<std::complex<long double>> metastable_eigenvalues(const RateMatrix& rates,
                                                              const LongMatrix& overlaps,
                                                              Symmetry symmetry);

/// t >= 0 of sum 1 with R t = 0 for the chain without its exits; empty if a state cannot be reached
/// from the others.
std::vector<long double> stationary_vector(const RateMatrix& rates);

} // namespace fokker_planck
