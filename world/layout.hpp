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
  owners,
  tags,
  parts,
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
  std::size_t target = kNone;    ///< type
  std::size_t relation = kNone;  ///< index into Layout::relations
};

struct TypeLayout {
  TypeShape shape;
  std::size_t source = kNone;  ///< kNone: no source of this world has the type
  std::string platform;
  std::size_t names = 0;     ///< namespace of ids: types of one component and platform share it
  std::size_t part = kNone;  ///< type of the parts embedded in it
  bool is_part = false;      ///< embedded in another type
  std::vector<FieldShape> fields;
  std::vector<RefLayout> refs;
  std::string path_prefix;  ///< path before and after {id}
  std::string path_suffix;
  std::array<std::string, 3> event_start;  ///< per Op: {"event_type":"...","id":
  std::vector<PayloadNode> payload;

  std::size_t field_index(std::string_view attribute) const;  ///< kNone when there is none
  std::size_t ref_index(std::string_view attribute) const;
};

class Layout {
 public:
  /// Throws InputError when two sources have the same name or declare the same type.
  explicit Layout(std::vector<SourceShape> shapes);

  const std::vector<SourceShape>& sources() const { return sources_; }
  const std::vector<TypeLayout>& types() const { return types_; }
  const std::vector<std::string>& relations() const { return relations_; }
  std::size_t namespaces() const { return namespaces_.size(); }

  std::size_t source_index(std::string_view name) const;  ///< kNone when there is none
  std::size_t type_index(std::string_view name) const;
  std::size_t relation_index(std::string_view name) const;
  /// Namespace of "component/platform"; kNone when there is none.
  std::size_t namespace_index(std::string_view component_and_platform) const;

 private:
  void add_type(const TypeShape& shape, std::size_t source, const std::string& platform);
  std::size_t target_type(const std::string& name);
  std::size_t relation_number(const std::string& name);

  std::vector<SourceShape> sources_;
  std::vector<TypeLayout> types_;
  std::vector<std::string> relations_;
  std::map<std::string, std::size_t, std::less<>> type_numbers_;
  std::map<std::string, std::size_t, std::less<>> namespaces_;
};

}  // namespace rehearse::world
