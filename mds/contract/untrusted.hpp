// Reading text that came from outside: event bodies and API payloads. Whatever it holds, the result
// is a JSON value within the limits or a reason in plain ASCII, never an exception or a crash.
// Reasons may be stored and printed, so they quote nothing of the text but short, escaped names.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "mds/contract/json.hpp"

namespace rehearse::mds {

/// Larger than anything a source sends in earnest, small enough to be harmless.
struct Limits {
  static constexpr std::size_t body = 4U << 20U;   ///< bytes of an event or a payload
  static constexpr std::size_t text = 64U << 10U;  ///< bytes of one value that becomes a fact
  static constexpr std::size_t id = 1024;          ///< bytes of an id
  static constexpr std::size_t items = 10'000;     ///< entries of one array of references or parts
  static constexpr int depth = 64;                 ///< of nested arrays and objects
};

/// What is wrong with a piece of untrusted text.
struct Refusal {
  std::string reason;
};

/// Parses a JSON object, which is valid while `text` is. Throws Refusal ("WHAT is ...") for
/// anything else: other values, malformed JSON, invalid UTF-8, numbers out of range, too deep, too
/// long.
JsonText parse_untrusted(std::string_view text, const char* what);

/// What is wrong with `id` as an entity's id; nullptr when nothing is.
const char* bad_id(std::string_view id);

/// `text` in printable ASCII with other bytes escaped, cut to about 60 characters.
std::string excerpt(std::string_view text);

}  // namespace rehearse::mds
