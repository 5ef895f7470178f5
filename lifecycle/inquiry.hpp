// What operations ask the metadata graph, and what they are told.
//
// Whoever drives the lifecycle puts the inquiry to the graph and gives the answer back at the same
// instant, compared with the truth.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lifecycle/lineage.hpp"

namespace rehearse::lifecycle {

/// When something is asked: the middle of the metrics' names answers.<occasion>.*.
enum class Occasion { rollback, person, drift, canary };

/// "rollback", "person", "drift", "canary".
std::string to_string(Occasion occasion);

struct Inquiry {
  std::int64_t number = 0;  ///< in the order in which they were made, from 1 on
  Occasion occasion = Occasion::rollback;
  std::string ask;       ///< "active-ab-tests", "owners" or "consumers"
  std::string type, id;  ///< of the entity asked about
  std::string model = {};
  std::int64_t version = 0;
  RecordId cause = {};
};

struct Told {
  std::vector<std::string> answer;    ///< URIs
  std::vector<std::string> missed;    ///< true, and not in the answer
  std::vector<std::string> outdated;  ///< in the answer, and not true
};

/// "owners rec-v7: missed aip://user/identity/ann; outdated aip://user/identity/bob", or
/// "owners rec-v7: right".
std::string describe(const Inquiry& inquiry, const Told& told);

}  // namespace rehearse::lifecycle
