#include "models/lifecycle/deed_operation.hpp"

#include <cassert>
#include <string>

namespace rehearse::models {
namespace {

world::FieldValue value_of(const world::TypeShape& type, const std::string& attribute,
                           const std::string& text) {
  const world::FieldShape* field = world::find_field(type, attribute);
  assert(field != nullptr);
  assert(field->kind == world::FieldKind::text || field->kind == world::FieldKind::integer);
  if (field->kind == world::FieldKind::integer) return std::int64_t{std::stoll(text)};
  return text;
}

}  // namespace

world::Operation operation_of(const lifecycle::Deed& deed) {
  world::Operation operation;
  operation.source = to_string(deed.source);
  operation.type = deed.type;
  operation.id = deed.id;
  operation.op = deed.creates ? world::Op::create : world::Op::update;
  const world::SourceShape* source = world::shipped_shape(operation.source);
  assert(source != nullptr);
  const world::TypeShape* type = world::find_type(*source, deed.type);
  assert(type != nullptr);
  for (const auto& [attribute, text] : deed.fields) {
    operation.fields[attribute] = value_of(*type, attribute, text);
  }
  for (const auto& [attribute, ids] : deed.references) operation.refs[attribute] = ids;
  operation.tags = deed.tags;
  operation.replace_tags = !deed.tags.empty();
  return operation;
}

}  // namespace rehearse::models
