// Tables as comma-separated values (RFC 4180), read strictly.
//
// The first record holds the names of the columns. Fields may be quoted; a quoted field may hold
// commas, doubled quotes and line breaks. Blank lines and a byte order mark are skipped.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace fokker_planck {

/// All cells as text.
struct CsvTable {
  struct Record {
    std::size_t line; ///< on which it begins, counted from 1
    std::vector<std::string> cells;
  };

  std::string file;
  std::vector<std::string> names;
  std::vector<Record> records; ///< each with as many cells as there are names
};

/// Reads a file. Throws InputError, naming the key and the line, for a file that is missing, empty
/// or holds no record below the names, for records of different lengths and for misplaced quotes.
CsvTable read_csv(const std::string& key, const std::string& file);

/// A column as numbers. Throws InputError naming line and column for anything but a finite number.
std::vector<double> numbers(const std::string& key, const CsvTable& table, std::size_t column);

} // namespace fokker_planck
