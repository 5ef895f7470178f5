// The shapes of a world's sources, compiled: types, fields and references become numbers, and a
// payload becomes a list of what to write in which order.
//
// A type that is referred to but that no source of the world has is here too (without a source), so
// that its entities have URIs; they never exist. Immutable; copies of a world share it.
#pragma once

#include <array>
#include <cstddef>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "world/shape.hpp"

namespace rehearse::world {

inline constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

/// What stands at one place of a payload.
enum class PayloadItem : unsigned char {
  id,
  version,
  created_at,
  field,
  ref,
  tags,
  parts,
  parent_id,  ///< in a reference to a part
  part_key,
  part_name,
  event_type,
  object  ///< children
};

struct PayloadNode {
  std::string name;  ///< key
  std::string key;   ///< as written: "name":
  PayloadItem item = PayloadItem::object;
  std::size_t index = 0;  ///< of the field or reference
  std::vector<PayloadNode> children;
};

struct RefLayout {
  RefShape shape;
  std::vector<PayloadNode> item;  ///< where the reference is an object
  std::size_t target = kNone;     ///< type
  std::size_t relation = kNone;   ///< index into Layout::relations
};

struct TypeLayout {
  TypeShape shape;
  std::size_t source = kNone;  ///< kNone: no source of this world has the type
  std::string platform;
  std::size_t names = 0;     ///< namespace of ids: types of one component and platform share it
  std::size_t part = kNone;  ///< type of the parts embedded in it
  bool is_part = false;      ///< embedded in another type
  std::vector<RefLayout> refs;
  std::string path_prefix;  ///< path before and after {id}
  std::string path_suffix;
  std::array<std::pair<std::string, std::string>, 3> events;  ///< per Op: before and after the id
  std::vector<PayloadNode> payload;

  std::size_t field_index(std::string_view attribute) const;  ///< kNone when there is none
  std::size_t ref_index(std::string_view attribute) const;
};

class Layout {
 public:
  /// Throws InputError when two sources have the same name, or the same type on the same platform.
  explicit Layout(std::vector<SourceShape> shapes);

  const std::vector<SourceShape>& sources() const { return sources_; }
  const std::vector<TypeLayout>& types() const { return types_; }
  const std::vector<std::string>& relations() const { return relations_; }
  std::size_t namespaces() const { return namespaces_.size(); }

  std::size_t source_index(std::string_view name) const;  ///< kNone when there is none
  /// The type of that name in a source; kNone when it has none.
  std::size_t type_index(std::size_t source, std::string_view name) const;
  /// The type of that name in the first source that has it; kNone when none has.
  std::size_t type_index(std::string_view name) const;
  std::size_t relation_index(std::string_view name) const;
  /// Namespace of "component/platform"; kNone when there is none.
  std::size_t namespace_index(std::string_view component_and_platform) const;

 private:
  std::size_t add_type(const TypeShape& shape, std::size_t source, const std::string& platform);
  std::size_t target_type(const RefShape& ref);
  std::size_t relation_number(const std::string& name);

  std::vector<SourceShape> sources_;
  std::vector<TypeLayout> types_;
  std::vector<std::string> relations_;
  std::map<std::string, std::size_t, std::less<>> namespaces_;
};

}  // namespace rehearse::world
