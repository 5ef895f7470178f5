// How much of a trace falls into the run. A trace whose times count from another zero than the run
// (seconds since 1970, say) would do nothing, and a run in which nothing happens passes most
// expectations.
#pragma once

#include <optional>
#include <string>

#include "base/time.hpp"
#include "world/trace.hpp"

namespace rehearse::experiments {

/// A note for the user where fewer than half of the rows do anything before `duration` is over.
/// Throws InputError where none does.
std::optional<std::string> check_window(const world::Trace& trace, Duration duration);

}  // namespace rehearse::experiments
