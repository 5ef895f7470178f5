// Settings of what stands between the facts and those who read them: the search index and the cache
// of answers. Keys "index" and "query_cache" of the scenario's "mds" section.
//
// By default neither can be behind: index rows are written in the transaction of their facts, and
// every question reads the graph. The other settings show what is lost without that.
#pragma once

#include <cstdint>
#include <optional>

#include "base/config.hpp"
#include "base/time.hpp"
#include "stats/duration_distribution.hpp"

namespace rehearse::mds {

/// A search index that is written after the facts (StoreOptions::index_after), as a store of its
/// own that follows the log in its order.
struct IndexConfig {
  /// What becomes of rows that a crash of the service or an outage of the index kept from being
  /// written.
  enum class Recovery : std::uint8_t {
    replay,   ///< they are kept in the store and written late
    none,     ///< they are lost
    reindex,  ///< they are lost; then every live entity is written again over what is there
    rebuild   ///< the same into an empty index
  };
  /// From a transaction to its index rows; one draw per step of the service.
  stats::Distribution lag = stats::Distribution::constant(Duration::seconds(1));
  Recovery recovery = Recovery::replay;
  std::optional<Rate> rate;  ///< of rows that the index takes; nullopt: as many as come
};

/// Answers kept in front of the questions put to the graph.
struct QueryCacheConfig {
  Duration ttl;
  bool empty = true;        ///< keeps answers that found nothing, too
  bool invalidate = false;  ///< serves no answer from before the last write
};

/// `after` is set when the section asks for an index that follows. Throws InputError.
IndexConfig parse_index(const config::Node& node, bool& after);
/// "none" is nullopt. Throws InputError.
std::optional<QueryCacheConfig> parse_query_cache(const config::Node& node);

}  // namespace rehearse::mds
