// The room of operations with one bug in it (mutants.json), run through random lifecycles.
//
//   lifecycle_mutant_NAME MUTANTS NAME
//
// Status 0: within 200 lifecycles the audit finds it, by the invariant that the mutant names.
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "random_lifecycle.hpp"

namespace {

constexpr std::uint64_t kMost = 200;

std::string invariant_of(const char* file, const std::string& name) {
  std::ifstream in(file);
  const nlohmann::json listed = nlohmann::json::parse(in);
  for (const nlohmann::json& mutant : listed.at("mutants")) {
    if (mutant.at("name") == name) return mutant.at("found_by").get<std::string>();
  }
  throw std::runtime_error("there is no mutant " + name);
}

int find(const char* file, const char* name) {
  const std::string invariant = invariant_of(file, name) + ":";
  for (std::uint64_t seed = 1; seed <= kMost; ++seed) {
    const auto found = rehearse::lifecycle::first_violation(seed);
    if (!found) continue;
    std::cout << *found << "\n";
    return found->find(invariant) == std::string::npos ? 1 : 0;
  }
  std::cout << kMost << " lifecycles do not find the mutant " << name << "\n";
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return argc == 3 ? find(argv[1], argv[2]) : 2;
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 3;
  }
}
