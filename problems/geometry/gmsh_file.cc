#include "problems/geometry/gmsh_file.h"

#include "problems/base/input_error.h"
#include "problems/base/text.h"

#include <deal.II/grid/grid_in.h>
#include <deal.II/grid/tria.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <vector>

namespace fokker_planck {

namespace {

const std::string key = "Domain/Mesh";

/// What Gmsh calls the types of elements, by their numbers in the file.
struct ElementType {
  int dimension;
  const char* name;
  bool usable; ///< as a cell or on the boundary
};
const std::map<int, ElementType> element_types = {
  { 1, { 1, "lines", true } },          { 2, { 2, "triangles", false } },
  { 3, { 2, "quadrilaterals", true } }, { 4, { 3, "tetrahedra", false } },
  { 5, { 3, "hexahedra", true } },      { 6, { 3, "prisms", false } },
  { 7, { 3, "pyramids", false } },      { 15, { 0, "points", true } },
};

/// The number of elements of each type.
using Census = std::map<int, std::size_t>;

/// One line of the file as numbers; false at its end or if there are fewer.
template <std::size_t n>
bool read_line(std::istream& stream, std::array<double, n>& numbers) {
  std::string line;
  if (!std::getline(stream, line)) return false;
  std::istringstream words(line);
  for (double& number : numbers)
    if (!(words >> number)) return false;
  return true;
}

/// The section $Elements.
bool count_elements(std::istream& stream, const bool version_2, Census& census) {
  if (version_2) {
    std::array<double, 1> n_elements;
    if (!read_line(stream, n_elements)) return false;
    for (std::size_t i = 0; i < n_elements[0]; ++i) {
      std::array<double, 2> number_and_type;
      if (!read_line(stream, number_and_type)) return false;
      ++census[static_cast<int>(number_and_type[1])];
    }
    return true;
  }
  std::array<double, 2> n_blocks;
  if (!read_line(stream, n_blocks)) return false;
  for (std::size_t i = 0; i < n_blocks[0]; ++i) {
    std::array<double, 4> block; // dimension and number of the entity, type, number of elements
    if (!read_line(stream, block)) return false;
    census[static_cast<int>(block[2])] += static_cast<std::size_t>(block[3]);
    std::string line;
    for (std::size_t k = 0; k < block[3]; ++k)
      if (!std::getline(stream, line)) return false;
  }
  return true;
}

/// Looks through the file before it is read in earnest.
Census take_census(const std::string& file) {
  const std::string no_gmsh = "it is not a mesh written by Gmsh: a .msh file is needed";
  if (std::filesystem::is_directory(file))
    throw InputError(key, file, "it is a directory, not a .msh file");
  std::ifstream stream(file);
  if (!stream) throw InputError(key, file, "the file does not exist or cannot be read");
  Census census;
  bool version_2 = false, has_format = false, has_elements = false;
  for (std::string line; std::getline(stream, line);) {
    line = trim(line);
    if (!has_format && !line.empty() && line[0] != '$') throw InputError(key, file, no_gmsh);
    if (line == "$MeshFormat") {
      std::array<double, 2> format;
      if (!read_line(stream, format)) throw InputError(key, file, no_gmsh);
      if (format[0] != 2.2 && format[0] != 4.1)
        throw InputError(key, file,
                         "it has version " + format_number(format[0]) +
                           " of the format; 2.2 or 4.1 is needed (Mesh.MshFileVersion in Gmsh)");
      if (format[1] != 0)
        throw InputError(key, file,
                         "it is a binary file; text is needed (Mesh.Binary = 0 in Gmsh)");
      version_2 = format[0] == 2.2;
      has_format = true;
    } else if (line == "$Elements") {
      has_elements = has_format && count_elements(stream, version_2, census);
      if (!has_elements) break;
    }
  }
  if (!has_format) throw InputError(key, file, no_gmsh);
  if (!has_elements)
    throw InputError(key, file, "the file is damaged: its elements are incomplete");
  return census;
}

template <int dim>
void check_census(const std::string& file, const Census& census) {
  const std::string cells = dim == 2 ? "quadrilaterals" : "hexahedra";
  int dimension = 0;
  for (const auto& [type, n] : census) {
    const auto known = element_types.find(type);
    if (known == element_types.end())
      throw InputError(key, file,
                       "it has elements of type " + std::to_string(type) + ": " + cells +
                         " of first order are needed (Mesh.ElementOrder = 1 in Gmsh)");
    if (n > 0) dimension = std::max(dimension, known->second.dimension);
  }
  if (census.empty()) throw InputError(key, file, "the mesh is empty");
  if (dimension != dim)
    throw InputError(key, file,
                     "the mesh has " + std::to_string(dimension) +
                       " dimensions, but Dimension = " + std::to_string(dim));
  for (auto entry = census.rbegin(); entry != census.rend(); ++entry) { // cells before faces
    const auto& [type, n] = *entry;
    const ElementType& element = element_types.at(type);
    if (n > 0 && !element.usable)
      throw InputError(key, file,
                       "it has " + std::to_string(n) + " " + element.name + ": only " + cells +
                         " can be used (in Gmsh set " +
                         (dim == 2 ? "Mesh.RecombineAll = 1 or Mesh.SubdivisionAlgorithm = 1)"
                                   : "Mesh.SubdivisionAlgorithm = 2)"));
  }
}

/// The Jacobian determinant of every cell must be positive at its vertices.
template <int dim>
void check_cells(const std::string& file, const dealii::Triangulation<dim>& mesh) {
  for (const auto& cell : mesh.active_cell_iterators())
    for (const unsigned int v : cell->vertex_indices()) {
      dealii::Tensor<2, dim> edges;
      double size = 1;
      for (int i = 0; i < dim; ++i) {
        edges[i] = (cell->vertex(v ^ (1u << i)) - cell->vertex(v)) * ((v >> i) & 1 ? -1. : 1.);
        size *= edges[i].norm();
      }
      if (determinant(edges) > 1e-10 * size) continue;
      std::string where = "(";
      for (int i = 0; i < dim; ++i)
        where += (i ? ", " : "") + format_rounded(cell->vertex(v)[i]);
      throw InputError(key, file, "a cell at " + where + ") is inverted or degenerate");
    }
}

template <int dim>
void check_boundary(const std::string& file, const dealii::Triangulation<dim>& mesh) {
  std::size_t n_faces = 0, n_without = 0;
  for (const auto& cell : mesh.active_cell_iterators())
    for (const auto& face : cell->face_iterators())
      if (face->at_boundary()) {
        ++n_faces;
        if (face->boundary_id() == 0) ++n_without;
      }
  if (n_without > 0)
    throw InputError(
      key, file,
      std::to_string(n_without) + " of the " + std::to_string(n_faces) +
        " boundary faces have no physical number: every boundary " +
        (dim == 2 ? "curve must be in a Physical Curve" : "surface must be in a Physical Surface"));
  constexpr std::size_t most_sides = 32;
  const std::size_t n_sides = mesh.get_boundary_ids().size();
  if (n_sides > most_sides)
    throw InputError(key, file,
                     "its boundary has " + std::to_string(n_sides) +
                       " different physical numbers; at most " + std::to_string(most_sides) +
                       " are possible");
}

template <int dim>
void check_connected(const std::string& file, const dealii::Triangulation<dim>& mesh) {
  std::vector<bool> reached(mesh.n_active_cells(), false);
  std::vector<typename dealii::Triangulation<dim>::active_cell_iterator> pending;
  const auto reach = [&](const auto& cell) {
    if (!reached[cell->active_cell_index()]) pending.push_back(cell);
    reached[cell->active_cell_index()] = true;
  };
  reach(mesh.begin_active());
  std::size_t n_reached = 0;
  for (; !pending.empty(); ++n_reached) {
    const auto cell = pending.back();
    pending.pop_back();
    for (const unsigned int f : cell->face_indices())
      if (!cell->at_boundary(f)) reach(cell->neighbor(f));
  }
  if (n_reached < mesh.n_active_cells())
    throw InputError(key, file,
                     "the mesh is not connected: one part has " + std::to_string(n_reached) +
                       " of its " + std::to_string(mesh.n_active_cells()) + " cells");
}

/// What deal.II has to say about an error: " (...)", or nothing.
std::string information(const std::string& text) {
  const std::string begin = "Additional information:", end = "Stacktrace:";
  const auto first = text.find(begin), last = text.find(end);
  if (first == std::string::npos || last == std::string::npos) return "";
  std::istringstream words(text.substr(first + begin.size(), last - first - begin.size()));
  std::string line;
  for (std::string word; words >> word;)
    line += (line.empty() ? "" : " ") + word;
  return " (" + line + ")";
}

} // namespace

template <int dim>
void read_gmsh(const std::string& file, dealii::Triangulation<dim>& mesh) {
  check_census<dim>(file, take_census(file));
  try {
    dealii::GridIn<dim> reader(mesh);
    std::ifstream stream(file);
    reader.read_msh(stream);
  } catch (const std::exception& error) {
    const std::string text = error.what();
    const auto mentions = [&](const char* word) { return text.find(word) != std::string::npos; };
    if (mentions("internal face"))
      throw InputError(
        key, file,
        "it lists faces inside the mesh; only the boundary may have physical numbers "
        "(and Mesh.SaveAll = 0 in Gmsh)");
    if (mentions("negative") || mentions("distorted"))
      throw InputError(key, file, "a cell is inverted or degenerate");
    throw InputError(key, file,
                     "the file is damaged, or its cells do not fit together" + information(text));
  }
  check_cells(file, mesh);
  check_boundary(file, mesh);
  check_connected(file, mesh);
}

template void read_gmsh(const std::string&, dealii::Triangulation<2>&);
template void read_gmsh(const std::string&, dealii::Triangulation<3>&);

} // namespace fokker_planck
