// What a thin event announces: the hydration contract's first half. The event is validated against
// what its source declares and names a document to fetch, or is refused with a reason; intake.hpp
// says what comes of it.
#pragma once

#include <string>
#include <string_view>

#include "mds/contract/catalogue.hpp"
#include "mds/contract/json.hpp"

namespace rehearse::mds {

/// A valid event; its body is valid while the text it was read from is.
struct Announcement {
  DocumentKey document;
  EventOp op = EventOp::update;
  std::string event_type;
  JsonText body;
};

/// Throws Refusal and nothing else, whatever `text` holds.
Announcement read_announcement(const Catalogue& catalogue, SourceIndex source,
                               std::string_view text);

}  // namespace rehearse::mds
