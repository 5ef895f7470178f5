// A digest of a scenario's settings: equal for two scenarios that run the same, wherever their
// files lie, and different as soon as a value, a trace, a provider or a rule file differs.
//
// Left out are the parameters that a sweep varies, and what does not touch the metrics:
// description, expectations and hints for editors.
#pragma once

#include <string>
#include <vector>

#include "base/config.hpp"
#include "planning/sweep/pointers.hpp"

namespace rehearse::planning {

/// 16 hexadecimal digits. `scenario` is merged. Throws InputError for a file that it names and that
/// cannot be read.
std::string fingerprint(const config::Node& scenario, const std::vector<Parameter>& varied);

}  // namespace rehearse::planning
