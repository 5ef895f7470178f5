// Answers of sources, kept for a time to live from the moment their call was sent. Off by default:
// an answer from the cache may be older than the event that asks (that is what it is here to show).
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/time.hpp"
#include "mds/contract/catalogue.hpp"

namespace rehearse::mds {

class ResponseCache {
 public:
  struct Entry {
    Time sent;
    bool found = false;  ///< false: the source said 404
    std::string body;
  };

  explicit ResponseCache(Duration ttl) : ttl_(ttl) {}

  bool enabled() const { return ttl_ > Duration{}; }
  /// nullptr when nothing is kept that is younger than the time to live.
  const Entry* find(const DocumentKey& document, Time now) const;
  Duration ttl() const { return ttl_; }
  /// Calls `visit(key, entry)` for all that is kept, in no order; keys are of one document each.
  template <class Visit>
  void visit(const Visit& visit) const {
    for (const auto& [key, entry] : entries_) visit(key, entry);
  }
  /// Keeps an answer and forgets those that have expired.
  void keep(const DocumentKey& document, Entry entry, Time now);

 private:
  using Key = std::string;
  static Key key_of(const DocumentKey& document);

  Duration ttl_;
  std::unordered_map<Key, Entry> entries_;         // visited for sums alone
  std::deque<std::pair<Time, Key>> oldest_first_;  // (sent, key); expired ones leave at the front
};

}  // namespace rehearse::mds
