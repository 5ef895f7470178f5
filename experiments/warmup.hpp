// How long is a scenario's warm-up? `--warmup auto`: a few pilot runs, whose averaged curves MSER-5
// cuts where the start-up ends (reports/steady_state.hpp). The pilot runs are replications 0, 1,
// ... so the choice depends on the scenario and its seed alone.
#pragma once

#include <cstddef>
#include <optional>

#include "experiments/scenario.hpp"

namespace rehearse::experiments {

/// Throws InputError when no steady state shows in the first half of the run, or the run has too
/// few buckets; std::runtime_error when the pilot runs fail. Nullopt after an interrupt.
std::optional<Duration> find_warmup(const Scenario& scenario, std::size_t runs, int jobs);

}  // namespace rehearse::experiments
