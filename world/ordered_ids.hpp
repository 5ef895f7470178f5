// The ids of a type in byte order, for listings in pages.
//
// A sequence of sorted chunks of bounded size: inserting and removing move at most a chunk, the
// k-th id is found by adding up chunk sizes, and a page starts at any id after a binary search. (A
// balanced tree has no k-th element, a plain sorted array moves 400 KB to insert among 100 000.)
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "base/prefetch.hpp"

namespace rehearse::world {

using Slot = std::uint32_t;  ///< index of an entity in its world; never reused
inline constexpr Slot kNoSlot = 0xffffffff;

/// What never changes about an entity, in one piece of memory. Copies of a world share it.
class Identity {
 public:
  static std::shared_ptr<const Identity> make(Slot slot, std::string_view uri, std::string_view id);

  Slot slot() const { return slot_; }
  std::string_view uri() const { return {text(), uri_length_}; }
  std::string_view id() const { return {text() + uri_length_, id_length_}; }
  /// The texts will soon be read (base/prefetch.hpp).
  void expect() const { prefetch(this, kUsualSize); }

 private:
  static constexpr std::size_t kUsualSize = 96;

  Identity() = default;
  const char* text() const { return reinterpret_cast<const char*>(this + 1); }

  Slot slot_ = 0;
  std::uint32_t uri_length_ = 0;
  std::uint32_t id_length_ = 0;
};

class OrderedIds {
 public:
  /// A place in the order; valid until the next insert or erase.
  struct Position {
    std::size_t chunk = 0;
    std::size_t index = 0;
  };

  /// REQUIRES: `entity` outlives this, and its id is not in it (erase: is in it).
  void insert(const Identity* entity);
  void erase(const Identity* entity);

  Position begin() const { return {}; }
  Position after(std::string_view id) const;  ///< the first id greater than `id`
  Position at(std::size_t k) const;           ///< the k-th id, or the end
  /// The entity at the position, which moves on by one; nullptr at the end.
  const Identity* next(Position& position) const;

 private:
  std::size_t chunk_of(std::string_view id) const;

  std::vector<std::vector<const Identity*>> chunks_;  // none is empty
};

}  // namespace rehearse::world
