#include "lifecycle/inquiry.hpp"

#include <fmt/format.h>

#include <cassert>

namespace rehearse::lifecycle {

std::string to_string(Occasion occasion) {
  switch (occasion) {
    case Occasion::rollback:
      return "rollback";
    case Occasion::person:
      return "person";
    case Occasion::drift:
      return "drift";
    case Occasion::canary:
      return "canary";
  }
  assert(false);
  return "";
}

std::string describe(const Inquiry& inquiry, const Told& told) {
  std::string text;
  const auto add = [&](const char* what, const std::vector<std::string>& uris) {
    if (uris.empty()) return;
    text += fmt::format("{}{} {}", text.empty() ? "" : "; ", what, fmt::join(uris, ", "));
  };
  add("missed", told.missed);
  add("outdated", told.outdated);
  return fmt::format("{} {}: {}", inquiry.ask, inquiry.id, text.empty() ? "right" : text);
}

}  // namespace rehearse::lifecycle
