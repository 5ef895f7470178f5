// What comes of an event: demand for its document, its payload stored where payloads are trusted,
// or a dead letter that says why not.
#pragma once

#include "mds/hydration/hydration.hpp"

namespace rehearse::mds {

/// The outcome is that of work that gave way to the event.
[[nodiscard]] Outcome take_in(const ThinEvent& event, Hydration& hydration, Turn& turn);

}  // namespace rehearse::mds
