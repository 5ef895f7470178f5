// What a lifecycle declares of itself: the entities that are there at time 0 and those that it will
// create, what faults can hit, its models' names, and for what it asks the graph.
#pragma once

#include "models/host/declaration.hpp"
#include "models/lifecycle/lifecycle_config.hpp"

namespace rehearse::models {

Declaration declare(const LifecycleConfig& config);

}  // namespace rehearse::models
