// main() of all test programs: MPI and PETSc are initialised before the first test.
#define BOOST_TEST_NO_MAIN
#define BOOST_TEST_ALTERNATIVE_INIT_API
#include <boost/test/unit_test.hpp>

#include <deal.II/base/mpi.h>

int main(int argc, char** argv) {
  const dealii::Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
  return boost::unit_test::unit_test_main([] { return true; }, argc, argv);
}
