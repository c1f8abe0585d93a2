#include "problems/base/text.h"

#include "problems/base/input_error.h"

#include <cctype>
#include <charconv>
#include <cmath>
#include <iomanip>
#include <sstream>

namespace fokker_planck {

std::string trim(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string one_line(const std::string& text) {
  std::string line;
  for (const char c : text)
    if (std::isspace(static_cast<unsigned char>(c)) == 0)
      line += c;
    else if (!line.empty() && line.back() != ' ')
      line += ' ';
  return line;
}

std::vector<std::string> split(const std::string& text, const char separator) {
  std::vector<std::string> pieces;
  if (trim(text).empty()) return pieces;
  std::size_t begin = 0;
  while (true) {
    const std::size_t end = text.find(separator, begin);
    pieces.push_back(trim(text.substr(begin, end - begin)));
    if (end == std::string::npos) return pieces;
    begin = end + 1;
  }
}

double parse_number(const std::string& key, const std::string& text) {
  const std::string trimmed = trim(text);
  const char* begin = trimmed.data();
  const char* const end = begin + trimmed.size();
  if (end - begin > 1 && begin[0] == '+' && begin[1] != '-') ++begin; // from_chars knows no '+'
  double number = 0;
  const auto [stop, error] = std::from_chars(begin, end, number);
  if (error != std::errc() || stop != end || !std::isfinite(number))
    throw InputError(key, trimmed, "a finite number is needed");
  return number;
}

std::vector<double> parse_numbers(const std::string& key, const std::string& text,
                                  const std::size_t n) {
  const auto pieces = split(text, ',');
  if (pieces.size() != n)
    throw InputError(key, trim(text),
                     std::to_string(n) + " comma-separated number" + (n == 1 ? " is" : "s are") +
                       " needed (one per dimension), not " + std::to_string(pieces.size()));
  std::vector<double> numbers;
  for (const auto& piece : pieces)
    try {
      numbers.push_back(parse_number(key, piece));
    } catch (const InputError&) {
      throw InputError(key, trim(text), "'" + piece + "' is not a finite number");
    }
  return numbers;
}

std::string format_number(const double number) {
  char buffer[32];
  const auto result = std::to_chars(buffer, buffer + sizeof buffer, number);
  return std::string(buffer, result.ptr);
}

std::string format_rounded(const double number) {
  std::ostringstream text;
  text << std::setprecision(6) << number;
  return text.str();
}

std::string format_point(const double* coordinates, const int dim) {
  std::string text = "(";
  for (int i = 0; i < dim; ++i)
    text += (i ? ", " : "") + format_number(coordinates[i]);
  return text + ")";
}

} // namespace fokker_planck
