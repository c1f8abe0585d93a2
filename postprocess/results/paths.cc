#include "postprocess/results/paths.h"

#include "problems/base/text.h"

#include <nlohmann/json.hpp>

namespace fokker_planck {

using Json = nlohmann::ordered_json;

namespace {

/// Number of the minimum at the bottom of a well in the list of critical points, or null.
template <int dim>
Json minimum_of(const Landscape<dim>& landscape, const int well) {
  for (std::size_t i = 0; i < landscape.critical_points.size(); ++i)
    if (landscape.critical_points[i].position.distance(landscape.wells[well]) == 0) return i;
  return nullptr;
}

/// The number of a critical point; null for points that are not among them.
Json index_or_null(const int index) {
  return index >= 0 ? Json(index) : Json(nullptr);
}

template <int dim>
Json target_json(const MinimumEnergyPath<dim>& path, const Domain<dim>& domain,
                 const Landscape<dim>& landscape) {
  if (path.side >= 0) return { { "boundary", domain.side_name(path.side) } };
  const auto& bottom = landscape.wells[path.well];
  return { { "valley", minimum_of(landscape, path.well) },
           { "position", std::vector<double>(&bottom[0], &bottom[0] + dim) } };
}

template <int dim>
Json path_json(const MinimumEnergyPath<dim>& path, const Domain<dim>& domain,
               const Landscape<dim>& landscape) {
  Json json;
  json["target"] = target_json(path, domain, landscape);
  json["barrier"] = { { "loss", path.loss_barrier }, { "potential", path.barrier } };
  json["highest"] = index_or_null(path.pieces[path.highest].critical_point);
  json["copies"] = path.n_copies;
  json["length"] = path.length();
  json["passes"] = Json::array();
  for (const auto& piece : path.pieces)
    json["passes"].push_back({ { "from", minimum_of(landscape, piece.from) },
                               { "over", index_or_null(piece.critical_point) },
                               { "to", piece.to >= 0 ? minimum_of(landscape, piece.to)
                                                     : Json(domain.side_name(path.side)) } });
  return json;
}

template <int dim>
std::string table(const std::vector<MinimumEnergyPath<dim>>& paths, const Domain<dim>& domain,
                  const Landscape<dim>& landscape) {
  std::string text = "path,target,arc_length,";
  for (int i = 0; i < dim; ++i)
    text += domain.coordinate_name(i) + ",";
  text += "loss,potential\n";
  for (std::size_t number = 0; number < paths.size(); ++number) {
    const auto& path = paths[number];
    const Json minimum = path.side >= 0 ? Json() : minimum_of(landscape, path.well);
    const std::string target = path.side >= 0      ? domain.side_name(path.side)
                               : minimum.is_null() ? "valley"
                                                   : "valley " + minimum.dump();
    for (const auto& point : path.points) {
      text += std::to_string(number) + "," + target + "," + format_number(point.arc_length);
      for (int i = 0; i < dim; ++i)
        text += "," + format_number(point.position[i]);
      text += "," + format_number(point.loss) + "," + format_number(point.potential) + "\n";
    }
  }
  return text;
}

} // namespace

template <int dim>
Json write_paths(const OutputDirectory& directory, const Domain<dim>& domain,
                 const Landscape<dim>& landscape,
                 const std::vector<MinimumEnergyPath<dim>>& paths) {
  if (!paths.empty()) directory.write("paths.csv", table(paths, domain, landscape));
  Json json = Json::array();
  for (const auto& path : paths)
    json.push_back(path_json(path, domain, landscape));
  return json;
}

#define INSTANTIATE(dim)                                                                           \
  template Json write_paths(const OutputDirectory&, const Domain<dim>&, const Landscape<dim>&,     \
                            const std::vector<MinimumEnergyPath<dim>>&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
