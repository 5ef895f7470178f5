#include "world/layout.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/text/json_text.hpp"

namespace rehearse::world {
namespace {

std::vector<std::string> pointer_parts(const std::string& key) {
  if (key.empty() || key[0] != '/') return {key};
  std::vector<std::string> parts;
  std::size_t at = 1;
  while (true) {
    const std::size_t end = key.find('/', at);
    std::string part = key.substr(at, end == std::string::npos ? end : end - at);
    for (std::size_t tilde = 0; (tilde = part.find('~', tilde)) != std::string::npos; ++tilde) {
      if (part.compare(tilde, 2, "~1") == 0)
        part.replace(tilde, 2, "/");
      else if (part.compare(tilde, 2, "~0") == 0)
        part.replace(tilde, 2, "~");
    }
    parts.push_back(std::move(part));
    if (end == std::string::npos) return parts;
    at = end + 1;
  }
}

void place(std::vector<PayloadNode>& nodes, const std::string& key, PayloadItem item,
           std::size_t index) {
  if (key.empty()) return;
  std::vector<PayloadNode>* level = &nodes;
  const std::vector<std::string> parts = pointer_parts(key);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool leaf = i + 1 == parts.size();
    auto node = std::find_if(level->begin(), level->end(), [&](const PayloadNode& other) {
      return other.name == parts[i] && other.item == PayloadItem::object;
    });
    if (node == level->end() || leaf) {
      PayloadNode fresh;
      fresh.name = parts[i];
      append_json(fresh.key, parts[i]);
      fresh.key += ':';
      if (leaf) {
        fresh.item = item;
        fresh.index = index;
      }
      node = level->insert(level->end(), std::move(fresh));
    }
    level = &node->children;
  }
}

std::vector<PayloadNode> make_payload(const TypeLayout& type) {
  const TypeShape& shape = type.shape;
  std::vector<PayloadNode> nodes;
  place(nodes, shape.id_key, PayloadItem::id, 0);
  for (std::size_t i = 0; i < shape.fields.size(); ++i) {
    place(nodes, shape.fields[i].key, PayloadItem::field, i);
  }
  for (std::size_t i = 0; i < shape.refs.size(); ++i) {
    place(nodes, shape.refs[i].key, PayloadItem::ref, i);
  }
  if (shape.parts) place(nodes, shape.parts->list_key, PayloadItem::parts, 0);
  place(nodes, shape.tags_key, PayloadItem::tags, 0);
  place(nodes, shape.version_key, PayloadItem::version, 0);
  place(nodes, shape.created_at_key, PayloadItem::created_at, 0);
  return nodes;
}

std::vector<PayloadNode> make_item(const RefShape& ref) {
  std::vector<PayloadNode> nodes;
  if (ref.parent_key.empty()) return nodes;
  place(nodes, ref.parent_key, PayloadItem::parent_id, 0);
  place(nodes, ref.part_key, PayloadItem::part_key, 0);
  place(nodes, ref.part_name_key, PayloadItem::part_name, 0);
  return nodes;
}

void render_event(std::string& out, const std::vector<PayloadNode>& nodes, const std::string& event,
                  char id_mark) {
  out += '{';
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (i > 0) out += ',';
    out += nodes[i].key;
    if (nodes[i].item == PayloadItem::event_type) append_json(out, event);
    if (nodes[i].item == PayloadItem::id) out += id_mark;
    if (nodes[i].item == PayloadItem::object) {
      render_event(out, nodes[i].children, event, id_mark);
    }
  }
  out += '}';
}

std::pair<std::string, std::string> event_around_id(const TypeShape& shape,
                                                    const std::string& event) {
  constexpr char kIdMark = '\x01';  // JSON text holds no such byte
  std::vector<PayloadNode> nodes;
  place(nodes, shape.event_type_key, PayloadItem::event_type, 0);
  place(nodes, shape.event_id_key, PayloadItem::id, 0);
  std::string text;
  render_event(text, nodes, event, kIdMark);
  const std::size_t id = text.find(kIdMark);
  if (id == text.npos) return {};
  return {text.substr(0, id), text.substr(id + 1)};
}

}  // namespace

std::size_t TypeLayout::field_index(std::string_view attribute) const {
  const FieldShape* field = find_field(shape, attribute);
  return field == nullptr ? kNone : static_cast<std::size_t>(field - shape.fields.data());
}

std::size_t TypeLayout::ref_index(std::string_view attribute) const {
  const RefShape* ref = find_ref(shape, attribute);
  return ref == nullptr ? kNone : static_cast<std::size_t>(ref - shape.refs.data());
}

Layout::Layout(std::vector<SourceShape> shapes) : sources_(std::move(shapes)) {
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    const std::string& name = sources_[i].name;
    if (source_index(name) != i) throw InputError("source " + name + " is there twice");
    for (const TypeShape& type : sources_[i].types) {
      for (const TypeLayout& other : types_) {
        if (other.shape.type == type.type && other.platform == sources_[i].platform) {
          throw InputError("type " + type.type + " of platform " + other.platform +
                           " belongs to two sources, " + sources_[other.source].name + " and " +
                           name);
        }
      }
      add_type(type, i, sources_[i].platform);
    }
  }
  // By index: resolving a target may add a type that no source has.
  for (std::size_t i = 0; i < types_.size(); ++i) {
    for (std::size_t j = 0; j < types_[i].refs.size(); ++j) {
      const RefShape shape = types_[i].refs[j].shape;
      const std::size_t target = target_type(shape);
      types_[i].refs[j].target = target;
      types_[i].refs[j].relation = relation_number(shape.relation);
      types_[i].refs[j].item = make_item(shape);
    }
    if (types_[i].shape.parts) {
      types_[i].part = type_index(types_[i].source, types_[i].shape.parts->type);
      if (types_[i].part != kNone) types_[types_[i].part].is_part = true;
    }
    types_[i].payload = make_payload(types_[i]);
  }
}

std::size_t Layout::add_type(const TypeShape& shape, std::size_t source,
                             const std::string& platform) {
  TypeLayout type;
  type.shape = shape;
  type.source = source;
  type.platform = platform;
  type.names =
      namespaces_.emplace(shape.component + "/" + platform, namespaces_.size()).first->second;
  for (const RefShape& ref : shape.refs) type.refs.push_back({ref, {}, kNone, kNone});
  if (const std::size_t at = shape.path.find("{id}"); at != std::string::npos) {
    type.path_prefix = shape.path.substr(0, at);
    type.path_suffix = shape.path.substr(at + 4);
    type.events = {event_around_id(shape, shape.created_event),
                   event_around_id(shape, shape.updated_event),
                   event_around_id(shape, shape.deleted_event)};
  }
  types_.push_back(std::move(type));
  return types_.size() - 1;
}

// The type that a reference points to, added without a source when no source has it.
std::size_t Layout::target_type(const RefShape& ref) {
  for (std::size_t i = 0; i < types_.size(); ++i) {
    const TypeLayout& type = types_[i];
    if (type.shape.type == ref.type && type.shape.component == ref.component &&
        type.platform == ref.platform) {
      return i;
    }
  }
  TypeShape bare;
  bare.type = ref.type;
  bare.component = ref.component;
  return add_type(bare, kNone, ref.platform);
}

std::size_t Layout::relation_number(const std::string& name) {
  if (const std::size_t known = relation_index(name); known != kNone) return known;
  relations_.push_back(name);
  return relations_.size() - 1;
}

std::size_t Layout::source_index(std::string_view name) const {
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    if (sources_[i].name == name) return i;
  }
  return kNone;
}

std::size_t Layout::type_index(std::size_t source, std::string_view name) const {
  for (std::size_t i = 0; source != kNone && i < types_.size(); ++i) {
    if (types_[i].source == source && types_[i].shape.type == name) return i;
  }
  return kNone;
}

std::size_t Layout::type_index(std::string_view name) const {
  for (std::size_t i = 0; i < types_.size(); ++i) {
    if (types_[i].source != kNone && types_[i].shape.type == name) return i;
  }
  return kNone;
}

std::size_t Layout::relation_index(std::string_view name) const {
  const auto found = std::find(relations_.begin(), relations_.end(), name);
  return found == relations_.end() ? kNone : static_cast<std::size_t>(found - relations_.begin());
}

std::size_t Layout::namespace_index(std::string_view component_and_platform) const {
  const auto found = namespaces_.find(component_and_platform);
  return found == namespaces_.end() ? kNone : found->second;
}

}  // namespace rehearse::world
