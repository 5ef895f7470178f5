#include "world/layout.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "world/json_text.hpp"

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
  std::vector<PayloadNode> nodes;
  place(nodes, type.shape.id_key, PayloadItem::id, 0);
  for (std::size_t i = 0; i < type.fields.size(); ++i) {
    place(nodes, type.fields[i].key, PayloadItem::field, i);
  }
  for (std::size_t i = 0; i < type.refs.size(); ++i) {
    const RefShape& ref = type.refs[i].shape;
    const bool owners = ref.attribute == "owners" && ref.key == type.shape.owners_key;
    if (!owners) place(nodes, ref.key, PayloadItem::ref, i);
  }
  if (type.shape.parts) place(nodes, type.shape.parts->list_key, PayloadItem::parts, 0);
  if (const std::size_t owners = type.ref_index("owners"); owners != kNone) {
    place(nodes, type.shape.owners_key, PayloadItem::owners, owners);
  }
  place(nodes, type.shape.tags_key, PayloadItem::tags, 0);
  place(nodes, type.shape.version_key, PayloadItem::version, 0);
  place(nodes, type.shape.created_at_key, PayloadItem::created_at, 0);
  return nodes;
}

std::string event_start(const std::string& event, const std::string& id_key) {
  std::string text = "{\"event_type\":";
  append_json(text, event);
  text += ',';
  append_json(text, id_key);
  text += ':';
  return text;
}

}  // namespace

std::size_t TypeLayout::field_index(std::string_view attribute) const {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].attribute == attribute) return i;
  }
  return kNone;
}

std::size_t TypeLayout::ref_index(std::string_view attribute) const {
  for (std::size_t i = 0; i < refs.size(); ++i) {
    if (refs[i].shape.attribute == attribute) return i;
  }
  return kNone;
}

Layout::Layout(std::vector<SourceShape> shapes) : sources_(std::move(shapes)) {
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    if (source_index(sources_[i].name) != i) {
      throw InputError("source " + sources_[i].name + " is there twice");
    }
    for (const TypeShape& type : sources_[i].types) {
      if (type_numbers_.count(type.type) > 0) {
        throw InputError("entity type " + type.type + " belongs to two sources, " +
                         sources_[i].name + " and another");
      }
      add_type(type, i, sources_[i].platform);
    }
  }
  // By index: resolving a target may add a type that no source has.
  for (std::size_t i = 0; i < types_.size(); ++i) {
    for (std::size_t j = 0; j < types_[i].refs.size(); ++j) {
      const RefShape shape = types_[i].refs[j].shape;
      const std::size_t target = target_type(shape.type);
      types_[i].refs[j].target = target;
      types_[i].refs[j].relation = relation_number(shape.relation);
    }
    if (types_[i].shape.parts) {
      types_[i].part = type_index(types_[i].shape.parts->type);
      if (types_[i].part != kNone) types_[types_[i].part].is_part = true;
    }
    types_[i].payload = make_payload(types_[i]);
  }
}

void Layout::add_type(const TypeShape& shape, std::size_t source, const std::string& platform) {
  TypeLayout type;
  type.shape = shape;
  type.source = source;
  type.platform = platform;
  type.names =
      namespaces_.emplace(shape.component + "/" + platform, namespaces_.size()).first->second;
  for (const std::string& name : field_names(shape)) {
    type.fields.push_back(*find_field(shape, name));
  }
  for (const std::string& name : ref_names(shape)) {
    type.refs.push_back({*find_ref(shape, name), kNone, kNone});
  }
  if (const std::size_t at = shape.path.find("{id}"); at != std::string::npos) {
    type.path_prefix = shape.path.substr(0, at);
    type.path_suffix = shape.path.substr(at + 4);
  }
  type.event_start = {event_start(shape.created_event, shape.event_id_key),
                      event_start(shape.updated_event, shape.event_id_key),
                      event_start(shape.deleted_event, shape.event_id_key)};
  type_numbers_.emplace(shape.type, types_.size());
  types_.push_back(std::move(type));
}

// The type of that name, added without a source when only a shipped source has it.
std::size_t Layout::target_type(const std::string& name) {
  if (const std::size_t known = type_index(name); known != kNone) return known;
  for (const std::string& source : shipped_shape_names()) {
    const SourceShape& shape = *shipped_shape(source);
    if (const TypeShape* type = find_type(shape, name)) {
      TypeShape bare = *type;
      bare.refs.clear();
      bare.owners_key.clear();
      bare.parts.reset();
      add_type(bare, kNone, shape.platform);
      return types_.size() - 1;
    }
  }
  throw InputError("a reference points to entity type " + name + ", which no source has");
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

std::size_t Layout::type_index(std::string_view name) const {
  const auto found = type_numbers_.find(name);
  return found == type_numbers_.end() ? kNone : found->second;
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
