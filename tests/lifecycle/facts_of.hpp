// Facts by their kind.
#pragma once

#include <algorithm>
#include <optional>
#include <variant>
#include <vector>

#include "lifecycle/fact.hpp"

namespace rehearse::lifecycle {

inline const Happened& happened(const Happened& what) { return what; }
inline const Happened& happened(const Fact& fact) { return fact.what; }

/// Those of one kind, in their order.
template <class Kind, class List>
std::vector<Kind> facts_of(const List& facts) {
  std::vector<Kind> found;
  for (const auto& one : facts) {
    if (const auto* kind = std::get_if<Kind>(&happened(one))) found.push_back(*kind);
  }
  return found;
}

/// How many there are of one kind for which the condition holds.
template <class Kind, class List, class Condition>
int count_of(const List& facts, const Condition& condition) {
  const std::vector<Kind> found = facts_of<Kind>(facts);
  return static_cast<int>(std::count_if(found.begin(), found.end(), condition));
}

template <class List>
int asked(const List& facts, TrainingAsked::Fate fate) {
  return count_of<TrainingAsked>(facts, [&](const auto& one) { return one.fate == fate; });
}

template <class List>
int decided(const List& facts, CanaryDecided::Outcome outcome) {
  return count_of<CanaryDecided>(facts, [&](const auto& one) { return one.outcome == outcome; });
}

/// A rollback and its end.
struct RollbackSeen {
  RollbackTriggered begun;
  std::optional<Time> recovered = {};

  Duration recovery() const { return *recovered - begun.triggered; }
  bool late() const { return recovery() > *begun.limit; }
};

/// Adds what a fact of now says of a rollback.
inline void follow(std::vector<RollbackSeen>& all, const Happened& what, Time now) {
  if (const auto* begun = std::get_if<RollbackTriggered>(&what)) all.push_back({*begun});
  const auto* ended = std::get_if<RollbackRecovered>(&what);
  if (!ended) return;
  for (RollbackSeen& one : all) {
    if (one.begun.version == ended->version && !one.recovered) one.recovered = now;
  }
}

}  // namespace rehearse::lifecycle
