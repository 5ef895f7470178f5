#include "measure/series.hpp"

#include <cassert>
#include <string_view>

#include "base/text/number_text.hpp"

namespace rehearse::measure {
namespace {

struct BucketColumn {
  std::string_view name;
  double Bucket::*value;
};
constexpr BucketColumn kColumns[] = {
    {"freshness", &Bucket::freshness},
    {"age_mean_s", &Bucket::age_mean},
    {"age_max_s", &Bucket::age_max},
    {"stale_entities", &Bucket::stale_entities},
    {"edge_precision", &Bucket::edge_precision},
    {"edge_recall", &Bucket::edge_recall},
    {"queue_length", &Bucket::queue_length},
    {"published_per_s", &Bucket::published},
    {"delivered_per_s", &Bucket::delivered},
    {"hydration_requests_per_s", &Bucket::hydration_requests},
};

}  // namespace

std::string timeseries_csv(const std::vector<Bucket>& buckets,
                           const std::vector<SeriesColumn>& columns) {
  std::string csv = "begin_s,end_s";
  for (const BucketColumn& column : kColumns) csv += "," + std::string(column.name);
  for (const SeriesColumn& column : columns) {
    assert(column.values.size() == buckets.size());
    csv += "," + column.name;
  }
  csv += "\n";
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    const Bucket& bucket = buckets[i];
    csv += number_text(bucket.begin.to_seconds()) + "," + number_text(bucket.end.to_seconds());
    for (const BucketColumn& column : kColumns) csv += "," + number_text(bucket.*column.value);
    for (const SeriesColumn& column : columns) csv += "," + number_text(column.values[i]);
    csv += "\n";
  }
  return csv;
}

}  // namespace rehearse::measure
