// API payloads: whatever the bytes, the service stores a document or makes a dead letter of the
// event that was answered with them, and goes on (service_under_fuzz.hpp).
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "service_under_fuzz.hpp"

// The first byte chooses the type.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rehearse;
  if (size == 0) return 0;
  const std::size_t contract = data[0] % fuzz::catalogue().contracts().size();
  fuzz::deliver_payload(contract, {reinterpret_cast<const char*>(data) + 1, size - 1});
  return 0;
}
