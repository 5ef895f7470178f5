// JSON pointers (RFC 6901) as provider declarations use them: parsed once, followed often.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mds/contract/json.hpp"

namespace rehearse::mds {

class JsonPointer {
 public:
  /// The whole value.
  JsonPointer() = default;
  /// nullopt when `text` is neither empty nor starts with a slash, or escapes wrongly.
  static std::optional<JsonPointer> parse(std::string_view text);

  /// The value pointed to; nullptr when it is absent or null.
  const JsonValue* find(const JsonValue& value) const;

  std::string text() const;
  const std::vector<std::string>& tokens() const { return tokens_; }

 private:
  std::vector<std::string> tokens_;
};

}  // namespace rehearse::mds
