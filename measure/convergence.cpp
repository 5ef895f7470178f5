#include "measure/convergence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <stdexcept>

#include "base/text/number_text.hpp"
#include "measure/cause.hpp"
#include "measure/edge_cause.hpp"
#include "measure/reader_cause.hpp"

namespace rehearse::measure {
namespace {

std::string version_text(bool there, std::int64_t version) {
  return there ? fmt::format("version {}", version) : "absent";
}

EntityDivergence describe_entity(const Recorder& recorder, std::uint32_t document) {
  const Freshness& f = recorder.freshness();
  return {recorder.uri(document),
          version_text(f.exists(document), f.version(document)),
          version_text(f.live(document), f.copy_version(document)),
          f.stale_since(document),
          {}};
}

bool same_facts(const std::vector<world::World::ExpectedFact>& truth,
                const std::vector<mds::StoredFact>& graph) {
  return std::equal(truth.begin(), truth.end(), graph.begin(), graph.end(),
                    [](const world::World::ExpectedFact& a, const mds::StoredFact& b) {
                      return a.uri == b.uri && a.attribute == b.attribute && a.text == b.text;
                    });
}

// URIs of documents in which truth and graph differ, by their facts.
std::set<std::string> compare_documents(const world::World& world, const mds::Graph& graph) {
  std::vector<std::string> truth;
  for (const world::Truth& document : world.all()) truth.push_back(document.uri);
  const std::vector<std::string> live = graph.live_documents();
  std::set<std::string> different;
  std::set_symmetric_difference(truth.begin(), truth.end(), live.begin(), live.end(),
                                std::inserter(different, different.end()));
  for (const std::string& uri : truth) {
    if (different.contains(uri)) continue;
    if (!same_facts(world.expected_facts(uri), graph.facts(uri))) different.insert(uri);
  }
  return different;
}

// Edges in which truth and graph differ: name -> is it in the truth.
std::map<EdgeName, bool> compare_edges(const world::Oracle& oracle, const mds::Graph& graph,
                                       const Recorder& recorder) {
  const auto named = [&recorder](const auto& edges) {
    std::vector<EdgeName> names;
    names.reserve(edges.size());
    for (const auto& e : edges) names.push_back(recorder.canonical(e.from, e.relation, e.to));
    std::sort(names.begin(), names.end());  // may hold an edge twice, with its reverse
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
  };
  const std::vector<EdgeName> truth = named(oracle.edges());
  const std::vector<EdgeName> held = named(graph.derived_edges());
  std::vector<EdgeName> missing;
  std::vector<EdgeName> wrong;
  std::set_difference(truth.begin(), truth.end(), held.begin(), held.end(),
                      std::back_inserter(missing));
  std::set_difference(held.begin(), held.end(), truth.begin(), truth.end(),
                      std::back_inserter(wrong));
  std::map<EdgeName, bool> different;
  for (const EdgeName& e : missing) different[e] = true;
  for (const EdgeName& e : wrong) different[e] = false;
  return different;
}

[[noreturn]] void fail(const std::string& what, bool audit_says) {
  throw std::logic_error(fmt::format("{} {} by the audit, but not by the measurements", what,
                                     audit_says ? "diverges" : "agrees with the truth"));
}

void add_readers(const Recorder& recorder, Audit& audit) {
  const Freshness& f = recorder.freshness();
  for (const auto& [document, row] : recorder.index().rows()) {
    audit.index.push_back({recorder.uri(document),
                           version_text(f.live(document), f.copy_version(document)), row.since,
                           find_index_cause(recorder, document).line()});
  }
  std::sort(audit.index.begin(), audit.index.end(),
            [](const auto& a, const auto& b) { return a.uri < b.uri; });
  for (const auto& [key, answer] : recorder.answers().last()) {
    if (!answer.wrong()) continue;
    const models::AskedQuestion& question = answer.question;
    audit.answers.push_back({question.ask, question.entity, question.missed, question.outdated,
                             find_answer_cause(recorder, answer).line()});
  }
}

std::string list_text(const std::vector<std::string>& uris) {
  std::vector<std::string> quoted;
  for (const std::string& uri : uris) quoted.push_back(json_string(uri));
  return fmt::format("[{}]", fmt::join(quoted, ","));
}

}  // namespace

void Audit::add_to(Metrics& metrics) const {
  metrics["converged"] = converged() ? 1 : 0;
  metrics["divergent.entities"] = static_cast<double>(entities.size());
  metrics["divergent.edges"] = static_cast<double>(edges.size());
}

Audit picture(const Recorder& recorder, const std::string& moment, const Routes& routes,
              Detail detail) {
  const bool causes = detail == Detail::causes;
  Audit audit;
  std::vector<std::uint32_t> stale;
  for (std::uint32_t document = 0; document < recorder.documents(); ++document) {
    if (!recorder.freshness().fresh(document)) stale.push_back(document);
  }
  std::sort(stale.begin(), stale.end(), [&recorder](std::uint32_t a, std::uint32_t b) {
    return recorder.uri(a) < recorder.uri(b);
  });
  for (const std::uint32_t document : stale) {
    audit.entities.push_back(describe_entity(recorder, document));
    if (causes) audit.entities.back().cause = find_cause(recorder, document, moment).line();
  }
  for (const EdgeLedger::Disagreement& d : recorder.edges().disagreements()) {
    audit.edges.push_back({d.edge, d.in_truth, {}});
    if (causes) audit.edges.back().cause = find_edge_cause(recorder, d, routes, moment).line();
  }
  if (causes) add_readers(recorder, audit);
  return audit;
}

Audit audit(const world::World& world, const world::Oracle& oracle, const mds::Graph& graph,
            const Recorder& recorder, Detail detail) {
  const Audit believed = picture(
      recorder, "the end", [&oracle](const EdgeName& edge) { return oracle.route(edge); }, detail);
  std::set<std::string> documents = compare_documents(world, graph);
  for (const EntityDivergence& e : believed.entities) {
    if (documents.erase(e.uri) == 0) fail(e.uri, false);
  }
  if (!documents.empty()) fail(*documents.begin(), true);

  std::map<EdgeName, bool> edges = compare_edges(oracle, graph, recorder);
  const auto text = [](const EdgeName& e) { return e.from + " " + e.relation + " " + e.to; };
  for (const EdgeDivergence& e : believed.edges) {
    const auto found = edges.find(e.edge);
    if (found == edges.end() || found->second != e.in_truth) fail(text(e.edge), false);
    edges.erase(found);
  }
  if (!edges.empty()) fail(text(edges.begin()->first), true);
  return believed;
}

std::string divergences_json(const Audit& audit) {
  std::vector<std::string> items;
  for (const EntityDivergence& e : audit.entities) {
    items.push_back(fmt::format(R"({{"entity":{},"truth":{},"graph":{},"since":{},"cause":{}}})",
                                json_string(e.uri), json_string(e.truth), json_string(e.graph),
                                number_text(e.since.to_seconds()), json_string(e.cause)));
  }
  for (const EdgeDivergence& e : audit.edges) {
    items.push_back(fmt::format(
        R"({{"edge":{{"from":{},"relation":{},"to":{}}},"truth":{},"graph":{},"cause":{}}})",
        json_string(e.edge.from), json_string(e.edge.relation), json_string(e.edge.to),
        json_string(e.in_truth ? "present" : "absent"),
        json_string(e.in_truth ? "absent" : "present"), json_string(e.cause)));
  }
  for (const IndexDivergence& i : audit.index) {
    items.push_back(fmt::format(R"({{"index":{},"graph":{},"since":{},"cause":{}}})",
                                json_string(i.uri), json_string(i.graph),
                                number_text(i.since.to_seconds()), json_string(i.cause)));
  }
  for (const AnswerDivergence& a : audit.answers) {
    items.push_back(fmt::format(
        R"({{"question":{{"ask":{},"entity":{}}},"missed":{},"outdated":{},"cause":{}}})",
        json_string(a.ask), json_string(a.entity), list_text(a.missed), list_text(a.outdated),
        json_string(a.cause)));
  }
  return items.empty() ? "[]" : fmt::format("[\n    {}\n  ]", fmt::join(items, ",\n    "));
}

}  // namespace rehearse::measure
