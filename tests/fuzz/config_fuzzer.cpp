// Strict JSON settings: whatever the bytes, either a value comes back or one InputError that says
// where in the file.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/config.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rehearse;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const config::Node node = config::parse(text, "fuzzed");
    if (config::shown(node).empty()) std::abort();
  } catch (const InputError& error) {
    if (error.where().file != "fuzzed" || error.message().empty()) std::abort();
  }
  return 0;
}
