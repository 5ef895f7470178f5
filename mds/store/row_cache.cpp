#include "mds/store/row_cache.hpp"

#include <cassert>
#include <utility>

namespace rehearse::mds {

void RowCache::keep(EntityRow& row) {
  assert(row.id > 0);
  if (is_large(row)) {
    forget(row.id);
    return;
  }
  const std::size_t at = place_of(row.id);
  if (at >= places_.size()) places_.resize(at + 1);
  places_[at].epoch = epoch_;
  std::swap(places_[at].row, row);
}

void RowCache::forget(EntityId id) {
  const std::size_t at = place_of(id);
  if (at < places_.size() && places_[at].row.id == id) places_[at].epoch = 0;
}

}  // namespace rehearse::mds
