// What theories of escape call a and b: the minimum and the cheapest way out of its valley.
#pragma once

#include "problems/problem.h"

#include <nlohmann/json_fwd.hpp>

namespace fokker_planck {

/// Of the loss L, at the minimum a of the valley that is left and at b, the lowest saddle or exit
/// point that leads out of it: L_a, L_b, barrier = L_b - L_a, H_a and H_b (second derivatives along
/// the way out at b: the unstable direction of a saddle, the normal of the side at an exit point),
/// det_H_a, det_H_b (of the Hessians), n (dimensions). Without a minimum or a way out what belongs
/// to it is missing. Throws InputError where the loss is not finite.
template <int dim>
nlohmann::ordered_json exit_quantities(const Problem<dim>& problem);

} // namespace fokker_planck
