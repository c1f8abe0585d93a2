#include "problems/data/csv.h"

#include "problems/base/input_error.h"
#include "problems/base/text.h"

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace fokker_planck {

namespace {

/// Splits a text into records, one at a time.
class Records {
public:
  Records(const std::string& key_, const std::string& file_, const std::string& text_)
    : key(key_), file(file_), text(text_) {
    if (text.rfind("\xEF\xBB\xBF", 0) == 0) position = 3; // byte order mark
  }

  /// The next record that is no blank line; false at the end.
  bool next(CsvTable::Record& record) {
    while (position < text.size()) {
      record = { line, {} };
      bool ended = false, quoted = false;
      while (!ended) {
        std::string cell;
        quoted = read_cell(cell) || quoted;
        record.cells.push_back(trim(cell));
        ended = ends_record();
      }
      if (record.cells.size() > 1 || quoted || !record.cells[0].empty()) return true;
    }
    return false;
  }

private:
  [[noreturn]] void refuse(const std::string& what) const {
    throw InputError(key, file, "line " + std::to_string(line) + ": " + what);
  }

  char peek() const { return position < text.size() ? text[position] : '\n'; }
  bool at_line_break() const {
    return peek() == '\n' ||
           (peek() == '\r' && position + 1 < text.size() && text[position + 1] == '\n');
  }

  /// Reads up to the comma or line break behind a cell; returns whether the cell is quoted.
  bool read_cell(std::string& cell) {
    while (peek() == ' ' || peek() == '\t')
      ++position;
    if (peek() == '"') {
      read_quoted(cell);
      return true;
    }
    while (peek() != ',' && !at_line_break()) {
      if (peek() == '"') refuse("a quote inside of a cell that does not begin with one");
      cell += text[position++];
    }
    return false;
  }

  void read_quoted(std::string& cell) {
    const std::size_t first_line = line;
    for (++position; true; ++position) {
      if (position >= text.size()) {
        line = first_line;
        refuse("a quote is not closed");
      }
      if (text[position] == '"' && (position + 1 >= text.size() || text[position + 1] != '"'))
        break;
      if (text[position] == '"') ++position; // doubled
      if (text[position] == '\n') ++line;
      cell += text[position];
    }
    ++position;
    while (peek() == ' ' || peek() == '\t')
      ++position;
    if (peek() != ',' && !at_line_break()) refuse("text behind the closing quote of a cell");
  }

  /// Steps over a comma or a line break; returns whether it was the latter.
  bool ends_record() {
    if (peek() == ',') {
      ++position;
      return false;
    }
    if (peek() == '\r') ++position;
    ++position;
    ++line;
    return true;
  }

  const std::string &key, &file, &text;
  std::size_t position = 0, line = 1;
};

std::string read_file(const std::string& key, const std::string& file) {
  if (trim(file).empty()) throw InputError(key, file, "the name of a CSV file is needed");
  if (std::filesystem::is_directory(file)) throw InputError(key, file, "it is a directory");
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  if (!stream) throw InputError(key, file, "the file does not exist or cannot be read");
  text << stream.rdbuf();
  return text.str();
}

} // namespace

CsvTable read_csv(const std::string& key, const std::string& file) {
  const std::string text = read_file(key, file);
  Records records(key, file, text);
  CsvTable table;
  table.file = file;
  CsvTable::Record record;
  if (!records.next(record)) throw InputError(key, file, "the file is empty");
  table.names = record.cells;
  std::set<std::string> known;
  for (const std::string& name : table.names)
    if (name.empty() || !known.insert(name).second)
      throw InputError(
        key, file,
        "line " + std::to_string(record.line) +
          (name.empty() ? ": a column has no name" : ": two columns have the name '" + name + "'"));
  while (records.next(record)) {
    if (record.cells.size() != table.names.size())
      throw InputError(key, file,
                       "line " + std::to_string(record.line) + " has " +
                         std::to_string(record.cells.size()) + " cells, but there are " +
                         std::to_string(table.names.size()) + " columns");
    table.records.push_back(record);
  }
  if (table.records.empty())
    throw InputError(key, file, "there is no line of data below the names of the columns");
  return table;
}

std::vector<double> numbers(const std::string& key, const CsvTable& table,
                            const std::size_t column) {
  std::vector<double> result;
  result.reserve(table.records.size());
  for (const auto& record : table.records)
    try {
      result.push_back(parse_number(key, record.cells[column]));
    } catch (const InputError&) {
      throw InputError(key, table.file,
                       "line " + std::to_string(record.line) + ", column '" + table.names[column] +
                         "': '" + record.cells[column] + "' is not a finite number");
    }
  return result;
}

} // namespace fokker_planck
