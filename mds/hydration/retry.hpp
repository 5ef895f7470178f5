// What an answer means, and how long to wait before a failed call is repeated: exponential backoff
// with full jitter (a uniform share of base * factor^(attempt-1), at most cap; Brooker 2015). The
// share is a hash of (seed, document, attempt), so no generator is needed and a rerun is the same.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "mds/contract/event.hpp"
#include "mds/service/service_config.hpp"

namespace rehearse::mds {

enum class ResponseClass : std::uint8_t {
  found,      ///< 2xx: the body is the state
  not_found,  ///< 404: the source says that there is no such entity
  transient,  ///< no answer, 408, 425, 429 or 5xx: worth repeating
  refused     ///< any other status: repeating would not help
};

ResponseClass classify(const Response& response);

/// The failure in words: "timed out", "no answer", "status 503".
std::string describe_failure(const Response& response);

/// Wait before the call after attempt number `attempt` (from 1).
Duration backoff(const RetryPolicy& policy, std::uint64_t seed, std::string_view document,
                 int attempt);

}  // namespace rehearse::mds
