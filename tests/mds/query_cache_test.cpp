// The cache in front of the graph's questions.
#include <catch2/catch.hpp>

#include "service_rig.hpp"

using namespace rehearse;
using namespace rehearse::mds;
using rehearse::test::model_uri;
using rehearse::test::seconds;
using rehearse::test::service_config;
using rehearse::test::ServiceRig;

namespace {

using Uris = std::vector<std::string>;

ServiceConfig caching(QueryCacheConfig cache) {
  ServiceConfig config = service_config({"model-registry"});
  config.query_cache = cache;
  return config;
}

void announce(ServiceRig& rig, const std::string& id) {
  rig.put_model(id, 1);
  rig.event("model_updated", "model_id", id);
  rig.run_for(Duration::seconds(1));
}

Uris asked(ServiceRig& rig, const std::string& id) {
  return rig.service->ask("find", model_uri(id), rig.now).uris;
}

}  // namespace

TEST_CASE("without a query cache every question reads the graph") {
  ServiceRig rig(service_config({"model-registry"}));
  CHECK(asked(rig, "a").empty());
  announce(rig, "a");
  const QueryAnswer answer = rig.service->ask("find", model_uri("a"), rig.now);
  CHECK(answer.uris == Uris{model_uri("a")});
  CHECK(!answer.cached);
  CHECK(answer.made == rig.now);
  CHECK(rig.service->counters().query_cache_hits == 0);
}

TEST_CASE("an empty answer that is kept is served until its time to live has passed") {
  ServiceRig rig(caching({Duration::seconds(100), true, false}));
  CHECK(asked(rig, "a").empty());
  announce(rig, "a");
  const QueryAnswer answer = rig.service->ask("find", model_uri("a"), seconds(99.9));
  CHECK(answer.uris.empty());
  CHECK(answer.cached);
  CHECK(answer.made == Time{});
  CHECK(rig.service->counters().query_cache_hits == 1);
  CHECK(rig.service->ask("find", model_uri("a"), seconds(100)).uris == Uris{model_uri("a")});
}

TEST_CASE("with empty answers off only what found something is kept") {
  ServiceRig rig(caching({Duration::hours(1), false, false}));
  CHECK(asked(rig, "a").empty());
  announce(rig, "a");
  CHECK(asked(rig, "a") == Uris{model_uri("a")});
  rig.payloads.clear();
  rig.event("model_deleted", "model_id", "a");
  rig.run_for(Duration::seconds(1));
  CHECK(rig.live().empty());
  CHECK(asked(rig, "a") == Uris{model_uri("a")});  // kept
}

TEST_CASE("with invalidation on a write no answer outlives the next datom") {
  ServiceRig rig(caching({Duration::hours(1), true, true}));
  CHECK(asked(rig, "a").empty());
  CHECK(asked(rig, "a").empty());
  CHECK(rig.service->counters().query_cache_hits == 1);
  announce(rig, "a");
  CHECK(asked(rig, "a") == Uris{model_uri("a")});
  rig.event("model_updated", "model_id", "a");  // a verification that writes no datom
  rig.run_for(Duration::seconds(1));
  CHECK(asked(rig, "a") == Uris{model_uri("a")});
  CHECK(rig.service->counters().query_cache_hits == 2);
}

TEST_CASE("questions and entities have answers of their own") {
  ServiceRig rig(caching({Duration::hours(1), true, false}));
  announce(rig, "a");
  CHECK(rig.service->ask("upstream", model_uri("a"), rig.now).uris.empty());
  CHECK(asked(rig, "a") == Uris{model_uri("a")});
  CHECK(asked(rig, "b").empty());
  CHECK(rig.service->counters().query_cache_hits == 0);
  CHECK_THROWS_AS(rig.service->ask("finds", model_uri("a"), rig.now), InputError);
}

TEST_CASE("what the query cache holds is lost in a crash and copied with the service") {
  ServiceRig rig(caching({Duration::hours(1), true, false}));
  CHECK(asked(rig, "a").empty());
  announce(rig, "a");
  Service copy(*rig.service);
  CHECK(copy.ask("find", model_uri("a"), rig.now).uris.empty());
  rig.crash();
  CHECK(asked(rig, "a") == Uris{model_uri("a")});
}
