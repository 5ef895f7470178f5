// The messages that cross the border of the metadata service. They are plain values: whoever drives
// the service carries them, so nothing here waits, retries or knows a clock.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

#include "base/time.hpp"

namespace rehearse::mds {

/// Identifies one delivery-independent event: redeliveries and duplicates carry the same id.
struct EventId {
  std::uint64_t value = 0;
  auto operator<=>(const EventId&) const = default;
};

struct RequestId {
  std::uint64_t value = 0;
  auto operator<=>(const RequestId&) const = default;
};

/// Index of a source system in the service's configuration.
struct SourceIndex {
  std::uint16_t value = 0;
  auto operator<=>(const SourceIndex&) const = default;
};

/// A notification of change as it came off the bus. The body is untrusted text, normally
/// {"event_type":"model_instance_created","instance_id":"..."}.
struct ThinEvent {
  EventId id;
  SourceIndex source;
  std::string body;
};

/// Why a call is made; earlier values go first when a budget is short.
enum class WorkClass : std::uint8_t { event, enrichment, reconciliation };

/// A call to make on a source: GET `path`. The driver must answer every request exactly once
/// through Service::on_response, with Outcome::timed_out at the latest `timeout` after it was
/// taken.
struct SourceRequest {
  RequestId id;
  SourceIndex source;
  WorkClass work = WorkClass::event;
  std::string path;  ///< percent-encoded, for example /api/v1/instances/ranking-v5
  std::string uri;   ///< the entity asked for; empty for listings. For traces only.
  int attempt = 1;   ///< 1 for the first call, more for retries
  Duration timeout;
};

/// The end of a call.
struct Response {
  enum class Outcome : std::uint8_t { answered, failed, timed_out };
  Outcome outcome = Outcome::answered;
  int status = 200;                     ///< HTTP status, when answered
  std::string body;                     ///< untrusted text
  std::optional<Duration> retry_after;  ///< of a 429 or 503
};

}  // namespace rehearse::mds
