// The samples (x_i, y_i) of a data set: features and label.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace fokker_planck {

/// Which data, as the user wrote it.
struct DataSetInput {
  std::string file = {};
  std::string features = {}; ///< names of columns, or "principal components 1..d"
  std::string label = {};
  bool standardize = true;
};

struct DataSet {
  std::vector<std::vector<double>> features; ///< [feature][sample]
  std::vector<double> labels;

  std::size_t n_features() const { return features.size(); }
  std::size_t n_samples() const { return labels.size(); }
};

enum class Label {
  number,     ///< y; with mean 0 and variance 1 if standardised
  two_classes ///< y = -1 for the smaller number of the column, +1 for the larger
};

/// Reads the data. Standardised columns have mean 0 and variance (1/m) sum x^2 = 1. Principal
/// components are the projections of all columns but the label, with their means removed and
/// standardised if asked for, on the eigenvectors of their covariance, by descending variance; each
/// eigenvector has its largest entry positive. Throws InputError for a file that cannot be read, an
/// unknown column, a cell that is no number, a constant feature, fewer than two samples, and unless
/// the labels differ (two classes: unless there are two different numbers).
DataSet read_data_set(const DataSetInput& input, Label kind);

} // namespace fokker_planck
