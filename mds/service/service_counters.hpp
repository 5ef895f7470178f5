// What a service counts of its own work, as one table of fields.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace rehearse::mds {

struct ServiceCounters {
  std::uint64_t requests = 0;  ///< calls sent, retries included
  std::uint64_t coalesced = 0;
  std::uint64_t throttled = 0;
  std::uint64_t retries = 0;
  std::uint64_t errors = 0;
  std::uint64_t timeouts = 0;
  std::uint64_t cache_hits = 0;
  std::uint64_t gave_up = 0;
  std::uint64_t dead_lettered = 0;
  std::uint64_t queue_max = 0;
  std::uint64_t enrichment_runs = 0;
  std::uint64_t edges_materialized = 0;
  std::uint64_t edges_retracted = 0;
  std::uint64_t reconciled = 0;        ///< fetches of reconciliation that were stored
  std::uint64_t queue_refusals = 0;    ///< work refused because the queue was full, events included
  std::uint64_t guarded = 0;           ///< deletions that delete_guard refused
  std::uint64_t index_rows_lost = 0;   ///< of an index that follows, given up
  std::uint64_t query_cache_hits = 0;  ///< questions answered with an earlier answer

  /// Takes in what an earlier life of the service counted.
  ServiceCounters& operator+=(const ServiceCounters& earlier);
};

struct CounterField {
  std::uint64_t ServiceCounters::*value;
  std::string_view metric;  ///< that shows it as it is; empty: none does
  bool peak = false;        ///< of two lives the larger one counts, not the sum
};

/// All fields, in their order.
std::span<const CounterField> counter_fields();

}  // namespace rehearse::mds
