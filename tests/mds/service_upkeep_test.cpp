// Enrichment and reconciliation, by counts of calls and facts.
#include <catch2/catch.hpp>

#include "mds/service/probe.hpp"
#include "service_rig.hpp"

using namespace rehearse;
using namespace rehearse::mds;
using namespace rehearse::test;

namespace {

const std::string kTest = "/api/v1/tests/12345";

ServiceConfig article() {
  return service_config({"model-registry", "pipeline-orchestrator", "experimentation"});
}

void article_payloads(ServiceRig& rig) {
  rig.payloads["/api/v1/instances/i"] = payload("id", "i", 1, R"("pipeline_run_id":"r")");
  rig.payloads["/api/v1/pipeline-runs/r"] =
      payload("run_id", "r", 1, R"("ab_test_cells":[{"test_id":"12345","cell_number":2}])");
  rig.payloads[kTest] = payload("test_id", "12345", 1, R"("cells":[{"cell_number":2}])");
}

ServiceConfig reconciling(Duration every) {
  ServiceConfig config = service_config({"model-registry"});
  config.enrichment.every = std::nullopt;
  config.reconciliation.every = every;
  return config;
}

std::size_t calls_of(const ServiceRig& rig, const std::string& path) {
  std::size_t count = 0;
  for (const auto& sent : rig.sent) {
    if (sent.request.path == path) ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("one tick of enrichment follows references to the end and derives the edge") {
  ServiceRig rig(article());
  article_payloads(rig);
  rig.event("model_instance_created", "instance_id", "i");
  rig.run_until(seconds(119));
  CHECK(rig.live().size() == 1);
  CHECK(!rig.service->idle());
  rig.run_until(seconds(121));
  CHECK(rig.live().size() == 3);
  CHECK(rig.sent.size() == 3);  // instance, run, and the test for the sake of its cell
  CHECK(rig.sent[2].request.path == kTest);
  CHECK(rig.sent[2].request.work == WorkClass::enrichment);
  CHECK(Graph(*rig.store).derived_edges().size() == 1);
  CHECK(rig.service->counters().edges_materialized == 1);
  rig.run_until(seconds(3600));
  CHECK(rig.sent.size() == 3);
  CHECK(rig.service->idle());
  CHECK(!rig.service->next_wakeup());
}

TEST_CASE("derived edges go with their path, unless retraction is off") {
  for (const bool retraction : {true, false}) {
    ServiceConfig config = article();
    config.enrichment.retraction = retraction;
    ServiceRig rig(config);
    article_payloads(rig);
    rig.event("model_instance_created", "instance_id", "i");
    rig.run_until(seconds(300));
    CHECK(Graph(*rig.store).derived_edges().size() == 1);
    rig.payloads["/api/v1/pipeline-runs/r"] = payload("run_id", "r", 2);
    rig.event("pipeline_run_updated", "run_id", "r", 1);
    rig.run_until(seconds(600));
    CHECK(Graph(*rig.store).derived_edges().size() == (retraction ? 0U : 1U));
  }
}

TEST_CASE("stubs that do not exist are asked for once and then known to be gone") {
  ServiceRig rig(article());
  article_payloads(rig);
  rig.payloads.erase("/api/v1/pipeline-runs/r");
  rig.event("model_instance_created", "instance_id", "i");
  rig.run_until(Time{} + Duration::hours(1));
  CHECK(calls_of(rig, "/api/v1/pipeline-runs/r") == 1);
  CHECK(rig.store->life_cycle("aip://pipeline-run/orchestrator/r") == LifeCycle::deleted);
  CHECK(rig.service->idle());
}

TEST_CASE("a cell that its test does not have is known to be gone, and comes when it is added") {
  ServiceRig rig(article());
  article_payloads(rig);
  rig.payloads[kTest] = payload("test_id", "12345", 1, R"("cells":[{"cell_number":1}])");
  rig.event("model_instance_created", "instance_id", "i");
  rig.run_until(Time{} + Duration::hours(1));
  CHECK(calls_of(rig, kTest) == 1);
  CHECK(Graph(*rig.store).derived_edges().empty());
  CHECK(rig.service->idle());
  article_payloads(rig);
  rig.event("ab_test_updated", "test_id", "12345", 2);
  rig.run_for(Duration::minutes(5));
  CHECK(Graph(*rig.store).derived_edges().size() == 1);
}

TEST_CASE("a stub whose source is down is tried again at longer and longer intervals") {
  ServiceConfig config = article();
  config.hydration.retry.attempts = 1;
  ServiceRig rig(config);
  article_payloads(rig);
  rig.answers = [&](const SourceRequest& request) -> std::optional<Response> {
    if (request.path == kTest && rig.now < Time{} + Duration::hours(2)) return timed_out();
    return std::nullopt;
  };
  rig.event("model_instance_created", "instance_id", "i");
  rig.run_until(Time{} + Duration::hours(2));
  CHECK(calls_of(rig, kTest) >= 4);
  CHECK(calls_of(rig, kTest) <= 7);  // after 2, 4, 8, 16, 32 and 64 minutes
  CHECK(!rig.service->idle());
  rig.run_until(Time{} + Duration::hours(6));
  CHECK(Graph(*rig.store).derived_edges().size() == 1);
  CHECK(rig.service->counters().dead_lettered == 0);
  CHECK(rig.service->idle());
}

TEST_CASE("stubs of sources that are not connected are left alone") {
  ServiceRig rig(service_config({"model-registry"}));
  article_payloads(rig);
  rig.event("model_instance_created", "instance_id", "i");
  rig.run_until(Time{} + Duration::hours(1));
  CHECK(rig.sent.size() == 1);
  CHECK(rig.service->idle());
}

TEST_CASE("reconciliation fetches every entity once per period at its phase") {
  ServiceRig rig(reconciling(Duration::minutes(10)));
  for (int i = 0; i < 10; ++i) {
    const std::string id = std::to_string(i);
    rig.put_model(id, 1);
    rig.service->bootstrap({}, "/api/v1/models/" + id, rig.payloads["/api/v1/models/" + id], {});
  }
  rig.run_until(seconds(5400) - Duration{1});  // nine periods
  for (int i = 0; i < 10; ++i) {
    std::vector<Time> at;
    for (const auto& sent : rig.sent) {
      if (sent.request.path == "/api/v1/models/" + std::to_string(i)) at.push_back(sent.at);
    }
    REQUIRE(at.size() == 9);
    for (std::size_t k = 0; k < 9; ++k) {
      CHECK(at[k] == seconds(600.0 * static_cast<double>(k) + 60.0 * i));
    }
  }
  CHECK(calls_of(rig, "/api/v1/models?limit=100") == 9);
  CHECK(rig.sent.size() == 90 + 18);  // and two listings per period
}

TEST_CASE("reconciliation repairs a lost creation wherever its id stands among the known") {
  for (const auto order :
       {ReconciliationConfig::Order::round_robin, ReconciliationConfig::Order::oldest_first,
        ReconciliationConfig::Order::on_idle}) {
    for (const std::string lost : {"0", "5", "9"}) {
      ServiceConfig config = reconciling(Duration::minutes(10));
      config.reconciliation.order = order;
      ServiceRig rig(config);
      for (int i = 1; i < 9; ++i) {
        rig.put_model(std::to_string(i), 1);
        if (std::to_string(i) != lost) rig.event("model_created", "model_id", std::to_string(i));
      }
      rig.put_model(lost, 1);
      rig.run_until(seconds(1201));
      INFO("lost creation of " << lost);
      CHECK(rig.fact(model_uri(lost), "version") == "1");
    }
  }
}

TEST_CASE("reconciliation repairs a lost creation, a lost change and a lost deletion") {
  for (const auto order :
       {ReconciliationConfig::Order::round_robin, ReconciliationConfig::Order::oldest_first,
        ReconciliationConfig::Order::on_idle}) {
    ServiceConfig config = reconciling(Duration::minutes(10));
    config.reconciliation.order = order;
    config.providers[0].page_size = 3;  // several pages
    ServiceRig rig(config);
    for (int i = 0; i < 20; ++i) {
      rig.put_model(std::to_string(i), 1);
      if (i != 7) rig.event("model_created", "model_id", std::to_string(i));
    }
    rig.run_until(seconds(1));
    rig.put_model("3", 2);
    rig.payloads.erase("/api/v1/models/5");
    rig.run_until(seconds(1201));
    CHECK(rig.live().size() == 19);
    CHECK(rig.fact(model_uri("3"), "version") == "2");
    CHECK(rig.fact(model_uri("7"), "version") == "1");
    CHECK(rig.store->life_cycle(model_uri("5")) == LifeCycle::deleted);
  }
}

TEST_CASE("a lost page of a listing deletes nothing, and the guard protects where it would") {
  for (const double guard : {0.05, 1.0}) {
    for (const bool unsafe : {false, true}) {
      ServiceConfig config = reconciling(Duration::minutes(10));
      config.reconciliation.delete_if_unlisted = unsafe;
      config.reconciliation.delete_guard = guard;
      ServiceRig rig(config);
      for (int i = 0; i < 20; ++i) {
        rig.put_model(std::to_string(i), 1);
        rig.event("model_created", "model_id", std::to_string(i));
      }
      rig.run_until(seconds(1));
      rig.answers = [](const SourceRequest& request) -> std::optional<Response> {
        if (request.path.find("?limit") == std::string::npos) return std::nullopt;
        Response short_list;
        short_list.body = R"({"items":[{"id":"1"}]})";
        return short_list;
      };
      std::size_t fewest = 20;
      for (int minute = 10; minute <= 20; ++minute) {
        rig.run_until(seconds(60.0 * minute + 1));
        fewest = std::min(fewest, rig.live().size());
      }
      CHECK((fewest < 20) == (unsafe && guard == 1.0));
      CHECK((rig.service->counters().guarded > 0) == (unsafe && guard == 0.05));
    }
  }
}

TEST_CASE("on idle, reconciliation never takes a token that an event could have used") {
  ServiceConfig config = reconciling(Duration::hours(1));
  config.reconciliation.order = ReconciliationConfig::Order::on_idle;
  config.hydration.budgets["*"] = {Rate{1, Duration::seconds(1)}, 5};
  ServiceRig rig(config);
  for (int i = 0; i < 30; ++i) {
    const std::string id = std::to_string(i);
    rig.put_model(id, 1);
    rig.service->bootstrap({}, "/api/v1/models/" + id, rig.payloads["/api/v1/models/" + id], {});
  }
  rig.run_until(seconds(20.5));
  const std::size_t before = rig.sent.size();
  CHECK(before >= 15);  // one a second: what a full bucket would lose
  for (int i = 0; i < 4; ++i) rig.event("model_updated", "model_id", std::to_string(i));
  CHECK(rig.sent.size() == before + 4);  // the rest of the bucket was kept for events
  rig.run_until(seconds(120));
  CHECK(ServiceProbe(*rig.service).reconciling() == false);
}

TEST_CASE("a restart goes on where the round stands") {
  ServiceRig rig(reconciling(Duration::minutes(10)));
  for (int i = 0; i < 10; ++i) {
    const std::string id = std::to_string(i);
    rig.put_model(id, 1);
    rig.service->bootstrap({}, "/api/v1/models/" + id, rig.payloads["/api/v1/models/" + id], {});
  }
  rig.run_until(seconds(150));
  rig.crash();
  rig.run_until(seconds(599));
  for (int i = 0; i < 10; ++i) CHECK(calls_of(rig, "/api/v1/models/" + std::to_string(i)) == 1);
}

TEST_CASE("drivers can start a tick and a round themselves") {
  ServiceConfig config = article();
  ServiceRig rig(config);
  article_payloads(rig);
  ServiceStepper(*rig.service).reconcile(rig.now);
  rig.collect();  // nothing is known: only listings
  CHECK(ServiceProbe(*rig.service).reconciling());
  rig.run_until(seconds(1));
  CHECK(rig.live().size() == 3);
  CHECK(!ServiceProbe(*rig.service).reconciling());
  CHECK(ServiceProbe(*rig.service).enrichment_has_work());
  ServiceStepper(*rig.service).enrich(rig.now);
  CHECK(!ServiceProbe(*rig.service).enrichment_has_work());
  CHECK(Graph(*rig.store).derived_edges().size() == 1);
}
