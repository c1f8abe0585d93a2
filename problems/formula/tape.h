// A list of elementary operations that evaluates formulas for blocks of points.
//
// Method: the expression trees of all outputs become one straight-line program in which every
// common subexpression is computed once; each operation runs over a block of points, so its loop
// vectorises and the cost of interpreting is shared by the block.
#pragma once

#include <cstddef>
#include <vector>

namespace fokker_planck {

class Tape {
public:
  enum class Operation {
    constant, ///< dst = number
    input,    ///< dst = variable[a]
    add,      ///< dst = a + b
    subtract, ///< dst = a - b
    multiply, ///< dst = a * b
    shift,    ///< dst = a + number
    scale,    ///< dst = a * number
    inverse,  ///< dst = 1 / a
    sqrt,     ///< dst = sqrt(a)
    power,    ///< dst = pow(a, b)
    unary,    ///< dst = function(a)
    binary    ///< dst = function2(a, b)
  };

  struct Instruction {
    Operation operation;
    unsigned int result = 0, a = 0, b = 0;
    double number = 0;
    double (*function)(double) = nullptr;
    double (*function2)(double, double) = nullptr;
  };

  /// Instructions in order of execution, each writing a register of its own (instruction i writes
  /// value i; a and b are indices of earlier instructions); outputs are indices of instructions.
  Tape(const std::vector<Instruction>& instructions, const std::vector<unsigned int>& outputs);

  std::size_t n_outputs() const { return outputs.size(); }

  /// Evaluates at n_points points. variables[i] holds coordinate i of all points (n_points
  /// doubles), results[k] receives output k (n_points doubles). Thread-safe.
  void evaluate(const double* const* variables, std::size_t n_points, double* const* results) const;

private:
  std::vector<Instruction> program;
  std::vector<unsigned int> outputs;
  unsigned int n_registers;
};

} // namespace fokker_planck
