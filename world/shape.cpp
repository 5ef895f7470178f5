#include "world/shape.hpp"

#include <charconv>
#include <cstdint>

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

bool is_whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && std::to_string(number) == text;
}

bool can_refer_to(const RefShape& ref, std::string_view id) {
  if (id.empty()) return false;
  if (ref.part_key.empty()) return true;
  const std::size_t at = id.rfind(ref.separator);
  if (at == id.npos || at == 0) return false;
  const std::string_view part = id.substr(at + ref.separator.size());
  return ref.numeric_part ? is_whole_number(part) : !part.empty();
}

std::string id_form(const RefShape& ref) {
  if (ref.part_key.empty()) return "an id";
  return "PARENT" + ref.separator + (ref.numeric_part ? "NUMBER" : "PART");
}

std::vector<std::string> source_names(const std::vector<SourceShape>& sources) {
  std::vector<std::string> names;
  for (const SourceShape& source : sources) names.push_back(source.name);
  return names;
}

std::string known_names(std::string_view word, const std::vector<std::string>& names) {
  std::string text = names.empty() ? "; there are none" : "; known are";
  for (const std::string& name : names) text += " " + name;
  if (const auto near = config::nearest(word, names)) text += "; did you mean " + *near + "?";
  return text;
}

}  // namespace rehearse::world
