// Whose turn it is: one version of a model is released at a time.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace rehearse::rollout {

/// Versions of one model that want to be released. One at a time is under way; a newer one waits
/// until the version before it has settled, so its arrival cannot end another's rollback.
class ReleaseQueue {
 public:
  /// True when the version may start now; otherwise it waits. Throws std::invalid_argument for a
  /// version that was submitted before.
  bool submit(const std::string& version);
  /// The version under way is in production or fully rolled back: the next one may start.
  std::optional<std::string> settled();

  const std::optional<std::string>& under_way() const { return under_way_; }
  const std::vector<std::string>& waiting() const { return waiting_; }

 private:
  std::optional<std::string> under_way_;
  std::vector<std::string> waiting_;
  std::set<std::string> seen_;
};

}  // namespace rehearse::rollout
