#include "measure/trace_format.hpp"

#include <algorithm>
#include <array>
#include <cassert>

namespace rehearse::measure {
namespace {

// In the order of the enumerators.
template <class Enum>
constexpr int kWords = 0;

template <>
constexpr std::array kWords<world::Op> = {"create", "update", "remove"};
template <>
constexpr std::array kWords<models::Fate> = {"delivered", "dropped", "duplicated", "reordered",
                                             "held",      "expired", "redelivered"};
template <>
constexpr std::array kWords<models::Condition> = {"paused",    "resumed",    "crashed",
                                                  "restarted", "index_down", "index_up"};
template <>
constexpr std::array kWords<mds::WorkClass> = {"event", "enrichment", "reconciliation"};
template <>
constexpr std::array kWords<mds::Response::Outcome> = {"answered", "failed", "timed_out"};
template <>
constexpr std::array kWords<mds::CauseKind> = {"bootstrap", "event", "enrichment", "reconciliation",
                                               "index"};
template <>
constexpr std::array kWords<mds::Notice::Kind> = {
    "accepted",       "coalesced", "dead_lettered", "first_call",        "cache_hit",
    "retry",          "gave_up",   "throttled",     "timed_out",         "failed",
    "stored",         "unchanged", "not_found",     "queue_full",        "breaker_opened",
    "breaker_closed", "enriched",  "listed",        "deletions_refused", "payload_stored"};

static_assert(kWords<models::Fate>.size() ==
              static_cast<std::size_t>(models::Fate::redelivered) + 1);
static_assert(kWords<mds::Notice::Kind>.size() ==
              static_cast<std::size_t>(mds::Notice::Kind::payload_stored) + 1);

}  // namespace

template <class Enum>
std::string_view trace_word(Enum value) {
  const auto place = static_cast<std::size_t>(value);
  assert(place < kWords<Enum>.size());
  return kWords<Enum>[place];
}

template <class Enum>
std::optional<Enum> from_trace_word(std::string_view word) {
  const auto& words = kWords<Enum>;
  const auto found = std::find(words.begin(), words.end(), word);
  if (found == words.end()) return std::nullopt;
  return static_cast<Enum>(found - words.begin());
}

template std::string_view trace_word(world::Op);
template std::string_view trace_word(models::Fate);
template std::string_view trace_word(models::Condition);
template std::string_view trace_word(mds::WorkClass);
template std::string_view trace_word(mds::Response::Outcome);
template std::string_view trace_word(mds::CauseKind);
template std::string_view trace_word(mds::Notice::Kind);
template std::optional<world::Op> from_trace_word(std::string_view);
template std::optional<models::Fate> from_trace_word(std::string_view);
template std::optional<models::Condition> from_trace_word(std::string_view);
template std::optional<mds::WorkClass> from_trace_word(std::string_view);
template std::optional<mds::Response::Outcome> from_trace_word(std::string_view);
template std::optional<mds::CauseKind> from_trace_word(std::string_view);
template std::optional<mds::Notice::Kind> from_trace_word(std::string_view);

}  // namespace rehearse::measure
