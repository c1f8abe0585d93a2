#include "problems/formula/tape.h"

#include <algorithm>
#include <cmath>

namespace fokker_planck {

namespace {

constexpr std::size_t block =
  64; // 64 doubles: loops amortise the dispatch, registers stay in cache

using Instruction = Tape::Instruction;

unsigned int n_operands(const Tape::Operation operation) {
  using Op = Tape::Operation;
  switch (operation) {
    case Op::constant:
    case Op::input:
      return 0;
    case Op::add:
    case Op::subtract:
    case Op::multiply:
    case Op::power:
    case Op::binary:
      return 2;
    default:
      return 1;
  }
}

template <typename Function>
inline void map(double* result, const double* a, const Function& f) {
  for (std::size_t i = 0; i < block; ++i)
    result[i] = f(a[i]);
}

template <typename Function>
inline void map(double* result, const double* a, const double* b, const Function& f) {
  for (std::size_t i = 0; i < block; ++i)
    result[i] = f(a[i], b[i]);
}

void execute(const Instruction& in, double* registers, const double* const* variables,
             const std::size_t first, const std::size_t n) {
  using Op = Tape::Operation;
  double* const result = registers + in.result * block;
  const double* const a = registers + in.a * block;
  const double* const b = registers + in.b * block;
  const double c = in.number;
  switch (in.operation) {
    case Op::constant:
      std::fill(result, result + block, c);
      break;
    case Op::input:
      std::copy_n(variables[in.a] + first, n, result);
      std::fill(result + n, result + block, variables[in.a][first]); // pad with a valid point
      break;
    case Op::add:
      map(result, a, b, [](double x, double y) { return x + y; });
      break;
    case Op::subtract:
      map(result, a, b, [](double x, double y) { return x - y; });
      break;
    case Op::multiply:
      map(result, a, b, [](double x, double y) { return x * y; });
      break;
    case Op::shift:
      map(result, a, [c](double x) { return x + c; });
      break;
    case Op::scale:
      map(result, a, [c](double x) { return x * c; });
      break;
    case Op::inverse:
      map(result, a, [](double x) { return 1 / x; });
      break;
    case Op::sqrt:
      map(result, a, [](double x) { return std::sqrt(x); });
      break;
    case Op::power:
      map(result, a, b, [](double x, double y) { return std::pow(x, y); });
      break;
    case Op::unary:
      map(result, a, in.function);
      break;
    case Op::binary:
      map(result, a, b, in.function2);
      break;
  }
}

} // namespace

Tape::Tape(const std::vector<Instruction>& instructions, const std::vector<unsigned int>& outputs_)
  : program(instructions), outputs(outputs_), n_registers(0) {
  // Registers are reused as soon as a value has been read for the last time. Outputs live on.
  constexpr unsigned int forever = static_cast<unsigned int>(-1);
  std::vector<unsigned int> last_use(instructions.size(), 0);
  for (unsigned int i = 0; i < instructions.size(); ++i) {
    const unsigned int n = n_operands(instructions[i].operation);
    if (n > 0) last_use[instructions[i].a] = i;
    if (n > 1) last_use[instructions[i].b] = i;
  }
  for (const unsigned int output : outputs)
    last_use[output] = forever;

  std::vector<unsigned int> register_of(instructions.size()), free_registers;
  for (unsigned int i = 0; i < program.size(); ++i) {
    Instruction& in = program[i];
    const unsigned int n = n_operands(in.operation);
    const unsigned int a = in.a, b = in.b;
    if (n > 0) in.a = register_of[a];
    if (n > 1) in.b = register_of[b];
    if (n > 0 && last_use[a] == i) free_registers.push_back(in.a);
    if (n > 1 && b != a && last_use[b] == i) free_registers.push_back(in.b);
    if (free_registers.empty()) free_registers.push_back(n_registers++);
    in.result = register_of[i] = free_registers.back();
    free_registers.pop_back();
  }
  for (unsigned int& output : outputs)
    output = register_of[output];
}

void Tape::evaluate(const double* const* variables, const std::size_t n_points,
                    double* const* results) const {
  std::vector<double> registers(n_registers * block);
  for (std::size_t first = 0; first < n_points; first += block) {
    const std::size_t n = std::min(block, n_points - first);
    for (const Instruction& in : program)
      execute(in, registers.data(), variables, first, n);
    for (std::size_t k = 0; k < outputs.size(); ++k)
      std::copy_n(registers.data() + outputs[k] * block, n, results[k] + first);
  }
}

} // namespace fokker_planck
