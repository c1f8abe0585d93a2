#include "problems/formula/expression.h"

#include "problems/base/input_error.h"
#include "problems/base/text.h"
#include "problems/formula/formula_compiler.h"
#include "problems/formula/tape.h"

#include <ginac/ginac.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <sstream>

namespace fokker_planck {

namespace {

using GiNaC::ex;

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

} // namespace

struct Expression::Symbolic {
  std::string key, text;
  std::vector<GiNaC::realsymbol> variables;
  ex formula;

  Tape compile(const std::vector<ex>& outputs) const {
    try {
      return compile_formulas(variables, outputs);
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
