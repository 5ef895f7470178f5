// The parts of the service that need no store: breaker, backoff, look-ups,
// dispatcher.
#include <catch2/catch.hpp>

#include "mds/contract/catalogue.hpp"
#include "mds/contract/listing.hpp"
#include "mds/contract/untrusted.hpp"
#include "mds/hydration/announcement.hpp"
#include "mds/hydration/breaker.hpp"
#include "mds/hydration/dispatcher.hpp"
#include "mds/hydration/retry.hpp"

using namespace rehearse;
using namespace rehearse::mds;

namespace {

std::vector<Provider> shipped_all() {
  std::vector<Provider> providers;
  for (const auto& name : shipped_provider_names()) providers.push_back(*shipped_provider(name));
  return providers;
}

SourceIndex source(const std::vector<Provider>& providers, const std::string& name) {
  for (std::size_t i = 0; i < providers.size(); ++i) {
    if (providers[i].name == name) return {static_cast<std::uint16_t>(i)};
  }
  throw std::logic_error(name);
}

}  // namespace

TEST_CASE("backoff is a share of the exponential bound that depends on document and attempt only") {
  const RetryPolicy policy{5, Duration::milliseconds(200), 2, Duration::seconds(1)};
  double sum = 0;
  for (int i = 0; i < 2000; ++i) {
    const std::string name = "aip://model/registry/m" + std::to_string(i);
    for (int attempt = 1; attempt <= 5; ++attempt) {
      const Duration wait = backoff(policy, 1, name, attempt);
      const Duration bound =
          std::min(Duration::milliseconds(200) * (1 << (attempt - 1)), Duration::seconds(1));
      REQUIRE(wait >= Duration{});
      REQUIRE(wait < bound);
      REQUIRE(wait == backoff(policy, 1, name, attempt));
      sum += static_cast<double>(wait.ns) / static_cast<double>(bound.ns);
    }
  }
  CHECK(sum / 10000 == Approx(0.5).margin(0.01));  // standard error 0.003
  CHECK(backoff(policy, 1, "a", 2) != backoff(policy, 2, "a", 2));
}

TEST_CASE("the breaker opens after failures in a row, tries once, and closes on success") {
  CircuitBreaker breaker(BreakerPolicy{3, Duration::seconds(10)});
  const auto at = [](std::int64_t s) { return Time{} + Duration::seconds(s); };
  using Switch = CircuitBreaker::Switch;
  CHECK(breaker.finish(false, false, at(0)) == Switch::none);
  CHECK(breaker.finish(true, false, at(0)) == Switch::none);
  CHECK(breaker.finish(false, false, at(1)) == Switch::none);
  CHECK(breaker.finish(false, false, at(1)) == Switch::none);
  CHECK(breaker.finish(false, false, at(1)) == Switch::opened);
  CHECK(breaker.earliest() == at(11));
  CHECK(breaker.finish(true, false, at(2)) == Switch::none);  // begun before it opened
  CHECK(breaker.earliest() == at(11));
  CHECK(breaker.start(at(11)));
  CHECK(breaker.earliest() == Time::never());
  CHECK(breaker.finish(false, true, at(12)) == Switch::opened);
  CHECK(breaker.earliest() == at(22));
  CHECK(breaker.start(at(30)));
  CHECK(breaker.finish(true, true, at(31)) == Switch::closed);
  CHECK(breaker.earliest() == Time{});
}

TEST_CASE("the catalogue finds contracts by event, entity and path") {
  const auto providers = shipped_all();
  const Catalogue catalogue(providers);
  const auto registry = source(providers, "model-registry");
  const auto tests = source(providers, "experimentation");
  const auto* announced = catalogue.announced(registry, "model_instance_deleted");
  REQUIRE(announced != nullptr);
  CHECK(announced->op == EventOp::remove);
  CHECK(catalogue.announced(tests, "model_instance_deleted") == nullptr);

  const auto instance = catalogue.document_of("aip://model/registry/x%2Fy", "ModelInstance");
  REQUIRE(instance);
  CHECK(catalogue.path_of(*instance) == "/api/v1/instances/x%2Fy");
  CHECK(catalogue.uri_of(*instance) == "aip://model/registry/x%2Fy");
  CHECK(catalogue.path_of(*catalogue.document_of("aip://model/registry/x", "Model")) ==
        "/api/v1/models/x");
  CHECK(catalogue.document_at(registry, "/api/v1/instances/x%2Fy") == instance);
  CHECK(!catalogue.document_at(registry, "/api/v1/instances/"));
  CHECK(!catalogue.document_at(tests, "/api/v1/instances/x"));

  const auto cell =
      catalogue.document_of("aip://ab-test-cell/experimentation/12345:2", "ABTestCell");
  REQUIRE(cell);
  CHECK(catalogue.path_of(*cell) == "/api/v1/tests/12345");
  for (const char* uri : {"aip://model/other/x", "nonsense", "aip://model/registry/%zz"}) {
    CHECK(!catalogue.document_of(uri, "Model"));
  }
  CHECK(!catalogue.document_of("aip://model/registry/x", "Prompt"));
}

TEST_CASE("two providers that claim the same entities are refused") {
  auto providers = shipped_all();
  providers.push_back(providers.front());
  providers.back().name = "copy";
  CHECK_THROWS_AS(Catalogue(providers), InputError);
}

TEST_CASE("events are validated against what their source declares") {
  const auto providers = shipped_all();
  const Catalogue catalogue(providers);
  const auto registry = source(providers, "model-registry");
  const auto reason = [&](const std::string& body) -> std::string {
    try {
      read_announcement(catalogue, registry, body);
    } catch (const Refusal& refusal) {
      return refusal.reason;
    }
    return "accepted";
  };
  CHECK(reason(R"({"event_type":"model_instance_created","instance_id":"m","more":[1]})") ==
        "accepted");
  CHECK(reason("") == "event is not JSON in UTF-8");
  CHECK(reason("null") == "event is not a JSON object but null");
  CHECK(reason(std::string("{\"event_type\":\"model_created\",\"model_id\":\"m\"}\0x", 47)) ==
        "event is not JSON in UTF-8");
  CHECK(reason("{}") == "event has no event type");
  CHECK(reason(R"({"event_type":5})") == "event's event type is not text");
  CHECK(reason(R"({"event_type":"pipeline_created"})") ==
        "unknown event type \"pipeline_created\"");
  CHECK(reason(R"({"event_type":"model_created"})") == "event has no id");
  CHECK(reason(R"({"event_type":"model_created","model_id":7})") == "event's id is not text");
  CHECK(reason(R"({"event_type":"model_created","model_id":""})") ==
        "event refused: the id is empty");
  CHECK(reason(R"({"event_type":"model_created","model_id":".."})") ==
        "event refused: the id is a dot segment");
  CHECK(reason(R"({"event_type":"model_created","model_id":")" + std::string(1 << 20, 'a') +
               "\"}") == "event refused: the id is longer than 1024 bytes");
}

TEST_CASE("listings are read page by page and hostile pages are refused") {
  const auto page =
      parse_listing(R"({"items":[{"id":"a"},{"id":"b","x":1}],"next_cursor":"b"})", "");
  CHECK(page.ids == std::vector<std::string>{"a", "b"});
  CHECK(page.next_cursor == "b");
  CHECK(!parse_listing(R"({"items":[]})", "b").next_cursor);
  for (const char* bad :
       {"", "[]", "{}", R"({"items":{}})", R"({"items":[1]})", R"({"items":[{"id":1}]})",
        R"({"items":[{"id":""}]})", R"({"items":[],"next_cursor":5})",
        R"({"items":[],"next_cursor":"b"})", R"({"items":[],"next_cursor":""})"}) {
    INFO(bad);
    CHECK_THROWS_AS(parse_listing(bad, "b"), Refusal);
  }
}

TEST_CASE("no class starves: each waiting class gets one call in eleven at least") {
  ServiceConfig config;
  config.providers = shipped_all();
  const Catalogue catalogue(config.providers);
  Dispatcher dispatcher(config, catalogue);
  std::array<int, kWorkClasses> started{};
  int names = 0;
  const auto add = [&](WorkClass work) {
    const JobIndex job = dispatcher.jobs.open({0, std::to_string(++names)}, work, true);
    dispatcher.queue(job, SourceIndex{0});
  };
  for (int i = 0; i < 1100; ++i) {  // all three classes always have work
    for (const auto work : {WorkClass::event, WorkClass::enrichment, WorkClass::reconciliation}) {
      add(work);
    }
    const auto job = dispatcher.start({});
    REQUIRE(job);
    ++started[static_cast<std::size_t>(dispatcher.jobs[*job].work)];
    dispatcher.finish(dispatcher.jobs[*job], SourceIndex{0}, true, {});
    dispatcher.jobs.close(*job);
  }
  CHECK(started[0] > 850);
  CHECK(started[1] >= 90);
  CHECK(started[2] >= 90);
}
