#include "reports/convergence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <stdexcept>

#include "reports/cause.hpp"
#include "reports/number_text.hpp"

namespace rehearse::reports {
namespace {

std::string version_text(bool there, std::int64_t version) {
  return there ? fmt::format("version {}", version) : "absent";
}

EntityDivergence describe_entity(const Recorder& recorder, std::uint32_t document,
                                 const std::string& moment) {
  const Freshness& f = recorder.freshness();
  return {recorder.uri(document), version_text(f.exists(document), f.version(document)),
          version_text(f.live(document), f.copy_version(document)), f.stale_since(document),
          find_cause(recorder, document, moment).line()};
}

EdgeDivergence describe_edge(const EdgeName& edge, bool in_truth, bool phantom,
                             const std::set<std::string>& stale) {
  EdgeDivergence divergence{edge, in_truth, {}};
  for (const std::string& end : {edge.from, edge.to}) {
    if (stale.contains(end)) {
      divergence.cause = "stale entity: " + end + " differs from the truth";
      return divergence;
    }
  }
  const std::string between = stale.empty() ? "" : ", or an entity on its path is stale";
  if (in_truth) {
    divergence.cause = "missing: enrichment has not written it yet" + between;
  } else if (phantom) {
    divergence.cause = "phantom: facts of different times under it were true, never together";
  } else {
    divergence.cause = "outdated: enrichment has not retracted it" + between;
  }
  return divergence;
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
  std::set<EdgeName> truth;
  for (const world::Edge& e : oracle.edges()) {
    truth.insert(recorder.canonical(e.from, e.relation, e.to));
  }
  std::map<EdgeName, bool> different;
  for (const EdgeName& e : truth) different[e] = true;
  for (const mds::DerivedEdge& e : graph.derived_edges()) {
    const EdgeName name = recorder.canonical(e.from, e.relation, e.to);
    if (truth.contains(name)) {
      different.erase(name);
    } else {
      different[name] = false;
    }
  }
  return different;
}

[[noreturn]] void fail(const std::string& what, bool audit_says) {
  throw std::logic_error(fmt::format("{} {} by the audit, but not by the measurements", what,
                                     audit_says ? "diverges" : "agrees with the truth"));
}

}  // namespace

void Audit::add_to(Metrics& metrics) const {
  metrics["converged"] = converged() ? 1 : 0;
  metrics["divergent.entities"] = static_cast<double>(entities.size());
  metrics["divergent.edges"] = static_cast<double>(edges.size());
}

Audit picture(const Recorder& recorder, const std::string& moment) {
  Audit audit;
  std::set<std::string> stale;
  for (std::uint32_t document = 0; document < recorder.documents(); ++document) {
    if (recorder.freshness().fresh(document)) continue;
    audit.entities.push_back(describe_entity(recorder, document, moment));
    stale.insert(recorder.uri(document));
  }
  std::sort(audit.entities.begin(), audit.entities.end(),
            [](const auto& a, const auto& b) { return a.uri < b.uri; });
  for (const EdgeLedger::Disagreement& d : recorder.edges().disagreements()) {
    audit.edges.push_back(describe_edge(d.edge, d.in_truth, d.phantom, stale));
  }
  return audit;
}

Audit audit(const world::World& world, const world::Oracle& oracle, const mds::Graph& graph,
            const Recorder& recorder) {
  const Audit believed = picture(recorder);
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
  return items.empty() ? "[]" : fmt::format("[\n    {}\n  ]", fmt::join(items, ",\n    "));
}

}  // namespace rehearse::reports
