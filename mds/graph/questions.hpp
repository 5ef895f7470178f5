// What is asked of the graph when a decision is due; docs/source-systems.md defines the questions.
// Reads facts and derived edges through a view, so that the past answers alike.
#pragma once

#include <string>
#include <vector>

#include "mds/store/fact_view.hpp"

namespace rehearse::mds {

/// ab-tests, active-ab-tests, models, upstream, ...: all but `find`, which is a matter of the
/// search.
std::vector<std::string> walked_questions();

/// The live entities that answer a question about one, in any order, perhaps repeated. REQUIRES:
/// `ask` is one of walked_questions(), the entity is live.
std::vector<EntityId> walk_answer(const FactView& view, const std::string& ask, EntityId asked);

}  // namespace rehearse::mds
