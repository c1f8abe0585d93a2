// The value of Domain/Absorbing.
#pragma once

#include <string>
#include <vector>

namespace fokker_planck {

/// Per side whether it absorbs: text holds names of sides separated by blanks or commas, or all.
/// Throws InputError for other words, and if no side absorbs.
std::vector<bool> parse_absorbing(const std::string& text, const std::vector<std::string>& sides);

} // namespace fokker_planck
