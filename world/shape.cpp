#include "world/shape.hpp"

#include <algorithm>

namespace rehearse::world {
namespace {

std::vector<FieldShape> common_fields(const TypeShape& type) {
  return {{"name", type.name_key}, {"description", type.description_key}};
}

RefShape owners_of(const TypeShape& type) {
  RefShape owners;
  owners.attribute = "owners";
  owners.relation = "ownedBy";
  owners.key = type.owners_key;
  owners.type = "User";
  owners.many = true;
  return owners;
}

}  // namespace

const TypeShape* find_type(const SourceShape& source, std::string_view type) {
  for (const TypeShape& shape : source.types) {
    if (shape.type == type) return &shape;
  }
  return nullptr;
}

const SourceShape* source_of(const std::vector<SourceShape>& sources, std::string_view type) {
  for (const SourceShape& source : sources) {
    if (find_type(source, type) != nullptr) return &source;
  }
  return nullptr;
}

std::vector<std::string> document_types(const SourceShape& source) {
  std::vector<std::string> names;
  for (const TypeShape& shape : source.types) {
    if (!shape.path.empty()) names.push_back(shape.type);
  }
  return names;
}

std::vector<std::string> field_names(const TypeShape& type) {
  std::vector<std::string> names;
  for (const FieldShape& field : common_fields(type)) {
    if (!field.key.empty()) names.push_back(field.attribute);
  }
  for (const FieldShape& field : type.fields) names.push_back(field.attribute);
  return names;
}

std::vector<std::string> ref_names(const TypeShape& type) {
  std::vector<std::string> names;
  if (!type.owners_key.empty()) names.emplace_back("owners");
  for (const RefShape& ref : type.refs) names.push_back(ref.attribute);
  return names;
}

std::optional<FieldShape> find_field(const TypeShape& type, std::string_view attribute) {
  for (const FieldShape& field : type.fields) {
    if (field.attribute == attribute) return field;
  }
  for (const FieldShape& field : common_fields(type)) {
    if (field.attribute == attribute && !field.key.empty()) return field;
  }
  return std::nullopt;
}

std::optional<RefShape> find_ref(const TypeShape& type, std::string_view attribute) {
  for (const RefShape& ref : type.refs) {
    if (ref.attribute == attribute) return ref;
  }
  if (attribute == "owners" && !type.owners_key.empty()) return owners_of(type);
  return std::nullopt;
}

}  // namespace rehearse::world
