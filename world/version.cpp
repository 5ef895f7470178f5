#include "world/version.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace rehearse::world {

// As packed: two bytes for the field and the kind of its value (the index in StoredValue), four for
// the length, then the value's bytes. A short text so fits a std::string without memory of its own.
struct FieldValues::Item {
  static constexpr std::size_t kHead = 6;

  std::size_t field = 0;
  std::size_t kind = 0;
  std::uint32_t length = 0;

  std::size_t size() const { return kHead + length; }
};

namespace {

constexpr std::size_t kKinds = 8;  // at least as many as StoredValue has

template <class Number>
Number read(const char* from) {
  Number number{};
  std::memcpy(&number, from, sizeof number);
  return number;
}

template <class Number>
std::string_view bytes_of(const Number& number) {
  return {reinterpret_cast<const char*>(&number), sizeof number};
}

std::string_view bytes_of(std::monostate) { return {}; }
std::string_view bytes_of(std::string_view text) { return text; }

}  // namespace

FieldValues::Item FieldValues::item_at(std::size_t place) const {
  const auto tag = read<std::uint16_t>(packed_.data() + place);
  return {std::size_t{tag} / kKinds, tag % kKinds,
          read<std::uint32_t>(packed_.data() + place + sizeof tag)};
}

StoredValue FieldValues::get(std::size_t field) const {
  for (std::size_t place = 0; place < packed_.size();) {
    const Item item = item_at(place);
    if (item.field != field) {
      place += item.size();
      continue;
    }
    const char* bytes = packed_.data() + place + Item::kHead;
    switch (item.kind) {
      case 1:
        return std::string_view(bytes, item.length);
      case 2:
        return read<std::int64_t>(bytes);
      case 3:
        return read<double>(bytes);
      default:
        return read<bool>(bytes);
    }
  }
  return {};
}

void FieldValues::set(std::size_t field, const StoredValue& value) {
  assert(field < 0x10000 / kKinds);
  std::size_t place = 0;
  std::size_t before = 0;
  while (place < packed_.size()) {
    const Item item = item_at(place);
    if (item.field == field) {
      before = item.size();
      break;
    }
    place += item.size();
  }
  if (value.index() == 0) {
    packed_.erase(place, before);
    return;
  }
  std::visit(
      [&](const auto& held) {
        const std::string_view bytes = bytes_of(held);
        const auto tag = static_cast<std::uint16_t>(field * kKinds + value.index());
        const auto length = static_cast<std::uint32_t>(bytes.size());
        packed_.replace(place, before, Item::kHead + bytes.size(), '\0');
        char* to = packed_.data() + place;
        std::memcpy(to, &tag, sizeof tag);
        std::memcpy(to + sizeof tag, &length, sizeof length);
        std::memcpy(to + Item::kHead, bytes.data(), bytes.size());
      },
      value);
}

std::span<const Slot> RefLists::get(std::size_t reference) const {
  assert(reference < references_);
  const std::size_t begin = reference == 0 ? 0 : slots_[reference - 1];
  const std::size_t end = slots_[reference];
  assert(begin <= end && references_ + end <= slots_.size());
  return {slots_.data() + references_ + begin, end - begin};
}

void RefLists::set(std::size_t reference, std::span<const Slot> targets) {
  const std::span<const Slot> before = get(reference);
  const auto first = slots_.begin() + (before.data() - slots_.data());
  const auto grown = static_cast<std::uint32_t>(targets.size() - before.size());  // modulo 2^32
  const auto same = static_cast<std::ptrdiff_t>(std::min(before.size(), targets.size()));
  const auto last = first + static_cast<std::ptrdiff_t>(before.size());
  std::copy_n(targets.begin(), same, first);
  if (targets.size() > before.size()) {
    slots_.insert(last, targets.begin() + same, targets.end());
  } else {
    slots_.erase(first + same, last);
  }
  for (std::size_t i = reference; i < references_; ++i) slots_[i] += grown;
}

const Extras& Version::extras() const {
  static const Extras kNone;
  return extras_ ? *extras_ : kNone;
}

Extras& Version::edit_extras() {
  auto own = std::make_shared<Extras>(extras());
  Extras& edited = *own;
  extras_ = std::move(own);
  return edited;
}

}  // namespace rehearse::world
