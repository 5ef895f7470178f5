// Settings in YAML: whatever the bytes, either a value comes back whose parts know their places and
// that is no larger than is allowed, or one InputError.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/config_yaml.hpp"
#include "base/error.hpp"

namespace {

using rehearse::config::Node;

std::size_t count(const Node& node, std::size_t depth) {
  if (depth > 64 || node.where.line == 0) std::abort();
  std::size_t nodes = 1;
  for (const Node& item : node.items) nodes += count(item, depth + 1);
  for (const auto& [key, value] : node.members) nodes += count(value, depth + 1);
  return nodes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rehearse;
  try {
    const Node node = config::parse_yaml({reinterpret_cast<const char*>(data), size}, "fuzzed");
    if (count(node, 0) > 100'000) std::abort();
  } catch (const InputError& error) {
    if (error.where().file != "fuzzed" || error.message().empty()) std::abort();
  }
  return 0;
}
