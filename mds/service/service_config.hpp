// Settings of the metadata service: the scenario's "mds" section plus the providers of the sources
// it is connected to.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/config.hpp"
#include "base/time.hpp"
#include "mds/contract/provider.hpp"
#include "mds/service/reader_config.hpp"
#include "mds/store/store.hpp"
#include "mds/upkeep/rule.hpp"

namespace rehearse::mds {

/// Token bucket: refilled continuously at `rate`, full at time 0, one token per attempt.
struct Budget {
  std::optional<Rate> rate;  ///< nullopt: unlimited
  double burst = 1;
};

struct RetryPolicy {
  int attempts = 5;  ///< calls in all, the first included; a 429 with Retry-After is none
  Duration base = Duration::milliseconds(200);
  double factor = 2;
  Duration cap = Duration::seconds(30);
  bool count_throttled = false;  ///< throttled "fail": a 429 is a failed attempt like any other
};

/// Opens after `failures` in a row and lets one call through after `open_for`.
struct BreakerPolicy {
  int failures = 5;
  Duration open_for = Duration::seconds(30);
};

struct HydrationConfig {
  std::map<std::string, Budget> budgets;  ///< by source name; "*" for all others
  Budget total;
  int concurrency = 64;  ///< calls in flight per source
  Duration timeout = Duration::seconds(2);
  RetryPolicy retry;
  std::optional<BreakerPolicy> breaker;
  Duration cache_ttl;
  std::size_t queue_limit = 1'000'000;
  bool event_payload = false;  ///< mode "event-payload": state carried by events
  bool unguarded = false;      ///< coalescing "unguarded": concurrent fetches, last answer wins
  bool reject_unknown_references = false;

  /// The name in `budgets` under which that of a source stands: its own or "*"; nullopt where none
  /// does.
  std::optional<std::string> budget_name(const std::string& source) const;
  /// Of calls on this source: its own, else that of "*", else unlimited.
  Budget budget_of(const std::string& source) const;
};

struct EnrichmentConfig {
  std::optional<Duration> every = Duration::minutes(2);  ///< nullopt: "none"
  int batch = 1000;
  bool retraction = true;
};

struct ReconciliationConfig {
  std::optional<Duration> every;
  enum class Order : std::uint8_t { round_robin, oldest_first, on_idle } order = Order::round_robin;
  double delete_guard = 0.05;
  bool delete_if_unlisted = false;
};

struct ServiceConfig {
  std::uint64_t seed = 1;           ///< of the jitter and the index lag
  std::uint64_t replication = 0;    ///< of the index lag
  std::vector<Provider> providers;  ///< connected sources; SourceIndex points into this
  std::vector<Rule> rules;
  HydrationConfig hydration;
  EnrichmentConfig enrichment;
  ReconciliationConfig reconciliation;
  StoreOptions store;
  IndexConfig index;  ///< used where store.index_after is set
  std::optional<QueryCacheConfig> query_cache;

  /// Throws std::logic_error when no provider has that name.
  SourceIndex source(const std::string& name) const;
};

/// Parses the "mds" section. `sources` are the names of the scenario's sources, each of which needs
/// a provider that ships or is declared in "providers"; a budget for any other name is an error.
/// File names are relative to the file in which they stand. Throws InputError.
ServiceConfig parse_service_config(const config::Node& node,
                                   const std::vector<std::string>& sources);

}  // namespace rehearse::mds
