#include "planning/sweep/fingerprint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

#include "base/fact_hash.hpp"

namespace rehearse::planning {
namespace {

constexpr std::array<std::string_view, 3> kFileKeys{"csv", "providers", "rules"};
constexpr std::array<std::string_view, 5> kLeftOut{"$schema", "extends", "description", "expect",
                                                   "name"};

// Stands for the value of a parameter; no file's name is like it.
const std::string kVaried = "/varied/";

std::uint64_t hash_of_file(const config::Node& node) {
  const std::filesystem::path path = config::to_path(node);
  std::ifstream file(path, std::ios::binary);
  if (!file) config::fail(node, "the file cannot be read");
  const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return stable_hash(bytes);
}

std::string scalar(const config::Node& node) {
  switch (node.kind) {
    case config::Kind::null:
      return "null";
    case config::Kind::boolean:
      return node.boolean ? "true" : "false";
    case config::Kind::number:
      return fmt::format("#{}", node.number);  // 1 and 1.0 are one number
    default:
      return "\"" + node.text;
  }
}

std::uint64_t digest(const config::Node& node, bool names_file) {
  if (node.kind == config::Kind::array) {
    std::uint64_t sum = stable_hash("[");
    for (const config::Node& item : node.items) {
      sum = stable_hash(std::to_string(digest(item, names_file)), sum);
    }
    return sum;
  }
  if (node.kind == config::Kind::object) {
    // The order of keys counts: that of the sources is the order of their indices.
    std::uint64_t sum = stable_hash("{");
    for (const auto& [key, value] : node.members) {
      const bool file = std::find(kFileKeys.begin(), kFileKeys.end(), key) != kFileKeys.end();
      sum = stable_hash(key, stable_hash(std::to_string(digest(value, file)), sum));
    }
    return sum;
  }
  if (names_file && node.kind == config::Kind::string && node.text != kVaried) {
    return hash_of_file(node);
  }
  return stable_hash(scalar(node));
}

}  // namespace

std::string fingerprint(const config::Node& scenario, const std::vector<Parameter>& varied) {
  config::Node rest = scenario;
  std::erase_if(rest.members, [](const auto& member) {
    return std::find(kLeftOut.begin(), kLeftOut.end(), member.first) != kLeftOut.end();
  });
  for (const Parameter& parameter : varied) config::set(rest, parameter.pointer, kVaried);
  return fmt::format("{:016x}", digest(rest, false));
}

}  // namespace rehearse::planning
