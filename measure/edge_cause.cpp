#include "measure/edge_cause.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace rehearse::measure {
namespace {

constexpr std::uint32_t kUnknown = 0xffffffff;

/// "version 3 of aip://..., which ended the edge"
std::string turning_point(const Recorder& recorder, const EdgeLedger::Disagreement& edge) {
  return fmt::format("version {} of {}, which {} the edge", edge.version,
                     recorder.uri(edge.document), edge.in_truth ? "began" : "ended");
}

Cause stale_entity(const Recorder& recorder, std::uint32_t document, const std::string& role,
                   const std::string& moment) {
  const Freshness& freshness = recorder.freshness();
  const bool absent = freshness.exists(document) && !freshness.live(document);
  return {"stale entity", fmt::format("{} {}{}: {}", recorder.uri(document),
                                      absent ? "is not in the graph" : "differs from the truth",
                                      role, find_cause(recorder, document, moment).reason)};
}

/// " (its version 3 began the edge)"; empty for the ends of the edge, which tell it by themselves.
std::string role_of(const Recorder& recorder, const EdgeLedger::Disagreement& edge,
                    std::uint32_t document) {
  if (document == edge.document) {
    return fmt::format(" (its version {} {} the edge)", edge.version,
                       edge.in_truth ? "began" : "ended");
  }
  const std::string uri = recorder.uri(document);
  if (uri == edge.edge.from || uri == edge.edge.to) return "";
  return " (the edge's path leads over it)";
}

/// The documents that the edge hangs on, as far as they are known: those of its path, or else the
/// one that turned it and its ends.
std::vector<std::uint32_t> basis_of(const Recorder& recorder, const EdgeLedger::Disagreement& edge,
                                    const std::vector<std::string>& route) {
  std::vector<std::uint32_t> basis;
  if (edge.document != kUnknown) basis.push_back(edge.document);
  if (route.empty()) {
    for (const std::string& uri : {edge.edge.from, edge.edge.to}) {
      if (const auto end = recorder.document(uri)) basis.push_back(*end);
    }
    return basis;
  }
  for (const std::string& uri : route) {
    if (const auto document = recorder.document(uri)) basis.push_back(*document);
  }
  // The truth may have moved the edge to a path without the document that began it.
  if (edge.document != kUnknown &&
      std::find(route.begin(), route.end(), recorder.uri(edge.document)) == route.end()) {
    basis.erase(basis.begin());
  }
  return basis;
}

/// A stale entity that the edge is known to hang on: one that the graph lacks before others.
std::optional<Cause> stale_basis(const Recorder& recorder, const EdgeLedger::Disagreement& edge,
                                 const std::vector<std::uint32_t>& basis,
                                 const std::string& moment) {
  std::optional<std::uint32_t> found;
  for (const std::uint32_t document : basis) {
    if (recorder.freshness().fresh(document)) continue;
    if (!found) found = document;
    if (edge.in_truth && recorder.freshness().live(*found) &&
        !recorder.freshness().live(document)) {
      found = document;
    }
  }
  if (!found) return std::nullopt;
  return stale_entity(recorder, *found, role_of(recorder, edge, *found), moment);
}

/// The document on the path whose copy was written last; nullopt when that is the one that turned
/// the edge, or none is known.
std::optional<std::uint32_t> last_written(const Recorder& recorder,
                                          const EdgeLedger::Disagreement& edge,
                                          const std::vector<std::uint32_t>& basis) {
  std::optional<std::uint32_t> last;
  for (const std::uint32_t document : basis) {
    if (!last || recorder.writes().last(*last).at < recorder.writes().last(document).at) {
      last = document;
    }
  }
  if (last == edge.document) return std::nullopt;
  return last;
}

/// What enrichment did since the change that turned the edge has reached the graph.
Cause left_by_enrichment(const Recorder& recorder, const EdgeLedger::Disagreement& edge,
                         const std::vector<std::uint32_t>& basis) {
  const std::string kind = edge.in_truth ? "missing" : "outdated";
  const char* deed = edge.in_truth ? "write" : "retract";
  std::string reached = "the edge held before the run";
  Time since;
  if (edge.document != kUnknown) {
    since = recorder.writes().last(edge.document).at;
    reached = fmt::format("{}, reached the graph at {}", turning_point(recorder, edge),
                          cause_clock(since));
  }
  const auto last = edge.in_truth ? last_written(recorder, edge, basis) : std::nullopt;
  if (last && since < recorder.writes().last(*last).at) {
    since = recorder.writes().last(*last).at;
    reached += fmt::format(", version {} of {}, on its path, at {}",
                           recorder.freshness().copy_version(*last), recorder.uri(*last),
                           cause_clock(since));
  }
  const auto ran = recorder.service().last_enrichment();
  if (!ran || ran->at < since) {
    return {kind, fmt::format("{}, and enrichment has not run since", reached)};
  }
  std::string reason = fmt::format("{}, but enrichment (transaction {} at {}) did not {} the edge",
                                   reached, ran->transaction, cause_clock(ran->at), deed);
  if (!edge.in_truth && !recorder.config().retraction) reason += ": it retracts nothing";
  return {kind, reason};
}

}  // namespace

Cause find_edge_cause(const Recorder& recorder, const EdgeLedger::Disagreement& edge,
                      const Routes& routes, const std::string& moment) {
  std::vector<std::string> route;
  if (edge.in_truth && routes) route = routes(edge.edge);
  const std::vector<std::uint32_t> basis = basis_of(recorder, edge, route);
  if (auto cause = stale_basis(recorder, edge, basis, moment)) return *cause;
  if (edge.phantom && !edge.in_truth) {
    return {"phantom",
            fmt::format("enrichment wrote it at {} from facts that were each true once, but never "
                        "together",
                        cause_clock(edge.written))};
  }
  return left_by_enrichment(recorder, edge, basis);
}

}  // namespace rehearse::measure
