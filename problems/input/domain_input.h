// The domain as the user describes it in section Domain.
#pragma once

#include "problems/problem.h"

#include <optional>
#include <string>

namespace fokker_planck {

/// What section Domain holds, as the user wrote it.
struct DomainInput {
  std::string type = "box";
  std::string lower = {}, upper = {};
  std::string absorbing = "all";
  std::string center = {}, radius = {}, effective_dimension = {};
  std::string level = {};
  std::string mesh = {};
  std::string start = {};
};

/// The types of domains, separated by '|'.
std::string domain_types();

/// Domain and start. A level set refers to the loss. Throws InputError.
template <int dim>
void make_domain(const DomainInput& input, Problem<dim>& problem);

} // namespace fokker_planck
