#include "models/faults/fault_config.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "model_fixtures.hpp"

using rehearse::Duration;
using rehearse::InputError;
using rehearse::models::BusFault;
using rehearse::models::fault_targets;
using rehearse::models::FaultConfig;
using rehearse::models::FaultTarget;
using rehearse::models::parse_faults;
using rehearse::models::ServiceFault;
using rehearse::models::SourceFault;
using rehearse::test::json;

namespace {

std::vector<FaultConfig> read(const std::string& text,
                              const std::vector<std::string>& buses = {"main"}) {
  return parse_faults(json(text), fault_targets({"datasets", "identity"}, buses),
                      Duration::hours(2));
}

}  // namespace

TEST_CASE("faults are read with what their kind needs") {
  const auto faults = read(R"([
    {"at":"1h","for":"10m","target":"source:datasets","kind":"outage"},
    {"at":"0s","for":"1s","target":"source:identity","kind":"slow","factor":3},
    {"at":"0s","for":"1s","target":"source:identity","kind":"errors","rate":0.5},
    {"at":"0s","for":"1s","target":"source:identity","kind":"throttle","rate_limit":"2/s"},
    {"at":"0s","for":"1s","target":"source:identity","kind":"lag","lag":"5s"},
    {"at":"0s","for":"1s","target":"source:identity","kind":"silent"},
    {"at":"0s","for":"1s","target":"source:identity","kind":"partial-listing","probability":0.1},
    {"at":"0s","for":"1s","target":"bus","kind":"outage","events":"lost"},
    {"at":"0s","for":"1s","target":"bus:main","kind":"drop","probability":0.5},
    {"at":"0s","for":"1s","target":"bus","kind":"delay","delay":{"constant":"1s"}},
    {"at":"5m","target":"mds","kind":"crash"},
    {"at":"5m","for":"115m","target":"mds","kind":"pause"}])");
  REQUIRE(faults.size() == 12);
  CHECK(faults[0].target == "source:datasets");
  CHECK(faults[0].as<SourceFault>()->source == "datasets");
  CHECK(faults[0].as<BusFault>() == nullptr);
  CHECK(faults[1].as<SourceFault>()->factor == 3);
  CHECK(faults[6].as<SourceFault>()->kind == SourceFault::Kind::partial_listing);
  CHECK(faults[6].as<SourceFault>()->lost_pages == 0.1);
  CHECK(faults[7].target == "bus:main");
  CHECK(faults[7].as<BusFault>()->lost);
  CHECK(faults[8].target == "bus:main");
  CHECK(faults[8].as<BusFault>()->bus == "main");
  CHECK(faults[10].as<ServiceFault>()->kind == ServiceFault::Kind::crash);
  CHECK(faults[10].length == Duration{});
}

TEST_CASE("faults that cannot be are refused") {
  for (const char* text :
       {R"([{"at":"1h","for":"10m","target":"source:dataset","kind":"outage"}])",
        R"([{"at":"1h","for":"10m","target":"datasets","kind":"outage"}])",
        R"([{"at":"1h","for":"10m","target":"source:datasets","kind":"crash"}])",
        R"([{"at":"1h","for":"10m","target":"source:datasets","kind":"slow"}])",
        R"([{"at":"1h","for":"10m","target":"source:datasets","kind":"slow","factor":0}])",
        R"([{"at":"1h","for":"10m","target":"source:datasets","kind":"outage","factor":2}])",
        R"([{"at":"1h","for":"10m","target":"source:datasets","kind":"partial-listing"}])",
        R"([{"at":"1h","for":"10m","target":"bus","kind":"partial-listing","probability":1}])",
        R"([{"at":"1h","target":"source:datasets","kind":"outage"}])",
        R"([{"at":"3h","for":"10m","target":"mds","kind":"pause"}])",
        R"([{"at":"110m","for":"20m","target":"mds","kind":"pause"}])",
        R"([{"for":"20m","target":"mds","kind":"pause"}])",
        R"([{"at":"1h","for":"10m","target":"mds"}])",
        R"([{"at":"1h","for":"10m","target":"bus:other","kind":"outage"}])",
        R"([{"at":"1h","for":"10m","target":"bus","kind":"drop","probability":7}])", R"({})"}) {
    INFO(text);
    CHECK_THROWS_AS(read(text), InputError);
  }
  CHECK_THROWS_WITH(read(R"([{"at":"1h","target":"mds","kind":"pause"}])"),
                    Catch::Contains("\"for\" is missing"));
  CHECK_THROWS_WITH(read(R"([{"at":"1h","for":"0s","target":"mds","kind":"pause"}])"),
                    Catch::Contains("/0/for: a fault lasts some time"));
  CHECK_THROWS_AS(read(R"([{"at":"1h","for":"10m","target":"bus","kind":"outage"}])", {"a", "b"}),
                  InputError);
}

namespace {

/// What a model may have that sends signals: faults of a sort that nothing else knows.
struct SignalFault {
  double drop = 0;
};

std::vector<FaultTarget> with_signals() {
  std::vector<FaultTarget> targets = fault_targets({"datasets"}, {"main"});
  targets.push_back({"signals", "signals", [](auto& section, FaultConfig& fault) {
                       section.choice("kind", "drop", {"drop"});
                       fault.effect = SignalFault{section.probability("probability", 1)};
                     }});
  return targets;
}

}  // namespace

TEST_CASE("faults hit what a model declares, with parameters of its own") {
  const auto faults = parse_faults(
      json(R"([{"at":"1h","for":"1m","target":"signals","kind":"drop","probability":0.5}])"),
      with_signals(), Duration::hours(2));
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].target == "signals");
  CHECK(faults[0].as<SignalFault>()->drop == 0.5);
  CHECK(faults[0].as<SourceFault>() == nullptr);
  const auto refused = [](const char* fault, const char* message) {
    CHECK_THROWS_WITH(parse_faults(json(fault), with_signals(), Duration::hours(2)),
                      Catch::Contains(message));
  };
  refused(R"([{"at":"1h","for":"1m","target":"signal","kind":"drop"}])",
          "/0/target: found \"signal\"; allowed is one of mds index bus bus:main source:datasets "
          "signals; did you mean signals?");
  refused(R"([{"at":"1h","for":"1m","target":"signals","kind":"slow"}])", "/0/kind");
  refused(R"([{"at":"1h","for":"1m","target":"signals","kind":"drop","rate":1}])", "/0/rate");
  refused(R"([{"at":"1h","target":"signals","kind":"drop"}])", "\"for\" is missing");
}
