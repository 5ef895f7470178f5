// Answers to questions, kept for a time to live from the moment they were made.
//
// Off by default: an answer from here is as old as it is, and nothing in it says so. With `empty`
// off, answers that found nothing are asked again each time; with `invalidate` on, an answer serves
// only until the next datom is written, whatever it is about.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "mds/service/reader_config.hpp"

namespace rehearse::mds {

class QueryCache {
 public:
  struct Entry {
    Time made;
    std::uint64_t datoms = 0;  ///< of the store when it was made
    std::vector<std::string> uris;
  };

  explicit QueryCache(std::optional<QueryCacheConfig> config) : config_(config) {}

  bool enabled() const { return config_.has_value(); }
  /// nullptr when nothing may be served. `datoms` are in the store now.
  const Entry* find(const std::string& question, const std::string& uri, std::uint64_t datoms,
                    Time now) const;
  /// Whether an answer will be served at `now` if nothing is written before.
  bool serves(const Entry& entry, std::uint64_t datoms, Time now) const {
    return config_ && now - entry.made < config_->ttl &&
           (!config_->invalidate || entry.datoms == datoms);
  }
  Time end(const Entry& entry) const { return entry.made + config_->ttl; }
  /// Calls `visit(question, uri, entry)` for every entry kept.
  template <class Visit>
  void visit(const Visit& visit) const {
    for (const auto& [key, entry] : entries_) visit(key.first, key.second, entry);
  }
  /// Keeps an answer, if its kind is kept, and forgets those that have expired.
  void keep(const std::string& question, const std::string& uri, Entry entry);

 private:
  using Key = std::pair<std::string, std::string>;

  std::optional<QueryCacheConfig> config_;
  std::map<Key, Entry> entries_;
  std::deque<std::pair<Time, Key>> oldest_first_;  // when made; expired ones leave at the front
};

}  // namespace rehearse::mds
