#include "measure/series.hpp"

#include "base/text/number_text.hpp"

namespace rehearse::measure {

std::string timeseries_csv(const std::vector<Bucket>& buckets) {
  std::string csv =
      "begin_s,end_s,freshness,age_mean_s,age_max_s,stale_entities,edge_precision,edge_recall,"
      "queue_length,published_per_s,delivered_per_s,hydration_requests_per_s\n";
  for (const Bucket& b : buckets) {
    for (const double value : {b.begin.to_seconds(), b.end.to_seconds(), b.freshness, b.age_mean,
                               b.age_max, b.stale_entities, b.edge_precision, b.edge_recall,
                               b.queue_length, b.published, b.delivered}) {
      csv += number_text(value) + ",";
    }
    csv += number_text(b.hydration_requests) + "\n";
  }
  return csv;
}

}  // namespace rehearse::measure
