#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "change_rig.hpp"

using rehearse::Duration;
using rehearse::InputError;
using rehearse::Time;
using rehearse::models::DatedOperation;
using rehearse::models::OperationFeed;
using rehearse::test::json;
using rehearse::test::world_of;
using rehearse::world::Op;

namespace {

using Rig = rehearse::test::ChangeRig;

const std::vector<std::string> kSources = {"pipeline-orchestrator", "datasets"};

}  // namespace

TEST_CASE("Poisson changes have the rate asked for and hit every entity alike") {
  Rig rig(R"([{"type":"Dataset","rate":"0.1/s","per":"entity"}])");
  rig.run(Duration::seconds(2000));
  const double expected = 100 * 0.1 * 2000;
  CHECK(rig.changes() == Approx(expected).margin(4 * std::sqrt(expected)));
  std::map<std::string, int> hits;
  double gaps = 0;
  double squares = 0;
  Time last;
  for (const auto& change : rig.observer.changes) {
    ++hits[change.uri];
    const double gap = (change.at - last).to_seconds();
    gaps += gap;
    squares += gap * gap;
    last = change.at;
  }
  CHECK(hits.size() == 100);
  double chi = 0;
  for (const auto& [uri, count] : hits) {
    const double mean = static_cast<double>(rig.changes()) / 100;
    chi += (count - mean) * (count - mean) / mean;
  }
  CHECK(chi < 148.2);  // the 99.9% quantile of chi-square with 99 degrees of freedom
  const double n = static_cast<double>(rig.changes());
  const double mean = gaps / n;
  CHECK(squares / n / (mean * mean) == Approx(2).epsilon(0.1));  // exponential gaps
  CHECK(rig.bodies.size() == rig.changes());
}

TEST_CASE("a population that grows by its own births follows the Yule process") {
  // Mean N0 e^(bt), variance N0 e^(bt) (e^(bt) - 1), with b t = 1.
  double sum = 0;
  const int runs = 60;
  for (std::uint64_t seed = 1; seed <= runs; ++seed) {
    Rig rig(R"([{"type":"Dataset","op":"create","rate":"0.01/s","per":"entity"}])", 100, seed);
    rig.run(Duration::seconds(100));
    sum += static_cast<double>(rig.world.count("Dataset"));
  }
  const double e = std::exp(1.0);
  CHECK(sum / runs == Approx(100 * e).margin(4 * std::sqrt(100 * e * (e - 1) / runs)));
}

TEST_CASE("deletions at a rate per entity leave the share that theory says") {
  Rig rig(R"([{"type":"Dataset","op":"delete","rate":"0.01/s","per":"entity"}])", 2000);
  rig.run(Duration::seconds(100));
  const double p = std::exp(-1.0);
  CHECK(rig.world.count("Dataset") == Approx(2000 * p).margin(4 * std::sqrt(2000 * p * (1 - p))));
}

TEST_CASE("bursts switch the rate on and off") {
  Rig rig(R"([{"type":"Dataset","rate":"10/s","per":"type",
               "burst":{"on":{"exponential":{"mean":"10s"}},"off":{"exponential":{"mean":"30s"}},
                        "quiet":"1/s"}}])");
  rig.run(Duration::seconds(40'000));
  CHECK(rig.changes() == Approx(40'000 * (0.25 * 10 + 0.75 * 1)).epsilon(0.06));
  // Counts in windows of 10 s vary far more than those of a Poisson process of the same mean.
  std::map<std::int64_t, double> windows;
  for (const auto& change : rig.observer.changes) windows[change.at.ns / 10'000'000'000] += 1;
  double squares = 0;
  for (const auto& [window, count] : windows) squares += count * count;
  const double mean = static_cast<double>(rig.changes()) / 4000;
  // Rates of 10/s and 1/s for means of 10 s and 30 s have variance 15.2 and forget with a time of
  // 7.5 s, so a window's count has variance m + 2 * 15.2 * (7.5 * 10 - 7.5^2 (1 - e^(-10/7.5))).
  const double dispersion = (squares / 4000 - mean * mean) / mean;
  CHECK(dispersion == Approx(1 + 2 * 15.1875 * 33.58 / 32.5).epsilon(0.15));
}

TEST_CASE("intervals per entity are kept by each, out of step with each other") {
  Rig rig(R"([{"type":"Dataset","interval":{"constant":"10s"},"per":"entity"}])", 50);
  rig.run(Duration::seconds(100));
  CHECK(rig.changes() == 500);
  std::map<std::string, Time> last;
  std::map<std::int64_t, int> starts;
  for (const auto& change : rig.observer.changes) {
    if (last.count(change.uri) != 0) {
      CHECK(change.at - last[change.uri] == Duration::seconds(10));
    } else {
      ++starts[change.at.ns / 1'000'000'000];
    }
    last[change.uri] = change.at;
  }
  CHECK(starts.size() >= 8);
}

TEST_CASE("entities that come and go begin and end their intervals") {
  Rig rig(R"([{"type":"Dataset","interval":{"constant":"10s"},"per":"entity"},
              {"type":"Dataset","op":"create","interval":{"constant":"25s"},"per":"type"},
              {"type":"Dataset","op":"delete","interval":{"constant":"40s"},"per":"type"}])",
          3);
  rig.run(Duration::seconds(200));
  std::map<std::string, Time> last;
  for (const auto& change : rig.observer.changes) {
    if (change.op == Op::update && last.count(change.uri) != 0) {
      CHECK(change.at - last[change.uri] == Duration::seconds(10));
    }
    last[change.uri] = change.at;
    if (change.op == Op::remove) last[change.uri] = Time::never();  // no update may follow
  }
  CHECK(rig.world.count("Dataset") == 3 + 7 - 4);
}

TEST_CASE("what an update draws does not move the dates of the changes") {
  const auto dates = [](const std::string& extra) {
    Rig rig(R"([{"type":"Dataset","rate":"5/s","per":"type")" + extra + "}]");
    rig.run(Duration::seconds(100));
    std::vector<std::int64_t> result;
    for (const auto& change : rig.observer.changes) result.push_back(change.at.ns);
    return result;
  };
  const auto plain = dates("");
  CHECK(plain.size() > 400);
  CHECK(plain == dates(R"(,"fields":{"name":["x","y","z"]})"));
  CHECK(plain == dates(R"(,"refs":{"producer":{"type":"Pipeline","pick":"zipf"}})"));
}

TEST_CASE("references are drawn among what exists, by rank where asked for") {
  // Twenty changes of each of 2000 datasets: every one has drawn.
  Rig rig(R"([{"type":"Dataset","rate":"400/s","per":"type",
               "fields":{"name":["first","second"]},
               "refs":{"producer":{"type":"Pipeline","count":1,"pick":"zipf"}}}])",
          2000);
  rig.run(Duration::seconds(100));
  std::vector<int> ranks(10, 0);  // 1, 2-3, 4-7, ..., 512-1000
  int total = 0, first = 0;
  const std::string pipeline = "aip://pipeline/orchestrator/p";
  for (int i = 0; i < 2000; ++i) {
    for (const auto& fact :
         rig.world.expected_facts("aip://dataset/datasets/d" + std::to_string(i))) {
      if (fact.attribute == "name") first += fact.text == "first" ? 1 : 0;
      if (fact.attribute == "name") CHECK((fact.text == "first" || fact.text == "second"));
      if (fact.attribute != "producer") continue;
      REQUIRE(fact.text.starts_with(pipeline));
      const int rank = std::stoi(fact.text.substr(pipeline.size())) + 1;
      ++ranks.at(static_cast<std::size_t>(std::log2(rank)));
      ++total;
    }
  }
  REQUIRE(total == 2000);
  CHECK(first == Approx(1000).margin(4 * std::sqrt(500)));
  // Zipf's law: rank k with a probability in proportion to 1/k.
  std::vector<double> weights(ranks.size(), 0);
  double all = 0;
  for (int k = 1; k <= 1000; ++k) {
    weights.at(static_cast<std::size_t>(std::log2(k))) += 1.0 / k;
    all += 1.0 / k;
  }
  double chi = 0;
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    const double expected = total * weights[i] / all;
    chi += (ranks[i] - expected) * (ranks[i] - expected) / expected;
  }
  CHECK(chi < 27.9);  // the 99.9% quantile of chi-square with 9 degrees of freedom
}

TEST_CASE("a feed is followed lazily, in its order, up to the end of changes") {
  int asked = 0;
  const OperationFeed feed = [&asked]() -> std::optional<DatedOperation> {
    DatedOperation next;
    next.at = Time{} + Duration::seconds(++asked / 2);  // two operations share a date
    next.operation.source = "datasets";
    next.operation.type = "Dataset";
    next.operation.id = "d" + std::to_string(asked % 10);
    return next;
  };
  Rig rig("[]", 10, 1, feed);
  rig.run(Duration::seconds(5));
  CHECK(rig.changes() == 9);
  CHECK(asked == 10);
  for (std::size_t i = 0; i < rig.changes(); ++i) {
    CHECK(rig.observer.changes[i].uri == "aip://dataset/datasets/d" + std::to_string(i + 1));
  }
}

TEST_CASE("a silent source changes and tells nobody") {
  Rig rig(R"([{"type":"Dataset","rate":"5/s","per":"type"}])");
  rig.system->set_silent(true);
  rig.run(Duration::seconds(100));
  CHECK(rig.changes() > 400);
  CHECK(rig.bodies.empty());
}

TEST_CASE("an announcement is the thin event of a creation") {
  Rig rig("[]", 1);
  rig.system->announce(*rehearse::world::find_type(rig.world.sources()[1], "Dataset"), "a\"b");
  REQUIRE(rig.bodies.size() == 1);
  CHECK(rig.bodies[0] == R"({"event_type":"dataset_created","dataset_id":"a\"b"})");
}

TEST_CASE("malformed changes are refused") {
  const auto world = world_of(kSources);
  for (const char* text :
       {R"([{"type":"Dataset"}])", R"([{"type":"Datset","rate":"1/s"}])",
        R"([{"type":"Pipeline","rate":"1/s"}])",
        R"([{"type":"Dataset","rate":"1/s","interval":{"constant":"1s"}}])",
        R"([{"type":"Dataset","rate":"-1/s"}])", R"([{"type":"Dataset","rate":"1"}])",
        R"([{"type":"Dataset","rate":"1/s","op":"remove"}])",
        R"([{"type":"Dataset","rate":"1/s","per":"source"}])",
        R"([{"type":"Dataset","rate":"1/s","fields":{"nmae":["x"]}}])",
        R"([{"type":"Dataset","rate":"1/s","fields":{"name":[]}}])",
        R"([{"type":"Dataset","rate":"1/s","fields":{"name":[3]}}])",
        R"([{"type":"Dataset","rate":"1/s","refs":{"producer":{"type":"Pipelin"}}}])",
        R"([{"type":"Dataset","rate":"1/s","refs":{"maker":{"type":"Pipeline"}}}])",
        R"([{"type":"Dataset","interval":{"constant":"0s"}}])",
        R"([{"type":"Dataset","interval":{"constant":"1s"},
             "burst":{"on":{"constant":"1s"},"off":{"constant":"1s"}}}])",
        R"([{"type":"Dataset","rate":"1/s","op":"delete","fields":{"name":["x"]}}])", R"({})"}) {
    INFO(text);
    CHECK_THROWS_AS(
        rehearse::models::parse_changes(json(text), world.sources()[1], world.sources()),
        InputError);
  }
}

TEST_CASE("a change may refer to parts of another source's entities") {
  const std::vector<rehearse::world::SourceShape> shapes = {
      *rehearse::world::shipped_shape("pipeline-orchestrator"),
      *rehearse::world::shipped_shape("experimentation")};
  const auto changes = rehearse::models::parse_changes(json(R"([{"type":"PipelineRun","rate":"1/s",
               "refs":{"ab_test_cells":{"type":"ABTestCell","count":2}}}])"),
                                                       shapes[0], shapes);
  CHECK(changes.at(0).refs.at(0).type == "ABTestCell");
}
