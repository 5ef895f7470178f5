// The words for enumerators in trace.jsonl, in the order of the enumerators.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <optional>
#include <string_view>

#include "lifecycle/lineage.hpp"
#include "models/host/happening.hpp"

namespace rehearse::measure {

/// One for each enumerator of an enumeration that a trace tells.
template <class Enum>
inline constexpr auto kTraceWords = nullptr;

template <>
inline constexpr std::array kTraceWords<world::Op> = {"create", "update", "remove"};
template <>
inline constexpr std::array kTraceWords<models::Fate> = {
    "delivered", "dropped", "duplicated", "reordered", "held", "expired", "redelivered"};
template <>
inline constexpr std::array kTraceWords<models::Condition> = {
    "paused", "resumed", "crashed", "restarted", "index_down", "index_up"};
template <>
inline constexpr std::array kTraceWords<mds::WorkClass> = {"event", "enrichment", "reconciliation"};
template <>
inline constexpr std::array kTraceWords<mds::Response::Outcome> = {"answered", "failed",
                                                                   "timed_out"};
template <>
inline constexpr std::array kTraceWords<mds::CauseKind> = {"bootstrap", "event", "enrichment",
                                                           "reconciliation", "index"};
template <>
inline constexpr std::array kTraceWords<mds::Notice::Kind> = {
    "accepted",       "coalesced", "dead_lettered", "first_call",        "cache_hit",
    "retry",          "gave_up",   "throttled",     "timed_out",         "failed",
    "stored",         "unchanged", "not_found",     "queue_full",        "breaker_opened",
    "breaker_closed", "enriched",  "listed",        "deletions_refused", "payload_stored"};

template <>
inline constexpr std::array kTraceWords<lifecycle::What> = {
    "start", "schedule", "fault",   "person", "alert",   "held-back", "signal",  "run",
    "gate",  "version",  "verdict", "step",   "pointer", "rollback",  "question"};

static_assert(kTraceWords<models::Fate>.size() ==
              static_cast<std::size_t>(models::Fate::redelivered) + 1);
static_assert(kTraceWords<mds::Notice::Kind>.size() ==
              static_cast<std::size_t>(mds::Notice::Kind::payload_stored) + 1);
static_assert(kTraceWords<lifecycle::What>.size() ==
              static_cast<std::size_t>(lifecycle::What::question) + 1);

template <class Enum>
std::string_view trace_word(Enum value) {
  const auto place = static_cast<std::size_t>(value);
  assert(place < kTraceWords<Enum>.size());
  return kTraceWords<Enum>[place];
}

/// nullopt for a word that there is none for.
template <class Enum>
std::optional<Enum> from_trace_word(std::string_view word) {
  const auto& words = kTraceWords<Enum>;
  const auto found = std::find(words.begin(), words.end(), word);
  if (found == words.end()) return std::nullopt;
  return static_cast<Enum>(found - words.begin());
}

}  // namespace rehearse::measure
