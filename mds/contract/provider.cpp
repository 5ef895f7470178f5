#include "mds/contract/provider.hpp"

#include <algorithm>
#include <set>

#include "mds/contract/uri.hpp"

namespace rehearse::mds {
namespace {

constexpr std::string_view kIdPlaceholder = "{id}";

/// What every type of a provider has.
struct Common {
  std::vector<FieldDeclaration> fields;
  std::vector<ReferenceDeclaration> references;
  std::optional<JsonPointer> tags;
};

std::string word(config::Object& object, std::string_view key) {
  const config::Node& node = object.require(key);
  std::string text = config::to_string(node);
  if (text.empty()) config::fail(node, "empty text; a name is needed");
  return text;
}

/// A name that may stand in a URI as it is.
std::string plain_word(config::Object& object, std::string_view key) {
  std::string text = word(object, key);
  if (encode_id(text) != text) {
    config::fail(object.require(key), "\"" + text +
                                          "\" cannot be part of a URI; letters, digits "
                                          "and -._~:@+=, are allowed");
  }
  return text;
}

JsonPointer to_pointer(const config::Node& node) {
  const auto pointer = JsonPointer::parse(config::to_string(node));
  if (!pointer) {
    config::fail(node, "found " + config::shown(node) +
                           "; a JSON pointer is empty or starts with a slash (RFC 6901)");
  }
  return *pointer;
}

const config::Node& array(const config::Node& node) {
  if (node.kind != config::Kind::array) {
    config::fail(node, "found " + config::shown(node) + "; an array is needed");
  }
  return node;
}

FieldKind to_field_kind(const std::string& name) {
  if (name == "integer") return FieldKind::integer;
  if (name == "number") return FieldKind::number;
  if (name == "boolean") return FieldKind::boolean;
  return FieldKind::text;
}

FieldDeclaration parse_field(const config::Node& node) {
  config::Object object(node);
  FieldDeclaration field;
  field.attribute = word(object, "attribute");
  field.pointer = to_pointer(object.require("pointer"));
  field.kind =
      to_field_kind(object.choice("kind", "text", {"text", "integer", "number", "boolean"}));
  field.required = object.boolean("required", false);
  object.done();
  return field;
}

/// "aip://<component>/<platform>/<id template>".
void parse_target(const config::Node& node, ReferenceDeclaration& reference) {
  const std::string text = config::to_string(node);
  const std::string sample = text.substr(0, text.find('{')) + "x";
  const auto parts = split_uri(sample);  // points into sample
  const auto start = text.find('/', text.find('/', 6) + 1);
  std::optional<IdTemplate> id;
  if (parts && start != std::string::npos) id = IdTemplate::parse(text.substr(start + 1));
  if (!id || text.find("{parent}") != std::string::npos) {
    config::fail(node, "found " + config::shown(node) +
                           "; allowed is aip://<component>/<platform>/<id>, where the id has "
                           "placeholders {} or {/pointer}");
  }
  reference.component = parts->component;
  reference.platform = parts->platform;
  reference.id = *std::move(id);
}

ReferenceDeclaration parse_reference(const config::Node& node) {
  config::Object object(node);
  ReferenceDeclaration reference;
  reference.attribute = word(object, "attribute");
  reference.relation = word(object, "relation");
  reference.pointer = to_pointer(object.require("pointer"));
  reference.type = word(object, "type");
  reference.many = object.boolean("many", false);
  reference.upstream = object.boolean("upstream", false);
  reference.strip_suffix = object.string("strip_suffix", "");
  parse_target(object.require("uri"), reference);
  object.done();
  return reference;
}

void parse_facts(config::Object& object, std::vector<FieldDeclaration>& fields,
                 std::vector<ReferenceDeclaration>& references) {
  if (const config::Node* node = object.find("fields")) {
    for (const config::Node& item : array(*node).items) fields.push_back(parse_field(item));
  }
  if (const config::Node* node = object.find("references")) {
    for (const config::Node& item : array(*node).items) {
      references.push_back(parse_reference(item));
    }
  }
}

/// Attributes of one entity must differ.
void check_attributes(const config::Node& node, const std::vector<FieldDeclaration>& fields,
                      const std::vector<ReferenceDeclaration>& references,
                      std::set<std::string> taken) {
  const auto take = [&](const std::string& attribute) {
    if (!taken.insert(attribute).second) {
      config::fail(node, "the attribute \"" + attribute + "\" is declared twice");
    }
  };
  for (const FieldDeclaration& field : fields) take(field.attribute);
  for (const ReferenceDeclaration& reference : references) take(reference.attribute);
}

PartDeclaration parse_part(const config::Node& node) {
  config::Object object(node);
  PartDeclaration part;
  part.type = word(object, "type");
  part.component = plain_word(object, "component");
  part.pointer = to_pointer(object.require("pointer"));
  const config::Node& id = object.require("id");
  const auto parsed = IdTemplate::parse(config::to_string(id));
  if (!parsed || !parsed->names_parent()) {
    config::fail(id, "found " + config::shown(id) +
                         "; allowed is {parent}<separator>{/pointer}, so that the parent can be "
                         "found from the id");
  }
  part.id = *parsed;
  config::Object parent(object.require("parent"));
  part.parent_attribute = word(parent, "attribute");
  part.parent_relation = word(parent, "relation");
  part.parent_upstream = parent.boolean("upstream", false);
  parent.done();
  parse_facts(object, part.fields, part.references);
  object.done();
  check_attributes(node, part.fields, part.references, {part.parent_attribute});
  return part;
}

void parse_events(const config::Node& node, TypeDeclaration& type) {
  config::Object object(node);
  for (const auto& [name, value] : node.members) {
    const std::string op = object.choice(name, "", {"create", "update", "delete"});
    if (name.empty()) config::fail(value, "an event type needs a name");
    type.events.emplace_back(name, op == "create"   ? EventOp::create
                                   : op == "update" ? EventOp::update
                                                    : EventOp::remove);
  }
  if (type.events.empty()) {
    config::fail(node, "no event types; at least one is needed to learn of changes");
  }
}

std::string parse_path(const config::Node& node) {
  std::string path = config::to_string(node);
  const auto at = path.find(kIdPlaceholder);
  const bool once = at != std::string::npos && path.find('{', at + 1) == std::string::npos &&
                    path.find('{') == at;
  if (!once || path.front() != '/') {
    config::fail(
        node, "found " + config::shown(node) + "; a path starts with a slash and holds {id} once");
  }
  return path;
}

void check_version(const config::Node& node, const TypeDeclaration& type) {
  const auto found =
      std::find_if(type.fields.begin(), type.fields.end(),
                   [](const FieldDeclaration& field) { return field.attribute == "version"; });
  if (found == type.fields.end() || found->kind != FieldKind::integer || !found->required) {
    config::fail(node,
                 "no field \"version\" of kind integer that is required; copies are compared "
                 "by it");
  }
}

TypeDeclaration parse_type(const config::Node& node, const Common& common) {
  config::Object object(node);
  TypeDeclaration type;
  type.type = word(object, "type");
  type.component = plain_word(object, "component");
  type.path = parse_path(object.require("path"));
  type.list_path = object.string("list_path", "");
  type.id = to_pointer(object.require("id"));
  parse_events(object.require("events"), type);
  type.event_id = to_pointer(object.require("event_id"));
  type.fields = common.fields;
  type.references = common.references;
  parse_facts(object, type.fields, type.references);
  type.tags = common.tags;
  if (const config::Node* tags = object.find("tags")) type.tags = to_pointer(*tags);
  if (const config::Node* parts = object.find("parts")) {
    for (const config::Node& item : array(*parts).items) type.parts.push_back(parse_part(item));
  }
  object.done();
  check_attributes(node, type.fields, type.references, {"tags"});
  check_version(node, type);
  return type;
}

Common parse_common(const config::Node& node) {
  config::Object object(node);
  Common common;
  parse_facts(object, common.fields, common.references);
  if (const config::Node* tags = object.find("tags")) common.tags = to_pointer(*tags);
  object.done();
  return common;
}

void check_types(const config::Node& node, const Provider& provider) {
  std::set<std::string> types;
  std::set<std::string> events;
  std::set<std::string> paths;
  const auto take = [&](std::set<std::string>& taken, const std::string& name, const char* what) {
    if (!taken.insert(name).second) {
      config::fail(node, std::string("the ") + what + " \"" + name + "\" is declared twice");
    }
  };
  for (const TypeDeclaration& type : provider.types) {
    take(types, type.type, "type");
    take(paths, type.path, "path");
    for (const auto& [event, op] : type.events) take(events, event, "event type");
    for (const PartDeclaration& part : type.parts) take(types, part.type, "type");
  }
}

}  // namespace

std::string TypeDeclaration::path_of(std::string_view entity) const {
  std::string filled = path;
  return filled.replace(filled.find(kIdPlaceholder), kIdPlaceholder.size(), encode_id(entity));
}

Provider parse_provider(const config::Node& node) {
  config::Object object(node);
  Provider provider;
  provider.name = plain_word(object, "name");
  provider.domain = word(object, "domain");
  provider.platform = plain_word(object, "platform");
  provider.event_type = JsonPointer::parse("/event_type").value();
  if (const config::Node* pointer = object.find("event_type")) {
    provider.event_type = to_pointer(*pointer);
  }
  provider.page_size = static_cast<int>(object.integer("page_size", provider.page_size, 1, 100000));
  Common common;
  if (const config::Node* shared = object.find("common")) common = parse_common(*shared);
  const config::Node& types = object.require("types");
  for (const config::Node& type : array(types).items) {
    provider.types.push_back(parse_type(type, common));
  }
  object.done();
  if (provider.types.empty()) config::fail(types, "no types; at least one is needed");
  check_types(types, provider);
  return provider;
}

}  // namespace rehearse::mds
