// Formulas as trees of GiNaC, compiled into a Tape.
#pragma once

#include "problems/formula/tape.h"

#include <ginac/ginac.h>

#include <string>
#include <vector>

namespace fokker_planck {

/// The functions that formulas may use, as a list for messages.
std::string known_functions();

/// Whether a name is one of them.
bool is_function(const std::string& name);

/// Compiles all outputs into one tape whose inputs are the variables. Throws std::domain_error,
/// saying why, for what cannot be evaluated in real numbers.
Tape compile_formulas(const std::vector<GiNaC::realsymbol>& variables,
                      const std::vector<GiNaC::ex>& outputs);

} // namespace fokker_planck
