// Reference numbers (tests/reference), as the tests of several rooms read them.
#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "fixtures.hpp"

namespace rehearse::test {

inline nlohmann::json load_reference(const std::string& name) {
  std::ifstream stream(reference_path(name));
  return nlohmann::json::parse(stream);
}

}  // namespace rehearse::test
