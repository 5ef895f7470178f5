#include "mds/service/service_counters.hpp"

#include <algorithm>
#include <iterator>

namespace rehearse::mds {
namespace {

using Counters = ServiceCounters;

constexpr CounterField kFields[] = {
    {&Counters::requests, ""},
    {&Counters::coalesced, "hydration.coalesced"},
    {&Counters::throttled, "hydration.throttled"},
    {&Counters::retries, "hydration.retries"},
    {&Counters::errors, "hydration.errors"},
    {&Counters::timeouts, "hydration.timeouts"},
    {&Counters::cache_hits, "hydration.cache_hits"},
    {&Counters::gave_up, "hydration.gave_up"},
    {&Counters::dead_lettered, ""},
    {&Counters::queue_max, "hydration.queue.max", true},
    {&Counters::enrichment_runs, "enrichment.runs"},
    {&Counters::edges_materialized, ""},
    {&Counters::edges_retracted, ""},
    {&Counters::reconciled, ""},
    {&Counters::queue_refusals, ""},
    {&Counters::guarded, ""},
    {&Counters::index_rows_lost, ""},
    {&Counters::query_cache_hits, ""},
};
static_assert(sizeof(ServiceCounters) == std::size(kFields) * sizeof(std::uint64_t),
              "every counter has its line");

}  // namespace

std::span<const CounterField> counter_fields() { return kFields; }

ServiceCounters& ServiceCounters::operator+=(const ServiceCounters& earlier) {
  for (const CounterField& field : kFields) {
    std::uint64_t& value = this->*field.value;
    const std::uint64_t before = earlier.*field.value;
    value = field.peak ? std::max(value, before) : value + before;
  }
  return *this;
}

}  // namespace rehearse::mds
