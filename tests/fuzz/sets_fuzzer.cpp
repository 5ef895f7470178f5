// Kayenta's metric set pairs: whatever the bytes, named pairs come back, or one InputError.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "base/error.hpp"
#include "memory_file.hpp"
#include "rollout/metric_set_pairs.hpp"
#include "rollout/pairing.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rehearse;
  const fuzz::MemoryFile file(data, size);
  rollout::CanaryConfig config;
  config.metrics.resize(1);
  config.metrics[0].name = "errors";
  try {
    const auto pairs = rollout::read_metric_set_pairs(file.path());
    const rollout::PairedData paired = rollout::pair_sets(config, "fuzzed", pairs);
    if (paired.config.metrics.empty() || paired.series.empty()) std::abort();
  } catch (const InputError& error) {
    if (error.message().empty()) std::abort();
  }
  return 0;
}
