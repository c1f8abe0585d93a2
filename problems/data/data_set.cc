#include "problems/data/data_set.h"

#include "problems/base/input_error.h"
#include "problems/base/text.h"
#include "problems/data/csv.h"

#include <deal.II/lac/full_matrix.h>
#include <deal.II/lac/lapack_full_matrix.h>
#include <deal.II/lac/vector.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <regex>
#include <set>

namespace fokker_planck {

namespace {

using Columns = std::vector<std::vector<double>>;

const std::string data_key = "Loss/Data", features_key = "Loss/Features", label_key = "Loss/Label";

std::string list(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names)
    text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::size_t find_column(const std::string& key, const std::string& given, const std::string& name,
                        const CsvTable& table) {
  const auto found = std::find(table.names.begin(), table.names.end(), name);
  if (found == table.names.end())
    throw InputError(key, given,
                     "the data have no column '" + name + "' (columns: " + list(table.names) + ")");
  return found - table.names.begin();
}

double mean(const std::vector<double>& column) {
  return std::accumulate(column.begin(), column.end(), 0.) / static_cast<double>(column.size());
}

void remove_mean(std::vector<double>& column) {
  const double center = mean(column);
  for (double& x : column)
    x -= center;
}

/// Brings a column without mean to variance 1.
void scale(std::vector<double>& column) {
  double sum = 0;
  for (const double x : column)
    sum += x * x;
  const double deviation = std::sqrt(sum / static_cast<double>(column.size()));
  for (double& x : column)
    x /= deviation;
}

bool is_constant(const std::vector<double>& column) {
  return std::all_of(column.begin(), column.end(), [&](const double x) { return x == column[0]; });
}

/// First and last component of "principal components 1..2" or "principal component 1".
std::optional<std::pair<unsigned int, unsigned int>> parse_components(const std::string& text) {
  static const std::regex pattern(R"(principal\s+components?\s+(\d{1,4})(?:\s*\.\.\s*(\d{1,4}))?)");
  std::smatch match;
  const std::string trimmed = trim(text);
  if (!std::regex_match(trimmed, match, pattern)) return {};
  const auto first = static_cast<unsigned int>(std::stoul(match[1]));
  return std::make_pair(first,
                        match[2].matched ? static_cast<unsigned int>(std::stoul(match[2])) : first);
}

/// Eigenvectors of the covariance of columns without mean, by descending eigenvalue.
std::vector<std::vector<double>> principal_axes(const Columns& columns) {
  const std::size_t n = columns.size();
  dealii::LAPACKFullMatrix<double> covariance(n, n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      covariance(i, j) =
        std::inner_product(columns[i].begin(), columns[i].end(), columns[j].begin(), 0.) /
        static_cast<double>(columns[i].size());
  dealii::Vector<double> eigenvalues;
  dealii::FullMatrix<double> vectors;
  const double bound = 2 * covariance.l1_norm() + 1;
  covariance.compute_eigenvalues_symmetric(-bound, bound, 1e-300, eigenvalues, vectors);
  std::vector<std::vector<double>> axes;
  for (std::size_t k = n; k-- > 0;) {
    std::vector<double> axis(n);
    for (std::size_t i = 0; i < n; ++i)
      axis[i] = vectors(i, k);
    const double largest =
      *std::max_element(axis.begin(), axis.end(),
                        [](const double a, const double b) { return std::fabs(a) < std::fabs(b); });
    for (double& entry : axis)
      entry *= largest < 0 ? -1 : 1;
    axes.push_back(std::move(axis));
  }
  return axes;
}

std::vector<double> project(const Columns& columns, const std::vector<double>& axis) {
  std::vector<double> scores(columns[0].size(), 0.);
  for (std::size_t i = 0; i < columns.size(); ++i)
    for (std::size_t s = 0; s < scores.size(); ++s)
      scores[s] += axis[i] * columns[i][s];
  return scores;
}

Columns principal_components(const DataSetInput& input, const Columns& columns,
                             const unsigned int first, const unsigned int last) {
  if (first < 1 || last < first || last > columns.size())
    throw InputError(features_key, input.features,
                     "the components must ascend and lie between 1 and " +
                       std::to_string(columns.size()) + ", the number of columns beside the label");
  const auto axes = principal_axes(columns);
  Columns components;
  for (unsigned int k = first; k <= last; ++k)
    components.push_back(project(columns, axes[k - 1]));
  const auto square = [](const std::vector<double>& x) {
    return std::inner_product(x.begin(), x.end(), x.begin(), 0.);
  };
  if (square(components.back()) <= 1e-24 * square(project(columns, axes[0]))) // rounding
    throw InputError(features_key, input.features,
                     "component " + std::to_string(last) +
                       " is constant: columns are linear functions of others");
  return components;
}

/// The columns that the features are made of.
std::vector<std::size_t> feature_columns(const DataSetInput& input, const CsvTable& table,
                                         const std::size_t label, const bool all) {
  std::vector<std::size_t> columns;
  if (all) {
    for (std::size_t column = 0; column < table.names.size(); ++column)
      if (column != label) columns.push_back(column);
    if (columns.empty())
      throw InputError(features_key, input.features, "the label is the only column of the data");
    return columns;
  }
  for (const std::string& name : split(input.features, ',')) {
    const std::size_t column = find_column(features_key, input.features, name, table);
    if (column == label)
      throw InputError(features_key, input.features, "'" + name + "' is the label");
    if (std::find(columns.begin(), columns.end(), column) != columns.end())
      throw InputError(features_key, input.features, "'" + name + "' stands there twice");
    columns.push_back(column);
  }
  if (columns.empty())
    throw InputError(features_key, input.features,
                     "names of columns, separated by commas, or principal components 1..d are "
                     "needed (columns: " +
                       list(table.names) + ")");
  return columns;
}

void convert_labels(const DataSetInput& input, const Label kind, std::vector<double>& labels) {
  if (is_constant(labels))
    throw InputError(label_key, input.label,
                     "all samples have the label " + format_number(labels[0]) +
                       ": two classes, or numbers that differ, are needed");
  if (kind == Label::two_classes) {
    const std::set<double> classes(labels.begin(), labels.end());
    if (classes.size() != 2)
      throw InputError(label_key, input.label,
                       "the column holds " + std::to_string(classes.size()) +
                         " different numbers; exactly two classes are needed");
    for (double& label : labels)
      label = label == *classes.begin() ? -1 : 1;
  } else if (input.standardize) {
    remove_mean(labels);
    scale(labels);
  }
}

} // namespace

DataSet read_data_set(const DataSetInput& input, const Label kind) {
  const CsvTable table = read_csv(data_key, input.file);
  const std::size_t label = find_column(label_key, input.label, trim(input.label), table);
  const auto components = parse_components(input.features);

  const auto columns = feature_columns(input, table, label, components.has_value());
  if (table.records.size() < 2)
    throw InputError(data_key, input.file, "a single sample; at least two are needed");

  DataSet data;
  for (const std::size_t column : columns) {
    data.features.push_back(numbers(data_key, table, column));
    auto& feature = data.features.back();
    if (is_constant(feature))
      throw InputError(features_key, input.features,
                       "the column '" + table.names[column] + "' is constant: it is " +
                         format_number(feature[0]) + " in all samples");
    if (components || input.standardize) remove_mean(feature);
    if (input.standardize) scale(feature);
  }
  if (components)
    data.features =
      principal_components(input, data.features, components->first, components->second);
  data.labels = numbers(data_key, table, label);
  convert_labels(input, kind, data.labels);
  return data;
}

} // namespace fokker_planck
