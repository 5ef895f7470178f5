// The metadata service as hostile sources meet it: a real service with the shipped providers on a
// store in memory. One thing of an attacker's goes in beside an event that is valid.
//
// Whatever goes in: every event is acknowledged once; what is refused is a dead letter with a
// reason in printable ASCII; calls go to paths of connected sources only; the valid event's entity
// is stored; the tables are those there were; the store is consistent. Anything else aborts.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "mds/contract/catalogue.hpp"

namespace rehearse::fuzz {

/// The catalogue of all shipped providers.
const mds::Catalogue& catalogue();

/// A thin event of a source.
void deliver_event(mds::SourceIndex source, std::string_view body);

/// A payload in answer to the call for entity "a" of a contract, whose event was valid.
void deliver_payload(std::size_t contract, std::string_view payload);

}  // namespace rehearse::fuzz
