#include "mds/hydration/retry.hpp"

#include <algorithm>
#include <cmath>

#include "base/fact_hash.hpp"

namespace rehearse::mds {

ResponseClass classify(const Response& response) {
  if (response.outcome != Response::Outcome::answered) return ResponseClass::transient;
  const int status = response.status;
  if (status >= 200 && status < 300) return ResponseClass::found;
  if (status == 404) return ResponseClass::not_found;
  if (status == 408 || status == 425 || status == 429 || status >= 500)
    return ResponseClass::transient;
  return ResponseClass::refused;
}

std::string describe_failure(const Response& response) {
  switch (response.outcome) {
    case Response::Outcome::timed_out:
      return "timed out";
    case Response::Outcome::failed:
      return "no answer";
    case Response::Outcome::answered:
      break;
  }
  return "status " + std::to_string(response.status);
}

Duration backoff(const RetryPolicy& policy, std::uint64_t seed, std::string_view document,
                 int attempt) {
  const auto cap = static_cast<double>(policy.cap.ns);
  auto bound = static_cast<double>(policy.base.ns);
  for (int i = 1; i < attempt && bound < cap; ++i) bound *= policy.factor;
  const auto most = static_cast<Int128>(std::llround(std::min(bound, cap)));
  const std::uint64_t share =
      stable_hash(document, stable_hash(std::to_string(attempt), seed));  // of 2^64
  return {static_cast<std::int64_t>((most * static_cast<Int128>(share)) >> 64)};
}

}  // namespace rehearse::mds
