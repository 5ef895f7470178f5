#include "measure/recorder.hpp"

#include <catch2/catch.hpp>

#include "history.hpp"

using namespace rehearse;
using namespace rehearse::measure;
using namespace rehearse::test;
using Kind = mds::Notice::Kind;

namespace {

RecorderConfig measuring(std::int64_t warmup, std::int64_t duration, std::int64_t quiesce) {
  RecorderConfig c;
  c.window = {at(warmup), at(duration), at(duration + quiesce)};
  c.sources = {{"model-registry", 4}};
  c.rules = {{"associatedAbTest", "associatedModelInstance", "ModelInstance", {}}};
  c.buckets = 10;
  return c;
}

}  // namespace

TEST_CASE("a graph that starts hydrated is fresh until the first change, and follows it") {
  Recorder r(measuring(0, 100, 0));
  r.start({truth("a", 1, 10), truth("b", 1, 20)}, {copies({{"a", 1, 10}, {"b", 1, 20}})}, {});
  tell(r, change(1, 20, "a", 2, 11));
  r.on(copies({{"a", 2, 11}}), at(30));
  r.finish();
  const Metrics m = r.metrics({});
  CHECK(m.at("entity.freshness.mean") == Approx(0.95));
  CHECK(m.at("entity.age.mean") == Approx(50.0 / 200));
  CHECK(m.at("entity.age.p99") == Approx(8.0));
  CHECK(m.at("entity.age.max") == 10);
  CHECK(m.at("path.facts.lag.max") == 10);
  CHECK(m.at("path.facts.lag.count") == 1);
  CHECK(m.at("path.index.lag.count") == 1);
  CHECK(m.at("truth.changes") == 1);
}

TEST_CASE("a cold start is stale from time 0 until each entity is hydrated") {
  Recorder r(measuring(0, 100, 0));
  r.start({truth("a", 1, 10)}, {}, {});
  r.on(copies({{"a", 1, 10}}), at(25));
  r.finish();
  CHECK(r.metrics({}).at("entity.freshness.mean") == Approx(0.75));
  CHECK(r.metrics({}).at("path.facts.lag.max") == 25);
}

TEST_CASE("means cover the window only, counters the whole run, and quiescence is not measured") {
  Recorder r(measuring(50, 100, 20));
  r.start({truth("a", 1, 10)}, {copies({{"a", 1, 10}})}, {});
  tell(r, change(1, 10, "a", 2, 11));
  r.on(models::Published{{1}, 1}, at(10));
  r.on(models::EventFate{{1}, models::Fate::dropped}, at(10));
  tell(r, change(2, 90, "a", 3, 12));
  r.on(models::Published{{2}, 2}, at(90));
  r.on(models::EventFate{{2}, models::Fate::delivered}, at(110));
  r.on(copies({{"a", 3, 12}}), at(110));
  r.finish();
  const Metrics m = r.metrics({});
  CHECK(m.at("entity.freshness.mean") == 0);
  CHECK(m.at("entity.age.p50") == Approx(65));  // ages 40 to 90 s: missed since the warm-up
  CHECK(m.at("entity.age.max") == 90);
  CHECK(m.at("path.facts.lag.count") == 1);
  CHECK(m.at("path.facts.lag.max") == 20);
  CHECK(m.at("bus.published") == 2);
  CHECK(m.at("bus.dropped") == 1);
  CHECK(m.at("bus.delivered") == 1);
}

TEST_CASE("an edge and its reverse are one edge") {
  Recorder r(measuring(0, 100, 0));
  r.start({}, {}, {});
  tell(r, change(1, 10, "m", 1, 1), {{{"m", "associatedAbTest", "t"}}, {}});
  mds::TxReport report;
  report.edges = {{"m", "associatedAbTest", "t", true},
                  {"t", "associatedModelInstance", "m", true}};
  r.on(report, at(40));
  r.finish();
  const Metrics m = r.metrics({});
  CHECK(m.at("edge.recall.mean") == Approx(60.0 / 90));
  CHECK(m.at("edge.precision.mean") == 1);
  CHECK(m.at("edge.lag.max") == 30);
  CHECK(m.at("edge.lag.count") == 1);
  CHECK(m.at("edge.phantom") == 0);
  CHECK(m.at("enrichment.edges_materialized") == 1);
}

TEST_CASE("deliveries, calls and the queue become hydration and source metrics") {
  Recorder r(measuring(0, 100, 0));
  r.start({truth("a", 1, 10)}, {copies({{"a", 1, 10}})}, {});
  r.on(models::EventFate{{1}, models::Fate::delivered}, at(10));
  r.on(models::QueueLength{1}, at(10));
  r.on(models::EventFate{{2}, models::Fate::delivered}, at(12));
  r.on(call(1, "a"), at(20));
  r.on(notice(Kind::first_call, 1, ""), at(20));
  r.on(notice(Kind::first_call, 2, ""), at(20));
  r.on(models::QueueLength{0}, at(20));
  r.on(models::CallServed{{1}, 0, Duration::seconds(1), Duration::seconds(8)}, at(21));
  mds::Response refused;
  refused.status = 429;
  r.on(models::CallEnded{{1}, refused, 0}, at(29));
  r.on(notice(Kind::queue_full, 0, ""), at(30));
  r.finish();
  RunTotals totals;
  totals.service.coalesced = 1;
  totals.service.queue_max = 1;
  const Metrics m = r.metrics(totals);
  CHECK(m.at("hydration.wait.mean") == 9);
  CHECK(m.at("hydration.wait.count") == 2);
  CHECK(m.at("hydration.coalesced") == 1);
  CHECK(m.at("hydration.requests") == 1);
  CHECK(m.at("hydration.queue.max") == 1);
  CHECK(m.at("hydration.queue.refused") == 1);
  CHECK(m.at("source.model-registry.requests") == 1);
  CHECK(m.at("source.model-registry.throttled") == 1);
  CHECK(m.at("source.model-registry.rate.mean") == Approx(0.01));
  CHECK(m.at("source.model-registry.utilization") == Approx(8.0 / 400));
  CHECK(m.at("source.model-registry.api.wait.mean") == 1);
  CHECK(r.series()[1].queue_length == 1);
  CHECK(r.series()[1].age_max == 0);
}

TEST_CASE("the time series cuts the whole run into buckets and averages within each") {
  Recorder r(measuring(20, 80, 20));
  r.start({truth("a", 1, 10), truth("b", 1, 20)}, {copies({{"a", 1, 10}, {"b", 1, 20}})}, {});
  tell(r, change(1, 15, "a", 2, 11));
  r.on(models::Published{{1}, 1}, at(15));
  r.on(copies({{"a", 2, 11}}), at(35));
  r.finish();
  const std::vector<Bucket> series = r.series();
  REQUIRE(series.size() == 10);
  CHECK(series[0].freshness == 1);
  CHECK(series[1].freshness == Approx(0.75));
  CHECK(series[1].age_max == 5);
  CHECK(series[1].published == Approx(0.1));
  CHECK(series[2].freshness == Approx(0.5));
  CHECK(series[2].age_mean == Approx(5.0));  // 5 to 15 s, half of the entities
  CHECK(series[2].age_max == 15);
  CHECK(series[3].stale_entities == Approx(0.5));
  CHECK(series[3].age_max == 20);
  CHECK(series[4].age_max == 0);
  CHECK(series[9].end == at(100));
}

TEST_CASE("every metric is finite and in the catalogue, and the catalogue has no other") {
  Recorder r(measuring(0, 100, 0));
  r.start({}, {}, {});
  r.finish();
  Metrics m = r.metrics({});
  for (const auto& [name, value] : m) {
    INFO(name);
    CHECK(std::isfinite(value));
    CHECK(find_metric(name, {{"model-registry"}, {}}) != nullptr);
  }
  for (const std::string& name : metric_names({{"model-registry"}, {}})) {
    INFO(name);
    const bool elsewhere = name.starts_with("divergent.") || name == "converged";
    CHECK(m.contains(name) == !elsewhere);
  }
}
