// The ready problems that come with the program: the .prm files in problems/ and, for
// the command sweep, in problems/sweeps/.
#pragma once

#include <iosfwd>

namespace fokker_planck {

/// Prints the path of every ready problem with the first line of its head comment.
void list_ready_problems(std::ostream& stream);

} // namespace fokker_planck
