#include "mds/hydration/response_cache.hpp"

#include <utility>

namespace rehearse::mds {

ResponseCache::Key ResponseCache::key_of(const DocumentKey& document) {
  return std::to_string(document.contract) + " " + document.id;
}

const ResponseCache::Entry* ResponseCache::find(const DocumentKey& document, Time now) const {
  const auto at = entries_.find(key_of(document));
  if (at == entries_.end() || now - at->second.sent >= ttl_) return nullptr;
  return &at->second;
}

void ResponseCache::keep(const DocumentKey& document, Entry entry, Time now) {
  while (!oldest_first_.empty() && now - oldest_first_.front().first >= ttl_) {
    const auto at = entries_.find(oldest_first_.front().second);
    if (at != entries_.end() && now - at->second.sent >= ttl_) entries_.erase(at);
    oldest_first_.pop_front();
  }
  Key key = key_of(document);
  oldest_first_.emplace_back(entry.sent, key);
  entries_[std::move(key)] = std::move(entry);
}

}  // namespace rehearse::mds
