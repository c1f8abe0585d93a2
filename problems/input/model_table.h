// Models that are chosen by name.
#pragma once

#include "problems/base/input_error.h"

#include <stdexcept>
#include <string>
#include <vector>

namespace fokker_planck {

/// How each model of a table is made, in the order in which the names are listed.
template <typename Make>
class ModelTable {
public:
  struct Entry {
    std::string name;
    Make make;
  };

  /// Throws std::logic_error if two models have the same name.
  explicit ModelTable(std::vector<Entry> entries_) : entries(std::move(entries_)) {
    for (std::size_t i = 0; i < entries.size(); ++i)
      for (std::size_t j = 0; j < i; ++j)
        if (entries[i].name == entries[j].name)
          throw std::logic_error("two models have the name '" + entries[i].name + "'");
  }

  /// All names, separated by '|'.
  std::string names() const {
    std::string text;
    for (const Entry& entry : entries)
      text += (text.empty() ? "" : "|") + entry.name;
    return text;
  }

  /// Throws InputError, naming the key, for an unknown name.
  const Make& find(const std::string& key, const std::string& name) const {
    for (const Entry& entry : entries)
      if (entry.name == name) return entry.make;
    throw InputError(key, name, "one of " + names() + " is needed");
  }

private:
  std::vector<Entry> entries;
};

} // namespace fokker_planck
