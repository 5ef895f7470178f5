// What the graph answers to the questions of `rehearse query`, as JSON. The text on a terminal is
// made from the same value (query_text.hpp), so that both say the same.
//
// An entity is {"uri", "type", "name", "life", "last_verified", "last_enriched"}; times are seconds
// since the start of the run, null for never. An answer is a list of entities, each led by what the
// question says about it, or an object of such lists. docs/queries.md describes them all.
#pragma once

#include <cstddef>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "mds/graph/graph.hpp"

namespace rehearse::app {

using Json = nlohmann::ordered_json;

/// A question with its arguments, put to the graph at one moment.
struct Asked {
  const mds::Store& store;
  const mds::Graph& graph;
  std::vector<std::string> arguments;
  std::size_t depth;    ///< of lineage
  std::size_t limit;    ///< of search
  Time verified_since;  ///< earlier verifications are too old
};

/// The question that looks at the file and not at what it says; it fails when something is wrong.
inline constexpr const char* kCheck = "check";

/// Arguments that may be the URI of one entity.
inline constexpr const char* kTextOrUri = "TEXT|URI";

/// The `life` of what was not heard of yet.
inline constexpr const char* kUnheard = "unheard";

/// How an answer is laid out in text.
enum class Layout : unsigned char {
  table,
  sections,
  relations,
  entity,
  history,
  provenance,
  problems
};

struct QuestionKind {
  std::string name;
  std::string arguments;  ///< as help shows them
  std::size_t least, most;
  bool about_entities;  ///< the arguments are URIs
  Layout layout;
  std::string help;
  std::function<Json(const Asked&)> answer;
};

/// In the order of help.
const std::vector<QuestionKind>& questions();

Json entity_json(const mds::EntitySummary& entity);
/// An entity that nothing was known of at that time, and of its type only later: its `life` is
/// "unheard".
Json unheard_json(const std::string& uri);

}  // namespace rehearse::app
