#include "models/faults/fault_config.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "model_fixtures.hpp"

using rehearse::Duration;
using rehearse::InputError;
using rehearse::models::FaultConfig;
using rehearse::test::json;

namespace {

std::vector<FaultConfig> read(const std::string& text,
                              const std::vector<std::string>& buses = {"main"}) {
  return rehearse::models::parse_faults(json(text), {"datasets", "identity"}, buses,
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
  CHECK(faults[0].name == "datasets");
  CHECK(faults[1].factor == 3);
  CHECK(faults[6].kind == FaultConfig::Kind::partial_listing);
  CHECK(faults[6].probability == 0.1);
  CHECK(faults[7].lost);
  CHECK(faults[8].name == "main");
  CHECK(faults[10].kind == FaultConfig::Kind::crash);
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
