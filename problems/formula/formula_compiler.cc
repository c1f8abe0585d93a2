#include "problems/formula/formula_compiler.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <sstream>
#include <stdexcept>

namespace fokker_planck {

namespace {

using GiNaC::ex;

struct UnaryFunction {
  const char* name;
  double (*function)(double);
};

/// The functions of one argument whose every derivative the compiler below can evaluate.
const UnaryFunction unary_functions[] = {
  { "abs", std::fabs },    { "exp", std::exp },     { "log", std::log },     { "sin", std::sin },
  { "cos", std::cos },     { "tan", std::tan },     { "asin", std::asin },   { "acos", std::acos },
  { "atan", std::atan },   { "sinh", std::sinh },   { "cosh", std::cosh },   { "tanh", std::tanh },
  { "asinh", std::asinh }, { "acosh", std::acosh }, { "atanh", std::atanh }, { "sqrt", std::sqrt }
};

const UnaryFunction* find_unary(const std::string& name) {
  const auto* const found = std::find_if(std::begin(unary_functions), std::end(unary_functions),
                                         [&](const UnaryFunction& f) { return name == f.name; });
  return found == std::end(unary_functions) ? nullptr : found;
}

/// Translates expression trees into a straight-line program, each subexpression once.
class Compiler {
public:
  explicit Compiler(const std::vector<GiNaC::realsymbol>& variables) {
    for (unsigned int i = 0; i < variables.size(); ++i) {
      instructions.push_back({ Operation::input, 0, i });
      known[variables[i]] = i;
    }
  }

  Tape compile(const std::vector<ex>& outputs) {
    std::vector<unsigned int> indices;
    for (const ex& output : outputs)
      indices.push_back(value(output));
    return { instructions, indices };
  }

private:
  using Operation = Tape::Operation;

  unsigned int emit(const Tape::Instruction& instruction) {
    instructions.push_back(instruction);
    return instructions.size() - 1;
  }

  unsigned int value(const ex& e) {
    const auto found = known.find(e);
    if (found != known.end()) return found->second;
    const unsigned int index = translate(e);
    known[e] = index;
    return index;
  }

  static double real(const GiNaC::numeric& number) {
    if (!number.is_real()) throw std::domain_error("it contains a number that is not real");
    return number.to_double();
  }

  unsigned int translate(const ex& e) {
    if (GiNaC::is_a<GiNaC::numeric>(e) || GiNaC::is_a<GiNaC::constant>(e)) {
      const double number = real(GiNaC::ex_to<GiNaC::numeric>(e.evalf()));
      return emit({ Operation::constant, 0, 0, 0, number });
    }
    if (GiNaC::is_a<GiNaC::add>(e)) return fold(e, Operation::add, Operation::shift);
    if (GiNaC::is_a<GiNaC::mul>(e)) return fold(e, Operation::multiply, Operation::scale);
    if (GiNaC::is_a<GiNaC::power>(e)) return power(e.op(0), e.op(1));
    if (GiNaC::is_a<GiNaC::function>(e)) {
      const std::string name = GiNaC::ex_to<GiNaC::function>(e).get_name();
      if (const UnaryFunction* f = find_unary(name))
        return emit({ Operation::unary, 0, value(e.op(0)), 0, 0, f->function });
      if (name == "atan2")
        return emit(
          { Operation::binary, 0, value(e.op(0)), value(e.op(1)), 0, nullptr, std::atan2 });
    }
    std::ostringstream text;
    text << e;
    throw std::domain_error("it contains '" + text.str() + "', which cannot be evaluated");
  }

  /// A number that depends only on the mathematical content of an expression. GiNaC keeps the terms
  /// of sums and products in an order that differs from process to process; sorted by this number,
  /// they are added alike on all ranks, to the last bit.
  std::size_t signature(const ex& e) {
    const auto found = signatures.find(e);
    if (found != signatures.end()) return found->second;
    const auto combine = [](std::size_t seed, std::size_t value) {
      return seed ^ (value + 0x9e3779b97f4a7c15ULL + (seed << 6U) + (seed >> 2U));
    };
    const std::string kind = GiNaC::is_a<GiNaC::function>(e)
                               ? GiNaC::ex_to<GiNaC::function>(e).get_name()
                               : GiNaC::ex_to<GiNaC::basic>(e).class_name();
    std::size_t result = std::hash<std::string>()(kind);
    if (e.nops() == 0) {
      std::ostringstream text;
      text << e;
      result = combine(result, std::hash<std::string>()(text.str()));
    } else {
      std::vector<std::size_t> operands;
      for (std::size_t i = 0; i < e.nops(); ++i)
        operands.push_back(signature(e.op(i)));
      if (GiNaC::is_a<GiNaC::add>(e) || GiNaC::is_a<GiNaC::mul>(e))
        std::sort(operands.begin(), operands.end());
      for (const std::size_t operand : operands)
        result = combine(result, operand);
    }
    signatures[e] = result;
    return result;
  }

  /// A sum or product: the terms joined by one operation, then the number among them by another.
  unsigned int fold(const ex& e, const Operation join, const Operation with_number) {
    const double neutral = join == Operation::multiply ? 1 : 0;
    double number = neutral;
    bool any = false;
    unsigned int total = 0;
    std::vector<ex> terms(e.begin(), e.end());
    std::sort(terms.begin(), terms.end(),
              [this](const ex& a, const ex& b) { return signature(a) < signature(b); });
    for (const ex& term : terms) {
      if (GiNaC::is_a<GiNaC::numeric>(term)) {
        number = real(GiNaC::ex_to<GiNaC::numeric>(term)); // GiNaC keeps one at most
        continue;
      }
      const unsigned int next = value(term);
      total = any ? emit({ join, 0, total, next }) : next;
      any = true;
    }
    return number != neutral ? emit({ with_number, 0, total, 0, number }) : total;
  }

  unsigned int power(const ex& base, const ex& exponent) {
    if (GiNaC::is_a<GiNaC::numeric>(exponent)) {
      const double n = real(GiNaC::ex_to<GiNaC::numeric>(exponent));
      const double whole = std::floor(std::fabs(n)), rest = std::fabs(n) - whole;
      if ((rest == 0 || rest == 0.5) && whole <= 64) {
        if (n < 0) return emit({ Operation::inverse, 0, value(GiNaC::pow(base, -exponent)) });
        if (whole == 0) return emit({ Operation::sqrt, 0, value(base) });
        if (rest == 0.5)
          return emit({ Operation::multiply, 0, value(GiNaC::pow(base, static_cast<int>(whole))),
                        value(GiNaC::sqrt(base)) });
        const int half = static_cast<int>(whole) / 2;
        return emit({ Operation::multiply, 0, value(GiNaC::pow(base, half)),
                      value(GiNaC::pow(base, static_cast<int>(whole) - half)) });
      }
    }
    return emit({ Operation::power, 0, value(base), value(exponent) });
  }

  std::vector<Tape::Instruction> instructions;
  std::map<ex, unsigned int, GiNaC::ex_is_less> known;
  std::map<ex, std::size_t, GiNaC::ex_is_less> signatures;
};

} // namespace

std::string known_functions() {
  std::string names;
  for (const auto& f : unary_functions)
    names += std::string(f.name) + ", ";
  return names + "atan2, pow";
}

bool is_function(const std::string& name) {
  return find_unary(name) != nullptr || name == "atan2" || name == "pow";
}

Tape compile_formulas(const std::vector<GiNaC::realsymbol>& variables,
                      const std::vector<ex>& outputs) {
  return Compiler(variables).compile(outputs);
}

} // namespace fokker_planck
