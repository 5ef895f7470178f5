// The names of model instances that a lifecycle makes: MODEL-vNUMBER (lifecycle/deeds.hpp).
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rehearse::measure {

struct InstanceName {
  std::string model;
  std::int64_t version = 0;
};

/// Out of an instance's URI or id; nullopt where it is no such name.
inline std::optional<InstanceName> instance_named(std::string_view uri) {
  const std::string_view id = uri.substr(uri.rfind('/') + 1);
  const std::size_t mark = id.rfind("-v");
  if (mark == std::string_view::npos || mark == 0) return std::nullopt;
  const char* first = id.data() + mark + 2;
  const char* end = id.data() + id.size();
  InstanceName name{std::string(id.substr(0, mark)), 0};
  const auto [stop, error] = std::from_chars(first, end, name.version);
  if (error != std::errc() || stop != end || name.version < 1) return std::nullopt;
  return name;
}

}  // namespace rehearse::measure
