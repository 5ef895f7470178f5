// How random processes of changes begin: as if they had been going on for ever, or anew.
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "change_rig.hpp"
#include "fixtures.hpp"
#include "stats/moments.hpp"

using namespace rehearse;
using rehearse::test::ChangeRig;
using rehearse::test::json;
using rehearse::test::world_of;

namespace {

// Distributions of the scenario language, each with a mean of 10 s.
const std::map<std::string, std::string> kTenSeconds = {
    {"constant", R"({"constant":"10s"})"},
    {"uniform", R"({"uniform":["0s","20s"]})"},
    {"exponential", R"({"exponential":{"mean":"10s"}})"},
    // sigma = ln(p99 / median) / 2.3263 = 1, mean = median * e^0.5
    {"lognormal", R"({"lognormal":{"median":"6065306597ns","p99":"62111612425ns"}})"},
    {"pareto", R"({"pareto":{"minimum":"6s","shape":2.5}})"},
    {"erlang", R"({"erlang":{"mean":"10s","stages":4}})"},
    {"empirical", R"({"empirical":{"csv":")" +
                      rehearse::test::source_path("tests/models/ten_seconds.csv").string() +
                      R"(","column":"gap","unit":"s"}})"},
};

// The mean of `counts` is `expected`, as far as they can tell.
void check_mean(const std::vector<double>& counts, double expected) {
  const stats::Moments moments = stats::moments(counts);
  const double error = moments.sample_deviation() / std::sqrt(static_cast<double>(counts.size()));
  INFO("mean " << moments.mean() << " of " << counts.size() << ", standard error " << error);
  CHECK(std::abs(moments.mean() - expected) <= 4 * error + 1e-9);
}

// Changes of each of many entities in (0, t].
std::vector<double> counts_of_entities(const std::string& interval, double t) {
  constexpr int kEntities = 4000;
  ChangeRig rig(R"([{"type":"Dataset","per":"entity","interval":)" + interval + "}]", kEntities);
  rig.run(Duration::from_seconds(t) + Duration{1});
  std::map<std::string, double> counts;
  for (const auto& change : rig.observer.changes) ++counts[change.uri];
  std::vector<double> all(kEntities, 0);
  std::size_t i = 0;
  for (const auto& [uri, count] : counts) all[i++] = count;
  return all;
}

// Changes of one process in (0, t], run by run.
std::vector<double> counts_of_runs(const std::string& process, double t, int runs) {
  std::vector<double> counts;
  for (int seed = 1; seed <= runs; ++seed) {
    ChangeRig rig("[" + process + "]", 1, static_cast<std::uint64_t>(seed), {}, 1);
    rig.run(Duration::from_seconds(t) + Duration{1});
    counts.push_back(static_cast<double>(rig.changes()));
  }
  return counts;
}

std::string refusal(const std::string& process) {
  const auto world = world_of({"pipeline-orchestrator", "datasets"});
  try {
    models::parse_changes(json("[" + process + "]"), world.sources()[1], world.sources());
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("entities change t / mean times in (0, t] on average, from the very start") {
  for (const auto& [name, interval] : kTenSeconds) {
    for (const double t : {1.0, 7.0, 12.0, 40.0}) {
      INFO(name << ", t = " << t << " s, seed 1");
      check_mean(counts_of_entities(interval, t), t / 10);
    }
  }
}

TEST_CASE("a type's process makes t / mean changes in (0, t] on average, from the very start") {
  for (const auto& [name, interval] : kTenSeconds) {
    for (const double t : {4.0, 25.0}) {
      INFO(name << ", t = " << t << " s, seeds 1 to 1000");
      check_mean(counts_of_runs(R"({"type":"Dataset","interval":)" + interval + "}", t, 1000),
                 t / 10);
    }
  }
}

TEST_CASE("bursts begin somewhere in a phase, and make their mean from the very start") {
  for (const auto& [name, on] : kTenSeconds) {
    for (const double t : {6.0, 25.0}) {
      INFO(name << ", t = " << t << " s, seeds 1 to 1000");
      check_mean(counts_of_runs(R"({"type":"Dataset","rate":"2/s","burst":{"on":)" + on +
                                    R"(,"off":{"constant":"30s"},"quiet":"0.1/s"}})",
                                t, 1000),
                 t * (0.25 * 2 + 0.75 * 0.1));
    }
  }
}

TEST_CASE("an entity that is created begins a whole interval") {
  ChangeRig rig(R"([{"type":"Dataset","interval":{"constant":"10s"},"per":"entity"},
                    {"type":"Dataset","op":"create","rate":"1/s"}])",
                0);
  rig.run(Duration::seconds(100));
  std::map<std::string, Time> created;
  int first = 0;
  for (const auto& change : rig.observer.changes) {
    if (change.op == world::Op::create) {
      created[change.uri] = change.at;
    } else if (change.version == 2) {
      CHECK(change.at - created.at(change.uri) == Duration::seconds(10));
      ++first;
    }
  }
  CHECK(first > 50);
}

TEST_CASE("a process that begins anew begins with a whole interval or phase") {
  ChangeRig type(R"([{"type":"Dataset","interval":{"constant":"10s"},"start":"renewal"}])");
  type.run(Duration::seconds(11));
  REQUIRE(type.changes() == 1);
  CHECK(type.observer.changes[0].at == Time{} + Duration::seconds(10));
  ChangeRig bursts(R"([{"type":"Dataset","rate":"100/s","start":"renewal",
                        "burst":{"on":{"constant":"10s"},"off":{"constant":"10s"}}}])");
  bursts.run(Duration::seconds(20));
  std::map<bool, int> halves;
  for (const auto& change : bursts.observer.changes) ++halves[change.at.to_seconds() < 10];
  CHECK(halves.size() == 1);  // on for the first ten seconds or for the next ten
  ChangeRig heavy(R"([{"type":"Dataset","interval":{"pareto":{"minimum":"1s","shape":0.5}},
                       "start":"renewal"}])");
  heavy.run(Duration::seconds(1000));
  CHECK(heavy.changes() > 0);
}

TEST_CASE("a process without a mean has no stationary start, and the error says what to do") {
  for (const char* process :
       {R"({"type":"Dataset","interval":{"pareto":{"minimum":"1s","shape":1}}})",
        R"({"type":"Dataset","rate":"1/s","burst":{"on":{"pareto":{"minimum":"1s","shape":0.9}},
            "off":{"constant":"1s"}}})",
        R"({"type":"Dataset","rate":"1/s","burst":{"on":{"constant":"1s"},
            "off":{"pareto":{"minimum":"1s","shape":0.9}}}})"}) {
    INFO(process);
    CHECK_THAT(refusal(process), Catch::Contains("mean") && Catch::Contains("above 1") &&
                                     Catch::Contains(R"("start": "renewal")"));
  }
  CHECK_THAT(refusal(R"({"type":"Dataset","interval":{"pareto":{"minimum":"1s","shape":1}}})"),
             Catch::Contains("/0/interval"));
  CHECK_THAT(refusal(R"({"type":"Dataset","rate":"1/s","burst":{"on":{"constant":"1s"},
                         "off":{"pareto":{"minimum":"1s","shape":0.9}}}})"),
             Catch::Contains("/0/burst/off"));
  CHECK_THAT(refusal(R"({"type":"Dataset","rate":"1/s","start":"late"})"),
             Catch::Contains("stationary"));
}
