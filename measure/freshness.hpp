// Freshness and age of the graph's copies of documents, after Cho & Garcia-Molina (2003), exact.
//
// Per document the truth is a list of versions (time and fact hash of each) and the graph's copy is
// "absent" or "version v with these facts". A document counts from its creation until it is gone
// from both. Its copy is fresh when it equals the newest version (absent equals deleted), else
// stale since the first version it misses:
//   - a copy of version v with the right facts misses v + 1, with wrong facts v itself;
//   - an absent copy misses the version that created the document.
// So after a partial catch-up the age falls to that of the next version missed, an older answer
// that overwrites a newer one makes it rise again, and a deletion counts until the graph has
// dropped it. That is the age; the stretch of time in which a copy is stale without a break begins
// when it ceased to be fresh, which is later than the first version it misses when it lost what it
// had, and earlier after a partial catch-up.
//
// Counts change only at changes of truth or copy, so their integrals are sums of products of
// integers. facts_lags() takes, for each version, the time until it or a later one shows.
//
// Versions are kept as long as they can matter: those not shown yet, the copy's and later ones, and
// earlier ones until forget() says that no answer can bring them back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/prefetch.hpp"
#include "base/time.hpp"
#include "measure/age_distribution.hpp"
#include "measure/lags.hpp"
#include "measure/wide_sum.hpp"
#include "measure/window.hpp"

namespace rehearse::measure {

class Freshness {
 public:
  explicit Freshness(const Window& window);

  /// The document with this number (dense, from 0) exists before the run starts. When it is
  /// `hydrated`, its copy is told by copied() and its version counts in no lag.
  void start(std::uint32_t document, std::int64_t version, Time changed_at, std::uint64_t facts,
             bool hydrated);
  /// The document will soon change (base/prefetch.hpp).
  void expect(std::uint32_t document) const {
    if (document < documents_.size()) prefetch(&documents_[document]);
  }
  /// A source made the next version; `exists` is false for a deletion.
  /// REQUIRES: times never fall, over all calls.
  void changed(std::uint32_t document, std::int64_t version, std::uint64_t facts, bool exists,
               Time now);
  /// What the graph has of the document now.
  void copied(std::uint32_t document, bool live, std::int64_t version, std::uint64_t facts,
              Time now);
  /// The search index has caught up with the copy (counts for index_lags() only).
  void indexed(std::uint32_t document, Time now);

  /// From now on the graph will take up no state of the document that a newer one replaced before
  /// `time`, but the one it has. REQUIRES: the document is known.
  void forget(std::uint32_t document, Time time);

  /// Brings the integrals up to `now`.
  void advance(Time now);
  /// Ends the run: cuts open episodes and lags at the end of the window and of the run.
  void finish();

  /// Integrals since time 0; in nanoseconds, over all documents.
  struct Totals {
    Int128 existing = 0;
    Int128 stale = 0;
    WideSum age_doubled;  ///< twice the integral of age, in ns^2
  };
  const Totals& totals() const { return totals_; }

  std::uint64_t existing() const { return existing_; }
  std::uint64_t stale() const { return stale_list_.size(); }
  /// The greatest age of any copy since the last call, up to `now`.
  Duration take_peak(Time now);

  bool fresh(std::uint32_t document) const;  ///< also true of what exists nowhere
  bool exists(std::uint32_t document) const;
  bool live(std::uint32_t document) const;
  std::int64_t version(std::uint32_t document) const;       ///< newest of the truth
  std::int64_t copy_version(std::uint32_t document) const;  ///< as last copied
  /// The same; 0 also of a document that was never heard of.
  std::int64_t copy_version_or_0(std::uint32_t document) const;
  Time changed_at(std::uint32_t document) const;
  /// When the copy was fresh last: it differs from the truth ever since. REQUIRES: not fresh.
  Time stale_since(std::uint32_t document) const;
  /// When the first version that the copy misses was made. REQUIRES: not fresh.
  Time misses_since(std::uint32_t document) const;
  /// The copy went back from a newer version to an older one, and has not caught up since.
  bool regressed(std::uint32_t document) const;

  /// Versions of the document that are kept.
  std::size_t versions_kept(std::uint32_t document) const {
    return documents_[document].versions.size();
  }

  const AgeDistribution& ages() const { return ages_; }
  const Lags& facts_lags() const { return facts_lags_; }
  const Lags& index_lags() const { return index_lags_; }

 private:
  struct Version {
    Time at;
    std::uint64_t facts = 0;
  };
  struct Document {
    std::vector<Version> versions;  // consecutive, from `first`
    std::int64_t first = 0;         // number of versions.front()
    std::int64_t created = 0;       // version that began the present existence
    Time created_at;                // when that was made
    std::int64_t copy = 0;          // version of the copy
    std::int64_t facts_shown = 0;   // newest version that the facts have ever shown
    std::int64_t index_shown = 0;   // the same of the index
    std::uint64_t copy_facts = 0;
    Time stale_from;                  // when the last stretch of staleness began
    Time mended = Time::never();      // when the last but the present one ended
    std::uint32_t stale_at = kFresh;  // place in stale_list_
    bool forgetful = false;           // versions before `first` are no longer known
    bool exists = false;
    bool live = false;
    bool regressed = false;

    std::int64_t last() const { return first + static_cast<std::int64_t>(versions.size()) - 1; }
    Time time_of(std::int64_t version) const {
      return versions[static_cast<std::size_t>(version - first)].at;
    }
  };
  struct Stale {
    Time since;  // of the first version missed
    Time from;   // when the copy began to miss it
    std::uint32_t document = 0;
  };
  static constexpr std::uint32_t kFresh = 0xffffffff;

  Document& document(std::uint32_t number);
  static std::optional<Time> first_missed(const Document& d);
  std::int64_t shown_by_copy(const Document& d) const;
  void settle(std::uint32_t number, Document& d, bool existed, Time now);
  void close_episode(const Stale& episode, Time now);
  void show(const Document& d, std::int64_t& shown, std::int64_t upto, Lags& lags, Time now);

  Window window_;
  std::vector<Document> documents_;
  std::vector<Stale> stale_list_;
  std::uint64_t existing_ = 0;
  Int128 since_sum_ = 0;  // of stale_list_
  Time now_;
  Duration peak_;
  Totals totals_;
  AgeDistribution ages_;
  Lags facts_lags_;
  Lags index_lags_;
};

}  // namespace rehearse::measure
