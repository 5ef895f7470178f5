// Small random worlds for exploration: a run and an instance that come, change and go in random
// order, with one of the service's settings, safe or not, and some budgets of faults.
#pragma once

#include <cstdint>
#include <string>

#include "explore/system/setup.hpp"

namespace rehearse::test {

/// `faults`: how many there may be in all, of kinds that are drawn. `reconciliation` is the
/// section's word. `partitions`: of a kafka bus; 0: a queue.
explore::Setup random_setup(std::uint64_t seed, std::size_t changes, std::size_t faults,
                            const std::string& reconciliation, std::size_t partitions = 0);

}  // namespace rehearse::test
