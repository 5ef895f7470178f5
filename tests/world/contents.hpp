// Reading contents of a scenario from JSON text in tests.
#pragma once

#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "fixtures.hpp"
#include "world/content.hpp"
#include "worlds.hpp"

namespace rehearse::test {

/// The contents of {"source name": {"entities": ..., ...}, ...}, read as from the file `file`.
inline std::vector<world::SourceContent> parse_contents(const std::string& text,
                                                        const std::string& file = "s.json") {
  const config::Node node = config::parse(text, file);
  std::vector<world::SourceContent> contents;
  for (const auto& [name, section] : node.members) {
    config::Object object(section);
    contents.push_back(world::parse_content(object, *world::shipped_shape(name)));
    object.done();
  }
  return contents;
}

inline std::vector<world::TimedOperation> parse_timeline(const std::string& text,
                                                         const std::string& file = "s.json") {
  return world::timeline(shipped_shapes(), parse_contents(text, file));
}

/// The message of the InputError that `act` throws; empty when it throws none.
template <class Act>
std::string error_of(Act act) {
  try {
    act();
  } catch (const InputError& error) {
    return error.what();
  }
  return {};
}

inline void write_file(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path) << text;
}

}  // namespace rehearse::test
