// The parts of the command sweep: grids, columns, laws, lines.
#include "postprocess/commands/sweep/law.h"
#include "postprocess/commands/sweep/point_store.h"
#include "postprocess/commands/sweep/progress.h"
#include "postprocess/commands/sweep/variation.h"
#include "problems/base/input_error.h"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace fokker_planck;
using Json = nlohmann::ordered_json;

namespace {

using Texts = std::vector<std::string>;

/// Runs an action that must throw an InputError with these words.
template <typename Action>
void check_error(const Action& action, const Texts& words) {
  try {
    action();
    BOOST_ERROR("no error");
  } catch (const InputError& error) {
    for (const std::string& word : words)
      BOOST_CHECK_MESSAGE(std::string(error.what()).find(word) != std::string::npos,
                          "'" << word << "' is not in: " << error.what());
  }
}

/// A point with D, and with a rate exp(-3/D) (1 + D), if it is done.
GridPoint point_with(const std::string& diffusion, const std::string& radius = "1") {
  return { { diffusion },
           { { "Dimension", "1" },
             { "Noise",
               { { "Diffusion", diffusion }, { "Learning rate", "0.5" }, { "Type", "x" } } },
             { "Domain", { { "Radius", radius }, { "Start", "" } } } },
           diffusion + "_" + radius };
}

Json record_of(const double log_rate, const double formula) {
  Json record;
  record["result"]["escape_rate"] = { { "log", log_rate },
                                      { "value", std::exp(log_rate) },
                                      { "relative_error", 1e-7 } };
  record["result"]["mean_escape_time"] = std::exp(-log_rate);
  record["result"]["discretization"]["dofs"] = 65;
  record["result"]["noise"] = { { "T_e", 0.25 } };
  record["result"]["formulas"] = { { { "name", "Kramers" },
                                     { "applicable", true },
                                     { "log_rate", formula },
                                     { "ratio", std::exp(log_rate - formula) } } };
  record["quantities"] = { { "barrier", 3. } };
  return record;
}

} // namespace

BOOST_AUTO_TEST_SUITE(sweep)

BOOST_AUTO_TEST_CASE(values_of_a_variation) {
  const auto values = [](const std::string& text) {
    return parse_variation("--vary", "Noise/Diffusion = " + text).values;
  };
  BOOST_TEST(values("1:2:3") == (Texts{ "1", "1.5", "2" }), boost::test_tools::per_element());
  BOOST_TEST(values("2 : 1 : 3") == (Texts{ "2", "1.5", "1" }), boost::test_tools::per_element());
  BOOST_TEST(values("0.01:100:5:log") == (Texts{ "0.01", "0.1", "1", "10", "100" }),
             boost::test_tools::per_element());
  BOOST_TEST(values("0:1:4") == (Texts{ "0", "0.333333333333", "0.666666666667", "1" }),
             boost::test_tools::per_element());
  BOOST_TEST(values("0.1:0.1:1") == (Texts{ "0.1" }), boost::test_tools::per_element());
  BOOST_TEST(values("0.1") == (Texts{ "0.1" }), boost::test_tools::per_element());
  BOOST_TEST(values("3, 1, 2") == (Texts{ "3", "1", "2" }), boost::test_tools::per_element());
  BOOST_TEST(values("1, 0.5; 0.5, 1 | 2") == (Texts{ "1, 0.5; 0.5, 1", "2" }),
             boost::test_tools::per_element());
  const Variation spaced = parse_variation("--vary", " Loss / Scale k = 1, 2");
  BOOST_TEST(spaced.path == "Loss/Scale k");
  BOOST_TEST(spaced.column() == "Loss.Scale k");
}

BOOST_AUTO_TEST_CASE(wrong_variations) {
  const std::vector<std::pair<std::string, Texts>> cases = {
    { "Noise/Diffusion", { "from:to:count" } },
    { "= 1:2:3", { "from:to:count" } },
    { "Noise/Diffusion =", { "from:to:count" } },
    { "Noise/Diffusion = 1:2", { "got '1:2'", "from:to:count" } },
    { "Noise/Diffusion = 1:2:3:4:5", { "from:to:count" } },
    { "Noise/Diffusion = 1:2:3:lin", { "':lin'", ":log" } },
    { "Noise/Diffusion = a:2:3", { "Noise/Diffusion: from", "got 'a'", "number" } },
    { "Noise/Diffusion = 1:b:3", { "to", "got 'b'" } },
    { "Noise/Diffusion = 1:2:c", { "count", "got 'c'" } },
    { "Noise/Diffusion = 1:2:0", { "count", "got '0'", "from 1 to" } },
    { "Noise/Diffusion = 1:2:-3", { "count", "got '-3'" } },
    { "Noise/Diffusion = 1:2:2.5", { "count", "got '2.5'", "integer" } },
    { "Noise/Diffusion = 1:2:1e9", { "count", "integer from 1 to 1000000" } },
    { "Noise/Diffusion = 1:2:1", { "one value cannot reach from 1 to 2" } },
    { "Noise/Diffusion = 0:2:3:log", { "got '0:2:3:log'", "> 0" } },
    { "Noise/Diffusion = 2:-1:3:log", { "> 0" } },
    { "Noise/Diffusion = 1, 2, 1", { "'1' occurs more than once" } },
  };
  for (const auto& [text, words] : cases)
    BOOST_TEST_CONTEXT(text) {
      check_error([&, &text = text] { parse_variation("--vary", text); }, words);
      check_error([&, &text = text] { parse_variation("--vary", text); }, { "--vary" });
    }
}

BOOST_AUTO_TEST_CASE(last_variation_is_fastest) {
  const auto grid = full_grid("--vary", { { "A/a", { "1", "2" } }, { "B/b", { "x", "y", "z" } } });
  BOOST_REQUIRE(grid.size() == 6);
  BOOST_TEST(grid[0] == (Texts{ "1", "x" }), boost::test_tools::per_element());
  BOOST_TEST(grid[1] == (Texts{ "1", "y" }), boost::test_tools::per_element());
  BOOST_TEST(grid[5] == (Texts{ "2", "z" }), boost::test_tools::per_element());
  check_error(
    [] {
      full_grid("--vary", { { "A/a", { "1" } }, { "A/a", { "2" } } });
    },
    { "--vary A/a", "twice" });
  const Variation long_one{ "A/a", Texts(1001, "1") }, other{ "B/b", Texts(1000, "1") };
  check_error([&] { full_grid("--vary", { long_one, other }); }, { "more than 1000000 points" });
}

BOOST_AUTO_TEST_CASE(line_through_points) {
  // y = 0, 1, 3 at x = 0, 1, 2: slope 3/2, intercept -1/6, sum of squares 1/6, R^2 = 1 -
  // (1/6)/(14/3), standard errors (1/6 / 2)^(1/2) and (1/6 (1/3 + 1/2))^(1/2).
  const Line line = fit_line({ 0, 1, 2 }, { 0, 1, 3 });
  const double tolerance = 1e-14; // rounding
  BOOST_CHECK_CLOSE_FRACTION(line.slope, 1.5, tolerance);
  BOOST_CHECK_CLOSE_FRACTION(line.intercept, -1. / 6, tolerance);
  BOOST_CHECK_CLOSE_FRACTION(line.slope_error, std::sqrt(1. / 12), tolerance);
  BOOST_CHECK_CLOSE_FRACTION(line.intercept_error, std::sqrt(5. / 36), tolerance);
  BOOST_CHECK_CLOSE_FRACTION(line.r_squared, 1 - 1. / 28, tolerance);

  const Line far = fit_line({ 1e8, 1e8 + 1, 1e8 + 2 }, { 5, 7, 9 }); // an exact line far from x = 0
  BOOST_CHECK_CLOSE_FRACTION(far.slope, 2., tolerance);
  BOOST_CHECK_SMALL(far.slope_error, tolerance);

  const Line two = fit_line({ 1, 3 }, { 1, 5 });
  BOOST_CHECK_CLOSE_FRACTION(two.slope, 2., tolerance);
  BOOST_CHECK(std::isnan(two.slope_error));
  BOOST_CHECK(std::isnan(fit_line({ 1 }, { 1 }).slope));
  BOOST_CHECK(std::isnan(fit_line({ 2, 2 }, { 1, 3 }).slope));
  BOOST_CHECK(std::isnan(fit_line({ 1, 2 }, { 3, 3 }).r_squared));
}

BOOST_AUTO_TEST_CASE(columns_and_their_names) {
  Columns columns({ point_with("0.5"), point_with("0.25", "2"), point_with("0.125") });
  columns.set(0, record_of(-6, -5));
  columns.set(1, record_of(-12, -11));
  const auto value = [&](const std::string& formula, const std::size_t p = 0) {
    return columns.evaluate("--fit", formula)[p];
  };
  BOOST_TEST(value("1/Noise.Diffusion") == 2);
  BOOST_TEST(value("1/Noise/Diffusion") == 2);
  BOOST_TEST(value("1/Diffusion", 1) == 4);
  BOOST_TEST(value("Noise.Learning rate*2", 2) == 1); // known though the point has no result
  BOOST_TEST(value("Noise_Learning_rate + Learning rate + Learning_rate") == 1.5);
  BOOST_TEST(value("-log_rate") == 6);
  BOOST_TEST(value("Radius", 1) == 2);
  BOOST_TEST(value("log(rate) + log(tau)") == 0, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(value("unknowns + barrier/T_e + Dimension") == 78);
  BOOST_CHECK(std::isnan(value("log_rate", 2)));
  BOOST_CHECK(std::isnan(value("H_a")));
  BOOST_TEST(columns.evaluate("--fit", "log_rate", { -1, -2, -3 })[1] == -2);
  BOOST_TEST(columns.evaluate("--fit", "log(rate)", { -1, -2, -3 })[2] == -3);
  BOOST_REQUIRE(columns.get_formulas().size() == 1);
  BOOST_TEST(columns.get_formulas()[0].applicable[0]);
  BOOST_TEST(!columns.get_formulas()[0].applicable[2]);

  BOOST_TEST(columns.labels("--fit", "Noise.Diffusion")[1] == "0.25");
  BOOST_TEST(columns.labels("--fit", "Noise/Type")[1] == "x");
  check_error([&] { value("log_rat"); }, { "--fit", "'log_rat'", "known", "log_rate" });
  check_error([&] { value("1/Noise.Difusion"); }, { "--fit", "Noise.Difusion" });
  check_error([&] { value("Noise.Type"); }, { "--fit", "Noise.Type" }); // not a number
  check_error([&] { columns.labels("--fit", "Noise.Typ"); },
              { "no such column", "Noise_Diffusion" });
}

BOOST_AUTO_TEST_CASE(short_names_must_be_unambiguous) {
  GridPoint point = point_with("1");
  point.parameters["Force"]["Radius"] = "3";
  const Columns columns({ point });
  BOOST_TEST(columns.evaluate("", "Force.Radius")[0] == 3);
  check_error([&] { columns.evaluate("--fit", "Radius"); }, { "'Radius'" });
}

BOOST_AUTO_TEST_CASE(laws) {
  const Law law = parse_law("--fit", " -log_rate ~ 1/Noise.Diffusion by Domain.Radius, Dimension  "
                                     "theory: barrier error: 2*Noise.Diffusion ");
  BOOST_TEST(law.response == "-log_rate");
  BOOST_TEST(law.regressor == "1/Noise.Diffusion");
  BOOST_TEST(law.by == (Texts{ "Domain.Radius", "Dimension" }), boost::test_tools::per_element());
  BOOST_TEST(*law.theory == "barrier");
  BOOST_TEST(*law.error == "2*Noise.Diffusion");
  BOOST_TEST(!parse_law("--fit", "y ~ x").theory.has_value());
  for (const char* const text :
       { "y", "y ~", "~ x", "y ~ x ~ z", "y ~ x by", "y ~ x by a,", "y ~ x theory:", "" })
    BOOST_TEST_CONTEXT(text)
      check_error([&] { parse_law("--fit", text); }, { "--fit", "RESPONSE ~ REGRESSOR" });
  check_error([] { parse_law("--fit", "y ~ x error: 1"); }, { "'theory:'" });
}

BOOST_AUTO_TEST_CASE(fit_of_a_law) {
  std::vector<GridPoint> points;
  for (const char* const radius : { "1", "2" })
    for (const char* const diffusion : { "1", "0.5", "0.25", "0.125" })
      points.push_back(point_with(diffusion, radius));
  Columns columns(points);
  for (std::size_t p = 0; p < points.size(); ++p) {
    const double x = 1 / std::stod(points[p].values[0]), slope = p < 4 ? 3 : 5;
    columns.set(p, record_of(1 - slope * x, 2 - 4 * x));
  }
  std::vector<bool> usable(points.size(), true);
  usable[7] = false;
  const auto lines =
    fit(parse_law("--fit", "-log_rate ~ 1/Noise.Diffusion by Domain.Radius theory: "
                           "barrier + 1 error: Noise.Diffusion"),
        columns, usable);
  BOOST_REQUIRE(lines.size() == 2);
  const double tolerance = 1e-13; // rounding
  BOOST_CHECK_CLOSE_FRACTION(lines[0].line.slope, 3., tolerance);
  BOOST_CHECK_CLOSE_FRACTION(lines[0].line.intercept, -1., tolerance);
  BOOST_CHECK_CLOSE_FRACTION(lines[1].line.slope, 5., tolerance);
  BOOST_TEST(lines[0].points.size() == 4);
  BOOST_TEST(lines[1].points.size() == 3);
  BOOST_TEST(lines[1].group[0].first == "Domain.Radius");
  BOOST_TEST(lines[1].group[0].second == "2");
  BOOST_TEST(lines[0].theory == 4);
  BOOST_TEST(lines[0].theory_spread == 0);
  BOOST_TEST(lines[0].allowed == 1); // the largest over the points
  BOOST_TEST(lines[0].agrees());
  BOOST_REQUIRE(lines[0].formulas.size() == 1);
  BOOST_CHECK_CLOSE_FRACTION(lines[0].formulas[0].line.slope, 4., tolerance);

  const auto unexplained = fit(parse_law("--fit", "unknowns ~ 1/Noise.Diffusion"), columns, usable);
  BOOST_REQUIRE(unexplained.size() == 1);
  BOOST_TEST(unexplained[0].formulas.empty()); // they say nothing about it
  BOOST_TEST(!unexplained[0].agrees());        // nothing to agree with
}

BOOST_AUTO_TEST_CASE(store_of_points) {
  const auto folder = std::filesystem::temp_directory_path() / "fokker_planck_points";
  std::filesystem::remove_all(folder);
  const GridPoint point = point_with("1");
  {
    const PointStore store(folder.string());
    BOOST_TEST(!store.load(point).has_value());
    store.save(point, { { "status", "done" }, { "number", 0.1 } });
    BOOST_REQUIRE(store.load(point).has_value());
    BOOST_TEST((*store.load(point))["number"] == 0.1);
    GridPoint other = point; // of the same key, but another problem
    other.parameters["Noise"]["Diffusion"] = "2";
    BOOST_TEST(!store.load(other).has_value());
  }
  std::ofstream(folder / ".incomplete.17") << "{";
  std::ofstream(folder / ".incomplete.18") << "{";
  std::filesystem::last_write_time(folder / ".incomplete.17",
                                   std::filesystem::file_time_type::clock::now() -
                                     std::chrono::hours(1));
  std::ofstream(folder / (point.key + ".json")) << "{ \"status\": "; // half a file
  const PointStore store(folder.string());
  BOOST_TEST(!store.load(point).has_value());
  BOOST_TEST(!std::filesystem::exists(folder / ".incomplete.17"));
  BOOST_TEST(
    std::filesystem::exists(folder / ".incomplete.18")); // another process may be writing it
  std::filesystem::remove_all(folder);
}

BOOST_AUTO_TEST_CASE(progress_of_a_sweep) {
  std::ostringstream stream;
  Progress progress(stream, false, 10, 2);
  BOOST_TEST(progress.text(0) == "2 of 10 points");
  progress.count(false);
  progress.count(true);
  BOOST_TEST(progress.text(4) == "4 of 10 points, 1 failed, about 12 s left");
  BOOST_TEST(format_duration(0.2) == "1 s");
  BOOST_TEST(format_duration(125) == "2 min 5 s");
  BOOST_TEST(format_duration(3720) == "1 h 2 min");
}

BOOST_AUTO_TEST_SUITE_END()
