// Monitor policies: whatever the bytes, policies come back or one InputError says what is wrong.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/config.hpp"
#include "base/error.hpp"
#include "drift/policy.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rehearse;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    drift::read_policies(config::parse(text, "fuzzed"));
  } catch (const InputError& error) {
    if (error.message().empty()) std::abort();
  }
  return 0;
}
