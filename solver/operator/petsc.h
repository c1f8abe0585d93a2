// What PETSc's C interface needs to be used safely.
#pragma once

#include <deal.II/base/exceptions.h>

#include <petscvec.h>

#include <string>

namespace fokker_planck {

inline void check_petsc(const PetscErrorCode code) {
  AssertThrow(code == 0, dealii::ExcMessage("PETSc error " + std::to_string(code)));
}

/// A tolerance of KSPSetTolerances() that is to stay as it is.
#if PETSC_VERSION_LT(3, 22, 0)
constexpr int unchanged = PETSC_DEFAULT;
#else
constexpr int unchanged = PETSC_CURRENT;
#endif

/// Read access to the local entries of a vector.
class LocalValues {
public:
  explicit LocalValues(Vec vector_) : vector(vector_) {
    check_petsc(VecGetArrayRead(vector, &values));
  }
  ~LocalValues() { VecRestoreArrayRead(vector, &values); }
  LocalValues(const LocalValues&) = delete;
  LocalValues& operator=(const LocalValues&) = delete;
  double operator[](std::size_t i) const { return values[i]; }
  const double* data() const { return values; }

private:
  Vec vector;
  const PetscScalar* values;
};

/// Write access to the local entries of a vector.
class LocalEntries {
public:
  explicit LocalEntries(Vec vector_) : vector(vector_) {
    check_petsc(VecGetArray(vector, &values));
  }
  ~LocalEntries() { VecRestoreArray(vector, &values); }
  LocalEntries(const LocalEntries&) = delete;
  LocalEntries& operator=(const LocalEntries&) = delete;
  double& operator[](std::size_t i) const { return values[i]; }
  double* data() const { return values; }

private:
  Vec vector;
  PetscScalar* values;
};

} // namespace fokker_planck
