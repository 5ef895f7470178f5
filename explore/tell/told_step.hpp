// A run of a schedule put into words: what happened in each step, and what it led to.
//
// The words name entities as "model ranking" (component and id of their URI), events by their
// number with what they announce, and calls by what they ask for. The story, the sequence diagram
// and messages all take their words from here.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "explore/tell/shrink.hpp"

namespace rehearse::explore {

/// Who says something to whom.
enum class Party : std::uint8_t { source, bus, service, graph, reconciliation };

struct Told {
  Party from = Party::service;
  Party to = Party::service;  ///< the same: it happens there
  std::size_t source = 0;     ///< which, where a party is a source
  std::string sentence;       ///< with its full stop
  std::string label;          ///< the same in a few words
  bool answer = false;        ///< ends something that was asked
  bool lost = false;
  bool fault = false;
};

struct ToldStep {
  Choice choice;
  Time at;
  std::vector<Told> told;  ///< the first says what happened, the others what came of it
  std::vector<Violation> violations;
};

/// REQUIRES: the records are those of a run of this excerpt from the start.
std::vector<ToldStep> tell(const Excerpt& excerpt, const std::vector<StepRecord>& records);

/// "model ranking" for aip://model/registry/ranking.
std::string short_name(std::string_view uri);

}  // namespace rehearse::explore
