// What a model that acts in a run says of itself beforehand, so that the checks of a scenario and
// the catalogue of metrics know it.
#pragma once

#include "world/footprint.hpp"

namespace rehearse::models {

struct Declaration {
  world::Footprint footprint;  ///< what it may create
};

}  // namespace rehearse::models
