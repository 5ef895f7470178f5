#include "explore/search/implied.hpp"

#include <algorithm>
#include <set>

namespace rehearse::explore {
namespace {

// Remembered answers are a help; a large world has too many.
constexpr std::size_t kMostRemembered = 20'000;

/// The entities and references of some documents, for walking in both directions.
struct Net {
  std::map<std::string, std::string> types;
  std::multimap<std::pair<std::string, std::string>, std::string> out, in;  // (entity, relation)

  std::set<std::string> step(const std::set<std::string>& from,
                             const world::InferenceStep& step) const {
    std::set<std::string> reached;
    const auto& links = step.backwards ? in : out;
    for (const std::string& entity : from) {
      const auto [first, last] = links.equal_range({entity, step.relation});
      for (auto link = first; link != last; ++link) {
        const auto type = types.find(link->second);
        if (type != types.end() && type->second == step.to) reached.insert(link->second);
      }
    }
    return reached;
  }
};

}  // namespace

Implied::Implied(const ScriptedTruth& truth, const config::Node& rules)
    : truth_(truth), rules_(world::parse_inference(rules)) {}

const std::vector<world::Edge>& Implied::edges(const std::vector<StateIndex>& states) {
  const auto known = known_.find(states);
  if (known != known_.end()) return known->second;
  if (known_.size() >= kMostRemembered) known_.clear();
  return known_.emplace(states, derive(states)).first->second;
}

std::vector<world::Edge> Implied::derive(const std::vector<StateIndex>& states) const {
  Net net;
  for (DocumentIndex d = 0; d < states.size(); ++d) {
    for (const auto& entity : truth_.entities(d, states[d])) net.types.insert(entity);
    for (const ScriptedTruth::Reference& reference : truth_.references(d, states[d])) {
      net.out.emplace(std::pair(reference.from, reference.relation), reference.to);
      net.in.emplace(std::pair(reference.to, reference.relation), reference.from);
    }
  }
  std::vector<world::Edge> edges;
  for (const world::InferenceRule& rule : rules_) {
    for (const auto& [entity, type] : net.types) {
      if (type != rule.from) continue;
      std::set<std::string> at{entity};
      for (const world::InferenceStep& step : rule.path) at = net.step(at, step);
      for (const std::string& end : at) {
        if (end != entity) edges.push_back({entity, rule.name, end});
      }
    }
  }
  std::sort(edges.begin(), edges.end());
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  return edges;
}

}  // namespace rehearse::explore
