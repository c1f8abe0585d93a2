// Section Sweep: what the command sweep varies and fits if the command line does not say so.
#pragma once

#include <string>

namespace dealii {
class ParameterHandler;
}

namespace fokker_planck {

/// Texts as the user gave them; see variation.h and law.h for what they mean.
struct SweepParameters {
  std::string title;
  std::string law;
  std::string vary;
  std::string fit;

  /// Declares the section and binds its values to this object, which must outlive the handler.
  void declare(dealii::ParameterHandler& handler);
};

} // namespace fokker_planck
