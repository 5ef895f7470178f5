// lifecycle.csv: what operations did and found, a line for each, in the order in which it happened.
//
//   at_s,id,cause,model,version,what,from,to,detail
//
// `cause` is the id of what led to it; following causes gives the lineage of a run, a version or a
// rollback. What does not apply is empty.
#pragma once

#include <string>
#include <vector>

#include "lifecycle/lineage.hpp"

namespace rehearse::reports {

std::string lifecycle_csv(const std::vector<lifecycle::Record>& records);

}  // namespace rehearse::reports
