#include "mds/normaliser.hpp"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "mds/uri.hpp"

namespace rehearse::mds {
namespace {

using nlohmann::json;

[[noreturn]] void refuse(const JsonPointer& where, const std::string& what) {
  throw Refusal{"payload " + excerpt(where.text()) + " " + what};
}

/// REQUIRES: nothing of the value; every kind is checked.
Value to_value(const json& value, const FieldDeclaration& field) {
  const auto expect = [&](bool holds, const char* kind) {
    if (!holds) refuse(field.pointer, std::string("is not ") + kind);
  };
  switch (field.kind) {
    case FieldKind::text: {
      expect(value.is_string(), "text");
      const auto& text = value.get_ref<const std::string&>();
      if (text.size() > Limits::text) refuse(field.pointer, "is longer than 64 KiB");
      return text;
    }
    case FieldKind::integer:
      expect(value.is_number_integer(), "an integer");
      if (value.is_number_unsigned() &&
          value.get<std::uint64_t>() >
              static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
        refuse(field.pointer, "is too large");
      }
      return value.get<std::int64_t>();
    case FieldKind::number:
      expect(value.is_number(), "a number");
      return value.get<double>();
    case FieldKind::boolean:
      expect(value.is_boolean(), "true or false");
      return value.get<bool>();
  }
  return {};  // not reached
}

void add_fields(const json& payload, const std::vector<FieldDeclaration>& fields,
                std::vector<Fact>& facts) {
  for (const FieldDeclaration& field : fields) {
    const json* value = field.pointer.find(payload);
    if (value == nullptr) {
      if (field.required) refuse(field.pointer, "is missing");
      continue;
    }
    facts.push_back({field.attribute, to_value(*value, field)});
  }
}

const json& checked_array(const json& value, const JsonPointer& where) {
  if (!value.is_array()) refuse(where, "is not an array");
  if (value.size() > Limits::items) refuse(where, "has more than 10000 entries");
  return value;
}

Reference to_reference(const json& item, const ReferenceDeclaration& declared) {
  auto id = declared.id.fill(item, {});
  if (!id) refuse(declared.pointer, "holds no id");
  const std::string& suffix = declared.strip_suffix;
  if (!suffix.empty()) {
    if (id->size() < suffix.size() ||
        id->compare(id->size() - suffix.size(), suffix.size(), suffix) != 0) {
      refuse(declared.pointer, "does not end with " + excerpt(suffix));
    }
    id->resize(id->size() - suffix.size());
  }
  if (const char* problem = bad_id(*id)) refuse(declared.pointer, problem);
  return {make_uri(declared.component, declared.platform, *id), declared.type};
}

void add_references(const json& payload, const std::vector<ReferenceDeclaration>& references,
                    std::vector<Fact>& facts) {
  for (const ReferenceDeclaration& declared : references) {
    const json* value = declared.pointer.find(payload);
    if (value == nullptr) continue;
    if (!declared.many) {
      facts.push_back({declared.attribute, to_reference(*value, declared)});
      continue;
    }
    for (const json& item : checked_array(*value, declared.pointer)) {
      facts.push_back({declared.attribute, to_reference(item, declared)});
    }
  }
}

void add_tags(const json& payload, const JsonPointer& pointer, std::vector<Fact>& facts) {
  const json* value = pointer.find(payload);
  if (value == nullptr) return;
  for (const json& label : checked_array(*value, pointer)) {
    const auto member = [&](const char* key) -> const std::string& {
      const auto at = label.is_object() ? label.find(key) : label.end();
      if (!label.is_object() || at == label.end() || !at->is_string()) {
        refuse(pointer, "has an entry that is not {\"key\", \"value\"} with text");
      }
      return at->get_ref<const std::string&>();
    };
    const std::string& key = member("key");
    const std::string& text = member("value");
    if (key.size() + text.size() > Limits::text) refuse(pointer, "has a label over 64 KiB");
    facts.push_back({kTags, key + "::" + text});
  }
}

void tidy(std::vector<Fact>& facts) {
  std::sort(facts.begin(), facts.end());
  facts.erase(std::unique(facts.begin(), facts.end()), facts.end());
}

void check_id(const json& payload, const TypeDeclaration& type, std::string_view id) {
  const json* found = type.id.find(payload);
  if (found == nullptr) refuse(type.id, "is missing");
  if (!found->is_string()) refuse(type.id, "is not text");
  if (found->get_ref<const std::string&>() != id) refuse(type.id, "is not the id asked for");
}

EntityFacts normalise_part(const json& item, const PartDeclaration& declared,
                           const Provider& provider, const TypeDeclaration& type,
                           std::string_view parent) {
  const auto id = declared.id.fill(item, parent);
  if (!id) refuse(declared.pointer, "has an entry without id");
  if (id->size() > Limits::id + Limits::id) refuse(declared.pointer, "has an id that is too long");
  EntityFacts part;
  part.uri = make_uri(declared.component, provider.platform, *id);
  part.type = declared.type;
  part.facts.push_back({declared.parent_attribute,
                        Reference{make_uri(type.component, provider.platform, parent), type.type}});
  add_fields(item, declared.fields, part.facts);
  add_references(item, declared.references, part.facts);
  tidy(part.facts);
  return part;
}

void add_parts(const json& payload, const Provider& provider, const TypeDeclaration& type,
               std::string_view id, std::vector<EntityFacts>& parts) {
  for (const PartDeclaration& declared : type.parts) {
    const json* value = declared.pointer.find(payload);
    if (value == nullptr) continue;
    for (const json& item : checked_array(*value, declared.pointer)) {
      parts.push_back(normalise_part(item, declared, provider, type, id));
    }
  }
  std::sort(parts.begin(), parts.end(),
            [](const EntityFacts& a, const EntityFacts& b) { return a.uri < b.uri; });
  const auto twice = std::adjacent_find(
      parts.begin(), parts.end(), [](const auto& a, const auto& b) { return a.uri == b.uri; });
  if (twice != parts.end()) throw Refusal{"payload has the part " + excerpt(twice->uri) + " twice"};
}

}  // namespace

Document normalise_json(const Provider& provider, const TypeDeclaration& type, std::string_view id,
                        const json& payload) {
  if (!payload.is_object()) throw Refusal{"payload is not a JSON object"};
  check_id(payload, type, id);
  Document document;
  document.root.uri = make_uri(type.component, provider.platform, id);
  document.root.type = type.type;
  add_fields(payload, type.fields, document.root.facts);
  add_references(payload, type.references, document.root.facts);
  if (type.tags) add_tags(payload, *type.tags, document.root.facts);
  tidy(document.root.facts);
  add_parts(payload, provider, type, id, document.parts);
  return document;
}

Document normalise(const Provider& provider, const TypeDeclaration& type, std::string_view id,
                   std::string_view payload) {
  json value;
  try {
    value = parse_untrusted(payload);
  } catch (const Refusal& refusal) {
    throw Refusal{"payload is " + refusal.reason};
  }
  return normalise_json(provider, type, id, value);
}

}  // namespace rehearse::mds
