// Ingestion: the hydration contract's first half. A thin event is validated against what its source
// declares and becomes the name of a document to fetch, or a reason why it cannot.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "mds/catalogue.hpp"

namespace rehearse::mds {

/// A valid event.
struct Announcement {
  DocumentKey document;
  EventOp op = EventOp::update;
  std::string event_type;
  nlohmann::json body;
};

/// Throws Refusal and nothing else, whatever `body` holds.
Announcement ingest(const Catalogue& catalogue, SourceIndex source, std::string_view body);

}  // namespace rehearse::mds
