// Errors the user can mend. main.cc turns each into one line on stderr and an exit status.
#pragma once

#include <stdexcept>
#include <string>

namespace fokker_planck {

/// The input is wrong (exit status 1). The message names section/key, the value given and what is
/// allowed; it is one line without the file name, which main.cc puts in front.
class InputError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;

  /// "Section/Key: got 'value', but <allowed>".
  InputError(const std::string& key, const std::string& value, const std::string& allowed)
    : std::runtime_error(key + ": got '" + value + "', but " + allowed) {}
};

/// The computation did not reach an answer that can be trusted (exit status 2); no rate is
/// reported.
class NotConverged : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// As above, but a finer mesh may help.
class MeshTooCoarse : public NotConverged {
public:
  using NotConverged::NotConverged;
};

} // namespace fokker_planck
