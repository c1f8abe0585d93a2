#include "postprocess/commands/shared/sweep_parameters.h"

#include <deal.II/base/parameter_handler.h>

namespace fokker_planck {

void SweepParameters::declare(dealii::ParameterHandler& handler) {
  handler.enter_subsection("Sweep");
  handler.add_parameter("Title", title,
                        "What the command sweep shows (run ignores this section); the title of its "
                        "pictures.");
  handler.add_parameter("Law", law,
                        "The formula that is put to the test, for the caption of the pictures.");
  handler.add_parameter(
    "Vary", vary,
    "Parameters to vary: Section/Key = from:to:count, from:to:count:log (equal ratios) or a list "
    "v1, v2, ... (v1 | v2 | ... if the values hold commas). Several separated by ';': their full "
    "grid.");
  handler.add_parameter(
    "Fit", fit,
    "Laws to fit by least squares: RESPONSE ~ REGRESSOR [by PARAMETER, ...] [theory: SLOPE] "
    "[error: DIFFERENCE], several separated by ';'. All are formulas in the columns of the table, "
    "for example -log_rate ~ 1/Noise.Diffusion theory: barrier. by: one line for each of its "
    "values. theory: the slope to expect; error: how far from it the slope may be, because the "
    "theory is asymptotic.");
  handler.leave_subsection();
}

} // namespace fokker_planck
