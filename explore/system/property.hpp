// What must hold (design: "What is measured"). Safety is checked at every step, P1 whenever events
// are quiet, P2 and the order at the end of a schedule.
//
//   facts          each document in the graph is as its source had it at some time
//   acknowledged   an event is acknowledged once, when the facts of a fetch begun after its arrival
//                  are stored, or with a dead letter; when events are quiet none is left over
//   last-verified  a copy is as its source had it when the copy was last verified, or later
//   last-enriched  derived edges are what the rules give on the facts, whenever a pass says so
//   P1             quiet: each document whose last change's event was delivered, and whose fetch
//                  did not give up, equals the truth
//   P2             after one more full round of reconciliation everything does, edges included
//   stubs          quiet: nothing that a source has is known to the graph by reference only
//   answers        quiet: whoever asks a question of the scenario gets the graph's own answer
//   index          at the end the search index says what the facts say (where one is kept)
//   order          every complete schedule ends in the same graph
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace rehearse::explore {

enum class Property : std::uint8_t {
  facts,
  acknowledged,
  last_verified,
  last_enriched,
  p1,
  p2,
  stubs,
  answers,
  index,
  order
};

inline constexpr std::size_t kProperties = 10;

std::string_view name_of(Property property);
std::vector<std::string> property_names();

struct Violation {
  Property property = Property::facts;
  std::string what;  ///< a sentence without its full stop
  auto operator<=>(const Violation&) const = default;
};

}  // namespace rehearse::explore
