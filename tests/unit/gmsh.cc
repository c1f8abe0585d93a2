// Domains from Gmsh files: geometry, boundary, and what is refused.
#include "problems/base/input_error.h"
#include "problems/base/parameter_file.h"
#include "problems/geometry/mesh_shape.h"
#include "problems/input/domain_input.h"
#include "problems/input/parameters.h"

#include "shape_checks.h"

#include <deal.II/base/parameter_handler.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <random>
#include <unistd.h>

using namespace fokker_planck;
using namespace fokker_planck::testing;
using dealii::Point;

namespace {

const std::string keyhole = FOKKER_PLANCK_SOURCE_DIR "/problems/keyhole.msh";

/// A file that is removed in the end.
class Scratch {
public:
  explicit Scratch(const std::string& text)
    : path(std::filesystem::temp_directory_path() /
           ("fokker-planck-" + std::to_string(getpid()) + ".msh")) {
    std::ofstream(path) << text;
  }
  ~Scratch() { std::filesystem::remove(path); }
  std::string name() const { return path.string(); }

private:
  std::filesystem::path path;
};

/// Two squares side by side in format 2.2; lines is the list of boundary elements with its length.
std::string two_squares(const std::string& lines, const std::string& cells,
                        const std::string& far = "2 1") {
  return "$MeshFormat\n2.2 0 8\n$EndMeshFormat\n$Nodes\n6\n1 0 0 0\n2 1 0 0\n3 2 0 0\n4 0 1 0\n"
         "5 1 1 0\n6 " +
         far + " 0\n$EndNodes\n$Elements\n" + lines + cells + "$EndElements\n";
}

const std::string cells = "1 3 2 1 1 1 2 5 4\n2 3 2 1 1 2 3 6 5\n";
const std::string all_lines = "3 1 2 7 1 1 2\n4 1 2 7 1 2 3\n5 1 2 3 1 3 6\n6 1 2 7 1 6 5\n"
                              "7 1 2 7 1 5 4\n8 1 2 12 1 4 1\n";

/// The cube [0, 2]^3 as one hexahedron in format 4.1, with the physical number of each face that of
/// its normal: 1, 2 across x, ...; a top that is not plane if twist is not zero.
std::string cube(const double twist = 0) {
  std::string text = "$MeshFormat\n4.1 0 8\n$EndMeshFormat\n$Entities\n0 0 6 1\n";
  for (int face = 1; face <= 6; ++face)
    text += std::to_string(face) + " 0 0 0 2 2 2 1 " + std::to_string(face) + " 0\n";
  text += "1 0 0 0 2 2 2 1 9 0\n$EndEntities\n$Nodes\n1 8 1 8\n3 1 0 8\n1\n2\n3\n4\n5\n6\n7\n8\n"
          "0 0 0\n2 0 0\n2 2 0\n0 2 0\n0 0 2\n2 0 2\n2 2 " +
          std::to_string(2 + twist) + "\n0 2 2\n$EndNodes\n$Elements\n7 7 1 7\n";
  const char* faces[] = { "1 4 8 5", "2 3 7 6", "1 2 6 5", "4 3 7 8", "1 2 3 4", "5 6 7 8" };
  for (int face = 1; face <= 6; ++face)
    text +=
      "2 " + std::to_string(face) + " 3 1\n" + std::to_string(face) + " " + faces[face - 1] + "\n";
  return text + "3 1 5 1\n7 1 2 3 4 5 6 7 8\n$EndElements\n";
}

template <int dim>
void check_error(const std::string& text, const std::string& part) {
  const Scratch file(text);
  BOOST_CHECK_EXCEPTION(MeshShape<dim>(file.name()), InputError, [&](const InputError& error) {
    const std::string message = error.what();
    BOOST_TEST_MESSAGE(message);
    return message.find("Domain/Mesh: got '" + file.name() + "', but ") == 0 &&
           message.find(part) != std::string::npos;
  });
}

/// A row of 20 squares with a different physical number on each of the 42 boundary faces.
std::string row_of_squares() {
  constexpr int n = 20;
  std::string nodes, elements;
  for (int i = 0; i <= n; ++i)
    for (const int y : { 0, 1 })
      nodes +=
        std::to_string(2 * i + y + 1) + " " + std::to_string(i) + " " + std::to_string(y) + " 0\n";
  int number = 0;
  const auto add = [&](const std::string& type, const std::vector<int>& vertices) {
    ++number;
    elements += std::to_string(number) + type + std::to_string(number) + " 1";
    for (const int vertex : vertices)
      elements += " " + std::to_string(vertex);
    elements += "\n";
  };
  add(" 1 2 ", { 1, 2 });
  add(" 1 2 ", { 2 * n + 1, 2 * n + 2 });
  for (int i = 0; i < n; ++i) {
    const int v = 2 * i + 1;
    add(" 1 2 ", { v, v + 2 });
    add(" 1 2 ", { v + 1, v + 3 });
    add(" 3 2 ", { v, v + 2, v + 3, v + 1 });
  }
  return "$MeshFormat\n2.2 0 8\n$EndMeshFormat\n$Nodes\n" + std::to_string(2 * n + 2) + "\n" +
         nodes + "$EndNodes\n$Elements\n" + std::to_string(number) + "\n" + elements +
         "$EndElements\n";
}

/// project() finds no point of the boundary nearer than any of many others, and is idempotent.
template <int dim>
void check_nearest(const Shape<dim>& shape, const dealii::BoundingBox<dim>& around) {
  std::mt19937 generator(3);
  std::uniform_real_distribution<double> uniform(-0.3, 1.3);
  std::vector<Point<dim>> points(60);
  for (auto& point : points)
    for (int i = 0; i < dim; ++i)
      point[i] = around.lower_bound(i) + around.side_length(i) * uniform(generator);
  for (const auto& point : points) {
    const auto nearest = shape.project(point);
    BOOST_TEST(shape.contains(nearest.position));
    BOOST_TEST(shape.project(nearest.position).position.distance(nearest.position) < 1e-14);
    for (const auto& other : points)
      BOOST_TEST(point.distance(nearest.position) <=
                 point.distance(shape.project(other).position) + 1e-14);
    // the boundary lies between inside and outside
    const dealii::Tensor<1, dim> way = point - nearest.position;
    BOOST_TEST((way * nearest.normal < 0) == shape.contains(point));
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(gmsh)

BOOST_AUTO_TEST_CASE(keyhole_mesh) {
  const MeshShape<2> shape(keyhole);
  BOOST_TEST(shape.n_sides() == 2);
  BOOST_TEST(shape.side_name(0) == "1");
  BOOST_TEST(shape.side_name(1) == "2");
  BOOST_TEST(shape.contains(Point<2>(0, 0)));
  BOOST_TEST(shape.contains(Point<2>(1.5, 0.149)));
  BOOST_TEST(!shape.contains(Point<2>(1.5, 0.151)));
  BOOST_TEST(!shape.contains(Point<2>(std::nan(""), 0)));
  BOOST_TEST(!shape.contains(Point<2>(0, INFINITY)));

  const auto end = shape.project(Point<2>(3, 0.05));
  BOOST_TEST(end.side == 1);
  BOOST_TEST(end.position.distance(Point<2>(std::sqrt(1 - 0.15 * 0.15) + 0.6, 0.05)) < 1e-12);
  BOOST_TEST(end.normal[0] == 1, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(end.curvature.norm() == 0);
  BOOST_TEST(shape.bounding_box().lower_bound(0) == -1, boost::test_tools::tolerance(1e-12));
  check_nearest<2>(shape, shape.bounding_box());

  dealii::parallel::distributed::Triangulation<2> mesh(MPI_COMM_SELF);
  shape.make_coarse_mesh(mesh, 7, { 0.1 });
  BOOST_TEST(mesh.n_active_cells() == 156);
  double at_the_end = 0;
  for (const auto& cell : mesh.active_cell_iterators())
    for (const auto& face : cell->face_iterators())
      if (face->at_boundary() && face->boundary_id() == 1) at_the_end += face->measure();
  BOOST_TEST(at_the_end == 0.3, boost::test_tools::tolerance(1e-12));
  refine_locally(mesh);
  BOOST_TEST(mesh.has_hanging_nodes());
  BOOST_TEST(measure(shape, mesh, 1).least_jacobian > 0);
  BOOST_TEST(measure(shape, mesh, 1).normal_error < 1e-13);
}

BOOST_AUTO_TEST_CASE(format_2) {
  const Scratch file(two_squares("8\n", cells + all_lines));
  const MeshShape<2> shape(file.name());
  BOOST_TEST(shape.n_sides() == 3);
  BOOST_TEST(shape.side_name(2) == "12");
  BOOST_TEST(shape.project(Point<2>(1.9, 0.5)).side == 0); // physical number 3
  BOOST_TEST(shape.project(Point<2>(0.1, 0.5)).side == 2);
  BOOST_TEST(shape.project(Point<2>(1, 0.1)).side == 1);
  check_nearest<2>(shape, shape.bounding_box());
}

BOOST_AUTO_TEST_CASE(clockwise_cells) {
  const Scratch file(two_squares("8\n", "1 3 2 1 1 4 5 2 1\n2 3 2 1 1 5 6 3 2\n" + all_lines));
  const MeshShape<2> shape(file.name());
  BOOST_TEST(shape.contains(Point<2>(0.5, 0.5)));
  BOOST_TEST(shape.project(Point<2>(1.9, 0.5)).normal[0] == 1);
}

BOOST_AUTO_TEST_CASE(hexahedra) {
  for (const double twist : { 0., 0.7 }) {
    const Scratch file(cube(twist));
    const MeshShape<3> shape(file.name());
    BOOST_TEST(shape.n_sides() == 6);
    const auto right = shape.project(Point<3>(2.5, 0.5, 0.25));
    BOOST_TEST(right.side == 1);
    BOOST_TEST(right.position.distance(Point<3>(2, 0.5, 0.25)) < 1e-14);
    BOOST_TEST(right.normal[0] == 1, boost::test_tools::tolerance(1e-14));
    check_nearest<3>(shape, shape.bounding_box());
    // a point of the top z = 2 + twist x y/4
    const Point<3> top(0.5, 1.2, 2 + twist * 0.15);
    BOOST_TEST(shape.project(top).position.distance(top) < 1e-14);
    dealii::parallel::distributed::Triangulation<3> mesh(MPI_COMM_SELF);
    shape.make_coarse_mesh(mesh, 1, {});
    mesh.refine_global(1);
    BOOST_TEST(measure(shape, mesh, 1).volume == 8 + twist, boost::test_tools::tolerance(1e-13));
  }
}

BOOST_AUTO_TEST_CASE(wrong_files) {
  check_error<2>("", "not a mesh written by Gmsh");
  check_error<2>("solid cube\n", "not a mesh written by Gmsh");
  check_error<2>("$MeshFormat\n2.2 0 8\n$EndMeshFormat\n", "damaged");
  check_error<2>("$MeshFormat\n3 0 8\n$EndMeshFormat\n", "version 3 of the format; 2.2 or 4.1");
  check_error<2>("$MeshFormat\n4.1 1 8\n", "binary");
  check_error<2>(two_squares("0\n", ""), "the mesh is empty");
  check_error<2>(two_squares("9\n", cells + all_lines), "damaged");
  check_error<2>(two_squares("8\n", "1 3 2 1 1 1 2 5 44\n" + cells.substr(18) + all_lines),
                 "damaged");
  check_error<2>(
    two_squares("3\n", cells + "3 2 2 1 1 1 2 5\n"),
    "1 triangles: only quadrilaterals can be used (in Gmsh set Mesh.RecombineAll = 1 or "
    "Mesh.SubdivisionAlgorithm = 1)");
  check_error<2>(two_squares("1\n", "1 10 2 1 1 1 2 5 4 3 3 3 3 3\n"), "Mesh.ElementOrder = 1");
  check_error<3>(two_squares("8\n", cells + all_lines),
                 "the mesh has 2 dimensions, but Dimension = 3");
  check_error<2>(cube(), "the mesh has 3 dimensions, but Dimension = 2");
  check_error<2>(two_squares("2\n", cells), "6 of the 6 boundary faces have no physical number");
  check_error<2>(two_squares("7\n", cells + all_lines.substr(0, all_lines.size() - 16)),
                 "1 of the 6 boundary faces have no physical number");
  check_error<2>(two_squares("9\n", cells + all_lines + "9 1 2 7 1 2 5\n"), "inside the mesh");
  check_error<2>(two_squares("8\n", cells + all_lines, "0.5 0.5"), "inverted or degenerate");
  check_error<2>(two_squares("8\n", cells + all_lines, "1 0"), "inverted or degenerate");
  check_error<2>("$MeshFormat\n2.2 0 8\n$EndMeshFormat\n$Nodes\n8\n1 0 0 0\n2 1 0 0\n3 1 1 0\n"
                 "4 0 1 0\n5 3 0 0\n6 4 0 0\n7 4 1 0\n8 3 1 0\n$EndNodes\n$Elements\n10\n"
                 "1 3 2 1 1 1 2 3 4\n2 3 2 1 1 5 6 7 8\n3 1 2 1 1 1 2\n4 1 2 1 1 2 3\n"
                 "5 1 2 1 1 3 4\n6 1 2 1 1 4 1\n7 1 2 1 1 5 6\n8 1 2 1 1 6 7\n9 1 2 1 1 7 8\n"
                 "10 1 2 1 1 8 5\n$EndElements\n",
                 "not connected");
  check_error<2>(row_of_squares(), "42 different physical numbers; at most 32 are possible");
  BOOST_CHECK_EXCEPTION(MeshShape<2>("missing.msh"), InputError, [](const InputError& error) {
    return std::string(error.what()) ==
           "Domain/Mesh: got 'missing.msh', but the file does not exist or cannot be read";
  });
}

BOOST_AUTO_TEST_CASE(input) {
  const auto make = [](const std::string& mesh, const std::string& absorbing,
                       const std::string& start) {
    DomainInput input;
    input.type = "gmsh";
    input.gmsh.mesh = mesh;
    input.absorbing = absorbing;
    input.start = start;
    const auto domain = input.make<2>({});
    input.make_start<2>(domain);
    return domain;
  };
  const auto check = [&](const std::string& mesh, const std::string& absorbing,
                         const std::string& start, const std::string& beginning,
                         const std::string& part) {
    BOOST_CHECK_EXCEPTION(make(mesh, absorbing, start), InputError, [&](const InputError& error) {
      const std::string text = error.what();
      BOOST_TEST_MESSAGE(text);
      return text.find(beginning) == 0 && text.find(part) != std::string::npos;
    });
  };
  const auto domain = make(keyhole, "2", "0.1, 0");
  BOOST_TEST(domain.absorbs(1));
  BOOST_TEST(!domain.absorbs(0));
  BOOST_TEST(domain.side_name(1) == "2");
  BOOST_TEST(domain.upper[0] == std::sqrt(1 - 0.15 * 0.15) + 0.6,
             boost::test_tools::tolerance(1e-12));
  BOOST_TEST(make(keyhole, "1, 2", "").absorbs(0));
  BOOST_TEST(make(keyhole, "all", "").absorbs(1));
  check("", "2", "", "Domain/Mesh: got '', but ", "name of a .msh file");
  check(keyhole, "3", "", "Domain/Absorbing: got '3', but ",
        "'3' is not a side: all or any of 1 2 (");
  check(keyhole, "x+", "", "Domain/Absorbing: got 'x+', but ", "any of 1 2 ");
  check(keyhole, "none", "", "Domain/Absorbing: got 'none', but ", "at least one absorbing side");
  check(keyhole, "2", "1.2, 0.2", "Domain/Start: got '1.2, 0.2', but ",
        "inside the domain, the mesh ");
  check(keyhole, "1", "1.2, 0.15", "Domain/Start: got '1.2, 0.15', but ", "absorbing side 1");
}

BOOST_AUTO_TEST_CASE(beside_the_parameter_file) {
  dealii::ParameterHandler handler;
  ProblemParameters parameters;
  parameters.declare(handler);
  const std::string folder = FOKKER_PLANCK_SOURCE_DIR "/problems";
  const auto locate = [&](const std::string& mesh) {
    set_parameter(handler, "Domain/Mesh=" + mesh);
    parameters.locate_files(handler, folder + "/any.prm");
    handler.enter_subsection("Domain");
    const std::string found = handler.get("Mesh");
    handler.leave_subsection();
    return found;
  };
  BOOST_TEST(locate("keyhole.msh") == folder + "/keyhole.msh");
  BOOST_TEST(locate("missing.msh") == "missing.msh");
  BOOST_TEST(locate("") == "");
  BOOST_TEST(locate(folder + "/keyhole.geo") == folder + "/keyhole.geo");
}

BOOST_AUTO_TEST_SUITE_END()
