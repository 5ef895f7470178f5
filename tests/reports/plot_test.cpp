#include "reports/plot.hpp"

#include <catch2/catch.hpp>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/os/child_process.hpp"
#include "drawn.hpp"
#include "results.hpp"

using namespace rehearse;
using namespace rehearse::measure;
using namespace rehearse::os;
using namespace rehearse::reports;
using namespace rehearse::test;

TEST_CASE("the staleness plot is the same bytes each time and says what its axes are") {
  const RunResult result = test::made_up_result();
  const std::string svg = staleness_svg(result);
  keep("staleness.svg", svg);
  CHECK(svg == staleness_svg(result));
  for (const char* text :
       {"registry-outage: graph against truth", "share that is right", "age of copies (minutes)",
        "time (hours)", "per second", "entities waiting", "entities fresh", "edge precision",
        "edge recall", "greatest", "mean", "events", "source calls"}) {
    INFO(text);
    CHECK(svg.find(text) != std::string::npos);
  }
  CHECK_THAT(svg, Catch::Contains("93.75% of entities fresh on average, greatest age 2 h, seed 7"));
  CHECK(svg.find("/tmp") == std::string::npos);
}

TEST_CASE("the lines of the staleness plot run at the height of their values") {
  const RunResult result = test::made_up_result();
  const std::string svg = staleness_svg(result);
  // The panel of shares, as reports/plot.cpp places it in 960 x 760 points; half is its floor,
  // since the lowest share drawn is 0.785.
  const double left = 0.085 * 960, right = 0.915 * 960;
  const double top = (1 - 0.865) * 760, bottom = (1 - 0.675) * 760;
  const auto check = [&](const std::string& colour, double Bucket::*share) {
    const std::vector<Points> lines = lines_of(svg, colour);
    for (const Bucket& bucket : result.series) {
      const double middle = (bucket.begin.to_seconds() + bucket.end.to_seconds()) / 2;
      const double x = left + (right - left) * middle / result.window.end.to_seconds();
      const auto height = height_at(lines, x, top);
      INFO(colour << " at " << middle << " s");
      REQUIRE(height);
      REQUIRE(*height == Approx(top + (bottom - top) * (1 - bucket.*share) / 0.5).margin(0.02));
    }
  };
  check("rgb(  0, 114, 178)", &Bucket::freshness);
  check("rgb(230, 159,   0)", &Bucket::edge_precision);
  check("rgb(  0, 158, 115)", &Bucket::edge_recall);
}

TEST_CASE("a run in which nothing was ever stale can be drawn") {
  RunResult result = test::made_up_result();
  result.scenario = "it's calm; `exit` \"quoted\"";
  for (Bucket& b : result.series) b = Bucket{b.begin, b.end};
  const std::string svg = staleness_svg(result);
  keep("calm.svg", svg);
  CHECK(svg.find("it's calm; `exit` ") != std::string::npos);
  CHECK(svg.find("entities waiting") == std::string::npos);
}

TEST_CASE("a run of a single bucket or of nanoseconds can be drawn") {
  RunResult result = test::made_up_result();
  result.series.resize(1);
  CHECK_NOTHROW(staleness_svg(result));
  result.window = {{0}, {50}, {50}};
  result.series[0].begin = {0};
  result.series[0].end = {50};
  CHECK(staleness_svg(result).find("time (nanoseconds)") != std::string::npos);
}

TEST_CASE("a program that is not there is told apart from one that fails") {
  CHECK_FALSE(run_program({"rehearse-no-such-program"}, "").started);
  CHECK(run_program({"false"}, "unread input").status == 1);
}

TEST_CASE("a program's input and output may both be larger than what the system buffers") {
  const std::string text(3'000'000, 'x');
  const ProgramResult result = run_program({"cat"}, text);
  CHECK(result.status == 0);
  CHECK(result.output == text);
}

TEST_CASE("a program that ends without reading its input does no harm") {
  const ProgramResult result = run_program({"true"}, std::string(3'000'000, 'x'));
  CHECK(result.started);
  CHECK(result.status == 0);
}
