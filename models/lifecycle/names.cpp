#include "models/lifecycle/names.hpp"

#include <algorithm>
#include <string_view>

namespace rehearse::models {

std::string to_name(const config::Node& node) {
  constexpr std::size_t kLongest = 60;
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
  std::string name = config::to_string(node);
  const bool plain = name.find_first_not_of(kAllowed) == std::string::npos;
  if (name.empty() || name.size() > kLongest || !plain) {
    config::fail(node, "found " + config::shown(node) +
                           "; a name has 1 to 60 letters, digits, \"-\" and \"_\"");
  }
  return name;
}

}  // namespace rehearse::models
