// A search index that follows the facts: what it shows when, and what becomes of rows that a crash
// or an outage kept from being written.
#include <catch2/catch.hpp>
#include <set>

#include "fixtures.hpp"
#include "mds/graph/search.hpp"
#include "mds/service/probe.hpp"
#include "mds/store/consistency.hpp"
#include "service_rig.hpp"

using namespace rehearse;
using namespace rehearse::mds;
using rehearse::test::model_uri;
using rehearse::test::seconds;
using rehearse::test::service_config;
using rehearse::test::ServiceRig;
using Recovery = IndexConfig::Recovery;

namespace {

ServiceConfig following(Duration lag, Recovery recovery = Recovery::replay) {
  ServiceConfig config = service_config({"model-registry"});
  config.store.index_after = true;
  config.index.lag = stats::Distribution::constant(lag);
  config.index.recovery = recovery;
  return config;
}

void announce(ServiceRig& rig, const std::string& id, int version) {
  rig.put_model(id, version);
  rig.event("model_updated", "model_id", id);
}

void remove(ServiceRig& rig, const std::string& id) {
  rig.payloads.erase("/api/v1/models/" + id);
  rig.event("model_deleted", "model_id", id);
}

/// Ids of the models that a search for their name finds.
std::vector<std::string> found(const ServiceRig& rig, const std::vector<std::string>& ids) {
  std::vector<std::string> found;
  for (const std::string& id : ids) {
    if (!Graph(*rig.store).answer("find", model_uri(id)).empty()) found.push_back(id);
  }
  return found;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("an index that follows shows a change after its lag, and the facts at once") {
  ServiceRig rig(following(Duration::seconds(90)));
  announce(rig, "a", 1);
  rig.run_until(seconds(1));
  CHECK(rig.live() == Ids{model_uri("a")});
  CHECK(search(Graph(*rig.store), parse_query("a"), 10).empty());
  CHECK(!rig.service->idle());
  rig.run_until(seconds(90));
  CHECK(found(rig, {"a"}).empty());
  rig.run_until(seconds(91));
  CHECK(found(rig, {"a"}) == Ids{"a"});
  CHECK(rig.service->idle());
  CHECK(check_consistency(*rig.store).empty());
}

TEST_CASE("an index that follows finds what is gone until its row is removed") {
  ServiceRig rig(following(Duration::seconds(90)));
  announce(rig, "a", 1);
  rig.run_until(seconds(100));
  remove(rig, "a");
  rig.run_until(seconds(150));
  CHECK(rig.live().empty());
  const auto hits = search(Graph(*rig.store), parse_query("a type:Model"), 10);
  REQUIRE(hits.size() == 1);
  CHECK(hits[0].entity.life == LifeCycle::deleted);
  CHECK(hits[0].entity.name == "a");
  rig.run_until(seconds(200));
  CHECK(found(rig, {"a"}).empty());
  CHECK(check_consistency(*rig.store).empty());
}

TEST_CASE("transactions say which documents wait for the index and which it shows") {
  ServiceRig rig(following(Duration::seconds(5)));
  announce(rig, "a", 1);
  rig.run_until(seconds(10));
  const auto reports = rig.store->take_reports();
  std::size_t waiting = 0;
  std::size_t shown = 0;
  for (const TxReport& report : reports) {
    for (const DocumentChange& document : report.documents) waiting += document.index_waits ? 1 : 0;
    if (report.cause.kind == CauseKind::index) {
      CHECK(report.indexed == Ids{model_uri("a")});
      CHECK(report.at == seconds(5.01));
      ++shown;
    }
  }
  CHECK(waiting == 1);
  CHECK(shown == 1);
}

TEST_CASE("index rows follow the order of their transactions, whatever lags are drawn") {
  ServiceConfig config = following({});
  config.index.lag = stats::Distribution(
      stats::Distribution::Uniform{Duration::seconds(1), Duration::seconds(100)});
  ServiceRig rig(config);
  for (int i = 0; i < 30; ++i) {
    announce(rig, "m" + std::to_string(i), 1);
    rig.run_for(Duration::seconds(1));
  }
  rig.run_for(Duration::seconds(200));
  std::vector<std::string> order;
  std::set<std::int64_t> times;
  for (const TxReport& report : rig.store->take_reports()) {
    if (report.cause.kind == CauseKind::index) times.insert(report.at.ns);
    for (const std::string& uri : report.indexed) order.push_back(uri);
  }
  REQUIRE(order.size() == 30);
  for (std::size_t i = 0; i < 30; ++i) CHECK(order[i] == model_uri("m" + std::to_string(i)));
  CHECK(times.size() > 3);  // lags really differ
}

TEST_CASE("the lag of a transaction does not depend on what happened before a copy or a restart") {
  const auto shown_at = [](bool restart) {
    ServiceConfig config = following({});
    config.index.lag = stats::Distribution(stats::Distribution::Exponential{Duration::seconds(50)});
    ServiceRig rig(config);
    announce(rig, "a", 1);
    rig.run_until(seconds(0.01));
    if (restart) {
      rig.service = std::make_unique<Service>(*rig.service);
    }
    rig.run_until(seconds(1000));
    Time at;
    for (const TxReport& report : rig.store->take_reports()) {
      if (!report.indexed.empty()) at = report.at;
    }
    return at;
  };
  CHECK(shown_at(false) == shown_at(true));
  CHECK(shown_at(false) > seconds(0.01));
}

TEST_CASE("rows that a crash kept from being written are replayed by the next life") {
  ServiceRig rig(following(Duration::seconds(60)));
  announce(rig, "a", 1);
  rig.run_until(seconds(30));
  rig.crash();
  rig.run_until(seconds(89));
  CHECK(found(rig, {"a"}).empty());
  rig.run_until(seconds(91));
  CHECK(found(rig, {"a"}) == Ids{"a"});
  CHECK(check_consistency(*rig.store).empty());
}

TEST_CASE("without recovery the rows that a crash kept from being written stay missing") {
  ServiceRig rig(following(Duration::seconds(60), Recovery::none));
  announce(rig, "a", 1);
  rig.run_until(seconds(30));
  rig.crash();
  CHECK(rig.service->counters().index_rows_lost == 1);
  announce(rig, "b", 1);
  rig.run_until(seconds(600));
  CHECK(found(rig, {"a", "b"}) == Ids{"b"});
  CHECK(!check_consistency(*rig.store).empty());
  announce(rig, "a", 2);  // the next change brings it back
  rig.run_until(seconds(1000));
  CHECK(found(rig, {"a", "b"}) == Ids{"a", "b"});
}

TEST_CASE("a reindex adds what was missed and never removes what is gone, a rebuild does both") {
  for (const Recovery recovery : {Recovery::reindex, Recovery::rebuild}) {
    ServiceRig rig(following(Duration::seconds(60), recovery));
    announce(rig, "gone", 1);
    announce(rig, "stays", 1);
    rig.run_until(seconds(100));
    CHECK(found(rig, {"gone", "stays"}) == Ids{"gone", "stays"});
    remove(rig, "gone");
    announce(rig, "new", 1);
    rig.run_until(seconds(120));
    rig.crash();
    rig.run_until(seconds(600));
    INFO((recovery == Recovery::reindex ? "reindex" : "rebuild"));
    CHECK(rig.live() == Ids{model_uri("new"), model_uri("stays")});
    const Ids all = {"gone", "new", "stays"};
    CHECK(found(rig, all) == (recovery == Recovery::reindex ? all : Ids{"new", "stays"}));
    CHECK(check_consistency(*rig.store).empty() == (recovery == Recovery::rebuild));
  }
}

TEST_CASE("an outage of the index delays its rows, or loses them where they are not kept") {
  for (const Recovery recovery : {Recovery::replay, Recovery::none, Recovery::rebuild}) {
    ServiceRig rig(following(Duration::seconds(1), recovery));
    rig.service->set_index_up(false, rig.now);
    announce(rig, "a", 1);
    rig.run_until(seconds(3600));
    CHECK(found(rig, {"a"}).empty());
    rig.service->set_index_up(true, rig.now);
    rig.run_until(seconds(3602));
    CHECK(found(rig, {"a"}) == (recovery == Recovery::none ? Ids{} : Ids{"a"}));
    CHECK(rig.service->counters().index_rows_lost == (recovery == Recovery::replay ? 0U : 1U));
    CHECK(rig.service->idle());
  }
}

TEST_CASE("an index takes its rate of rows, so a rebuild lasts as long as there are entities") {
  const auto caught_up = [](Recovery recovery) {
    ServiceConfig config = following({}, recovery);
    config.index.rate = Rate{2, Duration::seconds(1)};
    ServiceRig rig(config);
    for (int i = 0; i < 200; ++i) {
      const std::string id = "m" + std::to_string(i);
      rig.put_model(id, 1);
      rig.service->bootstrap(SourceIndex{0}, "/api/v1/models/" + id,
                             rig.payloads["/api/v1/models/" + id], rig.now);
    }
    rig.service->enrich_all(rig.now);
    CHECK(!ServiceProbe(*rig.service).indexing_has_work());
    rig.service->set_index_up(false, rig.now);
    announce(rig, "late", 1);
    rig.run_until(seconds(10));
    rig.service->set_index_up(true, rig.now);
    while (ServiceProbe(*rig.service).indexing_has_work() && rig.now < seconds(1000)) {
      rig.run_for(Duration::milliseconds(500));
    }
    CHECK(found(rig, {"late"}) == Ids{"late"});
    return rig.now;
  };
  CHECK(caught_up(Recovery::replay) < seconds(12));
  const Time rebuilt = caught_up(Recovery::rebuild);
  CHECK(rebuilt > seconds(105));
  CHECK(rebuilt < seconds(115));
}

TEST_CASE("a savepoint and a copy of the service take index rows and plans back") {
  ServiceRig rig(following(Duration::seconds(10)));
  announce(rig, "a", 1);
  rig.run_until(seconds(1));
  rig.store->savepoint();
  const Service before = *rig.service;
  ServiceStepper(*rig.service).index(rig.now);
  CHECK(found(rig, {"a"}) == Ids{"a"});
  CHECK(!ServiceProbe(*rig.service).indexing_has_work());
  rig.store->rollback_to_savepoint();
  *rig.service = before;
  CHECK(found(rig, {"a"}).empty());
  CHECK(ServiceProbe(*rig.service).indexing_has_work());
  rig.run_until(seconds(12));
  CHECK(found(rig, {"a"}) == Ids{"a"});
}

TEST_CASE("a store file remembers how its index is written") {
  const rehearse::test::TemporaryFolder folder;
  StoreOptions options;
  options.path = (folder.path() / "graph.db").string();
  options.index_after = true;
  const Schema schema;
  { const Store store(options, schema); }
  CHECK(Store(options.path).index_follows());
  CHECK(Store(options, schema).index_follows());
  options.index_after = false;
  CHECK_THROWS_WITH(Store(options, schema), Catch::Contains("follows the facts"));
}
