// Answers of a model registry, as the service reads them.
#pragma once

#include <string>
#include <vector>

namespace rehearse::bench {

struct JsonBodies {
  std::vector<std::string> instances;  ///< each by itself, as hydration reads them
  std::vector<std::string> listings;   ///< of a hundred each, as reconciliation reads them
};

/// The answers about so many model instances.
JsonBodies json_bodies(int instances);

}  // namespace rehearse::bench
