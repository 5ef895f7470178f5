// Enrichment: derived edges recomputed in batches, and entities known by reference only (stubs)
// fetched within the budget.
//
// A tick enriches what is marked and starts a pass: stubs are asked for, a batch at a time, until
// none is left (those that the answers bring among them); then what the answers marked is enriched.
// Stubs are numbered by the store, and the cursor has passed those that were looked at: each is
// asked for once, and again only after a failure that may pass.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "mds/hydration/hydration.hpp"

namespace rehearse::mds {

struct EnrichmentState {
  struct Failed {
    int failures = 0;
    Time retry_at;
    std::vector<std::string> part_stubs;
  };
  Time origin;  ///< ticks are at origin + k * every
  Time next_tick;
  bool wanted = true;           ///< something was stored since a tick last found nothing to do
  bool passing = false;         ///< a pass through the stubs is under way
  std::size_t outstanding = 0;  ///< jobs that the pass waits for
  std::uint64_t cursor = 0;     ///< number of the last stub looked at
  std::map<DocumentKey, Failed> failed;
  std::set<std::pair<Time, DocumentKey>> retries;
};

class Enrichment {
 public:
  Enrichment(const EnrichmentConfig& config, Time start);

  /// Something was stored: the next tick is the first on the grid that is not past.
  void wake(const Turn& turn);
  /// When to tick; Time::never() while nothing is wanted, or where the driver decides (`every` not
  /// set).
  Time next(const EnrichmentConfig& config) const {
    return config.every && state_.wanted ? state_.next_tick : Time::never();
  }
  void tick(Hydration& hydration, Turn& turn);
  /// Asks for the next stubs of the pass under way, if there is one, and ends it after the last.
  void continue_pass(Hydration& hydration, Turn& turn);
  /// Derives the edges of all that is marked.
  void enrich_marked(const Turn& turn);
  /// A fetch that the pass waited for has ended.
  void on_fetch_end(const FetchEnd& end, const Turn& turn);

  /// A tick would do anything.
  bool has_work(const Turn& turn);
  /// A tick would change anything. REQUIRES: EnrichmentConfig::every is not set.
  bool due(const Turn& turn);

  /// For fingerprints.
  const EnrichmentState& state() const { return state_; }

 private:
  void demand(const DocumentKey& document, const std::vector<std::string>& part_stubs,
              Hydration& hydration, Turn& turn);
  void failed(const DocumentKey& document, const std::vector<std::string>& part_stubs,
              const Turn& turn);
  bool stubs_left(const Turn& turn);

  EnrichmentState state_;
};

}  // namespace rehearse::mds
