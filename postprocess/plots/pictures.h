// Pictures of a finished run or sweep.
#pragma once

#include <iosfwd>
#include <string>

namespace fokker_planck {

/// Runs postprocess/plots/plot.py on a directory of results. A picture that cannot be drawn (no
/// python3 or matplotlib) costs one line on the given stream, not the results.
void draw_pictures(const std::string& directory, std::ostream& warnings);

/// The same for the results of a sweep.
void draw_sweep(const std::string& directory, std::ostream& warnings);

/// The same for what a comparison adds to the results of a run.
void draw_comparison(const std::string& directory, std::ostream& warnings);

} // namespace fokker_planck
