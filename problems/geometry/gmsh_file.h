// Reading meshes that Gmsh has written.
#pragma once

#include <string>

namespace dealii {
template <int dim, int spacedim>
class Triangulation;
}

namespace fokker_planck {

/// Reads a mesh of quadrilaterals (hexahedra) in the ASCII formats 2.2 and 4.1. Its boundary ids
/// are the physical numbers of the boundary. Throws InputError, with the key Domain/Mesh, for
/// everything that no domain can be made of.
template <int dim>
void read_gmsh(const std::string& file, dealii::Triangulation<dim, dim>& mesh);

} // namespace fokker_planck
