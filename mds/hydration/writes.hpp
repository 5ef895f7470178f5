// What answers and refusals write to the store.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mds/contract/facts.hpp"
#include "mds/service/turn.hpp"

namespace rehearse::mds {

/// An answer that says what a document's state is, or that there is none.
struct Answer {
  const DocumentKey& document;
  Time sent;  ///< when the call was sent
  Cause cause;
  const std::vector<std::string>& part_stubs;  ///< that the answer should hold
};

Cause cause_of(WorkClass work, const std::vector<PendingEvent>& events, RequestId request);

/// The facts in a payload. Throws Refusal.
Document normalised(const DocumentKey& document, std::string_view body, const Catalogue& catalogue);
/// Throws Refusal for a document that would take another's name, or (where so set) refers to what
/// is not in the graph yet.
void check_acceptable(const DocumentKey& key, const Document& document, const Turn& turn);

void store_found(const Answer& answer, const Document& document, Turn& turn);
void store_not_found(const Answer& answer, Turn& turn);

/// Makes a dead letter of each event, for one reason. Does not acknowledge them.
void dead_letter(const std::vector<PendingEvent>& events, SourceIndex source,
                 const std::string& reason, std::string_view body, const Turn& turn);
/// Nobody waits any more for what the events announced.
void acknowledge(const std::vector<PendingEvent>& events, const Turn& turn);

/// Stores a payload as if it had been fetched. Throws InputError when the path or the payload is
/// not what the provider declares.
void store_bootstrap(SourceIndex source, const std::string& path, const std::string& payload,
                     const Turn& turn);

}  // namespace rehearse::mds
