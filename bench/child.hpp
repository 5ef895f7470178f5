// Work in a forked process of its own, so that its peak memory is its own and SimGrid's engine and
// SQLite start fresh.
#pragma once

#include <functional>
#include <string>

namespace rehearse::bench {

struct ChildResult {
  std::string text;     ///< what the work returned
  double peak_mib = 0;  ///< resident set
  double wall_seconds = 0;
  double cpu_seconds = 0;
};

/// Throws std::runtime_error with the child's words when it fails.
ChildResult in_child(const std::function<std::string()>& work);

}  // namespace rehearse::bench
