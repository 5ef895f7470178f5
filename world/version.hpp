// The state of a document from one change to the next.
//
// Most documents have few values and references and no tags or parts. Values stand packed in one
// string, of which few need memory of their own, and all references in one array, so that a change
// and an answer each walk over one or two pieces of memory and not over one for each field.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/prefetch.hpp"
#include "base/time.hpp"
#include "world/ordered_ids.hpp"

namespace rehearse::world {

/// A field's value; monostate where it has none. Texts are views.
using StoredValue = std::variant<std::monostate, std::string_view, std::int64_t, double, bool>;

/// The values of a document's fields, by the number of the field in its type.
class FieldValues {
 public:
  /// Valid until the next set() or clear().
  StoredValue get(std::size_t field) const;
  /// monostate takes the value away. REQUIRES: a text in `value` is not one of these values.
  void set(std::size_t field, const StoredValue& value);
  void clear() { packed_.clear(); }

 private:
  struct Item;
  Item item_at(std::size_t place) const;

  std::string packed_;  // items one after the other, in the order in which fields were first set
};

/// What a document refers to, by the number of the reference in its type.
class RefLists {
 public:
  RefLists() = default;
  explicit RefLists(std::size_t references) : slots_(references, 0) {}

  /// Valid until the next set(). REQUIRES: `reference` is below the number given.
  std::span<const Slot> get(std::size_t reference) const;
  void set(std::size_t reference, std::span<const Slot> targets);
  /// The targets of all references.
  std::span<const Slot> all() const {
    return {slots_.data() + references_, slots_.size() - references_};
  }
  /// get() will soon be called (base/prefetch.hpp).
  void expect() const { prefetch(slots_.data(), slots_.size() * sizeof(Slot)); }

 private:
  // First where each list ends, counted in targets; then the targets.
  std::vector<std::uint32_t> slots_;
  std::size_t references_ = slots_.size();
};

struct StoredPart {
  Slot slot = kNoSlot;
  std::string key;
  std::string name;
};

/// What few documents have.
struct Extras {
  std::vector<std::string> tags;  // "key::value", without duplicates
  std::vector<StoredPart> parts;  // in the order given
};

struct Version {
  std::int64_t number = 0;
  std::int64_t created_ms = 0;
  Time changed_at;
  std::uint64_t facts = 0;
  FieldValues values;
  RefLists refs;
  bool exists = false;

  const std::vector<std::string>& tags() const { return extras().tags; }
  const std::vector<StoredPart>& parts() const { return extras().parts; }
  Extras& edit_extras();
  void clear_extras() { extras_.reset(); }

 private:
  const Extras& extras() const;
  std::shared_ptr<const Extras> extras_;  // shared by versions that do not differ in it
};

}  // namespace rehearse::world
