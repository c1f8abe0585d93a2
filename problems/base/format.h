// Text with numbers in it, for tables on the terminal and for messages.
#pragma once

#include <string>

namespace fokker_planck {

/// The text that std::printf would print.
std::string format(const char* pattern, ...) __attribute__((format(printf, 1, 2)));

} // namespace fokker_planck
