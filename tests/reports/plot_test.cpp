#include "reports/plot.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>

#include "base/error.hpp"
#include "reports/child_process.hpp"
#include "results.hpp"

using namespace rehearse;
using namespace rehearse::reports;

namespace {

// Where a person wants to look at the pictures that the tests draw.
void keep(const std::string& name, const std::string& svg) {
  if (const char* folder = std::getenv("REHEARSE_KEEP_PLOTS")) {
    std::ofstream(std::string(folder) + "/" + name) << svg;
  }
}

}  // namespace

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
  CHECK(svg.find("/tmp") == std::string::npos);
  CHECK(svg.find("20") != std::string::npos);
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
