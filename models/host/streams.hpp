// Where the models get their random streams: one per process of the run, by name.
#pragma once

#include <cstdint>
#include <string>

#include "stats/random.hpp"

namespace rehearse::models {

struct Streams {
  std::uint64_t seed = 1;
  std::uint64_t replication = 0;

  stats::Stream named(const std::string& name) const { return {seed, replication, name}; }
};

}  // namespace rehearse::models
