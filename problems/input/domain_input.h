// The domain as the user describes it in section Domain: each type reads its own keys.
#pragma once

#include "problems/problem.h"

#include <optional>
#include <string>

namespace dealii {
class ParameterHandler;
}

namespace fokker_planck {

/// Type = box: Lower and Upper. declare(), here and below, declares the keys in the present section
/// and binds them to the object; make() throws InputError.
struct BoxInput {
  std::string lower = {}, upper = {};

  void declare(dealii::ParameterHandler& handler);
  template <int dim>
  Domain<dim> make(const std::string& absorbing) const;
};

/// Type = ball: Center and Radius.
struct BallInput {
  std::string center = {}, radius = {};

  void declare(dealii::ParameterHandler& handler);
  template <int dim>
  Domain<dim> make(const std::string& absorbing) const;
};

/// Type = radial: Effective dimension, and the radius that a ball has.
struct RadialInput {
  std::string effective_dimension = {};

  void declare(dealii::ParameterHandler& handler);
  template <int dim>
  Domain<dim> make(const std::string& radius) const;
};

/// Type = level set: Level, and the corners of a box in which it is searched for.
struct LevelSetInput {
  std::string level = {};

  void declare(dealii::ParameterHandler& handler);

  /// start: Domain/Start, which decides the valley.
  template <int dim>
  Domain<dim> make(const BoxInput& search_box, const std::string& absorbing,
                   const std::string& start, const std::shared_ptr<const Loss<dim>>& loss) const;
};

/// Type = gmsh: Mesh.
struct GmshInput {
  std::string mesh = {};

  void declare(dealii::ParameterHandler& handler);
  template <int dim>
  Domain<dim> make(const std::string& absorbing) const;
};

/// What section Domain holds, as the user wrote it.
struct DomainInput {
  std::string type = "box";
  BoxInput box = {};
  std::string absorbing = "all";
  BallInput ball = {};
  RadialInput radial = {};
  LevelSetInput level_set = {};
  GmshInput gmsh = {};
  std::string start = {};

  void declare(dealii::ParameterHandler& handler);

  /// The domain. A level set refers to the loss.
  template <int dim>
  Domain<dim> make(const std::shared_ptr<const Loss<dim>>& loss) const;

  /// Start, if it is given.
  template <int dim>
  std::optional<dealii::Point<dim>> make_start(const Domain<dim>& domain) const;
};

} // namespace fokker_planck
