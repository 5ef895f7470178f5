#include "models/sources/source_systems.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"

namespace rehearse::models {

void SourceSystems::start(Time until) {
  for (const auto& system : systems_) system->start(until);
}

world::Change SourceSystems::make(const std::string& source, world::Operation operation) {
  const std::vector<std::string> names = world::source_names(world_.sources());
  const auto found = std::find(names.begin(), names.end(), source);
  if (found == names.end()) {
    throw InputError("no source is named " + source + world::known_names(source, names));
  }
  operation.source = source;
  return systems_.at(static_cast<std::size_t>(found - names.begin()))->make(operation);
}

}  // namespace rehearse::models
