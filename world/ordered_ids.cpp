#include "world/ordered_ids.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <new>

namespace rehearse::world {
namespace {

constexpr std::size_t kChunk = 512;

bool before(const Identity* entity, std::string_view id) { return entity->id() < id; }
bool not_after(std::string_view id, const Identity* entity) { return id < entity->id(); }

}  // namespace

std::shared_ptr<const Identity> Identity::make(Slot slot, std::string_view uri,
                                               std::string_view id) {
  void* memory = ::operator new(sizeof(Identity) + uri.size() + id.size());
  auto* made = new (memory) Identity;
  made->slot_ = slot;
  made->uri_length_ = static_cast<std::uint32_t>(uri.size());
  made->id_length_ = static_cast<std::uint32_t>(id.size());
  char* text = static_cast<char*>(memory) + sizeof(Identity);
  std::memcpy(text, uri.data(), uri.size());
  std::memcpy(text + uri.size(), id.data(), id.size());
  return {made, [](const Identity* gone) { ::operator delete(const_cast<Identity*>(gone)); }};
}

// The last chunk whose first id is not greater, or the first chunk. REQUIRES: there is one.
std::size_t OrderedIds::chunk_of(std::string_view id) const {
  assert(!chunks_.empty());
  const auto past = std::upper_bound(
      chunks_.begin(), chunks_.end(), id,
      [](std::string_view left, const auto& chunk) { return left < chunk.front()->id(); });
  return past == chunks_.begin() ? 0 : static_cast<std::size_t>(past - chunks_.begin()) - 1;
}

void OrderedIds::insert(const Identity* entity) {
  if (chunks_.empty()) {
    chunks_.push_back({entity});
    return;
  }
  const std::size_t at = chunk_of(entity->id());
  std::vector<const Identity*>& chunk = chunks_[at];
  const auto place = std::lower_bound(chunk.begin(), chunk.end(), entity->id(), before);
  assert(place == chunk.end() || (*place)->id() != entity->id());
  chunk.insert(place, entity);
  if (chunk.size() <= kChunk) return;
  const auto middle = chunk.begin() + static_cast<std::ptrdiff_t>(chunk.size() / 2);
  std::vector<const Identity*> upper(middle, chunk.end());
  chunk.erase(middle, chunk.end());
  chunks_.insert(chunks_.begin() + static_cast<std::ptrdiff_t>(at) + 1, std::move(upper));
}

void OrderedIds::erase(const Identity* entity) {
  const std::size_t at = chunk_of(entity->id());
  std::vector<const Identity*>& chunk = chunks_[at];
  const auto found = std::lower_bound(chunk.begin(), chunk.end(), entity->id(), before);
  assert(found != chunk.end() && (*found)->id() == entity->id());
  chunk.erase(found);
  if (chunk.empty()) chunks_.erase(chunks_.begin() + static_cast<std::ptrdiff_t>(at));
}

OrderedIds::Position OrderedIds::after(std::string_view id) const {
  if (chunks_.empty()) return {};
  const std::size_t at = chunk_of(id);
  const std::vector<const Identity*>& chunk = chunks_[at];
  const auto found = std::upper_bound(chunk.begin(), chunk.end(), id, not_after);
  return {at, static_cast<std::size_t>(found - chunk.begin())};
}

OrderedIds::Position OrderedIds::at(std::size_t k) const {
  Position position;
  while (position.chunk < chunks_.size() && k >= chunks_[position.chunk].size()) {
    k -= chunks_[position.chunk].size();
    ++position.chunk;
  }
  position.index = k;
  return position;
}

const Identity* OrderedIds::next(Position& position) const {
  if (position.chunk < chunks_.size() && position.index >= chunks_[position.chunk].size()) {
    ++position.chunk;
    position.index = 0;
  }
  if (position.chunk >= chunks_.size()) return nullptr;
  return chunks_[position.chunk][position.index++];
}

}  // namespace rehearse::world
