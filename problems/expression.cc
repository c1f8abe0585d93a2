#include "problems/expression.h"

#include "problems/input_error.h"
#include "problems/tape.h"
#include "problems/text.h"

#include <ginac/ginac.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <functional>
#include <map>
#include <sstream>

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

std::string known_functions() {
  std::string names;
  for (const auto& f : unary_functions)
    names += std::string(f.name) + ", ";
  return names + "atan2, pow";
}

bool is_function(const std::string& name) {
  return find_unary(name) != nullptr || name == "atan2" || name == "pow";
}

/// A piece of formula text: a number, a name or a single character, and where it begins.
struct Token {
  std::size_t begin, end;
  bool is_name;
};

std::vector<Token> tokenize(const std::string& key, const std::string& text) {
  std::vector<Token> tokens;
  const auto is_digit = [&](std::size_t i) {
    return i < text.size() && std::isdigit(static_cast<unsigned char>(text[i]));
  };
  const auto is_word = [&](std::size_t i) {
    return i < text.size() && (std::isalnum(static_cast<unsigned char>(text[i])) || text[i] == '_');
  };
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t begin = i;
    if (std::isspace(static_cast<unsigned char>(text[i]))) {
      ++i;
      continue;
    }
    if (is_digit(i) || (text[i] == '.' && is_digit(i + 1))) {
      unsigned int n_dots = 0;
      for (; is_digit(i) || (i < text.size() && text[i] == '.'); ++i)
        n_dots += text[i] == '.';
      if (n_dots > 1)
        throw InputError(key, text,
                         "the number at column " + std::to_string(begin + 1) +
                           " has more than one decimal point");
      if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
        const bool sign = i + 1 < text.size() && (text[i + 1] == '+' || text[i + 1] == '-');
        if (is_digit(i + 1 + sign))
          for (i += 1 + sign; is_digit(i);)
            ++i;
      }
      tokens.push_back({ begin, i, false });
    } else if (is_word(i)) {
      while (is_word(i))
        ++i;
      tokens.push_back({ begin, i, true });
    } else if (std::string("+-*/^(),").find(text[i]) != std::string::npos) {
      tokens.push_back({ begin, ++i, false });
      const std::size_t n = tokens.size();
      if (text[begin] == '*' && n > 1 && tokens[n - 2].end == begin && text[begin - 1] == '*')
        throw InputError(key, text,
                         "'**' at column " + std::to_string(begin) +
                           " is not an operator; powers are written x^2");
    } else
      throw InputError(key, text,
                       "the character at column " + std::to_string(begin + 1) +
                         " is not part of a formula (allowed: names, numbers, + - * / ^ ( ) ,)");
  }
  return tokens;
}

/// Names must be variables, constants or functions; says which one is not, and where.
void check_names(const std::string& key, const std::string& text, const std::vector<Token>& tokens,
                 const GiNaC::symtab& symbols) {
  for (std::size_t t = 0; t < tokens.size(); ++t) {
    if (!tokens[t].is_name) continue;
    const std::string name = text.substr(tokens[t].begin, tokens[t].end - tokens[t].begin);
    const bool called = t + 1 < tokens.size() && text[tokens[t + 1].begin] == '(';
    const std::string where = "'" + name + "' at column " + std::to_string(tokens[t].begin + 1);
    if (called && !is_function(name))
      throw InputError(key, text,
                       where + " is not a known function (allowed: " + known_functions() + ")");
    if (!called && symbols.count(name) == 0 && name != "Pi") {
      std::string allowed;
      for (const auto& [symbol, value] : symbols)
        allowed += symbol + ", ";
      throw InputError(key, text,
                       where +
                         (is_function(name) ? " is a function without argument"
                                            : " is not a known variable or constant") +
                         " (known: " + allowed + "Pi)");
    }
  }
}

/// Operands and operators must alternate, brackets must match and functions have the right number
/// of arguments. GiNaC checks this too, but does not say where.
void check_syntax(const std::string& key, const std::string& text,
                  const std::vector<Token>& tokens) {
  struct Bracket {
    std::size_t position;
    unsigned int n_arguments; ///< allowed; 1 for a plain bracket
    unsigned int n_seen = 1;
    bool after_power = false;
  };
  std::vector<Bracket> brackets;
  bool operand_expected = true, after_power = false; // after_power: the last operator was ^
  const auto fail = [&](const std::string& what) { throw InputError(key, text, what); };
  for (std::size_t t = 0; t < tokens.size(); ++t) {
    const char c = text[tokens[t].begin];
    const std::string symbol = text.substr(tokens[t].begin, tokens[t].end - tokens[t].begin);
    const std::string where = "'" + symbol + "' at column " + std::to_string(tokens[t].begin + 1);
    const bool is_operator = std::string("+-*/^").find(c) != std::string::npos;
    if (c == '(') {
      const bool call = t > 0 && tokens[t - 1].is_name;
      if (!operand_expected && !call)
        fail("there is a syntax error near " + where + ": an operator is missing");
      const std::string name =
        call ? text.substr(tokens[t - 1].begin, tokens[t - 1].end - tokens[t - 1].begin) : "";
      brackets.push_back(
        { tokens[t].begin, name == "atan2" || name == "pow" ? 2U : 1U, 1, after_power });
      if (brackets.size() > 100)
        fail("it has more than 100 nested brackets at column " +
             std::to_string(tokens[t].begin + 1));
      operand_expected = true;
      after_power = false;
    } else if (c == ')' || c == ',') {
      if (brackets.empty() || operand_expected) fail("there is a syntax error near " + where);
      if (c == ',' ? ++brackets.back().n_seen > brackets.back().n_arguments
                   : brackets.back().n_seen < brackets.back().n_arguments)
        fail("there is a syntax error near " + where + ": wrong number of arguments");
      operand_expected = c == ',';
      after_power = c == ')' && brackets.back().after_power;
      if (c == ')') brackets.pop_back();
    } else if (is_operator) {
      if (operand_expected && c != '+' && c != '-')
        fail("there is a syntax error near " + where + ": something is missing before it");
      if (c == '^' && after_power)
        fail("there is a syntax error near " + where + ": write (a^b)^c or a^(b^c)");
      if (!operand_expected) after_power = c == '^';
      operand_expected = true;
    } else {
      if (!operand_expected)
        fail("there is a syntax error near " + where + ": an operator is missing");
      operand_expected = false;
    }
  }
  if (operand_expected) fail("there is a syntax error at its end: something is missing");
  if (!brackets.empty())
    fail("there is a syntax error at its end: the bracket at column " +
         std::to_string(brackets.back().position + 1) + " is not closed");
}

ex parse(const std::string& key, const std::string& text, const GiNaC::symtab& symbols) {
  const auto tokens = tokenize(key, text);
  if (tokens.empty()) throw InputError(key, text, "a formula is needed");
  check_names(key, text, tokens, symbols);
  check_syntax(key, text, tokens);
  try {
    std::istringstream stream(text);
    GiNaC::parser parser(symbols, true);
    return parser(stream);
  } catch (const GiNaC::pole_error&) {
    throw InputError(key, text,
                     "it is infinite or undefined (a division by zero, the logarithm of zero)");
  } catch (const std::exception& error) {
    throw InputError(key, text, std::string("it cannot be read: ") + error.what());
  }
}

double to_double(const std::string& key, const std::string& text, const ex& value) {
  const ex number = value.evalf();
  if (!GiNaC::is_a<GiNaC::numeric>(number) || !GiNaC::ex_to<GiNaC::numeric>(number).is_real())
    throw InputError(key, text, "a real number is needed");
  return GiNaC::ex_to<GiNaC::numeric>(number).to_double();
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

struct Expression::Symbolic {
  std::string key, text;
  std::vector<GiNaC::realsymbol> variables;
  ex formula;

  Tape compile(const std::vector<ex>& outputs) const {
    try {
      return Compiler(variables).compile(outputs);
    } catch (const std::domain_error& error) {
      throw InputError(key, text, error.what());
    }
  }
};

Constants parse_constants(const std::string& key, const std::string& text) {
  Constants constants;
  GiNaC::symtab symbols;
  for (const std::string& piece : split(text, ',')) {
    const auto equals = piece.find('=');
    if (equals == std::string::npos || equals + 1 == piece.size())
      throw InputError(key, text,
                       "name=value, separated by commas, is needed, not '" + piece + "'");
    const std::string name = trim(piece.substr(0, equals)), number = trim(piece.substr(equals + 1));
    const auto is_word = [](unsigned char c) { return std::isalnum(c) || c == '_'; };
    if (name.empty() || std::isdigit(static_cast<unsigned char>(name[0])) ||
        !std::all_of(name.begin(), name.end(), is_word))
      throw InputError(key, piece, "'" + name + "' is not a name");
    const std::vector<std::string> reserved = { "x", "y", "z", "Pi", "I", "Euler", "Catalan" };
    if (std::count(reserved.begin(), reserved.end(), name) || is_function(name) ||
        symbols.count(name))
      throw InputError(key, piece, "the name '" + name + "' is already taken");
    const double value = to_double(key, piece, parse(key, number, symbols));
    if (!std::isfinite(value)) throw InputError(key, piece, "a finite number is needed");
    symbols[name] = GiNaC::numeric(value);
    constants.emplace_back(name, value);
  }
  return constants;
}

std::vector<std::string> split_formulas(const std::string& key, const std::string& text) {
  const auto formulas = split(text, ';');
  for (std::size_t i = 0; i < formulas.size(); ++i)
    if (formulas[i].empty())
      throw InputError(key, text,
                       "formula " + std::to_string(i + 1) + " of " +
                         std::to_string(formulas.size()) + " is empty");
  return formulas;
}

Expression::Expression(const std::string& key, const std::string& text, const FormulaNames& names,
                       const int dim, const double scale)
  : symbolic(std::make_unique<Symbolic>()) {
  symbolic->key = key;
  symbolic->text = text;
  GiNaC::symtab symbols;
  for (int i = 0; i < dim; ++i) {
    symbolic->variables.emplace_back(names.coordinates[i]);
    symbols[names.coordinates[i]] = symbolic->variables.back();
  }
  for (const auto& [name, value] : names.constants)
    if (!symbols.emplace(name, GiNaC::numeric(value)).second)
      throw InputError(key, text, "the constant '" + name + "' has the name of a coordinate");
  symbolic->formula = parse(key, text, symbols);
  if (scale != 1) {
    GiNaC::exmap scaled;
    for (const auto& variable : symbolic->variables)
      scaled[variable] = GiNaC::numeric(scale) * variable;
    symbolic->formula = symbolic->formula.subs(scaled);
  }
}

Expression::~Expression() = default;
Expression::Expression(Expression&&) noexcept = default;

Tape Expression::value() const {
  return symbolic->compile({ symbolic->formula });
}

Tape Expression::gradient() const {
  std::vector<ex> outputs;
  for (const auto& variable : symbolic->variables)
    outputs.push_back(symbolic->formula.diff(variable));
  return symbolic->compile(outputs);
}

Tape Expression::hessian() const {
  std::vector<ex> outputs;
  const auto& variables = symbolic->variables;
  for (std::size_t i = 0; i < variables.size(); ++i)
    for (std::size_t j = i; j < variables.size(); ++j)
      outputs.push_back(symbolic->formula.diff(variables[i]).diff(variables[j]));
  return symbolic->compile(outputs);
}

Tape Expression::third_derivatives() const {
  std::vector<ex> outputs;
  const auto& variables = symbolic->variables;
  for (std::size_t i = 0; i < variables.size(); ++i)
    for (std::size_t j = i; j < variables.size(); ++j) {
      const ex second = symbolic->formula.diff(variables[i]).diff(variables[j]);
      for (std::size_t k = j; k < variables.size(); ++k)
        outputs.push_back(second.diff(variables[k]));
    }
  return symbolic->compile(outputs);
}

} // namespace fokker_planck
