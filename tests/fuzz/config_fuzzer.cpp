// Strict JSON settings: whatever the bytes, either a value comes back whose parts know their text,
// or one InputError that says where in the file.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/config.hpp"

namespace {

using rehearse::config::Kind;
using rehearse::config::Node;

void check(const Node& node) {
  if (node.where.line == 0 || node.where.column == 0) std::abort();
  if (node.kind == Kind::number && node.text.empty()) std::abort();
  for (const Node& item : node.items) check(item);
  for (const auto& [key, value] : node.members) check(value);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rehearse;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    check(config::parse(text, "fuzzed"));
  } catch (const InputError& error) {
    if (error.where().file != "fuzzed" || error.message().empty()) std::abort();
  }
  return 0;
}
