// How long is a scenario's warm-up? `--warmup auto`: a few pilot runs, whose averaged curves MSER-5
// cuts where the start-up ends (reports/steady_state.hpp). The pilot runs are replications 0, 1,
// ... so the choice depends on the scenario and its seed alone.
#pragma once

#include <cstddef>
#include <optional>

#include "experiments/replicate.hpp"

namespace rehearse::experiments {

/// The warm-up that pilot runs show. Throws InputError when no steady state shows in the first half
/// of the run, or the run has too few buckets; std::runtime_error when a pilot run failed, since
/// the others would show another warm-up than all of them. REQUIRES: the runs were not interrupted.
Duration warmup_shown_by(const Replicated& pilot);

/// The same of `runs` pilot runs made for it. Nullopt after an interrupt.
std::optional<Duration> find_warmup(const Scenario& scenario, std::size_t runs, int jobs);

}  // namespace rehearse::experiments
