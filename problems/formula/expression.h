// Formulas written as text: parsing, exact differentiation and fast evaluation.
//
// GiNaC parses and differentiates; the derivatives are then compiled into a Tape, which evaluates
// them for many points at once. Text is evaluated nowhere else.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace fokker_planck {

class Tape;

/// Named constants of a formula, in the order given: {{"a", 1.0}, {"b", 2.0}}.
using Constants = std::vector<std::pair<std::string, double>>;

/// Reads "a=1, b=2*Pi". A later constant may use earlier ones. Throws InputError naming the key.
Constants parse_constants(const std::string& key, const std::string& text);

/// The formulas in a text, separated by ';'. Throws InputError naming the key if one is empty.
std::vector<std::string> split_formulas(const std::string& key, const std::string& text);

/// The names that formulas may use.
struct FormulaNames {
  Constants constants = {};
  std::vector<std::string> coordinates = { "x", "y", "z" };
};

/// A scalar formula f(x, y, z) of the first dim coordinates.
class Expression {
public:
  /// Parses text in the first dim coordinates and the constants, and replaces every coordinate q
  /// by scale*q. Throws InputError naming the key, with the position of the error, for
  /// a syntax error, an unknown variable or function, or a value that is not real.
  Expression(const std::string& key, const std::string& text, const FormulaNames& names, int dim,
             double scale = 1);
  ~Expression();
  Expression(Expression&&) noexcept;

  /// Compiles f.
  Tape value() const;

  /// Compiles df/dx_i, i = 0..dim-1.
  Tape gradient() const;

  /// Compiles d2f/dx_i dx_j for i <= j, in the order xx, xy, yy (2-D), xx, xy, xz, yy, yz, zz
  /// (3-D).
  Tape hessian() const;

  /// Compiles d3f/dx_i dx_j dx_k for i <= j <= k, in lexicographic order of (i, j, k).
  Tape third_derivatives() const;

private:
  struct Symbolic;
  std::unique_ptr<Symbolic> symbolic;
};

} // namespace fokker_planck
