#include "mds/service/service_config.hpp"

#include <catch2/catch.hpp>
#include <fstream>

#include "fixtures.hpp"

using namespace rehearse;
using namespace rehearse::mds;

namespace {

ServiceConfig parse(const std::string& text,
                    const std::vector<std::string>& sources = {"datasets", "identity"}) {
  const config::Node node = config::parse(text, "s.json");
  return parse_service_config(node, sources);
}

std::string error_of(const std::string& text,
                     const std::vector<std::string>& sources = {"datasets", "identity"}) {
  try {
    parse(text, sources);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("an empty section gives the stated defaults and the shipped providers and rules") {
  const ServiceConfig config = parse("{}");
  CHECK(config.providers.size() == 2);
  CHECK(config.source("identity") == SourceIndex{1});
  CHECK(config.rules.size() == 3);
  CHECK(config.hydration.concurrency == 64);
  CHECK(config.hydration.timeout == Duration::seconds(2));
  CHECK(config.hydration.retry.attempts == 5);
  CHECK(!config.hydration.breaker);
  CHECK(config.enrichment.every == Duration::minutes(2));
  CHECK(!config.reconciliation.every);
  CHECK(config.store.path.empty());
}

TEST_CASE("an index that follows and a query cache are read") {
  const ServiceConfig config = parse(R"({
    "index": {"mode": "after", "lag": {"uniform": ["1s", "3s"]}, "recovery": "rebuild",
      "rate": "2/s"},
    "query_cache": {"ttl": "601s", "empty": false, "invalidate": "on-write"}})");
  CHECK(config.store.index_after);
  CHECK(config.index.lag.mean() == Duration::seconds(2));
  CHECK(config.index.recovery == IndexConfig::Recovery::rebuild);
  CHECK(config.index.rate->count == 2);
  CHECK(config.query_cache->ttl == Duration::seconds(601));
  CHECK(!config.query_cache->empty);
  CHECK(config.query_cache->invalidate);
  const ServiceConfig defaults = parse(R"({"index": {"mode": "after"}, "query_cache": "none"})");
  CHECK(defaults.index.lag.mean() == Duration::seconds(1));
  CHECK(defaults.index.recovery == IndexConfig::Recovery::replay);
  CHECK(!defaults.query_cache);
  CHECK(!parse("{}").store.index_after);
  CHECK_THAT(error_of(R"({"index": {"lag": {"constant": "1s"}}})"),
             Catch::Contains("/index/lag") && Catch::Contains("\"mode\": \"after\""));
  CHECK_THAT(error_of(R"({"index": {"mode": "after", "rate": "0/s"}})"),
             Catch::Contains("/index/rate"));
  CHECK_THAT(error_of(R"({"query_cache": {"empty": false}})"), Catch::Contains("ttl"));
  CHECK_THAT(error_of(R"({"query_cache": {"ttl": "0s"}})"), Catch::Contains("/query_cache/ttl"));
}

TEST_CASE("every key of the section is read") {
  const ServiceConfig config = parse(R"({
    "hydration": {"budgets": {"*": {"rate": "20/s", "burst": 3}, "datasets": {"rate": "none"}},
      "total": {"rate": "50/s"}, "concurrency": 2, "timeout": "1s",
      "retry": {"attempts": 3, "base": "1s", "factor": 3, "cap": "9s"},
      "breaker": {"failures": 7, "open_for": "1m"}, "cache_ttl": "5s", "queue_limit": 10,
      "mode": "event-payload", "coalescing": "unguarded", "unknown_references": "reject"},
    "enrichment": {"every": "none", "batch": 5, "retraction": false},
    "reconciliation": {"every": "1h", "order": "oldest-first", "delete_guard": 0.5,
      "delete_if_unlisted": true},
    "index": {"mode": "same-transaction"}, "store": "graph.db"})");
  CHECK(config.hydration.budgets.at("*").rate->count == 20);
  CHECK(config.hydration.budgets.at("*").burst == 3);
  CHECK(!config.hydration.budgets.at("datasets").rate);
  CHECK(config.hydration.total.rate->count == 50);
  CHECK(config.hydration.concurrency == 2);
  CHECK(config.hydration.retry.cap == Duration::seconds(9));
  CHECK(config.hydration.breaker->failures == 7);
  CHECK(config.hydration.cache_ttl == Duration::seconds(5));
  CHECK(config.hydration.queue_limit == 10);
  CHECK(config.hydration.event_payload);
  CHECK(config.hydration.unguarded);
  CHECK(config.hydration.reject_unknown_references);
  CHECK(!config.enrichment.every);
  CHECK(config.enrichment.batch == 5);
  CHECK(!config.enrichment.retraction);
  CHECK(config.reconciliation.every == Duration::hours(1));
  CHECK(config.reconciliation.order == ReconciliationConfig::Order::oldest_first);
  CHECK(config.reconciliation.delete_guard == 0.5);
  CHECK(config.reconciliation.delete_if_unlisted);
  CHECK(config.store.path == "graph.db");
}

TEST_CASE("a mistake in the section is an error with its place") {
  CHECK(error_of("{}") == "accepted");
  CHECK(error_of(R"({"hydration":{"budgets":{"dataset":{}}}})").find("datasets") !=
        std::string::npos);
  CHECK(error_of(R"({"hydration":{"retry":{"atempts":3}}})").find("attempts") != std::string::npos);
  CHECK(error_of(R"({"hydration":{"timeout":"0s"}})").find("/hydration/timeout") !=
        std::string::npos);
  CHECK(error_of(R"({"enrichment":{"every":"0s"}})").find("none") != std::string::npos);
  CHECK(error_of(R"({"reconciliation":{"order":"robin"}})").find("round-robin") !=
        std::string::npos);
  CHECK(error_of(R"({"index":{"mode":"before","lag":{"constant":"1s"}}})") != "accepted");
  CHECK(error_of(R"({"query_cache":{"ttl":"1s","size":1}})") != "accepted");
  CHECK(error_of("{}", {"dataset"}).find("\"datasets\"") != std::string::npos);
  CHECK(error_of(R"({"providers":["nowhere.json"]})").find("nowhere.json") != std::string::npos);
}

TEST_CASE("a declared provider is read from its file, beside the scenario") {
  test::TemporaryFolder folder;
  std::ofstream(folder.path() / "p.json") << R"({
    "name": "prompts", "domain": "prompts", "platform": "prompts", "types": [{
      "type": "Prompt", "component": "prompt", "path": "/p/{id}", "id": "/id",
      "events": {"saved": "update"}, "event_id": "/id",
      "fields": [{"attribute": "version", "pointer": "/v", "kind": "integer", "required": true}]}]})";
  std::ofstream(folder.path() / "s.json") << R"({"providers": ["p.json"]})";
  const config::Node node = config::load(folder.path() / "s.json");
  CHECK(parse_service_config(node, {"datasets", "prompts"}).providers[1].platform == "prompts");
  CHECK_THROWS_AS(parse_service_config(node, {"datasets"}), InputError);
}
