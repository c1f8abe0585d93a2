// Which values of which parameters a sweep runs through.
#pragma once

#include <string>
#include <vector>

namespace fokker_planck {

/// A parameter and the values it takes, as texts.
struct Variation {
  std::string path; ///< "Section/Key", or "Key"
  std::vector<std::string> values;

  /// "Section.Key", its name in tables and formulas.
  std::string column() const;
};

/// Reads "Section/Key = from:to:count" (equal steps), "from:to:count:log" (equal ratios), a list
/// "v1, v2, ..." or, where the values hold commas, "v1 | v2 | ...". The ends are taken exactly, the
/// numbers between them are rounded to 12 digits. Throws InputError beginning with the option: a
/// missing part, an end that is not a number, count < 1, ends of different values with count = 1,
/// equal ratios between numbers that are not positive, a value that occurs twice.
Variation parse_variation(const std::string& option, const std::string& text);

/// All combinations, each holding one value per variation; the last one varies fastest. Throws
/// InputError beginning with the option if a parameter is varied twice or there are too many.
std::vector<std::vector<std::string>> full_grid(const std::string& option,
                                                const std::vector<Variation>& variations);

} // namespace fokker_planck
