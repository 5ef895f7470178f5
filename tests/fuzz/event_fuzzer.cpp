// Thin events: whatever the bytes, the service takes them for a document of a connected source or
// makes a dead letter of them, and goes on (service_under_fuzz.hpp).
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "service_under_fuzz.hpp"

// The first byte chooses the source.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rehearse;
  if (size == 0) return 0;
  const auto source = static_cast<std::uint16_t>(data[0] % fuzz::catalogue().sources());
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  fuzz::deliver_event(mds::SourceIndex{source}, body);
  return 0;
}
