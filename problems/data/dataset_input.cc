#include "problems/data/dataset_input.h"

#include "problems/data/sample_losses.h"

#include <deal.II/base/parameter_handler.h>
#include <deal.II/base/patterns.h>

namespace fokker_planck {

void DatasetInput::declare(dealii::ParameterHandler& handler) {
  handler.add_parameter("Data", data.file,
                        "Type = dataset: a CSV file whose first line names the columns; relative "
                        "to the working directory or to the directory of the parameter file.");
  handler.add_parameter("Features", data.features,
                        "Names of columns, separated by commas; or principal components 1..d (of "
                        "all columns but the label). One per dimension; one for the tanh network.");
  handler.add_parameter("Label", data.label,
                        "Name of the column to be predicted: any numbers; for logistic regression "
                        "two different ones, the larger of which is the positive class.");
  handler.add_parameter("Standardize", data.standardize,
                        "Whether every column (before principal components are taken, which always "
                        "have mean 0), and a label that is not a class, is brought to mean 0 and "
                        "variance 1. No model has an intercept.");
  handler.add_parameter("Model", model,
                        "L is the mean over the samples (x, y) of l. linear regression: l = "
                        "(theta.x - y)^2/2. logistic "
                        "regression: l = log(1 + exp(-y theta.x)), y = -1 or 1. tanh network: l = "
                        "(y tanh(x s) - t)^2/2 "
                        "of one feature s and label t; theta = (x, y) are the weights.",
                        dealii::Patterns::Selection(sample_model_names()));
  handler.add_parameter("L2 regularization", regularization,
                        "lambda >= 0: lambda |theta|^2/2 is added to L.");
}

} // namespace fokker_planck
