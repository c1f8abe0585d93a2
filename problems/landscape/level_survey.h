// Whether a level set fits into its search box and is star-shaped, and how large it is.
//
// Method: a dense set of rays gives the radii. The set is star-shaped if rho is continuous: L must
// rise through the level along every ray, and wherever a lattice edge leaves the union of all rays
// up to rho, L must be at the level there; where it is lower, rho jumps, and the set goes on behind
// the jump.
#pragma once

#include "problems/landscape/level_set.h"
#include "problems/landscape/valley.h"

namespace fokker_planck {

/// The domain of a level set. Of the valley minimum, loss and Hessian there, and as exits the
/// saddles that lead out of it. text is the value of Domain/Level. Throws InputError if the set
/// reaches the boundary of the search box or is not star-shaped about the minimum.
template <int dim>
Domain<dim> survey_level_set(const std::shared_ptr<const ScalarField<dim>>& loss,
                             const Domain<dim>& search_box, const Valley<dim>& valley, double level,
                             const std::string& text);

} // namespace fokker_planck
