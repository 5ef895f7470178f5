// Rollback procedures: what sets them off, what they do, and how fast recovery has to be.
//
// The platform's table ships as rollout/procedures/default.json. A procedure's `paths` have, for
// each state in which it may find a version, the list of events that take the version to rollback
// in the release diagram, which has no direct edge from production. Such a state is one in which a
// version takes traffic; each path is checked against the diagram when it is read.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/config.hpp"
#include "base/time.hpp"
#include "rollout/release.hpp"

namespace rehearse::rollout {

enum class Automation { full, semi };

struct Procedure {
  std::string name;  ///< for example "serving-errors"
  std::string scenario;
  std::string mechanism;
  std::optional<double> above;  ///< triggers when the watched share exceeds this
  Duration recovery_limit;
  Automation automation = Automation::full;
  /// By the state in which they begin; none where the version itself stays (a fallback, a job
  /// restart).
  std::map<State, std::vector<Event>> paths;
};

/// Reads {"procedures": [...]}. Throws InputError.
std::vector<Procedure> read_procedures(const config::Node& node);

/// The procedures that ship with the program.
std::vector<Procedure> shipped_procedures();

/// Whether the watched share sets the procedure off. A procedure without a threshold never is.
bool triggered(const Procedure& procedure, double share);

/// Takes a version along the procedure's path from where it is. A semi-automatic procedure's last
/// step waits for a person. Throws IllegalTransition when there is no path from the version's
/// state.
void start(const Procedure& procedure, Release& release, Time now);

/// Whether a recovery was within the limit.
bool within_limit(const Procedure& procedure, Time triggered_at, Time recovered_at);

}  // namespace rehearse::rollout
