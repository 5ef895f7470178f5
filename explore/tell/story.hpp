// A counterexample as people read it: a numbered story with times, and a sequence diagram.
//
//    1   0.001s  model-registry: model ranking is created, version 1. Event 1 is on
//                the bus.
//   *4   0.004s  Event 2 (model ranking updated) arrives at the service. ...
//
// The star marks the critical step. Lines have 80 columns at most; a name that is longer than that
// stays whole.
#pragma once

#include <string>

#include "explore/tell/diagram.hpp"
#include "explore/tell/told_step.hpp"

namespace rehearse::explore {

/// What violates which property, the steps, and which of them decided it.
std::string story(const Shrunk& example);

/// Lanes for the sources that take part, the bus, the service, the graph, and reconciliation where
/// it takes part.
Diagram sequence(const Shrunk& example);

/// "P1: events are quiet and ..., after 5 steps".
std::string headline(const Shrunk& example);

}  // namespace rehearse::explore
