#include "mds/contract/normaliser.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include "mds/contract/uri.hpp"

namespace rehearse::mds {
namespace {

// References and tags beyond the first of their attribute for which there is room at once.
constexpr std::size_t kUsualRepeats = 8;

[[noreturn]] void refuse(const JsonPointer& where, const std::string& what) {
  throw Refusal{"payload " + excerpt(where.text()) + " " + what};
}

/// REQUIRES: nothing of the value; every kind is checked.
Value to_value(const JsonValue& value, const FieldDeclaration& field) {
  const auto expect = [&](bool holds, const char* kind) {
    if (!holds) refuse(field.pointer, std::string("is not ") + kind);
  };
  switch (field.kind) {
    case FieldKind::text:
      expect(value.is(JsonKind::text), "text");
      if (value.text.size() > Limits::text) refuse(field.pointer, "is longer than 64 KiB");
      return std::string(value.text);
    case FieldKind::integer:
      if (value.is(JsonKind::large)) refuse(field.pointer, "is too large");
      expect(value.is(JsonKind::integer), "an integer");
      return value.integer;
    case FieldKind::number:
      if (value.is(JsonKind::large)) return static_cast<double>(value.large);
      if (value.is(JsonKind::integer)) return static_cast<double>(value.integer);
      expect(value.is(JsonKind::real), "a number");
      return value.real;
    case FieldKind::boolean:
      expect(value.is(JsonKind::boolean), "true or false");
      return value.truth;
  }
  return {};  // not reached
}

void add_fields(const JsonValue& payload, const std::vector<FieldDeclaration>& fields,
                std::vector<Fact>& facts) {
  for (const FieldDeclaration& field : fields) {
    const JsonValue* value = field.pointer.find(payload);
    if (value == nullptr) {
      if (field.required) refuse(field.pointer, "is missing");
      continue;
    }
    facts.push_back({field.attribute, to_value(*value, field)});
  }
}

const JsonValue& checked_array(const JsonValue& value, const JsonPointer& where) {
  if (!value.is(JsonKind::array)) refuse(where, "is not an array");
  if (value.size() > Limits::items) refuse(where, "has more than 10000 entries");
  return value;
}

Reference to_reference(const JsonValue& item, const ReferenceDeclaration& declared) {
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

void add_references(const JsonValue& payload, const std::vector<ReferenceDeclaration>& references,
                    std::vector<Fact>& facts) {
  for (const ReferenceDeclaration& declared : references) {
    const JsonValue* value = declared.pointer.find(payload);
    if (value == nullptr) continue;
    if (!declared.many) {
      facts.push_back({declared.attribute, to_reference(*value, declared)});
      continue;
    }
    for (const JsonValue& item : JsonItems(checked_array(*value, declared.pointer))) {
      facts.push_back({declared.attribute, to_reference(item, declared)});
    }
  }
}

void add_tags(const JsonValue& payload, const JsonPointer& pointer, std::vector<Fact>& facts) {
  const JsonValue* value = pointer.find(payload);
  if (value == nullptr) return;
  for (const JsonValue& label : JsonItems(checked_array(*value, pointer))) {
    const auto member = [&](const char* key) {
      const JsonValue* value_of_key = label.member(key);
      if (value_of_key == nullptr || !value_of_key->is(JsonKind::text)) {
        refuse(pointer, "has an entry that is not {\"key\", \"value\"} with text");
      }
      return value_of_key->text;
    };
    const std::string_view key = member("key");
    const std::string_view text = member("value");
    if (key.size() + text.size() > Limits::text) refuse(pointer, "has a label over 64 KiB");
    facts.push_back({kTags, std::string(key) + "::" + std::string(text)});
  }
}

// Sorts and takes out what is there twice. A fact is large, so their places are sorted, and each is
// moved once.
void tidy(std::vector<Fact>& facts) {
  std::vector<Fact*> order(facts.size());
  std::transform(facts.begin(), facts.end(), order.begin(), [](Fact& fact) { return &fact; });
  std::sort(order.begin(), order.end(), [](const Fact* a, const Fact* b) { return *a < *b; });
  order.erase(std::unique(order.begin(), order.end(),
                          [](const Fact* a, const Fact* b) { return *a == *b; }),
              order.end());
  std::vector<Fact> tidied;
  tidied.reserve(order.size());
  for (Fact* fact : order) tidied.push_back(std::move(*fact));
  facts = std::move(tidied);
}

void check_id(const JsonValue& payload, const TypeDeclaration& type, std::string_view id) {
  const JsonValue* found = type.id.find(payload);
  if (found == nullptr) refuse(type.id, "is missing");
  if (!found->is(JsonKind::text)) refuse(type.id, "is not text");
  if (found->text != id) refuse(type.id, "is not the id asked for");
}

EntityFacts normalise_part(const JsonValue& item, const PartDeclaration& declared,
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

void add_parts(const JsonValue& payload, const Provider& provider, const TypeDeclaration& type,
               std::string_view id, std::vector<EntityFacts>& parts) {
  for (const PartDeclaration& declared : type.parts) {
    const JsonValue* value = declared.pointer.find(payload);
    if (value == nullptr) continue;
    for (const JsonValue& item : JsonItems(checked_array(*value, declared.pointer))) {
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
                        const JsonValue& payload) {
  if (!payload.is(JsonKind::object)) throw Refusal{"payload is not a JSON object"};
  check_id(payload, type, id);
  Document document;
  document.root.uri = make_uri(type.component, provider.platform, id);
  document.root.type = type.type;
  document.root.facts.reserve(type.fields.size() + type.references.size() + kUsualRepeats);
  add_fields(payload, type.fields, document.root.facts);
  add_references(payload, type.references, document.root.facts);
  if (type.tags) add_tags(payload, *type.tags, document.root.facts);
  tidy(document.root.facts);
  add_parts(payload, provider, type, id, document.parts);
  return document;
}

Document normalise(const Provider& provider, const TypeDeclaration& type, std::string_view id,
                   std::string_view payload) {
  return normalise_json(provider, type, id, parse_untrusted(payload, "payload").value());
}

}  // namespace rehearse::mds
