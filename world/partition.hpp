// Which partition of a bus an event goes to: by its key, so that events about one entity keep their
// order.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/fact_hash.hpp"

namespace rehearse::world {

/// REQUIRES: partitions > 0.
inline std::size_t partition_of(std::string_view key, std::size_t partitions) {
  return static_cast<std::size_t>(stable_hash(key) % partitions);
}

}  // namespace rehearse::world
