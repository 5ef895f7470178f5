#include "world/attributes.hpp"

#include <utility>

namespace rehearse::world {
namespace {

std::vector<Part> read_parts(const config::Node& node, const PartShape& shape) {
  std::vector<Part> parts;
  if (node.kind != config::Kind::array) {
    config::fail(node, config::shown(node) + "; an array is needed");
  }
  for (const config::Node& item : node.items) {
    config::Object object(item);
    const config::Node& key = object.require(shape.part_key);
    Part part;
    part.key = shape.numeric ? std::to_string(config::to_integer(key, 0, std::int64_t{1} << 53))
                             : config::to_string(key);
    if (!shape.name_key.empty()) part.name = object.string(shape.name_key, "");
    object.done();
    for (const Part& other : parts) {
      if (other.key == part.key) config::fail(key, part.key + " is there twice");
    }
    parts.push_back(std::move(part));
  }
  return parts;
}

void read_tags(const config::Node& node, const TypeShape& type, Operation& operation) {
  if (type.tags_key.empty()) config::fail(node, type.type + " has no tags");
  operation.replace_tags = true;
  for (const config::Node* item : one_or_many(node)) {
    std::string tag = config::to_string(*item);
    const std::size_t separator = tag.find("::");
    if (separator == tag.npos || separator == 0) {
      config::fail(*item, config::shown(*item) + "; a tag is \"KEY::VALUE\"");
    }
    operation.tags.push_back(std::move(tag));
  }
}

}  // namespace

const std::vector<config::Member>& members_of(const config::Node* node) {
  static const std::vector<config::Member> none;
  if (node == nullptr) return none;
  if (node->kind != config::Kind::object) {
    config::fail(*node, config::shown(*node) + "; an object is needed");
  }
  return node->members;
}

std::vector<const config::Node*> one_or_many(const config::Node& node) {
  if (node.kind != config::Kind::array) return {&node};
  std::vector<const config::Node*> items;
  for (const config::Node& item : node.items) items.push_back(&item);
  return items;
}

const TypeShape& required_type(config::Object& object, const SourceShape& source) {
  const config::Node& node = object.require("type");
  const std::string name = config::to_string(node);
  const TypeShape* type = find_type(source, name);
  if (type == nullptr || type->path.empty()) {
    config::fail(node, source.name + " has no entities of type " + name +
                           known_names(name, document_types(source)));
  }
  return *type;
}

std::string required_id(const config::Node& node) {
  std::string id = config::to_string(node);
  if (id.empty()) config::fail(node, "an id cannot be empty");
  return id;
}

const FieldShape& named_field(const TypeShape& type, const std::string& name,
                              const config::Node& node) {
  const FieldShape* field = find_field(type, name);
  if (field == nullptr) {
    config::fail(node, type.type + " has no field " + name + known_names(name, field_names(type)));
  }
  return *field;
}

const RefShape& named_ref(const TypeShape& type, const std::string& name,
                          const config::Node& node) {
  const RefShape* ref = find_ref(type, name);
  if (ref == nullptr) {
    config::fail(node,
                 type.type + " has no reference " + name + known_names(name, ref_names(type)));
  }
  return *ref;
}

FieldValue field_value(const FieldShape& field, const config::Node& node) {
  switch (field.kind) {
    case FieldKind::text:
      return config::to_string(node);
    case FieldKind::integer:
      return config::to_integer(node, std::numeric_limits<std::int64_t>::min(),
                                std::numeric_limits<std::int64_t>::max());
    case FieldKind::number:
      return config::to_number(node);
    case FieldKind::boolean:
      return config::to_boolean(node);
  }
  return {};
}

std::vector<std::string> ref_ids(const RefShape& ref, const config::Node& node) {
  std::vector<std::string> ids;
  for (const config::Node* item : one_or_many(node)) {
    std::string id = required_id(*item);
    const bool mail = !ref.suffix.empty() && id.size() > ref.suffix.size() &&
                      id.compare(id.size() - ref.suffix.size(), ref.suffix.size(), ref.suffix) == 0;
    if (mail)
      config::fail(*item, config::shown(*item) + "; an id is needed, without " + ref.suffix);
    if (!can_refer_to(ref, id)) {
      config::fail(*item, config::shown(*item) + "; " + ref.attribute + " needs " + id_form(ref));
    }
    ids.push_back(std::move(id));
  }
  if (!ref.many && ids.size() > 1) {
    config::fail(node, ref.attribute + " refers to one entity, not to several");
  }
  return ids;
}

void read_attributes(config::Object& object, const TypeShape& type, Operation& operation) {
  for (const auto& [name, node] : members_of(object.find("fields"))) {
    operation.fields[name] = field_value(named_field(type, name, node), node);
  }
  if (const config::Node* owners = object.find("owners")) {
    operation.refs["owners"] = ref_ids(named_ref(type, "owners", *owners), *owners);
  }
  if (const config::Node* tags = object.find("tags")) read_tags(*tags, type, operation);
  if (!type.parts) return;
  if (const config::Node* parts = object.find(type.parts->list_key)) {
    operation.replace_parts = true;
    operation.parts = read_parts(*parts, *type.parts);
  }
}

}  // namespace rehearse::world
