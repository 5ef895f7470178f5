#include "world/shape.hpp"

namespace rehearse::world {

const TypeShape* find_type(const SourceShape& source, std::string_view type) {
  for (const TypeShape& shape : source.types) {
    if (shape.type == type) return &shape;
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
  for (const FieldShape& field : type.fields) names.push_back(field.attribute);
  return names;
}

std::vector<std::string> ref_names(const TypeShape& type) {
  std::vector<std::string> names;
  for (const RefShape& ref : type.refs) names.push_back(ref.attribute);
  return names;
}

const FieldShape* find_field(const TypeShape& type, std::string_view attribute) {
  for (const FieldShape& field : type.fields) {
    if (field.attribute == attribute) return &field;
  }
  return nullptr;
}

const RefShape* find_ref(const TypeShape& type, std::string_view attribute) {
  for (const RefShape& ref : type.refs) {
    if (ref.attribute == attribute) return &ref;
  }
  return nullptr;
}

std::string known_names(std::string_view word, const std::vector<std::string>& names) {
  std::string text = names.empty() ? "; there are none" : "; known are";
  for (const std::string& name : names) text += " " + name;
  if (const auto near = config::nearest(word, names)) text += "; did you mean " + *near + "?";
  return text;
}

}  // namespace rehearse::world
