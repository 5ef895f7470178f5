// Work of different classes for one source, by counts: what is urgent goes first, what is asked for
// twice is done once, what gives way comes again.
#include <algorithm>
#include <catch2/catch.hpp>

#include "mds/service/probe.hpp"
#include "service_rig.hpp"

using namespace rehearse;
using namespace rehearse::mds;
using namespace rehearse::test;

namespace {

const std::string kModel = "/api/v1/models/";

ServiceConfig one_call_a_second() {
  ServiceConfig config = service_config({"model-registry"});
  config.enrichment.every = std::nullopt;
  config.hydration.budgets["*"] = {Rate{1, Duration::seconds(1)}, 1};
  return config;
}

void know_models(ServiceRig& rig, int count) {
  for (int i = 0; i < count; ++i) {
    const std::string id = "m" + std::to_string(i);
    rig.put_model(id, 1);
    rig.service->bootstrap({}, kModel + id, rig.payloads[kModel + id], {});
  }
}

std::size_t calls_of(const ServiceRig& rig, const std::string& path) {
  return static_cast<std::size_t>(
      std::count_if(rig.sent.begin(), rig.sent.end(),
                    [&](const auto& sent) { return sent.request.path == path; }));
}

}  // namespace

TEST_CASE("events go before enrichment and that before reconciliation, and all is done once") {
  ServiceRig rig(one_call_a_second());
  know_models(rig, 10);
  rig.payloads["/api/v1/instances/i"] = payload("id", "i", 1, R"("model_id":"stub")");
  rig.service->bootstrap({}, "/api/v1/instances/i", rig.payloads["/api/v1/instances/i"], {});
  for (const char* id : {"stub", "first", "e0", "e1", "e2", "e3", "e4"}) rig.put_model(id, 1);
  rig.event("model_created", "model_id", "first");  // takes the token that is there
  ServiceStepper(*rig.service).enrich(rig.now);
  ServiceStepper(*rig.service).reconcile(rig.now);
  for (int i = 0; i < 5; ++i) rig.event("model_created", "model_id", "e" + std::to_string(i));
  rig.run_until(seconds(60));
  REQUIRE(rig.sent.size() == 1 + 5 + 1 + 2 + 11);  // two listings, ten models and an instance
  for (std::size_t i = 0; i < rig.sent.size(); ++i) {
    CHECK(rig.sent[i].at == seconds(static_cast<double>(i)));
    const WorkClass expected = i < 6    ? WorkClass::event
                               : i == 6 ? WorkClass::enrichment
                                        : WorkClass::reconciliation;
    CHECK(rig.sent[i].request.work == expected);
    CHECK(calls_of(rig, rig.sent[i].request.path) == 1);
  }
  CHECK(rig.acked.size() == 6);
  CHECK(rig.live().size() == 18);
  CHECK(rig.service->idle());
}

TEST_CASE("an event for what waits to be reconciled takes it to the front: one call for both") {
  ServiceRig rig(one_call_a_second());
  know_models(rig, 5);
  ServiceStepper(*rig.service).reconcile(rig.now);
  rig.collect();
  rig.put_model("m4", 2);
  rig.event("model_updated", "model_id", "m4");
  rig.run_until(seconds(60));
  CHECK(rig.sent.size() == 2 + 5);
  CHECK(rig.sent[1].request.path == kModel + "m4");
  CHECK(rig.sent[1].request.work == WorkClass::event);
  CHECK(calls_of(rig, kModel + "m4") == 1);
  CHECK(rig.fact(model_uri("m4"), "version") == "2");
  CHECK(rig.acked.size() == 1);
  CHECK(rig.service->counters().coalesced == 1);
  CHECK(rig.service->counters().reconciled == 5);
  CHECK(!ServiceProbe(*rig.service).reconciling());
}

TEST_CASE("what gives way to an event comes again when there is room, once") {
  ServiceConfig config = one_call_a_second();
  config.hydration.queue_limit = 2;
  ServiceRig rig(config);
  know_models(rig, 4);
  ServiceStepper(*rig.service).reconcile(rig.now);
  rig.collect();
  CHECK(rig.service->queue_length() == 2);
  for (const char* id : {"x0", "x1", "x2"}) {
    rig.put_model(id, 1);
    rig.event("model_created", "model_id", id);
  }
  CHECK(rig.service->queue_length() == 2);
  CHECK(rig.service->counters().queue_refusals == 3);  // two gave way, then an event was refused
  CHECK(rig.service->counters().dead_lettered == 1);
  rig.run_until(seconds(60));
  for (int i = 0; i < 4; ++i) CHECK(calls_of(rig, kModel + "m" + std::to_string(i)) == 1);
  CHECK(rig.acked.size() == 3);
  CHECK(rig.live().size() >= 6);
  CHECK(!ServiceProbe(*rig.service).reconciling());
  CHECK(rig.service->idle());
}

TEST_CASE("events that meet in the cache are each acknowledged once and cost no call") {
  ServiceConfig config = service_config({"model-registry"});
  config.hydration.cache_ttl = Duration::minutes(1);
  ServiceRig rig(config);
  rig.put_model("m", 1);
  for (int i = 0; i < 50; ++i) rig.event("model_updated", "model_id", "m");
  rig.run_until(seconds(1));  // 49 came while the call was out: the cache has its answer now
  for (int i = 0; i < 50; ++i) rig.event("model_updated", "model_id", "m");
  CHECK(rig.sent.size() == 1);
  CHECK(rig.service->counters().cache_hits == 51);
  CHECK(rig.service->counters().coalesced == 49);
  std::vector<EventId> acked = rig.acked;
  std::sort(acked.begin(), acked.end());
  CHECK(std::unique(acked.begin(), acked.end()) == acked.end());
  CHECK(acked.size() == 100);
}
