// Setups for tests, from the text of a scenario: its sources' entities and scripts, "mds" and
// "explore", without all that needs the simulator.
#pragma once

#include <string>

#include "explore/system/setup.hpp"

namespace rehearse::test {

/// `text` holds "sources", and perhaps "mds", "explore", "bootstrap", and "partitions" where the
/// bus is of kind kafka.
explore::Setup explore_setup(const std::string& text);

/// The article's chain in six changes: a test with cells, the run of a pipeline for one of them,
/// the model instance that it made. `explore` is the section's text.
explore::Setup worked_example(const std::string& explore = "{}", const std::string& mds = "{}");

}  // namespace rehearse::test
