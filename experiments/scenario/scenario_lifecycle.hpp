// A lifecycle beside the sources of its scenario: it needs all six that ship, and the entities that
// are its own are nobody else's to create or to delete.
#pragma once

#include "base/config.hpp"
#include "experiments/scenario/scenario.hpp"

namespace rehearse::experiments {

/// REQUIRES: `sources` is the scenario's section. Throws InputError for a source that is missing.
void check_lifecycle_sources(const config::Node& sources);

/// Throws InputError where the scenario's own entities, changes, scripts and traces would come in
/// the way of what models declare. `node` is the source's section, `content` what it says.
void check_apart(const models::Declaration& declared, const config::Node& node,
                 const world::SourceContent& content, const models::SourceConfig& source);

}  // namespace rehearse::experiments
