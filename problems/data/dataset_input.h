// What section Loss says about a dataset loss.
#pragma once

#include "problems/data/data_set.h"

namespace dealii {
class ParameterHandler;
}

namespace fokker_planck {

struct DatasetInput {
  DataSetInput data = {};
  std::string model = "logistic regression";
  double regularization = 0; ///< lambda >= 0

  /// Declares the keys in the present section and binds them to this object.
  void declare(dealii::ParameterHandler& handler);
};

} // namespace fokker_planck
