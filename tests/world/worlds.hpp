// Worlds and operations for tests.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "world/world.hpp"

namespace rehearse::test {

inline std::vector<world::SourceShape> shipped_shapes() {
  std::vector<world::SourceShape> shapes;
  for (const std::string& name : world::shipped_shape_names()) {
    shapes.push_back(*world::shipped_shape(name));
  }
  return shapes;
}

inline world::World shipped_world() { return world::World(shipped_shapes()); }

inline std::size_t source_index(const world::World& world, const std::string& name) {
  for (std::size_t i = 0; i < world.sources().size(); ++i) {
    if (world.sources()[i].name == name) return i;
  }
  return world.sources().size();
}

inline world::Operation operation(world::Op op, const std::string& source, const std::string& type,
                                  const std::string& id) {
  world::Operation operation;
  operation.source = source;
  operation.type = type;
  operation.id = id;
  operation.op = op;
  return operation;
}

inline world::Operation create(const std::string& source, const std::string& type,
                               const std::string& id) {
  return operation(world::Op::create, source, type, id);
}
inline world::Operation update(const std::string& source, const std::string& type,
                               const std::string& id) {
  return operation(world::Op::update, source, type, id);
}
inline world::Operation removal(const std::string& source, const std::string& type,
                                const std::string& id) {
  return operation(world::Op::remove, source, type, id);
}

inline constexpr Time at_second(std::int64_t s) { return Time{0} + Duration::seconds(s); }

}  // namespace rehearse::test
