// The final audit: is the graph equal to the truth, where not, and why not.
//
// The audit reads truth and graph anew: every document and every derived edge, fact by fact. It
// does not use what the recorder believed during the run, except to name causes; and what the
// recorder believed is then held against it, so a mistake in either shows.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mds/graph/graph.hpp"
#include "measure/edge_cause.hpp"
#include "measure/metrics.hpp"
#include "measure/recorder.hpp"
#include "world/oracle.hpp"
#include "world/world.hpp"

namespace rehearse::measure {

/// A document whose copy differs from the truth.
struct EntityDivergence {
  std::string uri;
  std::string truth;  ///< "version 7", or "absent"
  std::string graph;  ///< the same of the copy
  Time since;         ///< when it began to differ, without a break
  std::string cause;  ///< empty where it was not asked for, as in all that follows
};

/// A derived edge that only one side has.
struct EdgeDivergence {
  EdgeName edge;
  bool in_truth = false;
  std::string cause;
};

/// A document that the search index does not show as the graph has it.
struct IndexDivergence {
  std::string uri;
  std::string graph;  ///< "version 7", or "absent"
  Time since;         ///< of the first transaction that the index does not show
  std::string cause;
};

/// A question whose last answer was wrong.
struct AnswerDivergence {
  models::AskedQuestion asked;
  std::string cause;
};

struct Audit {
  std::vector<EntityDivergence> entities;  ///< sorted by URI
  std::vector<EdgeDivergence> edges;       ///< sorted
  // What readers are told; no part of convergence.
  std::vector<IndexDivergence> index;     ///< sorted by URI
  std::vector<AnswerDivergence> answers;  ///< sorted by entity and question
  bool converged() const { return entities.empty() && edges.empty(); }
  void add_to(Metrics& metrics) const;
};

/// Whether an audit says why things differ, and what readers are told, or counts them alone.
enum class Detail : std::uint8_t { counts, causes };

/// Compares world and graph as they are now. REQUIRES: the recorder has heard everything. Throws
/// std::logic_error when the recorder's picture differs from what the audit finds.
Audit audit(const world::World& world, const world::Oracle& oracle, const mds::Graph& graph,
            const Recorder& recorder, Detail detail = Detail::causes);

/// The same from what the recorder believes, without reading world and graph. `moment` names the
/// time as of which it knows everything, for the causes; `routes` knows over which documents true
/// edges lead, where anybody does.
Audit picture(const Recorder& recorder, const std::string& moment = "the end",
              const Routes& routes = {}, Detail detail = Detail::causes);

/// The array `divergences` of summary.json.
std::string divergences_json(const Audit& audit);

}  // namespace rehearse::measure
