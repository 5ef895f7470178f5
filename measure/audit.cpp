#include "measure/audit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <stdexcept>

#include "base/text/json_writer.hpp"
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
    if (!answer.asked.verdict.wrong()) continue;
    audit.answers.push_back({answer.asked, find_answer_cause(recorder, answer).line()});
  }
}

void write(JsonWriter& json, const EntityDivergence& e) {
  json.object().member("entity", e.uri).member("truth", e.truth).member("graph", e.graph);
  json.member("since", e.since.to_seconds()).member("cause", e.cause).end();
}

void write(JsonWriter& json, const EdgeDivergence& e) {
  json.object().key("edge").object();
  json.member("from", e.edge.from).member("relation", e.edge.relation).member("to", e.edge.to);
  json.end().member("truth", e.in_truth ? "present" : "absent");
  json.member("graph", e.in_truth ? "absent" : "present").member("cause", e.cause).end();
}

void write(JsonWriter& json, const IndexDivergence& i) {
  json.object().member("index", i.uri).member("graph", i.graph);
  json.member("since", i.since.to_seconds()).member("cause", i.cause).end();
}

void write(JsonWriter& json, const AnswerDivergence& a) {
  const auto list = [&json](const char* name, const std::vector<std::string>& uris) {
    json.key(name).array();
    for (const std::string& uri : uris) json.value(uri);
    json.end();
  };
  const world::Question& question = a.asked.question;
  json.object().key("question").object();
  json.member("ask", question.ask).member("entity", question.entity).end();
  list("missed", a.asked.verdict.missed);
  list("outdated", a.asked.verdict.outdated);
  json.member("cause", a.cause).end();
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
  Audit believed = picture(
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
  JsonWriter json(1);
  json.array(JsonWriter::Layout::lines);
  for (const EntityDivergence& e : audit.entities) write(json, e);
  for (const EdgeDivergence& e : audit.edges) write(json, e);
  for (const IndexDivergence& i : audit.index) write(json, i);
  for (const AnswerDivergence& a : audit.answers) write(json, a);
  return json.end().take();
}

}  // namespace rehearse::measure
