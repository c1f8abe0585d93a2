// What is asked of the operator: named, so that no call has to be read with the declaration beside
// it.
#pragma once

namespace fokker_planck {

/// Of A: symmetric exactly if w = 0 (see gauge.h).
enum class Symmetry { symmetric, general };

/// Which of Kolmogorov's equations: the forward one, of densities, has A; the backward one, of
/// committors and mean first-passage times, has A^T.
enum class Equation { forward, backward };

/// Of a linear solve: all digits, or a few where a correction is to be corrected again.
enum class Accuracy { full, few_digits };

} // namespace fokker_planck
