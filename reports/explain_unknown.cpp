#include "reports/explain_unknown.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/config.hpp"
#include "base/error.hpp"
#include "base/nearest_uri.hpp"
#include "base/text/utf8.hpp"
#include "mds/graph/graph.hpp"
#include "measure/cause.hpp"

namespace rehearse::reports {
namespace {

constexpr std::size_t kLongest = 300;

std::string edge_text(const measure::EdgeName& edge) {
  return edge.from + " " + edge.relation + " " + edge.to;
}

/// The document that an entity belongs to; itself for a document.
std::string document_of(const mds::Graph& graph, const std::string& uri) {
  const mds::StoreCore& core = graph.view().core();
  const mds::EntityId id = core.entities.find(uri);
  return id == 0 ? uri : core.entities.uri(graph.view().peek(id).root);
}

/// A reference from one entity to another, and since when the graph has it.
struct Reference {
  std::string from;
  std::string attribute;
  Time since;
};

/// The first time that `from` referred to `to`.
std::optional<Reference> find_reference(const mds::Graph& graph, const std::string& from,
                                        const std::string& to) {
  for (const mds::HistoryEntry& entry : graph.history(from)) {
    if (entry.derived || !entry.added || entry.text != to) continue;
    return Reference{from, entry.attribute, entry.at};
  }
  return std::nullopt;
}

/// The oldest of the references that the graph has to an entity.
std::optional<Reference> first_reference(const mds::Graph& graph, const std::string& uri) {
  const mds::StoreCore& core = graph.view().core();
  std::set<std::string> sources;
  for (const mds::BackEdge& edge : graph.view().back(core.entities.find(uri))) {
    sources.insert(core.entities.uri(edge.source));
  }
  std::optional<Reference> first;
  for (const std::string& source : sources) {
    const auto found = find_reference(graph, source, uri);
    if (found && (!first || found->since < first->since)) first = found;
  }
  return first;
}

/// What the graph knows of an entity without a story; empty when it does not know it.
std::string describe_entity(const mds::Graph& graph, const std::string& uri) {
  if (!graph.entity(uri)) return {};
  if (const std::string document = document_of(graph, uri); document != uri) {
    return fmt::format("{} is a part of the document {}, whose story is also its own: explain {}",
                       uri, document, document);
  }
  std::string text = uri + " is known by reference only";
  if (const auto reference = first_reference(graph, uri)) {
    text += fmt::format(" ({} of {} since {})", reference->attribute, reference->from,
                        measure::cause_clock(reference->since));
  }
  return text + ": no source had it in this run, so it has no story";
}

/// The same of an edge, in either direction.
std::string describe_edge(const mds::Graph& graph, const measure::EdgeName& edge) {
  for (const mds::Neighbour& other : graph.neighbours(edge.from)) {
    if (other.derived || other.relation != edge.relation || other.entity.uri != edge.to) continue;
    const std::string& holder = other.outgoing ? edge.from : edge.to;
    const std::string document = document_of(graph, holder);
    return fmt::format(
        "only derived edges have a story of their own; {} is a reference that {} holds, and its "
        "story is that of {}: explain {}",
        edge.relation, holder, document, document);
  }
  return {};
}

std::string describe(const std::filesystem::path& trace, const Subject& subject) {
  const std::filesystem::path file = trace.parent_path() / "graph.db";
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return {};
  try {
    const mds::Store store(file.string());
    const mds::Graph graph(store);
    return subject.edge ? describe_edge(graph, *subject.edge) : describe_entity(graph, subject.uri);
  } catch (const InputError&) {
    return {};  // what is asked for is the trace; a damaged graph only tells less
  }
}

/// A relation that is none of the derived ones.
std::string describe_relation(const std::string& relation, const measure::Recorder& recorder) {
  std::vector<std::string> derived;
  for (const mds::Rule& rule : recorder.config().rules) {
    for (const std::string& name : {rule.name, rule.inverse}) {
      if (!name.empty()) derived.push_back(name);
    }
  }
  if (std::find(derived.begin(), derived.end(), relation) != derived.end()) return {};
  const auto near = config::nearest(relation, derived);
  return fmt::format(
      "only derived edges have a story of their own; found the relation \"{}\", "
      "derived are {}{}",
      printable(relation, kLongest), fmt::join(derived, ", "),
      near ? "; did you mean " + *near + "?" : "");
}

}  // namespace

void refuse_unknown(const std::filesystem::path& trace, const Subject& subject,
                    const measure::Recorder& recorder,
                    const std::set<measure::EdgeName>& edges_seen) {
  std::string message = describe(trace, subject);
  if (message.empty() && subject.edge) {
    message = describe_relation(subject.edge->relation, recorder);
  }
  if (!message.empty()) throw InputError({trace.string(), {}, 0, 0}, message);
  std::vector<std::string> known;
  if (subject.edge) {
    for (const measure::EdgeName& edge : edges_seen) known.push_back(edge_text(edge));
  } else {
    for (std::uint32_t i = 0; i < recorder.documents(); ++i) known.push_back(recorder.uri(i));
  }
  const std::string name = subject.edge ? edge_text(*subject.edge) : subject.uri;
  message = fmt::format("the run had no {} \"{}\"", subject.edge ? "derived edge" : "entity",
                        printable(name, kLongest));
  if (const auto near = config::nearest_uri(name, known))
    message += "; did you mean " + *near + "?";
  throw InputError({trace.string(), {}, 0, 0}, message);
}

}  // namespace rehearse::reports
