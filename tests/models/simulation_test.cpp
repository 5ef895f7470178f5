#include "models/host/simulation.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model_fixtures.hpp"
#include "models/faults/faults.hpp"
#include "sim/heap_calendar.hpp"
#include "sim/simgrid_calendar.hpp"
#include "simulation_rig.hpp"

using rehearse::Duration;
using rehearse::InputError;
using rehearse::Time;
using rehearse::models::BusConfig;
using rehearse::models::Fate;
using rehearse::models::SimulationConfig;
using rehearse::sim::Distribution;
using rehearse::sim::HeapCalendar;
using rehearse::sim::SimGridCalendar;
using rehearse::test::base_config;
using rehearse::test::datasets;
using rehearse::test::json;
using Run = rehearse::test::SimulationRig;

namespace models = rehearse::models;

namespace {

models::FaultConfig fault(const std::string& text) {
  return models::parse_faults(json("[" + text + "]"), models::fault_targets({"datasets"}, {"main"}),
                              Duration::seconds(1000))
      .front();
}

}  // namespace

TEST_CASE("without loss, delay and service time every change is in the graph at once") {
  HeapCalendar calendar;
  Run run(datasets(), calendar);
  run.go();
  CHECK(run.observer.changes.size() > 900);
  CHECK(run.observer.stale(calendar.now()) == Duration{});
  CHECK(run.divergent().empty());
  CHECK(run.simulation->bus("main").open() == 0);
  CHECK(run.observer.requests == run.observer.responses);
}

TEST_CASE("the run on SimGrid equals the one on the plain calendar") {
  SimulationConfig config = datasets();
  config.buses["main"].delay = Distribution(Distribution::Exponential{Duration::seconds(1)});
  config.buses["main"].drop = 0.1;
  config.sources[0].api.servers = 2;
  config.sources[0].api.service_time =
      Distribution(Distribution::Exponential{Duration::milliseconds(500)});
  HeapCalendar plain;
  SimGridCalendar simgrid;
  Run first(config, plain);
  Run second(config, simgrid);
  first.go();
  second.go();
  CHECK(first.store->digest() == second.store->digest());
  CHECK(first.observer.stale(plain.now()) == second.observer.stale(simgrid.now()));
  CHECK(first.observer.requests == second.observer.requests);
  CHECK(plain.executed() == simgrid.executed());
  CHECK(first.observer.total > Duration{});
}

TEST_CASE("with a fifth of the events lost and no repair four fifths of the time are fresh") {
  SimulationConfig config = datasets();
  config.duration = Duration::seconds(20'000);
  config.buses["main"].drop = 0.2;
  HeapCalendar calendar;
  Run run(config, calendar, 20);
  run.go();
  const double stale = run.observer.stale(Time{} + config.duration).to_seconds();
  // Each entity goes through about 1000 changes; the share is known to about 0.003.
  CHECK(stale / (20 * 20'000.0) == Approx(0.2).margin(0.012));
  CHECK_FALSE(run.divergent().empty());
}

TEST_CASE("duplicates and reordering change nothing but the number of events") {
  SimulationConfig config = datasets();
  BusConfig& bus = config.buses["main"];
  bus.duplicate = 0.3;
  bus.reorder = 0.3;
  bus.reorder_delay = Distribution(Distribution::Exponential{Duration::seconds(20)});
  HeapCalendar calendar;
  Run run(config, calendar);
  run.go();
  CHECK(run.observer.count(Fate::duplicated) == Approx(300).margin(60));
  CHECK(run.observer.count(Fate::reordered) > 300);
  CHECK(run.observer.count(Fate::delivered) ==
        run.observer.published + run.observer.count(Fate::duplicated));
  CHECK(run.divergent().empty());
}

TEST_CASE("a cold start announces everything and ends in the same graph") {
  SimulationConfig config = datasets();
  HeapCalendar first_calendar;
  Run first(config, first_calendar);
  first.go();
  config.cold = true;
  HeapCalendar second_calendar;
  Run second(config, second_calendar);
  second.go();
  CHECK(second.observer.published == first.observer.published + 50);
  CHECK(second.divergent().empty());
  CHECK(first.store->digest() == second.store->digest());
}

TEST_CASE("the budget of the service does not move the changes of the sources") {
  SimulationConfig config = datasets();
  HeapCalendar first_calendar;
  Run first(config, first_calendar);
  first.go();
  config.service.hydration.budgets["*"] = {rehearse::Rate{1.5, Duration::seconds(1)}, 1};
  config.service.hydration.concurrency = 1;
  HeapCalendar second_calendar;
  Run second(config, second_calendar);
  second.go();
  REQUIRE(first.observer.changes.size() == second.observer.changes.size());
  for (std::size_t i = 0; i < first.observer.changes.size(); ++i) {
    REQUIRE(first.observer.changes[i].at == second.observer.changes[i].at);
    REQUIRE(first.observer.changes[i].uri == second.observer.changes[i].uri);
  }
  CHECK(second.observer.total > first.observer.total);
  CHECK(second.divergent().empty());
}

TEST_CASE("calls that are never answered time out and are repeated") {
  SimulationConfig config = datasets();
  config.sources[0].api.timeout_rate = 0.2;
  HeapCalendar calendar;
  Run run(config, calendar);
  run.go();
  CHECK(run.observer.timeouts > 150);
  CHECK(run.observer.timeouts == run.service->counters().timeouts);
  CHECK(run.observer.requests == run.observer.responses);
  CHECK(run.divergent().size() <= 1);  // five attempts in a row fail with 0.2^5
}

TEST_CASE("a crash loses nothing that was announced") {
  for (const auto kind : {BusConfig::Kind::queue, BusConfig::Kind::kafka}) {
    for (const std::string length : {"0s", "50s"}) {
      for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        INFO("kind " << static_cast<int>(kind) << " down for " << length << " seed " << seed);
        SimulationConfig config = datasets();
        config.seed = seed;
        config.buses["main"].kind = kind;
        config.sources[0].api.servers = 1;
        config.sources[0].api.service_time =
            Distribution(Distribution::Exponential{Duration::milliseconds(800)});
        config.service.hydration.timeout = Duration::seconds(60);
        for (const std::string at : {"200s", "201s", "500s"}) {
          std::string crash = R"({"at":")";
          crash += at + R"(","for":")";
          crash += length + R"(","target":"mds","kind":"crash"})";
          config.faults.push_back(fault(crash));
        }
        HeapCalendar calendar;
        Run run(config, calendar);
        run.go();
        CHECK(run.observer.count(Fate::redelivered) > 0);
        CHECK(run.divergent().empty());
        CHECK(run.simulation->bus("main").open() == 0);
      }
    }
  }
}

TEST_CASE("a pause delays everything and loses nothing") {
  SimulationConfig config = datasets();
  config.sources[0].api.service_time =
      Distribution(Distribution::Exponential{Duration::milliseconds(100)});
  config.faults = {fault(R"({"at":"200s","for":"100s","target":"mds","kind":"pause"})")};
  HeapCalendar calendar;
  Run run(config, calendar);
  run.go();
  CHECK(run.divergent().empty());
  CHECK(run.observer.count(Fate::redelivered) == 0);
  CHECK(run.observer.total > Duration::seconds(1000));  // some 30 documents for some 50 s
}

TEST_CASE("after faults of every kind the graph converges by later events or by retries") {
  const std::vector<std::string> faults = {
      R"({"at":"100s","for":"10s","target":"source:datasets","kind":"outage"})",
      R"({"at":"100s","for":"300s","target":"source:datasets","kind":"slow","factor":20})",
      R"({"at":"100s","for":"300s","target":"source:datasets","kind":"errors","rate":0.3})",
      R"({"at":"100s","for":"300s","target":"source:datasets","kind":"throttle","rate_limit":"2/s"})",
      R"({"at":"100s","for":"200s","target":"bus","kind":"outage"})",
      R"({"at":"100s","for":"200s","target":"bus","kind":"delay","delay":{"constant":"30s"}})",
      R"({"at":"100s","for":"200s","target":"bus","kind":"duplicate","probability":0.5})"};
  for (const std::string& text : faults) {
    INFO(text);
    SimulationConfig config = datasets();
    config.sources[0].api.service_time = Distribution::constant(Duration::milliseconds(10));
    config.service.hydration.retry.attempts = 20;
    config.faults = {fault(text)};
    HeapCalendar calendar;
    Run run(config, calendar);
    run.go();
    CHECK(run.divergent().empty());
    CHECK(run.observer.total > Duration{});
  }
}

TEST_CASE("faults that lose announcements leave the graph stale") {
  for (const char* text :
       {R"({"at":"900s","for":"100s","target":"source:datasets","kind":"silent"})",
        R"({"at":"900s","for":"100s","target":"bus","kind":"drop","probability":1})",
        R"({"at":"900s","for":"100s","target":"bus","kind":"outage","events":"lost"})",
        R"({"at":"900s","for":"100s","target":"source:datasets","kind":"lag","lag":"30s"})"}) {
    INFO(text);
    SimulationConfig config = datasets();
    config.faults = {fault(text)};
    HeapCalendar calendar;
    Run run(config, calendar);
    run.go();
    CHECK(run.divergent().size() > 20);  // of 50, over 100 changes
  }
}

TEST_CASE("calls over a shared link are slower the more of them there are") {
  SimulationConfig config = datasets();
  config.duration = Duration::seconds(200);
  config.service.hydration.timeout = Duration::seconds(60);
  config.network = models::parse_network(
      json(R"({"links":{"*":{"latency":"10ms","bandwidth":"5kB/s"}},"header_size":1000})"));
  SimGridCalendar calendar;
  Run run(config, calendar);
  run.go();
  CHECK(run.divergent().empty());
  // Some 200 calls of 0.1 s and answers of 0.23 s, when they have the link to themselves.
  CHECK(run.observer.total > Duration::seconds(60));
}

TEST_CASE("settings that do not fit together are refused") {
  HeapCalendar calendar;
  SimulationConfig config = datasets();
  config.sources[0].bus = "other";
  CHECK_THROWS_AS(Run(config, calendar), InputError);
  config = base_config({"datasets", "model-registry"});
  std::swap(config.service.providers[0], config.service.providers[1]);
  CHECK_THROWS_WITH(
      Run(config, calendar),
      Catch::Contains("source 0 of the service is model-registry; allowed is datasets"));
}

TEST_CASE("a model hears when faults on its target begin and end, and which are active") {
  SimulationConfig config = datasets();
  for (const char* text :
       {R"([{"at":"100s","for":"200s","target":"router","kind":"slow","factor":2}])",
        R"([{"at":"200s","for":"200s","target":"router","kind":"slow","factor":3}])"}) {
    std::vector<models::FaultTarget> targets;
    targets.push_back({"router", "router", [](auto& section, models::FaultConfig& made) {
                         section.choice("kind", "slow", {"slow"});
                         made.effect = section.number("factor", 1);
                       }});
    config.faults.push_back(models::parse_faults(json(text), targets, config.duration).front());
  }
  std::vector<std::string> heard;
  HeapCalendar calendar;
  Run run(config, calendar);
  run.simulation->on_faults(
      "router", [&](const models::FaultConfig&, bool begins, const models::ActiveFaults& active) {
        double factor = 1;
        for (const models::FaultConfig* each : active) factor *= *each->as<double>();
        heard.push_back(std::to_string(calendar.now().ns / 1'000'000'000) +
                        (begins ? " begins " : " ends ") + std::to_string(std::lround(factor)));
      });
  run.go();
  CHECK(heard ==
        std::vector<std::string>{"100 begins 2", "200 begins 6", "300 ends 3", "400 ends 1"});
}

TEST_CASE("a fault that nothing takes ends the run before it begins") {
  SimulationConfig config = datasets();
  config.faults = {{Time{}, Duration::seconds(1), "router", {}, false}};
  HeapCalendar calendar;
  Run run(config, calendar);
  CHECK_THROWS_WITH(run.go(), Catch::Contains("nothing takes the faults on router"));
}
