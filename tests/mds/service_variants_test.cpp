// The service's options that are unsafe or bounded, crashes, branches and bootstrapping.
#include <algorithm>
#include <catch2/catch.hpp>

#include "mds/service/service.hpp"
#include "service_rig.hpp"

using namespace rehearse;
using namespace rehearse::mds;
using namespace rehearse::test;

namespace {

const std::string kModel = "/api/v1/models/";

}  // namespace

TEST_CASE("the cache answers within its time to live without a call") {
  ServiceConfig config = service_config({"model-registry"});
  config.hydration.cache_ttl = Duration::minutes(1);
  ServiceRig rig(config);
  rig.put_model("m", 1);
  rig.event("model_created", "model_id", "m");
  rig.run_until(seconds(30));
  rig.put_model("m", 2);
  rig.event("model_updated", "model_id", "m");  // answered from the cache: stale, that is the risk
  CHECK(rig.acked.size() == 2);
  CHECK(rig.sent.size() == 1);
  CHECK(rig.service->counters().cache_hits == 1);
  CHECK(rig.fact(model_uri("m"), "version") == "1");
  rig.run_until(seconds(60));
  rig.event("model_updated", "model_id", "m");
  rig.run_for(Duration::seconds(1));
  CHECK(rig.sent.size() == 2);
  CHECK(rig.fact(model_uri("m"), "version") == "2");
}

TEST_CASE("state carried by events is taken as it comes, even when it is old") {
  ServiceConfig config = service_config({"model-registry"});
  config.hydration.event_payload = true;
  ServiceRig rig(config);
  const auto event = [&](int version) {
    rig.event(R"({"event_type":"model_updated","model_id":"m","payload":)" +
              payload("id", "m", version) + "}");
  };
  event(2);
  event(1);
  CHECK(rig.sent.empty());
  CHECK(rig.acked.size() == 2);
  CHECK(rig.fact(model_uri("m"), "version") == "1");
  rig.event("model_updated", "model_id", "m");
  CHECK(rig.service->counters().dead_lettered == 1);
  rig.event("model_deleted", "model_id", "m");
  CHECK(rig.live().empty());
}

TEST_CASE("a full queue refuses events as dead letters, and background work gives way first") {
  ServiceConfig config = service_config({"model-registry", "pipeline-orchestrator"});
  config.hydration.queue_limit = 3;
  config.hydration.budgets["*"] = {Rate{1, Duration::hours(1)}, 1};
  ServiceRig rig(config);
  rig.payloads["/api/v1/instances/i"] =
      payload("id", "i", 1, R"("pipeline_run_id":"r","feature_ids":["f"])");
  rig.payloads["/api/v1/pipeline-runs/r"] = payload("run_id", "r", 1, R"("pipeline":"p")");
  rig.event("model_instance_created", "instance_id", "i");
  rig.run_until(seconds(180));  // the tick asks for r; its source has one token
  CHECK(rig.sent.size() == 2);
  rig.run_until(seconds(400));  // p is known by reference now and waits for a token
  CHECK(rig.service->queue_length() == 1);
  for (const char* id : {"a", "b", "c", "d"}) rig.event("model_created", "model_id", id);
  CHECK(rig.service->queue_length() == 3);
  CHECK(rig.service->counters().queue_refusals == 2);
  CHECK(rig.service->counters().dead_lettered == 1);
  CHECK(rig.count(Notice::Kind::queue_full) == 2);
  CHECK(rig.acked.size() == 2);
  for (const char* id : {"a", "b", "c", "d"}) rig.put_model(id, 1);
  rig.payloads["/api/v1/pipelines/p"] = payload("pipeline_id", "p", 1);
  rig.run_until(Time{} + Duration::hours(10));
  CHECK(rig.live().size() == 6);  // i, r, p, a, b, c
  CHECK(rig.acked.size() == 5);
}

TEST_CASE("references to unknown entities can be refused, which breaks what depends on order") {
  ServiceConfig config = service_config({"model-registry"});
  config.hydration.reject_unknown_references = true;
  ServiceRig rig(config);
  rig.payloads["/api/v1/instances/i"] = payload("id", "i", 1, R"("model_id":"m")");
  rig.put_model("m", 1);
  rig.event("model_instance_created", "instance_id", "i");
  rig.event("model_created", "model_id", "m");
  rig.run_for(Duration::seconds(1));
  CHECK(rig.live() == std::vector<std::string>{model_uri("m")});
  CHECK(rig.service->counters().dead_lettered == 1);
  rig.event("model_instance_updated", "instance_id", "i");
  rig.run_for(Duration::seconds(1));
  CHECK(rig.live().size() == 2);
}

TEST_CASE("a crash loses calls in flight; redelivery and the store's own work list repair it") {
  ServiceRig rig(service_config({"model-registry", "pipeline-orchestrator"}));
  rig.payloads["/api/v1/instances/i"] = payload("id", "i", 1, R"("pipeline_run_id":"r")");
  rig.payloads["/api/v1/pipeline-runs/r"] = payload("run_id", "r", 1);
  rig.event("model_instance_created", "instance_id", "i");
  rig.run_for(Duration::seconds(1));
  rig.put_model("m", 1);
  rig.event("model_created", "model_id", "m");
  const RequestId lost = rig.open()[0].request.id;
  rig.crash();
  rig.service->on_response(lost, status(404), rig.now);  // a late answer to a forgotten call
  CHECK(rig.acked.size() == 1);
  rig.event("model_created", "model_id", "m");  // redelivered
  CHECK(rig.sent.back().request.id > lost);
  rig.run_for(Duration::minutes(5));
  CHECK(rig.live().size() == 3);  // i, m, and r, which only the store still knew of
  CHECK(rig.service->idle());
}

TEST_CASE("a copy of the service and a savepoint make a branch") {
  ServiceRig rig(service_config({"model-registry"}));
  rig.put_model("m", 1);
  rig.event("model_created", "model_id", "m");
  const Service before = *rig.service;
  rig.store->savepoint();
  rig.answer(0);
  CHECK(rig.live().size() == 1);
  rig.store->rollback_to_savepoint();
  CHECK(rig.live().empty());
  *rig.service = before;
  CHECK(rig.service->counters().requests == 1);
  rig.service->on_response(RequestId{1}, status(404), rig.now);
  CHECK(rig.live().empty());
  CHECK(rig.service->take_acks().size() == 1);
}

TEST_CASE("a bad bootstrap payload is an error that says which") {
  ServiceRig rig(service_config({"model-registry"}));
  CHECK_THROWS_AS(rig.service->bootstrap({}, "/api/v1/nothing/m", "{}", {}), InputError);
  CHECK_THROWS_AS(rig.service->bootstrap({}, kModel + "m", "{}", {}), InputError);
  rig.service->bootstrap({}, kModel + "m", payload("id", "m", 1), {});
  CHECK(rig.live().size() == 1);
}
