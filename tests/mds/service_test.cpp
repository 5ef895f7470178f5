// The service as a whole: events, calls, budgets and failures, by counts of calls,
// acknowledgements and facts.
#include "mds/service/service.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "service_rig.hpp"

using namespace rehearse;
using namespace rehearse::mds;
using namespace rehearse::test;

namespace {

const std::string kModel = "/api/v1/models/";

}  // namespace

TEST_CASE("an event is acknowledged when the facts of a fetch begun after it are stored") {
  ServiceRig rig(service_config({"model-registry"}));
  rig.put_model("m", 1);
  const EventId first = rig.event("model_created", "model_id", "m");
  REQUIRE(rig.open().size() == 1);
  CHECK(rig.open()[0].request.path == kModel + "m");
  CHECK(rig.acked.empty());
  // The second event arrives while the call is out: its answer may be older than the event.
  const EventId second = rig.event("model_updated", "model_id", "m");
  CHECK(rig.open().size() == 1);
  rig.answer(0);
  CHECK(rig.acked == std::vector<EventId>{first});
  REQUIRE(rig.open().size() == 1);  // the dirty mark
  rig.put_model("m", 2);
  rig.answer(0);
  CHECK(rig.acked == std::vector<EventId>{first, second});
  CHECK(rig.fact(model_uri("m"), "version") == "2");
  CHECK(rig.sent.size() == 2);
  CHECK(rig.service->counters().coalesced == 1);
  CHECK(rig.service->queue_length() == 0);
}

TEST_CASE("many events of one document cost one call each time, never two at once") {
  ServiceRig rig(service_config({"model-registry"}));
  rig.put_model("m", 1);
  for (int i = 0; i < 100; ++i) rig.event("model_updated", "model_id", "m");
  CHECK(rig.open().size() == 1);
  rig.run_for(Duration::seconds(1));
  CHECK(rig.sent.size() == 2);
  CHECK(rig.acked.size() == 100);
  CHECK(rig.service->counters().coalesced == 99);
}

TEST_CASE("a late response never overwrites a newer state when coalescing is safe") {
  ServiceRig rig(service_config({"model-registry"}));
  rig.put_model("m", 1);
  rig.event("model_created", "model_id", "m");
  Response old;
  old.body = rig.payloads[kModel + "m"];
  rig.put_model("m", 2);
  rig.event("model_updated", "model_id", "m");
  rig.answer(0, old);  // what the source said before the change, arriving late
  rig.run_for(Duration::seconds(1));
  CHECK(rig.fact(model_uri("m"), "version") == "2");
}

TEST_CASE("without the guard two fetches of one document overlap and the last response wins") {
  ServiceConfig config = service_config({"model-registry"});
  config.hydration.unguarded = true;
  ServiceRig rig(config);
  rig.put_model("m", 1);
  rig.event("model_created", "model_id", "m");
  Response old;
  old.body = rig.payloads[kModel + "m"];
  rig.put_model("m", 2);
  rig.event("model_updated", "model_id", "m");
  REQUIRE(rig.open().size() == 2);
  rig.answer(1);
  rig.answer(0, old);
  CHECK(rig.fact(model_uri("m"), "version") == "1");
  CHECK(rig.acked.size() == 2);
  CHECK(rig.service->counters().coalesced == 0);
}

TEST_CASE("a source's 404 removes the entity and nothing else does") {
  ServiceRig rig(service_config({"model-registry"}));
  rig.put_model("m", 1);
  rig.event("model_created", "model_id", "m");
  rig.run_for(Duration::seconds(1));
  CHECK(rig.live() == std::vector<std::string>{model_uri("m")});
  for (const int code : {400, 403, 410, 500}) {
    rig.answers = [code](const SourceRequest&) { return status(code); };
    rig.event("model_deleted", "model_id", "m");
    rig.run_for(Duration::minutes(10));
    CHECK(rig.live() == std::vector<std::string>{model_uri("m")});
  }
  rig.answers = nullptr;
  rig.payloads.clear();
  rig.event("model_deleted", "model_id", "m");
  rig.run_for(Duration::seconds(1));
  CHECK(rig.live().empty());
  CHECK(rig.acked.size() == 6);
}

TEST_CASE("an event of the wrong type does not remove the entity that shares its name") {
  ServiceRig rig(service_config({"model-registry"}));
  rig.put_model("m", 1);
  rig.event("model_created", "model_id", "m");
  rig.event("model_instance_created", "instance_id", "m");  // its path says 404
  rig.run_for(Duration::seconds(1));
  CHECK(rig.live() == std::vector<std::string>{model_uri("m")});
  rig.payloads["/api/v1/instances/m"] = payload("id", "m", 7);
  rig.event("model_instance_updated", "instance_id", "m");
  rig.run_for(Duration::seconds(1));
  CHECK(rig.fact(model_uri("m"), "version") == "1");
  CHECK(rig.service->counters().dead_lettered == 1);
  CHECK(rig.acked.size() == 3);
}

TEST_CASE("failed calls are repeated with growing pauses until one succeeds") {
  ServiceConfig config = service_config({"model-registry"});
  config.enrichment.every = std::nullopt;
  ServiceRig rig(config);
  rig.put_model("m", 1);
  int failures = 4;
  rig.answers = [&](const SourceRequest&) -> std::optional<Response> {
    if (failures == 0) return std::nullopt;
    --failures;
    return failures % 2 == 0 ? status(500) : timed_out();
  };
  rig.event("model_created", "model_id", "m");
  rig.run_for(Duration::minutes(5));
  REQUIRE(rig.sent.size() == 5);
  for (std::size_t i = 1; i < 5; ++i) {
    CHECK(rig.sent[i].request.attempt == static_cast<int>(i) + 1);
    const Duration pause = rig.sent[i].at - rig.sent[i - 1].at - rig.latency;
    CHECK(pause >= Duration{});
    CHECK(pause < Duration::milliseconds(200) * (1 << (i - 1)));
  }
  CHECK(rig.service->counters().retries == 4);
  CHECK(rig.service->counters().errors == 2);
  CHECK(rig.service->counters().timeouts == 2);
  CHECK(rig.service->counters().gave_up == 0);
  CHECK(rig.acked.size() == 1);
  CHECK(rig.live().size() == 1);
  CHECK(rig.service->idle());
}

TEST_CASE("after the last attempt the event becomes a dead letter and the document is free again") {
  ServiceConfig config = service_config({"model-registry"});
  config.hydration.retry.attempts = 3;
  ServiceRig rig(config);
  rig.answers = [](const SourceRequest&) { return timed_out(); };
  rig.event("model_created", "model_id", "m");
  rig.run_for(Duration::minutes(1));
  CHECK(rig.sent.size() == 3);
  CHECK(rig.acked.size() == 1);
  CHECK(rig.service->counters().gave_up == 1);
  CHECK(rig.service->counters().dead_lettered == 1);
  CHECK(rig.store->counts().dead_letters == 1);
  const auto told = std::find_if(rig.notices.begin(), rig.notices.end(), [](const Notice& notice) {
    return notice.kind == Notice::Kind::dead_lettered;
  });
  REQUIRE(told != rig.notices.end());
  CHECK(told->detail == "gave up after 3 calls: timed out");
  rig.answers = nullptr;
  rig.put_model("m", 2);
  rig.event("model_updated", "model_id", "m");
  rig.run_for(Duration::seconds(1));
  CHECK(rig.fact(model_uri("m"), "version") == "2");
}

TEST_CASE("an event that arrives during the last attempt gets a fetch of its own") {
  ServiceConfig config = service_config({"model-registry"});
  config.hydration.retry.attempts = 1;
  ServiceRig rig(config);
  rig.put_model("m", 2);
  rig.event("model_created", "model_id", "m");
  const EventId late = rig.event("model_updated", "model_id", "m");
  rig.answer(0, status(500));
  CHECK(rig.service->counters().dead_lettered == 1);
  rig.run_for(Duration::seconds(1));
  CHECK(rig.acked.back() == late);
  CHECK(rig.live().size() == 1);
  CHECK(rig.service->counters().dead_lettered == 1);
}

TEST_CASE("Retry-After holds all calls to the source") {
  ServiceRig rig(service_config({"model-registry"}));
  rig.put_model("a", 1);
  rig.put_model("b", 1);
  rig.event("model_created", "model_id", "a");
  rig.answer(0, status(429, Duration::seconds(20)));
  rig.event("model_created", "model_id", "b");
  CHECK(rig.open().empty());
  rig.run_for(Duration::minutes(1));
  REQUIRE(rig.sent.size() == 3);
  CHECK(rig.sent[1].at == seconds(20));
  CHECK(rig.sent[2].at >= seconds(20));
  CHECK(rig.service->counters().throttled == 1);
  CHECK(rig.acked.size() == 2);
}

TEST_CASE("the budget spaces calls exactly and counts retries") {
  ServiceConfig config = service_config({"model-registry"});
  config.hydration.budgets["model-registry"] = {Rate{10, Duration::seconds(1)}, 1};
  config.hydration.retry.base = Duration{};
  ServiceRig rig(config);
  int calls = 0;
  rig.answers = [&](const SourceRequest&) -> std::optional<Response> {
    if (++calls % 3 == 0) return status(503);
    return std::nullopt;
  };
  for (int i = 0; i < 50; ++i) {
    rig.put_model(std::to_string(i), 1);
    rig.event("model_created", "model_id", std::to_string(i));
  }
  CHECK(rig.service->queue_length() == 49);
  rig.run_for(Duration::minutes(1));
  CHECK(rig.acked.size() == 50);
  CHECK(rig.sent.size() == 50 + rig.service->counters().retries);
  for (std::size_t i = 0; i < rig.sent.size(); ++i) {
    CHECK(rig.sent[i].at == Time{} + Duration::milliseconds(100) * static_cast<int>(i));
  }
  CHECK(rig.service->counters().queue_max == 49);
  // The wait of an event is that of its first call.
  std::size_t first_calls = 0;
  for (const Notice& notice : rig.notices) {
    if (notice.kind != Notice::Kind::first_call) continue;
    CHECK(notice.waited == rig.sent[notice.request.value - 1].at - Time{});
    ++first_calls;
  }
  CHECK(first_calls == 50);
}

TEST_CASE("the total budget caps all sources together") {
  ServiceConfig config = service_config({"model-registry", "datasets"});
  config.hydration.total = {Rate{10, Duration::seconds(1)}, 1};
  ServiceRig rig(config);
  for (int i = 0; i < 20; ++i) {
    rig.event("model_created", "model_id", std::to_string(i), 0);
    rig.event("dataset_created", "dataset_id", std::to_string(i), 1);
  }
  rig.run_for(Duration::minutes(1));
  REQUIRE(rig.sent.size() == 40);
  for (std::size_t i = 0; i < 40; ++i) {
    CHECK(rig.sent[i].at == Time{} + Duration::milliseconds(100) * static_cast<int>(i));
    CHECK(rig.sent[i].request.source.value == i % 2);  // in the order in which they were queued
  }
}

TEST_CASE("no more calls are out than the concurrency limit allows") {
  ServiceConfig config = service_config({"model-registry"});
  config.hydration.concurrency = 3;
  ServiceRig rig(config);
  for (int i = 0; i < 10; ++i) rig.event("model_created", "model_id", std::to_string(i));
  CHECK(rig.open().size() == 3);
  rig.answer(1);
  CHECK(rig.open().size() == 3);
  CHECK(rig.sent.size() == 4);
}

TEST_CASE("the breaker spares a source that is down and loses nothing") {
  ServiceConfig config = service_config({"model-registry"});
  config.hydration.breaker = BreakerPolicy{5, Duration::seconds(30)};
  config.hydration.retry = {1000, Duration::milliseconds(100), 2, Duration::seconds(5)};
  config.hydration.concurrency = 1;
  const auto run = [](ServiceConfig settings) {
    ServiceRig rig(std::move(settings));
    rig.answers = [&](const SourceRequest&) -> std::optional<Response> {
      if (rig.now < seconds(600)) return status(500);
      return std::nullopt;
    };
    for (int i = 0; i < 20; ++i) {
      rig.put_model(std::to_string(i), 1);
      rig.event("model_created", "model_id", std::to_string(i));
    }
    rig.run_until(seconds(599));
    const std::size_t during = rig.sent.size();
    rig.run_until(seconds(1200));
    CHECK(rig.live().size() == 20);
    CHECK(rig.acked.size() == 20);
    return during;
  };
  const std::size_t guarded = run(config);
  config.hydration.breaker = std::nullopt;
  const std::size_t storm = run(config);
  CHECK(guarded >= 5 + 19);
  CHECK(guarded <= 5 + 21);  // the failures that open it, then one trial every 30 s
  CHECK(storm > 10 * guarded);
}
