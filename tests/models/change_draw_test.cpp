#include "models/sources/change_draw.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <vector>

#include "model_fixtures.hpp"

using namespace rehearse;

namespace {

// Targets that random updates of a dataset draw among so many pipelines, sorted, with how often.
std::map<std::vector<std::string>, int> drawn(int pipelines, const std::string& ref, int draws) {
  world::World world = test::world_of({"pipeline-orchestrator", "datasets"});
  test::populate(world, "pipeline-orchestrator", "Pipeline", "p", pipelines);
  const auto configs = models::parse_changes(
      test::json(R"([{"type":"Dataset","rate":"1/s","refs":{"producer":)" + ref + "}}]"),
      world.sources()[1], world.sources());
  models::ChangeDraw draw("datasets", configs[0], "datasets/changes/0", models::Streams{1, 0},
                          world);
  std::map<std::vector<std::string>, int> sets;
  for (int i = 0; i < draws; ++i) {
    std::vector<std::string> targets = draw.draw_for("d").refs.at("producer");
    std::sort(targets.begin(), targets.end());
    ++sets[targets];
  }
  return sets;
}

}  // namespace

TEST_CASE("most of a population is drawn as evenly as a few of it") {
  constexpr int kDraws = 10'000;
  const auto sets = drawn(5, R"({"type":"Pipeline","count":3})", kDraws);
  CHECK(sets.size() == 10);
  double chi = 0;
  for (const auto& [targets, count] : sets) {
    CHECK(targets.size() == 3);
    chi += (count - kDraws / 10.0) * (count - kDraws / 10.0) / (kDraws / 10.0);
  }
  CHECK(chi < 27.9);  // the 99.9% quantile of chi-square with 9 degrees of freedom; seed 1
}

TEST_CASE("the law of zipf is that of the population's references") {
  constexpr int kDraws = 20'000;
  const auto sets = drawn(10, R"({"type":"Pipeline","pick":"zipf"})", kDraws);
  double all = 0;
  for (int k = 1; k <= 10; ++k) all += 1.0 / k;
  double chi = 0;
  for (int k = 1; k <= 10; ++k) {
    const double mean = kDraws / (k * all);
    const double difference = sets.at({"p" + std::to_string(k - 1)}) - mean;
    chi += difference * difference / mean;
  }
  CHECK(chi < 27.9);  // the 99.9% quantile of chi-square with 9 degrees of freedom; seed 1
  const auto steep = drawn(10, R"({"type":"Pipeline","pick":"zipf","exponent":5})", 1000);
  CHECK(steep.at({"p0"}) > 950);  // 96.4% of them
  CHECK(drawn(2, R"({"type":"Pipeline","count":5,"pick":"zipf"})", 10).size() == 1);
}
