// What a question of `rehearse query` has no use for, and what the graph does not know: both are
// refused with what fits, because the answer would be to another question than was asked.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "mds/graph/graph.hpp"
#include "mds/graph/search.hpp"

namespace rehearse::app {

/// `given` are the options on the command line. Throws InputError for one that does not go with the
/// question.
void check_fitting(const std::string& question, const std::vector<std::string>& given);

/// Throws InputError for a filter on a type that neither the graph's entities nor its sources have.
void check_types(const mds::Graph& graph, const mds::SearchQuery& query);

/// Throws InputError, with the entity that a mistyped URI, or a bare id or name, most likely means.
[[noreturn]] void refuse_unknown(const mds::Graph& graph, const std::string& file,
                                 const std::string& uri);

/// A line that says when the graph was written last, where `at` is later; empty where it is not.
std::string after_the_end(const mds::Store& store, Time at);

}  // namespace rehearse::app
