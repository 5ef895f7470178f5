// Turning a provider file round: where the service looks for a value, the source puts it.
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "world/shape.hpp"

namespace rehearse::world {
namespace {

using config::Node;

const std::vector<Node>& items_of(const Node* node) {
  static const std::vector<Node> none;
  if (node == nullptr) return none;
  if (node->kind != config::Kind::array) {
    config::fail(*node, config::shown(*node) + "; an array is needed");
  }
  return node->items;
}

std::string required_text(config::Object& object, const char* key) {
  return config::to_string(object.require(key));
}

/// A JSON pointer into objects; payloads with values at fixed places of arrays are not made.
std::string checked_pointer(std::string text, const Node& node) {
  if (text.empty() || text[0] != '/') {
    config::fail(node, config::shown(node) + "; a JSON pointer is needed");
  }
  for (std::size_t at = 0; at != text.npos; at = text.find('/', at + 1)) {
    const std::size_t end = std::min(text.find('/', at + 1), text.size());
    const std::string_view token = std::string_view(text).substr(at + 1, end - at - 1);
    if (!token.empty() && token.find_first_not_of("0123456789") == token.npos) {
      config::fail(node, "simulated sources cannot fill single places of arrays");
    }
  }
  return text;
}

std::string pointer(const Node& node) { return checked_pointer(config::to_string(node), node); }

/// The key in a pointer of one step.
std::string single_key(const Node& node, std::string_view text) {
  if (text.size() < 2 || text[0] != '/' || text.find_first_of("/~", 1) != text.npos) {
    config::fail(node, "simulated sources need a pointer of one step here");
  }
  return std::string(text.substr(1));
}

FieldShape read_field(const Node& node) {
  config::Object object(node);
  FieldShape field;
  field.attribute = required_text(object, "attribute");
  field.key = pointer(object.require("pointer"));
  const std::string kind = object.choice("kind", "text", {"text", "integer", "number", "boolean"});
  field.kind = kind == "text"      ? FieldKind::text
               : kind == "integer" ? FieldKind::integer
               : kind == "number"  ? FieldKind::number
                                   : FieldKind::boolean;
  return field;
}

/// "{}", "{/key}" or "{/parent}<separator>{/part}" behind aip://component/platform/.
void read_target(const Node& node, RefShape& ref) {
  const std::string uri = config::to_string(node);
  constexpr std::string_view kScheme = "aip://";
  const std::size_t first = uri.find('/', kScheme.size());
  const std::size_t second = first == uri.npos ? uri.npos : uri.find('/', first + 1);
  if (uri.compare(0, kScheme.size(), kScheme) != 0 || second == uri.npos) {
    config::fail(node, config::shown(node) + "; aip://COMPONENT/PLATFORM/ID is needed");
  }
  ref.component = uri.substr(kScheme.size(), first - kScheme.size());
  ref.platform = uri.substr(first + 1, second - first - 1);
  const std::string id = uri.substr(second + 1);
  if (id == "{}") return;
  const std::size_t close = id.find('}');
  if (id[0] != '{' || close == id.npos) {
    config::fail(node, "simulated sources cannot make this id");
  }
  ref.parent_key = checked_pointer(id.substr(1, close - 1), node);
  if (close + 1 == id.size()) return;
  const std::size_t open = id.find('{', close);
  if (open == id.npos || open == close + 1 || id.back() != '}' ||
      id.find('}', open) + 1 != id.size()) {
    config::fail(node, "simulated sources cannot make this id");
  }
  ref.separator = id.substr(close + 1, open - close - 1);
  ref.part_key = checked_pointer(id.substr(open + 1, id.size() - open - 2), node);
}

RefShape read_ref(const Node& node) {
  config::Object object(node);
  RefShape ref;
  ref.attribute = required_text(object, "attribute");
  ref.relation = required_text(object, "relation");
  ref.key = pointer(object.require("pointer"));
  ref.type = required_text(object, "type");
  ref.many = object.boolean("many", false);
  ref.upstream = object.boolean("upstream", false);
  ref.suffix = object.string("strip_suffix", "");
  read_target(object.require("uri"), ref);
  if (!ref.suffix.empty() && !ref.parent_key.empty()) {
    config::fail(node, "simulated sources strip suffixes from plain ids alone");
  }
  return ref;
}

/// What stands in `common` and in a type alike.
void read_common(config::Object& object, TypeShape& type) {
  for (const Node& node : items_of(object.find("fields"))) {
    FieldShape field = read_field(node);
    if (field.attribute == "version") {
      type.version_key = field.key;
    } else if (field.attribute == "created_at" && field.kind == FieldKind::integer) {
      type.created_at_key = field.key;
    } else {
      type.fields.push_back(std::move(field));
    }
  }
  for (const Node& node : items_of(object.find("references"))) type.refs.push_back(read_ref(node));
  if (const Node* tags = object.find("tags")) type.tags_key = pointer(*tags);
}

void read_events(config::Object& object, TypeShape& type) {
  const Node& events = object.require("events");
  config::Object by_name(events);
  for (const auto& [name, node] : events.members) {
    const std::string op = by_name.choice(name, "update", {"create", "update", "delete"});
    std::string& event = op == "create"   ? type.created_event
                         : op == "update" ? type.updated_event
                                          : type.deleted_event;
    if (event.empty()) event = name;
  }
  if (events.members.empty()) config::fail(events, "a type needs an event");
  // The state is fetched whatever an event announces, so another one does as well.
  const std::string any = events.members.front().first;
  const auto choose = [](std::string& event, const std::string& other, const std::string& last) {
    if (event.empty()) event = other.empty() ? last : other;
  };
  choose(type.updated_event, type.created_event, any);
  choose(type.created_event, type.updated_event, any);
  choose(type.deleted_event, type.updated_event, any);
}

/// Reads the parts of `parent` and gives the shape of their type.
TypeShape read_part(const Node& node, TypeShape& parent, const std::string& platform) {
  config::Object object(node);
  TypeShape part;
  part.type = required_text(object, "type");
  part.component = required_text(object, "component");
  PartShape shape;
  shape.type = part.type;
  shape.list_key = pointer(object.require("pointer"));
  const Node& id = object.require("id");
  const std::string text = config::to_string(id);
  constexpr std::string_view kParent = "{parent}";
  const std::size_t open = text.find('{', kParent.size());
  if (text.compare(0, kParent.size(), kParent) != 0 || open == text.npos ||
      open == kParent.size() || text.back() != '}') {
    config::fail(id, config::shown(id) + "; {parent}SEPARATOR{/POINTER} is needed");
  }
  shape.separator = text.substr(kParent.size(), open - kParent.size());
  const std::string key = text.substr(open + 1, text.size() - open - 2);
  shape.part_key = single_key(id, key);
  shape.numeric = false;
  for (const Node& item : items_of(object.find("fields"))) {
    FieldShape field = read_field(item);
    if (field.key == key) {
      shape.part_attribute = field.attribute;
      shape.numeric = field.kind == FieldKind::integer;
    } else if (field.attribute == "name") {
      shape.name_key = single_key(item, field.key);
    }
    part.fields.push_back(std::move(field));
  }
  config::Object holder(object.require("parent"));
  RefShape ref;
  ref.attribute = required_text(holder, "attribute");
  ref.relation = required_text(holder, "relation");
  ref.upstream = holder.boolean("upstream", false);
  ref.type = parent.type;
  ref.component = parent.component;
  ref.platform = platform;
  shape.parent_attribute = ref.attribute;
  part.refs.push_back(std::move(ref));
  parent.parts = std::move(shape);
  return part;
}

/// Two attributes read from one place cannot be given two values.
void check_places(const Node& node, const TypeShape& type) {
  std::vector<std::string> places = {type.id_key, type.version_key};
  for (const std::string& optional : {type.created_at_key, type.tags_key}) {
    if (!optional.empty()) places.push_back(optional);
  }
  for (const FieldShape& field : type.fields) places.push_back(field.key);
  for (const RefShape& ref : type.refs) places.push_back(ref.key);
  if (type.parts) places.push_back(type.parts->list_key);
  for (std::string& place : places) place += '/';
  std::sort(places.begin(), places.end());
  for (std::size_t i = 1; i < places.size(); ++i) {
    if (places[i].compare(0, places[i - 1].size(), places[i - 1]) == 0) {
      config::fail(node, "simulated sources need a place of its own for each value; " +
                             places[i - 1] + " and " + places[i] + " meet");
    }
  }
}

TypeShape read_type(const Node& node, config::Object& provider, SourceShape& source) {
  config::Object object(node);
  TypeShape type;
  type.version_key.clear();
  type.created_at_key.clear();
  type.tags_key.clear();
  type.type = required_text(object, "type");
  type.component = required_text(object, "component");
  type.path = required_text(object, "path");
  if (type.path.find("{id}") == type.path.npos) {
    config::fail(object.require("path"), "{id} is missing");
  }
  type.list_path = object.string("list_path", "");
  type.id_key = pointer(object.require("id"));
  if (const Node* event_type = provider.find("event_type")) {
    type.event_type_key = pointer(*event_type);
  }
  type.event_id_key = pointer(object.require("event_id"));
  read_events(object, type);
  if (const Node* common = provider.find("common")) {
    config::Object shared(*common);
    read_common(shared, type);
  }
  read_common(object, type);
  if (type.version_key.empty()) config::fail(node, type.type + " has no field version");
  const std::vector<Node>& parts = items_of(object.find("parts"));
  if (parts.size() > 1) config::fail(parts[1], "simulated sources embed parts of one type");
  for (const Node& part : parts) source.types.push_back(read_part(part, type, source.platform));
  check_places(node, type);
  return type;
}

}  // namespace

SourceShape declared_shape(const config::Node& provider) {
  config::Object object(provider);
  SourceShape source;
  source.name = required_text(object, "name");
  source.platform = required_text(object, "platform");
  for (const Node& node : items_of(&object.require("types"))) {
    TypeShape type = read_type(node, object, source);
    source.types.push_back(std::move(type));
  }
  for (TypeShape& part : source.types) {
    if (!part.path.empty()) continue;
    part.tags_key.clear();
    part.version_key.clear();
  }
  return source;
}

}  // namespace rehearse::world
