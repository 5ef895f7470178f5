// Ingestion: the hydration contract's first half. A thin event is validated against what its source
// declares and becomes the name of a document to fetch, or a reason why it cannot.
#pragma once

#include <string>
#include <string_view>

#include "mds/contract/catalogue.hpp"
#include "mds/contract/json.hpp"

namespace rehearse::mds {

/// A valid event; its body is valid while what was ingested is.
struct Announcement {
  DocumentKey document;
  EventOp op = EventOp::update;
  std::string event_type;
  JsonText body;
};

/// Throws Refusal and nothing else, whatever `text` holds.
Announcement ingest(const Catalogue& catalogue, SourceIndex source, std::string_view text);

}  // namespace rehearse::mds
