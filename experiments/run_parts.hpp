// What a run takes from its scenario: the world before time 0, what changes in it and when, and
// what is measured.
#pragma once

#include <vector>

#include "experiments/scenario/scenario.hpp"
#include "measure/recorder.hpp"
#include "models/host/simulation.hpp"
#include "world/world.hpp"

namespace rehearse::experiments {

/// The world as it is before the first change.
world::World make_world(const Scenario& scenario);

/// The part of the timeline that belongs to each source, handed out one operation at a time.
/// REQUIRES: `scenario` outlives the feeds.
std::vector<models::OperationFeed> feeds_of(const Scenario& scenario);

/// What is measured, from the end of the warm-up to the end of the quiescence.
measure::RecorderConfig recorder_config(const Scenario& scenario);

}  // namespace rehearse::experiments
