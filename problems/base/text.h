// Reading numbers and lists of numbers from parameter values.
#pragma once

#include <string>
#include <vector>

namespace fokker_planck {

/// Text without leading and trailing white space.
std::string trim(const std::string& text);

/// Text on one line, as is promised for messages: white space becomes single blanks.
std::string one_line(const std::string& text);

/// The pieces of text between separators, trimmed. Empty text gives no pieces.
std::vector<std::string> split(const std::string& text, char separator);

/// Text as one finite floating-point number. Throws InputError naming the key otherwise.
double parse_number(const std::string& key, const std::string& text);

/// Comma-separated finite numbers. Throws InputError naming the key unless there are exactly n.
std::vector<double> parse_numbers(const std::string& key, const std::string& text, std::size_t n);

/// A number as short text that reads back to the same double (round trip).
std::string format_number(double number);

/// A number with six digits, for messages.
std::string format_rounded(double number);

/// Numbers as "(a, b, c)", for messages.
std::string format_point(const double* coordinates, int dim);

} // namespace fokker_planck
