// Payloads, written straight from a version along the places that the layout lists.
#include <span>
#include <string_view>

#include "base/prefetch.hpp"
#include "base/text/json_text.hpp"
#include "world/state.hpp"

namespace rehearse::world {
namespace {

/// Writes one document's payload.
class PayloadWriter {
 public:
  PayloadWriter(const WorldState& state, const Entity& entity, const Version& version)
      : state_(state),
        type_(state.layout->types()[entity.type]),
        entity_(entity),
        version_(version) {}

  std::string write() {
    out_.reserve(320);
    object(type_.payload, [this](const PayloadNode& node) { return value(node); });
    return std::move(out_);
  }

 private:
  /// Writes an object of those members that have a value; true when one has. `write` writes one
  /// value, or returns false when there is none.
  template <class Write>
  bool object(const std::vector<PayloadNode>& nodes, Write write) {
    bool any = false;
    out_ += '{';
    for (const PayloadNode& node : nodes) {
      const std::size_t mark = out_.size();
      if (any) out_ += ',';
      out_ += node.key;
      if (node.item == PayloadItem::object ? object(node.children, write) : write(node)) {
        any = true;
      } else {
        out_.resize(mark);
      }
    }
    out_ += '}';
    return any;
  }

  bool value(const PayloadNode& node) {
    switch (node.item) {
      case PayloadItem::id:
        append_json(out_, entity_.identity->id());
        return true;
      case PayloadItem::version:
        append_json(out_, version_.number);
        return true;
      case PayloadItem::created_at:
        append_json(out_, version_.created_ms);
        return true;
      case PayloadItem::field:
        return field(version_.values.get(node.index));
      case PayloadItem::ref:
        return ref(type_.refs[node.index], version_.refs.get(node.index));
      case PayloadItem::tags:
        return tags();
      case PayloadItem::parts:
        return parts();
      default:
        return false;
    }
  }

  bool field(const StoredValue& held) {
    struct Writer {
      std::string& out;
      void operator()(std::monostate) const {}
      void operator()(std::string_view text) const { append_json(out, text); }
      void operator()(std::int64_t number) const { append_json(out, number); }
      void operator()(double number) const { append_json(out, number); }
      void operator()(bool truth) const { out += truth ? "true" : "false"; }
    };
    std::visit(Writer{out_}, held);
    return held.index() != 0;
  }

  template <class Items, class Write>
  bool array(const Items& items, Write write) {
    if (items.empty()) return false;
    out_ += '[';
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (i > 0) out_ += ',';
      write(items[i]);
    }
    out_ += ']';
    return true;
  }

  bool ref(const RefLayout& layout, std::span<const Slot> targets) {
    if (targets.empty()) return false;
    const auto one = [&](Slot target) {
      if (layout.item.empty()) {
        append_id(layout.shape, state_.entity(target).identity->id());
      } else {
        ref_object(layout, target);
      }
    };
    if (layout.shape.many) return array(targets, one);
    one(targets.front());
    return true;
  }

  void append_id(const RefShape& shape, std::string_view id) {
    if (shape.suffix.empty()) {
      append_json(out_, id);
    } else {
      append_json(out_, std::string(id) + shape.suffix);
    }
  }

  void ref_object(const RefLayout& layout, Slot target) {
    const RefShape& shape = layout.shape;
    const std::string_view id = state_.entity(target).identity->id();
    const std::size_t cut = shape.part_key.empty() ? id.npos : id.rfind(shape.separator);
    object(layout.item, [&](const PayloadNode& node) {
      if (node.item == PayloadItem::parent_id) {
        append_json(out_, id.substr(0, cut));
        return true;
      }
      if (cut == id.npos) return false;
      if (node.item == PayloadItem::part_key) {
        append_key(shape.numeric_part, id.substr(cut + shape.separator.size()));
        return true;
      }
      const StoredPart* part = living_part(target);
      if (part == nullptr || part->name.empty()) return false;
      append_json(out_, part->name);
      return true;
    });
  }

  void append_key(bool numeric, std::string_view key) {
    if (numeric) {
      out_ += key;
    } else {
      append_json(out_, key);
    }
  }

  const StoredPart* living_part(Slot slot) const {
    if (!state_.entity(slot).alive) return nullptr;
    const Slot parent = state_.entity(slot).parent;
    for (const StoredPart& part : state_.entity(parent).now->parts()) {
      if (part.slot == slot) return &part;
    }
    return nullptr;
  }

  bool tags() {
    return array(version_.tags(), [&](const std::string& tag) {
      const std::size_t separator = tag.find("::");
      out_ += "{\"key\":";
      append_json(out_, std::string_view(tag).substr(0, separator));
      out_ += ",\"value\":";
      append_json(out_, std::string_view(tag).substr(separator + 2));
      out_ += '}';
    });
  }

  bool parts() {
    const PartShape& shape = *type_.shape.parts;
    return array(version_.parts(), [&](const StoredPart& part) {
      out_ += '{';
      append_json(out_, shape.part_key);
      out_ += ':';
      if (shape.numeric)
        out_ += part.key;
      else
        append_json(out_, part.key);
      if (!part.name.empty()) {
        out_ += ',';
        append_json(out_, shape.name_key);
        out_ += ':';
        append_json(out_, part.name);
      }
      out_ += '}';
    });
  }

  const WorldState& state_;
  const TypeLayout& type_;
  const Entity& entity_;
  const Version& version_;
  std::string out_;
};

}  // namespace

std::string WorldState::payload(Slot slot, const Version& version) const {
  for (const Slot target : version.refs.all()) prefetch(&entity(target));
  for (const Slot target : version.refs.all()) entity(target).identity->expect();
  return PayloadWriter(*this, entity(slot), version).write();
}

}  // namespace rehearse::world
