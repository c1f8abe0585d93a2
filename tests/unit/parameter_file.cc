// Parameter files: both formats, and the errors of a user.
#include "problems/base/parameter_file.h"

#include "problems/base/input_error.h"

#include <deal.II/base/parameter_handler.h>
#include <deal.II/base/patterns.h>

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <unistd.h>

#include <filesystem>
#include <fstream>

using namespace fokker_planck;
namespace Patterns = dealii::Patterns;

namespace {

/// Parameters of every kind, with their present values.
struct Parameters {
  unsigned int dimension = 1;
  std::string expression = "0", list;
  double scale = 1;
  bool pictures = false;
  std::string type = "box";
  dealii::ParameterHandler handler;

  Parameters() {
    handler.add_parameter("Dimension", dimension, "", Patterns::Integer(1, 3));
    handler.enter_subsection("Loss");
    handler.add_parameter("Expression", expression);
    handler.add_parameter("Scale k", scale, "", Patterns::Double());
    handler.add_parameter("List", list);
    handler.leave_subsection();
    handler.enter_subsection("Domain");
    handler.add_parameter("Type", type, "", Patterns::Selection("box|ball"));
    handler.add_parameter("Pictures", pictures);
    handler.leave_subsection();
  }
};

/// A file that is removed at the end.
class File {
public:
  File(const std::string& ending, const std::string& text)
    : path(std::filesystem::temp_directory_path() /
           ("parameter_file_" + std::to_string(getpid()) + ending)) {
    std::ofstream(path) << text;
  }
  ~File() { std::filesystem::remove(path); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  const std::filesystem::path path;
};

std::string error_of(const std::string& ending, const std::string& text) {
  Parameters parameters;
  const File file(ending, text);
  try {
    read_parameter_file(parameters.handler, file.path.string());
  } catch (const InputError& error) {
    BOOST_TEST(std::string(error.what()).find('\n') == std::string::npos);
    return error.what();
  }
  return "no error";
}

void check_error(const std::string& ending, const std::string& text, const std::string& message) {
  const std::string error = error_of(ending, text);
  BOOST_TEST_CONTEXT(text << "\ngives: " << error) BOOST_TEST(error.find(message) == 0);
}

} // namespace

BOOST_AUTO_TEST_SUITE(parameter_file)

BOOST_AUTO_TEST_CASE(prm) {
  const File file(".prm", "# A comment\n"
                          "set Dimension = 2 # another\n"
                          "\n"
                          "subsection Loss\r\n"
                          "  set Expression = x^2 \\\n"
                          "                 + y^2 \\   # the second term\n"
                          "                 + 1\n"
                          "\tset\tScale k=0.5\n"
                          "  set List =\n"
                          "end\n"
                          "subsection Domain\n"
                          "  set Type = ball\n"
                          "  set Pictures = true\n"
                          "end");
  Parameters parameters;
  read_parameter_file(parameters.handler, file.path.string());
  BOOST_TEST(parameters.dimension == 2);
  BOOST_TEST(parameters.expression == "x^2 + y^2 + 1");
  BOOST_TEST(parameters.scale == 0.5);
  BOOST_TEST(parameters.list.empty());
  BOOST_TEST(parameters.type == "ball");
  BOOST_TEST(parameters.pictures);
}

BOOST_AUTO_TEST_CASE(json) {
  const File file(".json", R"({"Dimension": 3, "Loss": {"Expression": "x=1", "Scale k": 2.5e-1,
                               "List": [1, 2.5, -3]}, "Domain": {"Pictures": true}})");
  Parameters parameters;
  read_parameter_file(parameters.handler, file.path.string());
  BOOST_TEST(parameters.dimension == 3);
  BOOST_TEST(parameters.expression == "x=1");
  BOOST_TEST(parameters.scale == 0.25);
  BOOST_TEST(parameters.list == "1, 2.5, -3");
  BOOST_TEST(parameters.pictures);
  BOOST_TEST(parameters.type == "box"); // the default
}

// Line numbers count every line of the file, continued ones included.
BOOST_AUTO_TEST_CASE(errors_in_prm) {
  check_error(".prm", "\nset Dimension = 4",
              "line 2: Dimension: got '4', but an integer in the range 1");
  check_error(".prm", "set Dimension = two", "line 1: Dimension: got 'two', but ");
  check_error(".prm", "subsection Loss\nset Scale k = big\nend",
              "line 2: Loss/Scale k: got 'big', but a number is needed");
  check_error(".prm", "subsection Loss\nset Expression = x \\\n + 1\nset Shape = 1\nend",
              "line 4: Loss/Shape: got '1', but there is no such parameter (known in Loss: "
              "Expression, Scale k, List)");
  check_error(".prm", "set Size = 3",
              "line 1: Size: got '3', but there is no such parameter (known: Dimension)");
  check_error(".prm", "set Loss = 3", "line 1: Loss: got '3', but there is no such parameter");
  check_error(".prm", "subsection Domain\nset Type = cube\nend",
              "line 2: Domain/Type: got 'cube', but one of box|ball is needed");
  check_error(".prm", "subsection Domain\nset Pictures = maybe\nend",
              "line 2: Domain/Pictures: got 'maybe', but true or false is needed");
  check_error(".prm", "subsection Noise\nend",
              "line 1: Noise: there is no such section (known: Loss, Domain)");
  check_error(".prm", "subsection Dimension\nend", "line 1: Dimension: there is no such section");
  check_error(".prm", "subsection Loss\n", "subsection Loss has no 'end'");
  const std::string needed = "but 'set Key = value', 'subsection Name' or 'end' is needed here";
  for (const std::string line :
       { "end", "set Dimension 2", "Dimension = 2", "subsection", "include other.prm" })
    check_error(".prm", "# first\n" + line, "line 2: got '" + line + "', " + needed);
  check_error(".prm", "subsection Loss\nsubsection Domain\nend",
              "line 2: got 'subsection Domain', " + needed);
}

BOOST_AUTO_TEST_CASE(errors_in_json) {
  check_error(".json", R"({"Dimension": 4})", "Dimension: got '4', but an integer in the range 1");
  check_error(".json", R"({"Dimension": 1.5})", "Dimension: got '1.5', but ");
  check_error(".json", R"({"Loss": {"Shape": 1}})",
              "Loss/Shape: got '1', but there is no such parameter");
  check_error(".json", R"({"Noise": {"D": 1}})",
              "Noise/D: got '1', but there is no section 'Noise'");
  check_error(".json", R"({"Noise": {}})", "Noise: there is no such section");
  check_error(".json", R"({"Dimension": {}})", "Dimension: ");
  check_error(".json", R"({"Loss": 1})", "Loss: got '1', but there is no such parameter");
  check_error(".json", R"({"Loss": {"Scale k": null}})", "Loss/Scale k: got 'null', but ");
  check_error(".json", R"({"Loss": {"Scale k": {}}})", "Loss/Scale k: got '{}', but ");
  check_error(".json", "[1]", "a JSON object {...} is needed");
  check_error(".json", "{\"Dimension\": 2,\n}", "it is not valid JSON");
  check_error(".json", "", "it is not valid JSON");
}

BOOST_AUTO_TEST_CASE(files) {
  check_error(".txt", "set Dimension = 2",
              "the name of a parameter file must end in .prm or .json");
  Parameters parameters;
  const auto directory = std::filesystem::temp_directory_path();
  BOOST_CHECK_THROW(read_parameter_file(parameters.handler, directory.string()), InputError);
  BOOST_CHECK_THROW(read_parameter_file(parameters.handler, (directory / "no/such.prm").string()),
                    InputError);
}

BOOST_AUTO_TEST_CASE(assignments) {
  Parameters parameters;
  set_parameter(parameters.handler, "Dimension=2");
  set_parameter(parameters.handler, " Loss / Expression = x^2 = 1 ");
  set_parameter(parameters.handler, "Loss/Scale k=3");
  BOOST_TEST(parameters.dimension == 2);
  BOOST_TEST(parameters.expression == "x^2 = 1");
  BOOST_TEST(parameters.scale == 3);
  for (const std::string text : { "Dimension", "Dimension=4", "Loss=1", "Loss/Shape=1", "=1",
                                  "Noise/D=1", "Dimension/Loss=1", "Loss/Expression/x=1" })
    BOOST_CHECK_EXCEPTION(
      set_parameter(parameters.handler, text), InputError,
      [](const auto& error) { return std::string(error.what()).find("--set") == 0; });
  BOOST_TEST(parameters.dimension == 2);
}

// What resolved_parameters() gives is a parameter file that gives the same again.
BOOST_AUTO_TEST_CASE(resolved) {
  Parameters first, second;
  const std::string formula = "a_1*\"x\" + #2";
  set_parameter(first.handler, "Loss/Expression=" + formula);
  set_parameter(first.handler, "Loss/Scale k=0.1");
  set_parameter(first.handler, "Domain/Pictures=true");
  const auto json = resolved_parameters(first.handler);
  BOOST_TEST(json["Dimension"] == "1");
  BOOST_TEST(json["Loss"]["Expression"] == formula);
  BOOST_TEST(json["Loss"]["Scale k"] == "0.1");
  BOOST_TEST(json["Domain"]["Type"] == "box");
  const File file(".json", json.dump());
  read_parameter_file(second.handler, file.path.string());
  BOOST_TEST(resolved_parameters(second.handler) == json);
  BOOST_TEST(second.scale == 0.1);
}

BOOST_AUTO_TEST_SUITE_END()
