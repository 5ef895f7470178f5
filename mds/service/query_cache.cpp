#include "mds/service/query_cache.hpp"

namespace rehearse::mds {

const QueryCache::Entry* QueryCache::find(const std::string& question, const std::string& uri,
                                          std::uint64_t datoms, Time now) const {
  if (!config_) return nullptr;
  const auto at = entries_.find({question, uri});
  return at != entries_.end() && serves(at->second, datoms, now) ? &at->second : nullptr;
}

void QueryCache::keep(const std::string& question, const std::string& uri, Entry entry) {
  if (!config_) return;
  const Time now = entry.made;
  while (!oldest_first_.empty() && now - oldest_first_.front().first >= config_->ttl) {
    const auto at = entries_.find(oldest_first_.front().second);
    if (at != entries_.end() && now - at->second.made >= config_->ttl) entries_.erase(at);
    oldest_first_.pop_front();
  }
  if (entry.uris.empty() && !config_->empty) return;
  const Key key{question, uri};
  oldest_first_.emplace_back(now, key);
  entries_[key] = std::move(entry);
}

}  // namespace rehearse::mds
