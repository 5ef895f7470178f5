#include "reports/edge_cause.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace rehearse::reports {
namespace {

constexpr std::uint32_t kUnknown = 0xffffffff;

/// "version 3 of aip://..., which ended the edge"
std::string turning_point(const Recorder& recorder, const EdgeLedger::Disagreement& edge) {
  return fmt::format("version {} of {}, which {} the edge", edge.version,
                     recorder.uri(edge.document), edge.in_truth ? "began" : "ended");
}

Cause stale_entity(const Recorder& recorder, std::uint32_t document, const std::string& role,
                   const std::string& moment) {
  return {"stale entity", fmt::format("{} differs from the truth{}: {}", recorder.uri(document),
                                      role, find_cause(recorder, document, moment).reason)};
}

/// A stale entity that the edge is known to hang on.
std::optional<Cause> stale_basis(const Recorder& recorder, const EdgeLedger::Disagreement& edge,
                                 const std::vector<std::uint32_t>& stale,
                                 const std::string& moment) {
  const auto is_stale = [&](std::uint32_t document) {
    return std::find(stale.begin(), stale.end(), document) != stale.end();
  };
  if (edge.document != kUnknown && is_stale(edge.document)) {
    return stale_entity(recorder, edge.document,
                        fmt::format(" (its version {} {} the edge)", edge.version,
                                    edge.in_truth ? "began" : "ended"),
                        moment);
  }
  for (const std::string& uri : {edge.edge.from, edge.edge.to}) {
    const auto end = recorder.document(uri);
    if (end && is_stale(*end)) return stale_entity(recorder, *end, "", moment);
  }
  return std::nullopt;
}

/// What enrichment did since the change that turned the edge has reached the graph.
Cause left_by_enrichment(const Recorder& recorder, const EdgeLedger::Disagreement& edge,
                         const std::vector<std::uint32_t>& stale, const std::string& moment) {
  const std::string kind = edge.in_truth ? "missing" : "outdated";
  const char* deed = edge.in_truth ? "write" : "retract";
  std::string reached = "the edge held before the run";
  Time since;
  if (edge.document != kUnknown) {
    since = recorder.writes().last(edge.document).at;
    reached = fmt::format("{}, reached the graph at {}", turning_point(recorder, edge),
                          cause_clock(since));
  }
  const auto ran = recorder.service().last_enrichment();
  if (!ran || ran->at < since) {
    return {kind, fmt::format("{}, and enrichment has not run since", reached)};
  }
  std::string reason = fmt::format("{}, but enrichment (transaction {} at {}) did not {} the edge",
                                   reached, ran->transaction, cause_clock(ran->at), deed);
  if (!edge.in_truth && !recorder.config().retraction) reason += ": it retracts nothing";
  if (edge.in_truth && !stale.empty()) {
    reason += fmt::format("; {} may be on its path and differs from the truth: {}",
                          recorder.uri(stale.front()),
                          find_cause(recorder, stale.front(), moment).reason);
  }
  return {kind, reason};
}

}  // namespace

Cause find_edge_cause(const Recorder& recorder, const EdgeLedger::Disagreement& edge,
                      const std::vector<std::uint32_t>& stale, const std::string& moment) {
  if (auto basis = stale_basis(recorder, edge, stale, moment)) return *basis;
  if (edge.phantom && !edge.in_truth) {
    return {"phantom",
            fmt::format("enrichment wrote it at {} from facts that were each true once, but never "
                        "together",
                        cause_clock(edge.written))};
  }
  return left_by_enrichment(recorder, edge, stale, moment);
}

}  // namespace rehearse::reports
