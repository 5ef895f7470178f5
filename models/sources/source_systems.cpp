#include "models/sources/source_systems.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"

namespace rehearse::models {

void SourceSystems::start(Time until) {
  for (const auto& system : systems_) system->start(until);
}

world::Change SourceSystems::make(const std::string& source, world::Operation operation) {
  const std::vector<world::SourceShape>& sources = world_.sources();
  const auto found = std::find_if(sources.begin(), sources.end(),
                                  [&](const auto& shape) { return shape.name == source; });
  if (found == sources.end()) {
    throw InputError("no source is named " + source +
                     world::known_names(source, world::source_names(sources)));
  }
  operation.source = source;
  return systems_.at(static_cast<std::size_t>(found - sources.begin()))->make(operation);
}

}  // namespace rehearse::models
