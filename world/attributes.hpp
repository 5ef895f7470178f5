// Reading an operation's attributes from settings, checked against the shape of its type.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/config.hpp"
#include "world/shape.hpp"
#include "world/world.hpp"

namespace rehearse::world {

/// The members of an object; none when `node` is nullptr. Throws InputError for anything else.
const std::vector<config::Member>& members_of(const config::Node* node);
/// The items of an array, or the node itself when it is none.
std::vector<const config::Node*> one_or_many(const config::Node& node);

/// The document type named under `key`, which must be one of the source's.
const TypeShape& required_type(config::Object& object, const SourceShape& source);
std::string required_id(const config::Node& node);

/// The field or reference that a member names. Throws InputError with the names there are.
const FieldShape& named_field(const TypeShape& type, const std::string& name,
                              const config::Node& node);
const RefShape& named_ref(const TypeShape& type, const std::string& name, const config::Node& node);

FieldValue field_value(const FieldShape& field, const config::Node& node);
/// An id, or an array of them.
std::vector<std::string> ref_ids(const RefShape& ref, const config::Node& node);

/// Reads `fields`, `owners`, `tags` and parts into the operation.
void read_attributes(config::Object& object, const TypeShape& type, Operation& operation);

}  // namespace rehearse::world
