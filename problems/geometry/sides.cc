#include "problems/geometry/sides.h"

#include "problems/base/input_error.h"
#include "problems/base/text.h"

#include <algorithm>

namespace fokker_planck {

std::vector<bool> parse_absorbing(const std::string& text, const std::vector<std::string>& sides) {
  const std::string key = "Domain/Absorbing";
  std::string allowed = "any of";
  for (const std::string& side : sides)
    allowed += " " + side;
  allowed += " (separated by blanks or commas), all or none is needed";

  std::string words = text;
  std::replace(words.begin(), words.end(), ',', ' ');
  std::replace(words.begin(), words.end(), '\t', ' ');
  std::vector<bool> absorbing(sides.size(), false);
  unsigned int n_words = 0;
  bool exclusive = false; // all and none stand alone
  for (const std::string& word : split(trim(words), ' ')) {
    if (word.empty()) continue;
    ++n_words;
    exclusive = exclusive || word == "all" || word == "none";
    bool known = word == "none";
    for (std::size_t side = 0; side < sides.size(); ++side)
      if (word == "all" || word == sides[side]) absorbing[side] = known = true;
    if (!known) throw InputError(key, text, "'" + word + "' is not a side: " + allowed);
  }
  if (exclusive && n_words > 1)
    throw InputError(key, text, "all and none exclude everything else: " + allowed);
  if (std::none_of(absorbing.begin(), absorbing.end(), [](bool absorbs) { return absorbs; }))
    throw InputError(key, text, "an escape rate needs at least one absorbing side: " + allowed);
  return absorbing;
}

} // namespace fokker_planck
