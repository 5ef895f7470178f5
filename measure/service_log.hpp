// What befell the service as a whole, as far as it explains what the graph shows: when it was
// paused or down, when its index was away, which listings failed, which circuit breakers are open,
// and when enrichment ran.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/time.hpp"
#include "mds/contract/event.hpp"
#include "models/host/happening.hpp"

namespace rehearse::measure {

class ServiceLog {
 public:
  void condition(models::Condition condition, Time now);
  /// A listing at `path` of a source's API ended before its last page, or did not.
  void listing_failed(mds::SourceIndex source, const std::string& path, const std::string& why,
                      Time now);
  void listed(mds::SourceIndex source, const std::string& path) {
    listings_.erase({source.value, path});
  }
  void breaker(mds::SourceIndex source, bool open, Time now);
  void enriched(std::uint64_t transaction, Time now) { enrichment_ = Enrichment{transaction, now}; }

  std::optional<Time> paused_since() const { return paused_; }
  std::optional<Time> down_since() const { return down_; }
  std::optional<Time> restarted_at() const { return restarted_; }  ///< the last time
  std::optional<Time> index_away_since() const { return index_away_; }
  std::optional<Time> breaker_open_since(mds::SourceIndex source) const;

  struct Listing {
    Time at;
    std::string why;
  };
  /// A listing of the source that failed when it was last made.
  std::optional<Listing> failed_listing(mds::SourceIndex source) const;
  /// The one failed listing, where no source but one has any.
  std::optional<Listing> only_failed_listing() const;

  struct Enrichment {
    std::uint64_t transaction = 0;
    Time at;
  };
  /// The last transaction of enrichment's.
  std::optional<Enrichment> last_enrichment() const { return enrichment_; }

 private:
  std::optional<Time> paused_, down_, restarted_, index_away_;
  std::map<std::pair<std::uint16_t, std::string>, Listing> listings_;
  std::map<std::uint16_t, Time> breakers_;
  std::optional<Enrichment> enrichment_;
};

}  // namespace rehearse::measure
