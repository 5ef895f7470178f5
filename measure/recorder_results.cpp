// The recorder's results: metrics over the measured window, and the time series.
#include <algorithm>
#include <cassert>

#include "measure/recorder.hpp"

namespace rehearse::measure {
namespace {

double ratio(Int128 part, Int128 whole, double otherwise) {
  if (whole == 0) return otherwise;
  return static_cast<double>(static_cast<long double>(part) / static_cast<long double>(whole));
}

double mean_age(const WideSum& doubled, Int128 existing) {
  if (existing == 0) return 0;
  return static_cast<double>(doubled.value() / 2 / static_cast<long double>(existing) / 1e9L);
}

double count(std::uint64_t n) { return static_cast<double>(n); }

void add_lags(Metrics& metrics, const std::string& name, const Lags::Summary& lags) {
  metrics[name + ".p50"] = lags.p50;
  metrics[name + ".p99"] = lags.p99;
  metrics[name + ".max"] = lags.max;
  metrics[name + ".count"] = count(lags.count);
  metrics[name + ".censored"] = count(lags.censored);
}

}  // namespace

Metrics Recorder::metrics(const RunTotals& totals) const {
  assert(written_.size() == checkpoints_.times().size());
  Metrics metrics;
  add_entity_metrics(metrics);
  add_edge_metrics(metrics);
  add_bus_metrics(metrics);
  add_hydration_metrics(metrics, totals.service);
  add_source_metrics(metrics);
  answers_.add_to(metrics);
  metrics["index.rows_lost"] = count(totals.service.index_rows_lost);
  metrics["truth.changes"] = count(changes_);
  metrics["store.datoms"] = count(totals.store.datoms);
  metrics["store.entities"] = count(totals.store.entities);
  metrics["store.edges"] = count(totals.store.edges);
  metrics["store.transactions"] = count(totals.store.transactions);
  metrics["ties"] = count(totals.ties);
  metrics["trace.skipped"] = count(totals.trace_skipped);
  metrics["trace.past_end"] = count(totals.trace_late);
  return metrics;
}

void Recorder::add_entity_metrics(Metrics& metrics) const {
  const Freshness::Totals& begin = written_[checkpoints_.window_begin()].freshness;
  const Freshness::Totals& until = written_[checkpoints_.window_until()].freshness;
  const Int128 existing = until.existing - begin.existing;
  const Int128 stale = until.stale - begin.stale;
  metrics["entity.freshness.mean"] = ratio(existing - stale, existing, 1);
  metrics["entity.age.mean"] = mean_age(until.age_doubled - begin.age_doubled, existing);
  const std::vector<double> ages = freshness_.ages().quantiles({50, 90, 99}, existing);
  metrics["entity.age.p50"] = ages[0];
  metrics["entity.age.p90"] = ages[1];
  metrics["entity.age.p99"] = ages[2];
  metrics["entity.age.max"] = freshness_.ages().max().to_seconds();
  add_lags(metrics, "path.facts.lag", freshness_.facts_lags().summary());
  add_lags(metrics, "path.index.lag", freshness_.index_lags().summary());
}

void Recorder::add_edge_metrics(Metrics& metrics) const {
  const EdgeLedger::Totals& begin = written_[checkpoints_.window_begin()].edges;
  const EdgeLedger::Totals& until = written_[checkpoints_.window_until()].edges;
  const Int128 both = until.both - begin.both;
  metrics["edge.precision.mean"] = ratio(both, until.graph - begin.graph, 1);
  metrics["edge.recall.mean"] = ratio(both, until.truth - begin.truth, 1);
  metrics["edge.precision.final"] = edges_.sizes().precision();
  metrics["edge.recall.final"] = edges_.sizes().recall();
  metrics["edge.never_seen"] = count(edges_.never_seen());
  metrics["edge.phantom"] = count(edges_.phantoms());
  add_lags(metrics, "edge.lag", edges_.lags().summary());
  add_lags(metrics, "edge.retraction_lag", edges_.retraction_lags().summary());
  add_lags(metrics, "path.edges.lag", edges_.path_lags().summary());
  metrics["enrichment.edges_materialized"] = count(edges_materialized_);
  metrics["enrichment.edges_retracted"] = count(edges_retracted_);
}

void Recorder::add_bus_metrics(Metrics& metrics) const {
  using models::Fate;
  metrics["bus.published"] = count(events_.published());
  for (const auto& [name, fate] :
       {std::pair{"bus.delivered", Fate::delivered}, std::pair{"bus.dropped", Fate::dropped},
        std::pair{"bus.duplicated", Fate::duplicated}, std::pair{"bus.reordered", Fate::reordered},
        std::pair{"bus.held", Fate::held}, std::pair{"bus.expired", Fate::expired},
        std::pair{"bus.redelivered", Fate::redelivered}}) {
    metrics[name] = count(events_.count(fate));
  }
}

void Recorder::add_hydration_metrics(Metrics& metrics, const mds::ServiceCounters& service) const {
  metrics["events.dead_lettered"] = count(dead_lettered_);
  metrics["hydration.requests"] = count(requests_);
  for (const mds::CounterField& field : mds::counter_fields()) {
    if (!field.metric.empty()) metrics[std::string(field.metric)] = count(service.*field.value);
  }
  metrics["hydration.queue.refused"] = count(refused_);
  const Lags::Summary waits = events_.waits().summary();
  add_lags(metrics, "hydration.wait", waits);
  metrics["hydration.wait.mean"] = waits.mean;
}

void Recorder::add_source_metrics(Metrics& metrics) const {
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    const SourceUsage& usage = sources_[i];
    const std::string prefix = "source." + config_.sources[i].name + ".";
    metrics[prefix + "requests"] = count(usage.requests());
    metrics[prefix + "throttled"] = count(usage.throttled());
    metrics[prefix + "rate.mean"] = usage.rate_mean();
    metrics[prefix + "rate.peak_1m"] = usage.rate_peak_1m();
    metrics[prefix + "utilization"] = usage.utilization(config_.sources[i].servers);
    metrics[prefix + "api.wait.mean"] = usage.wait_mean();
  }
}

std::vector<Bucket> Recorder::series() const {
  assert(written_.size() == checkpoints_.times().size());
  const std::vector<std::size_t>& borders = checkpoints_.bucket_borders();
  std::vector<Bucket> series;
  for (std::size_t i = 0; i + 1 < borders.size(); ++i) {
    if (borders[i] == borders[i + 1]) continue;  // a run of fewer nanoseconds than buckets
    const Totals& a = written_[borders[i]];
    const Totals& b = written_[borders[i + 1]];
    Bucket bucket;
    bucket.begin = checkpoints_.times()[borders[i]];
    bucket.end = checkpoints_.times()[borders[i + 1]];
    const Int128 length = (bucket.end - bucket.begin).ns;
    const double seconds = (bucket.end - bucket.begin).to_seconds();
    const Int128 existing = b.freshness.existing - a.freshness.existing;
    const Int128 stale = b.freshness.stale - a.freshness.stale;
    bucket.freshness = ratio(existing - stale, existing, 1);
    bucket.stale_entities = ratio(stale, length, 0);
    bucket.age_mean = mean_age(b.freshness.age_doubled - a.freshness.age_doubled, existing);
    for (std::size_t k = borders[i] + 1; k <= borders[i + 1]; ++k) {
      bucket.age_max = std::max(bucket.age_max, written_[k].age_peak.to_seconds());
    }
    const Int128 both = b.edges.both - a.edges.both;
    bucket.edge_precision = ratio(both, b.edges.graph - a.edges.graph, 1);
    bucket.edge_recall = ratio(both, b.edges.truth - a.edges.truth, 1);
    bucket.queue_length = ratio(b.queue - a.queue, length, 0);
    bucket.published = count(b.published - a.published) / seconds;
    bucket.delivered = count(b.delivered - a.delivered) / seconds;
    bucket.hydration_requests = count(b.requests - a.requests) / seconds;
    series.push_back(bucket);
  }
  return series;
}

}  // namespace rehearse::measure
