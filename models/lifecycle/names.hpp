// Names that become parts of ids, streams and metrics: of models, features and teams.
#pragma once

#include <string>

#include "base/config.hpp"

namespace rehearse::models {

/// Letters, digits, "-" and "_", 1 to 60 of them. Throws InputError.
std::string to_name(const config::Node& node);

}  // namespace rehearse::models
