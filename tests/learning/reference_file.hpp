// What the tests of reference numbers share.
#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "fixtures.hpp"

namespace rehearse::learning {

inline nlohmann::json load_reference(const std::string& name) {
  std::ifstream stream(test::reference_path(name));
  return nlohmann::json::parse(stream);
}

}  // namespace rehearse::learning
