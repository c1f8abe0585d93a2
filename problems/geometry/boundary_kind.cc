#include "problems/geometry/boundary_kind.h"

#include "problems/base/input_error.h"
#include "problems/base/text.h"

#include <algorithm>

namespace fokker_planck {

namespace {

/// The words of a text, between blanks, tabs and commas.
std::vector<std::string> words_of(std::string text) {
  std::replace(text.begin(), text.end(), ',', ' ');
  std::replace(text.begin(), text.end(), '\t', ' ');
  auto words = split(trim(text), ' ');
  words.erase(std::remove(words.begin(), words.end(), ""), words.end());
  return words;
}

} // namespace

std::vector<BoundaryKind> parse_boundary(const std::string& text,
                                         const std::vector<std::string>& sides) {
  const std::string key = "Domain/Absorbing";
  std::string allowed = "all or any of";
  for (const std::string& side : sides)
    allowed += " " + side;
  allowed += " (separated by blanks or commas) is needed";

  const auto words = words_of(text);
  if (words.empty() || words == std::vector<std::string>{ "none" })
    throw InputError(key, text, "an escape rate needs at least one absorbing side: " + allowed);
  std::vector<BoundaryKind> kinds(sides.size(), BoundaryKind::reflecting);
  for (const std::string& word : words) {
    bool known = false;
    for (std::size_t side = 0; side < sides.size(); ++side)
      if (word == "all" || word == sides[side]) {
        kinds[side] = BoundaryKind::absorbing;
        known = true;
      }
    if (!known) throw InputError(key, text, "'" + word + "' is not a side: " + allowed);
    if (word == "all" && words.size() > 1)
      throw InputError(key, text, "all excludes everything else: " + allowed);
  }
  return kinds;
}

} // namespace fokker_planck
