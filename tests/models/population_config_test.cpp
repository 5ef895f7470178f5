// Rows of a file as a model's population: their times, their cells, and what is refused.
#include "models/lifecycle/population_config.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>

#include "base/error.hpp"
#include "fixtures.hpp"
#include "models/lifecycle/model_config.hpp"

using namespace rehearse;
using Catch::Contains;
using learning::Hour;
using learning::RecordedRows;

namespace {

constexpr Duration kRun = Duration::hours(3);

struct Folder {
  explicit Folder(const std::string& csv) {
    std::ofstream(folder.path() / "rows.csv", std::ios::binary) << csv;
  }

  lifecycle::ModelSettings read(const std::string& population, const std::string& more = "") const {
    const std::string text = R"({"name": "m", "training": {"window": "2h"}, "population": {
      "csv": "rows.csv", "label": "y", )" +
                             population + "}" + more + "}";
    const config::Node node = config::parse(text, (folder.path() / "s.json").string());
    return models::parse_model(node, kRun).front().settings;
  }
  std::string error(const std::string& population, const std::string& more = "") const {
    try {
      read(population, more);
    } catch (const InputError& error) {
      return error.what();
    }
    return "no error";
  }

  test::TemporaryFolder folder;
};

/// Rows of five hours, one each; the second hour has two.
const char* const kRows =
    "t,a,b,y,note\n"
    "0,1,5,0,\n"
    "3600,2,,1,x\n"
    "7199,3,5,0,y\n"
    "7200,4,5,1,\n"
    "10800,5,5,0,\n"
    "14400,6,NA,1,\n";

const std::string kBoth = R"("time": "t", "features": ["a", "b"])";

std::vector<std::size_t> sizes(const RecordedRows& rows) {
  std::vector<std::size_t> sizes;
  for (Hour hour = rows.first(); hour <= rows.last(); hour = hour.next()) {
    sizes.push_back(rows.of(hour).size());
  }
  return sizes;
}

std::string dated(const std::string& day) { return "2024-02-28 " + day; }

}  // namespace

TEST_CASE("a population's first row stands a training window before the run") {
  const lifecycle::ModelSettings settings = Folder(kRows).read(kBoth);
  REQUIRE(features_of(settings) == 2);
  const RecordedRows& rows = *settings.recorded;
  REQUIRE(rows.first() == Hour{-2});
  REQUIRE(sizes(rows) == std::vector<std::size_t>{1, 2, 1, 1, 1});
  REQUIRE(rows.clicked(1));
  REQUIRE_FALSE(rows.clicked(0));
  REQUIRE(rows.values(0)[0] < rows.values(5)[0]);
  REQUIRE(std::isnan(rows.values(1)[1]));
  REQUIRE(std::isnan(rows.values(5)[1]));
}

TEST_CASE("a population's times are numbers, dates or equal steps, from an origin or not") {
  const Folder numbers(kRows);
  const auto first = [](const lifecycle::ModelSettings& settings) {
    return settings.recorded->first();
  };
  REQUIRE(first(numbers.read(R"("time": {"column": "t", "origin": 7200},
    "features": ["a"])")) == Hour{-2});
  REQUIRE(first(numbers.read(R"("time": {"column": "t", "unit": "m", "origin": 300},
    "features": ["a"])")) == Hour{-5});
  REQUIRE(first(numbers.read(R"("time": {"every": "1h", "origin": "3h"},
    "features": ["t"])")) == Hour{-3});
  REQUIRE(sizes(*numbers.read(R"("time": {"every": "1h"}, "features": ["a"])").recorded) ==
          std::vector<std::size_t>(6, 1));
  // 6 rows in 12 hours, twice as fast.
  REQUIRE(sizes(*numbers.read(R"("time": {"every": "2h"}, "speedup": 2, "features": ["a"])")
                     .recorded) == std::vector<std::size_t>(6, 1));
  std::string csv = "at,a,y\n";
  for (const char* time : {"20:00", "21:30", "23:15", "23:59"}) {
    csv += dated(time) + ",1,0\n";
  }
  csv += "2024-02-29 00:30,2,1\n2024-02-28 22:00,3,1\n";  // a leap day, and a row out of order
  const auto settings = Folder(csv).read(
      R"("time": {"column": "at", "format": "%Y-%m-%d %H:%M"}, "features": ["a"])");
  REQUIRE(sizes(*settings.recorded) == std::vector<std::size_t>{1, 1, 1, 2, 1});
}

TEST_CASE("cells that no population can hold are refused with their place") {
  const auto with = [](const std::string& line) {
    return Folder(std::string(kRows) + line).error(kBoth);
  };
  REQUIRE_THAT(with("18000,1,1,2,\n"),
               Contains("rows.csv:8:4: column \"y\": \"2\"; a label is 0 or 1"));
  REQUIRE_THAT(with("18000,1,1,,\n"),
               Contains("rows.csv:8:4: column \"y\": nothing; a label is 0"));
  REQUIRE_THAT(with("18000,1,1,yes,\n"), Contains("a label is 0 or 1"));
  REQUIRE_THAT(with("18000,x,1,1,\n"),
               Contains("rows.csv:8:2: column \"a\": \"x\"; a finite number"));
  REQUIRE_THAT(with("18000,inf,1,1,\n"), Contains("a finite number or nothing is due"));
  REQUIRE_THAT(with(",1,1,1,\n"),
               Contains("rows.csv:8:1: column \"t\": nothing; a number is needed"));
  REQUIRE_THAT(with("18000,1,1,1\n"), Contains("rows.csv:8"));
}

TEST_CASE("a population that cannot be is refused with what is allowed") {
  const Folder rows(kRows);
  const auto features = [&](const std::string& list) {
    return rows.error(R"("time": "t", "features": )" + list);
  };
  REQUIRE_THAT(features("[]"), Contains("/population/features") && Contains("1 to 1000 columns"));
  REQUIRE_THAT(features(R"(["a", "a"])"),
               Contains("/population/features/1") && Contains("a second time"));
  REQUIRE_THAT(features(R"(["a", "y"])"), Contains("the label"));
  REQUIRE_THAT(features(R"(["a", "bb"])"), Contains("no column bb") && Contains("did you mean b?"));
  REQUIRE_THAT(rows.error(R"("features": ["a"])"), Contains("time"));
  REQUIRE_THAT(rows.error(R"("time": {"every": "0s"}, "features": ["a"])"),
               Contains("/time/every") && Contains("above 0"));
  REQUIRE_THAT(rows.error(R"("time": {"column": "t", "origin": -1}, "features": ["a"])"),
               Contains("no row of") && Contains("before \"origin\""));
  REQUIRE_THAT(Folder("t,a,b,y\n").error(kBoth), Contains("has no rows"));
  REQUIRE_THAT(rows.error(R"("tme": 3, )" + kBoth), Contains("tme"));
}

TEST_CASE("rows that end before the run name its duration") {
  const Folder rows(kRows);
  const std::string error =
      rows.error(R"("time": {"column": "t", "unit": "ms"}, "features": ["a"])");
  REQUIRE_THAT(error, Contains("/population/csv") && Contains("\"duration\" is 3") &&
                          Contains("which begins 2"));
  REQUIRE_THAT(rows.error(R"("time": "a", "features": ["b"])"), !Contains("goes back"));
  // A clock that starts again every day is no time.
  const Folder clock("clock,a,y\n0,1,0\n0.5,1,1\n0,1,0\n0.5,2,1\n0,3,0\n");
  REQUIRE_THAT(clock.error(R"("time": {"column": "clock", "unit": "h"}, "features": ["a"])"),
               Contains("goes back 2 times, first in line 4") && Contains("\"every\""));
}

TEST_CASE("what only a drawn world has is refused beside a population") {
  const Folder rows(kRows);
  const auto with = [&](const std::string& more) { return rows.error(kBoth, ", " + more); };
  REQUIRE_THAT(with(R"("drifts": [])"), Contains("/drifts") && Contains("drawn world"));
  REQUIRE_THAT(with(R"("relation": {})"), Contains("/relation"));
  REQUIRE_THAT(with(R"("features": 8)"), Contains("/features"));
  REQUIRE_THAT(with(R"("defects": [{"kind": "leak", "version": 2, "feature": "a", "reacts": 1}])"),
               Contains("/defects/0"));
  REQUIRE_THAT(with(R"("defects": [{"kind": "turn", "version": 2, "engagement": -0.02}])"),
               Contains("/defects/0"));
  REQUIRE(with(R"("defects": [{"kind": "turn", "version": 2, "degrees": 20}])") == "no error");
  const config::Node node = config::parse(
      R"({"name": "m", "training": {"window": "2h", "joins": "latest"}, "population": {
        "csv": "rows.csv", "label": "y", "time": "t", "features": ["a"]}})",
      (rows.folder.path() / "s.json").string());
  REQUIRE_THROWS_WITH(models::parse_model(node, kRun), Contains("/training/joins"));
}
