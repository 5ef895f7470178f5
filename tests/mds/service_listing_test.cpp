// Listings that fail, and rounds that begin late: what a source lists is found in the end, nothing
// is deleted for a gap, and a restart brings no burst of calls.
#include <catch2/catch.hpp>

#include "mds/service/probe.hpp"
#include "service_rig.hpp"

using namespace rehearse;
using namespace rehearse::mds;
using namespace rehearse::test;

namespace {

const std::string kFirstPage = "/api/v1/models?limit=2";

ServiceConfig listing_by_two(Duration every) {
  ServiceConfig config = service_config({"model-registry"});
  config.enrichment.every = std::nullopt;
  config.reconciliation.every = every;
  config.hydration.retry.attempts = 1;
  config.providers[0].page_size = 2;
  return config;
}

/// What is not listed is deleted, however much that is.
ServiceConfig deleting_by_two(Duration every) {
  ServiceConfig config = listing_by_two(every);
  config.reconciliation.delete_if_unlisted = true;
  config.reconciliation.delete_guard = 1;
  return config;
}

bool lists_models(const SourceRequest& request) {
  return request.path.find("/models?limit") != std::string::npos;
}

std::size_t calls_of(const ServiceRig& rig, const std::string& path) {
  std::size_t count = 0;
  for (const auto& sent : rig.sent) {
    if (sent.request.path == path) ++count;
  }
  return count;
}

void know_models(ServiceRig& rig, int count) {
  for (int i = 0; i < count; ++i) {
    const std::string id = std::to_string(i);
    rig.put_model(id, 1);
    rig.service->bootstrap({}, "/api/v1/models/" + id, rig.payloads["/api/v1/models/" + id], {});
  }
}

}  // namespace

TEST_CASE("a listing that breaks off goes on at its cursor in the next round") {
  ServiceRig rig(listing_by_two(Duration::minutes(10)));
  know_models(rig, 9);
  rig.put_model("9", 1);  // on the fifth page, its creation lost
  int listed = 0;
  rig.answers = [&](const SourceRequest& request) -> std::optional<Response> {
    if (lists_models(request) && listed++ % 2 == 1) return status(500);  // every second page
    return std::nullopt;
  };
  rig.run_until(seconds(599));
  CHECK(listed == 2);
  rig.run_until(seconds(5 * 600 - 1));
  CHECK(rig.fact(model_uri("9"), "version") == "1");
  CHECK(calls_of(rig, kFirstPage) == 1);
  CHECK(listed == 5 + 4);  // five pages, four of which failed once
  rig.run_until(seconds(6 * 600 - 1));
  CHECK(calls_of(rig, kFirstPage) == 2);  // that listing was read to its end: the next is new
}

TEST_CASE("a listing whose cursor the source no longer takes begins anew") {
  ServiceRig rig(listing_by_two(Duration::minutes(10)));
  know_models(rig, 5);
  rig.put_model("5", 1);
  int second_page = 0;
  rig.answers = [&](const SourceRequest& request) -> std::optional<Response> {
    if (request.path != kFirstPage + "&cursor=1") return std::nullopt;
    ++second_page;
    if (second_page == 1) return timed_out();
    if (second_page == 2) return status(400);
    return std::nullopt;
  };
  rig.run_until(seconds(1199));
  CHECK(calls_of(rig, kFirstPage) == 1);
  CHECK(second_page == 2);
  CHECK(rig.fact(model_uri("5"), "version").empty());
  rig.run_until(seconds(1799));
  CHECK(calls_of(rig, kFirstPage) == 2);
  CHECK(rig.fact(model_uri("5"), "version") == "1");
}

TEST_CASE("a listing that went on from a gap deletes nothing") {
  ServiceRig rig(deleting_by_two(Duration::minutes(10)));
  know_models(rig, 6);
  int second_page = 0;
  rig.answers = [&](const SourceRequest& request) -> std::optional<Response> {
    if (request.path == kFirstPage + "&cursor=1" && ++second_page == 1) return status(500);
    return std::nullopt;
  };
  for (int second = 1; second < 1200; second += 10) {
    rig.run_until(seconds(second));
    REQUIRE(rig.live().size() == 6);
  }
  CHECK(second_page == 2);  // the second round read on to the end, without the first page
}

TEST_CASE("what a listing deletes was last verified when its first page was asked for") {
  ServiceRig rig(deleting_by_two(Duration::minutes(1)));
  know_models(rig, 4);
  rig.answers = [](const SourceRequest& request) -> std::optional<Response> {
    Response page;
    page.body = R"({"items":[{"id":"0"}],"next_cursor":"1"})";
    if (request.path == kFirstPage) return page;
    page.body = R"({"items":[{"id":"1"},{"id":"2"}]})";
    if (request.path == kFirstPage + "&cursor=1") return page;
    return std::nullopt;
  };
  rig.latency = Duration::seconds(5);
  rig.run_until(seconds(80));  // before the round fetches it
  REQUIRE(rig.store->life_cycle(model_uri("3")) == LifeCycle::deleted);
  CHECK(rig.store->last_verified(model_uri("3")) == seconds(60));
}

TEST_CASE("a listing that outlasts its round deletes nothing of what came meanwhile") {
  ServiceRig rig(deleting_by_two(Duration::minutes(1)));
  know_models(rig, 4);
  rig.latency = Duration::seconds(40);  // two pages: 80 s
  rig.run_until(seconds(41));           // the first page has come
  rig.put_model("00", 1);
  rig.service->bootstrap({}, "/api/v1/models/00", rig.payloads["/api/v1/models/00"], rig.now);
  for (int second = 42; second < 100; ++second) {
    rig.run_until(seconds(second));
    REQUIRE(rig.live().size() == 5);
  }
}

TEST_CASE("a full queue delays what is to be reconciled and never leaves it out") {
  for (const auto order :
       {ReconciliationConfig::Order::round_robin, ReconciliationConfig::Order::oldest_first,
        ReconciliationConfig::Order::on_idle}) {
    ServiceConfig config = listing_by_two(Duration::minutes(10));
    config.reconciliation.order = order;
    config.hydration.queue_limit = 1;
    config.hydration.concurrency = 1;
    ServiceRig rig(config);
    know_models(rig, 4);
    rig.put_model("00", 1);  // only the listing knows of it
    rig.run_until(seconds(599));
    CHECK(rig.live().size() == 5);
    CHECK(calls_of(rig, kFirstPage) == 1);
    CHECK(calls_of(rig, "/api/v1/instances?limit=2") == 1);
    for (const char* id : {"0", "1", "2", "3", "00"}) {
      INFO(id);
      CHECK(calls_of(rig, std::string("/api/v1/models/") + id) == 1);
    }
    CHECK(!ServiceProbe(*rig.service).reconciling());
    CHECK(rig.service->counters().queue_refusals == 0);
    CHECK(rig.service->counters().queue_max == 2);  // a page of a listing follows the one before
  }
}

TEST_CASE("oldest first after a restart goes on at its usual pace, the oldest first") {
  ServiceConfig config = listing_by_two(Duration::minutes(10));
  config.reconciliation.order = ReconciliationConfig::Order::oldest_first;
  ServiceRig rig(config);
  know_models(rig, 10);
  rig.run_until(seconds(150));
  rig.crash();
  rig.sent.clear();
  rig.run_until(seconds(599));
  std::vector<std::string> fetched;
  for (const auto& sent : rig.sent) {
    if (sent.request.path.find("?limit") != std::string::npos) continue;
    CHECK(sent.at == seconds(150 + 60.0 * static_cast<double>(fetched.size())));
    fetched.push_back(sent.request.path.substr(sent.request.path.rfind('/') + 1));
  }
  // 1 and 2 were fetched before the crash; so was 0, but at the time at which all were known.
  CHECK(fetched == std::vector<std::string>{"0", "3", "4", "5", "6", "7", "8", "9"});
}

TEST_CASE("a 429 that says when to come again uses up no attempt, other failures do") {
  const auto calls = [](const Response& refusal, int refusals, bool counted = false) {
    ServiceConfig config = service_config({"model-registry"});
    config.enrichment.every = std::nullopt;
    config.hydration.retry.attempts = 3;
    config.hydration.retry.count_throttled = counted;
    ServiceRig rig(config);
    rig.put_model("m", 1);
    rig.answers = [&](const SourceRequest&) -> std::optional<Response> {
      if (refusals-- > 0) return refusal;
      return std::nullopt;
    };
    rig.event("model_created", "model_id", "m");
    rig.run_until(seconds(3600));
    CHECK(rig.acked.size() == 1);
    CHECK(rig.live().size() == 1 - rig.service->counters().gave_up);
    CHECK(rig.service->counters().dead_lettered == rig.service->counters().gave_up);
    return rig.sent.size();
  };
  CHECK(calls(status(429, Duration::seconds(5)), 20) == 21);
  CHECK(calls(status(429, Duration::seconds(5)), 20, true) == 3);
  CHECK(calls(status(429), 20) == 3);
  CHECK(calls(status(429, Duration{}), 20) == 3);
  CHECK(calls(status(503, Duration::seconds(5)), 20) == 3);
}
