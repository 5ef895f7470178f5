// Random operations over a few entities of every shipped type, so that references often meet.
#pragma once

#include <string>
#include <vector>

#include "stats/random.hpp"
#include "worlds.hpp"

namespace rehearse::test {

/// An operation that may do nothing (creating what exists, changing what does not).
inline world::Operation random_operation(const std::vector<world::SourceShape>& sources,
                                         stats::Stream& stream, std::uint64_t ids) {
  const world::SourceShape& source = sources[stream.below(sources.size())];
  const std::vector<std::string> types = world::document_types(source);
  const std::string& type = types[stream.below(types.size())];
  const world::TypeShape& shape = *world::find_type(source, type);
  const std::uint64_t kind = stream.below(10);
  world::Operation op = operation(kind < 4   ? world::Op::create
                                  : kind < 9 ? world::Op::update
                                             : world::Op::remove,
                                  source.name, type, "");
  // Models and instances share their ids.
  op.id = (type == "Model" ? "m" : "e") + std::to_string(stream.below(ids));
  for (const world::RefShape& ref : shape.refs) {
    if (!stream.chance(0.6)) continue;
    std::vector<std::string>& targets = op.refs[ref.attribute];
    const std::uint64_t count = stream.below(ref.many ? 3 : 2);
    for (std::uint64_t i = 0; i < count; ++i) {
      std::string id = (ref.type == "Model" ? "m" : "e") + std::to_string(stream.below(ids));
      if (ref.type == "ABTestCell") id += ":" + std::to_string(1 + stream.below(3));
      targets.push_back(id);
    }
  }
  if (shape.parts && stream.chance(0.5)) {
    op.replace_parts = true;
    for (int number = 1; number <= 3; ++number) {
      if (stream.chance(0.6)) op.parts.push_back({std::to_string(number), "cell"});
    }
  }
  if (stream.chance(0.5)) op.fields["name"] = "name " + std::to_string(stream.below(5));
  if (type == "ABTest" && stream.chance(0.5)) {
    op.fields["status"] = stream.chance(0.6) ? "ACTIVE" : "CONCLUDED";
  }
  if (type == "User" && stream.chance(0.5)) {
    op.fields["status"] = stream.chance(0.6) ? "active" : "left";
  }
  if (stream.chance(0.3)) {
    op.replace_tags = true;
    op.tags = {"team::" + std::to_string(stream.below(3)), "env::x"};
  }
  return op;
}

}  // namespace rehearse::test
