#include "world/oracle.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

#include "base/error.hpp"
#include "world/inference.hpp"
#include "world/state.hpp"
#include "world/true_answer.hpp"
#include "world/truth_graph.hpp"

namespace rehearse::world {
namespace {

/// A derived edge in numbers.
struct EdgeKey {
  std::size_t name = 0;
  Slot from = 0;
  Slot to = 0;
  auto operator<=>(const EdgeKey&) const = default;
};

struct EdgeKeyHash {
  std::size_t operator()(const EdgeKey& key) const {
    std::uint64_t x =
        (static_cast<std::uint64_t>(key.from) << 32 | key.to) + key.name * 0x9e3779b9U;
    x *= 0xbf58476d1ce4e5b9U;
    return x ^ (x >> 29);
  }
};

/// Which edges a change touched, and whether they held before.
using Touched = std::map<EdgeKey, bool>;

template <class Names>
std::size_t number_of(Names& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  names.push_back(name);
  return names.size() - 1;
}

}  // namespace

struct Oracle::State {
  State(const World& truth, const config::Node& node);

  void compile(const InferenceRule& rule);
  void load(Slot slot);
  void count_all();
  EdgeDelta change(Slot root);
  void grow();
  std::vector<TruthEdge> references_of(Slot slot) const;
  std::vector<Slot> parts_of(Slot root) const;
  bool same_for_rules(const std::vector<TruthEdge>& a, const std::vector<TruthEdge>& b) const;
  void appear(Slot slot, Touched& touched);
  void vanish(Slot slot, Touched& touched);
  void add_paths_through(Slot slot, std::int64_t sign, Touched& touched);
  void add(const EdgeKey& key, std::int64_t paths, Touched& touched);
  Edge edge(const EdgeKey& key) const;
  std::vector<std::string> route(const EdgeKey& key) const;

  const WorldState& world() const { return *truth->state_; }

  const World* truth;
  bool follow_routes = false;
  TruthGraph graph;
  std::vector<std::string> kinds;         // names of types
  std::vector<std::size_t> kind_of_type;  // by type of the layout
  std::vector<std::string> names;         // of derived relations
  std::vector<TruthRule> rules;
  std::vector<bool> used_by_rules;                               // by relation of the layout
  std::vector<std::vector<Slot>> parts;                          // by slot of the root
  std::unordered_map<EdgeKey, std::int64_t, EdgeKeyHash> paths;  // under each edge that holds
};

Oracle::State::State(const World& subject, const config::Node& node) : truth(&subject) {
  const Layout& layout = *world().layout;
  for (const TypeLayout& type : layout.types()) {
    kind_of_type.push_back(number_of(kinds, type.shape.type));
  }
  used_by_rules.assign(layout.relations().size(), false);
  for (const InferenceRule& rule : parse_inference(node)) compile(rule);
  grow();
  for (Slot slot = 0; slot < graph.size(); ++slot) load(slot);
  count_all();
}

// A rule that names a relation which no source of this world has never holds, and is left out.
void Oracle::State::compile(const InferenceRule& rule) {
  TruthRule compiled;
  compiled.name = number_of(names, rule.name);
  compiled.from = number_of(kinds, rule.from);
  for (const InferenceStep& step : rule.path) {
    const std::size_t relation = world().layout->relation_index(step.relation);
    if (relation == kNone) return;
    compiled.steps.push_back({relation, number_of(kinds, step.to), step.backwards});
  }
  for (const Step& step : compiled.steps) used_by_rules[step.relation] = true;
  rules.push_back(std::move(compiled));
}

void Oracle::State::grow() {
  const Slot known = static_cast<Slot>(graph.size());
  const Slot size = static_cast<Slot>(world().entities->size());
  graph.resize(size);
  parts.resize(size);
  for (Slot slot = known; slot < size; ++slot) {
    graph.node(slot).kind = kind_of_type[world().entity(slot).type];
  }
}

std::vector<TruthEdge> Oracle::State::references_of(Slot slot) const {
  const Entity& entity = world().entity(slot);
  const TypeLayout& type = world().type_of(slot);
  std::vector<TruthEdge> edges;
  if (!entity.alive) return edges;
  if (entity.parent != kNoSlot) {
    const TypeLayout& parent = world().type_of(entity.parent);
    const RefLayout& ref = type.refs[type.ref_index(parent.shape.parts->parent_attribute)];
    edges.push_back({ref.relation, entity.parent, 0, ref.shape.upstream});
    return edges;
  }
  for (std::size_t i = 0; i < type.refs.size(); ++i) {
    for (const Slot target : entity.now->refs.get(i)) {
      edges.push_back({type.refs[i].relation, target, 0, type.refs[i].shape.upstream});
    }
  }
  return edges;
}

std::vector<Slot> Oracle::State::parts_of(Slot root) const {
  std::vector<Slot> slots;
  for (const StoredPart& part : world().entity(root).now->parts()) slots.push_back(part.slot);
  std::sort(slots.begin(), slots.end());
  return slots;
}

void Oracle::State::load(Slot slot) {
  const Entity& entity = world().entity(slot);
  graph.node(slot).exists = entity.alive;
  graph.set_out(slot, references_of(slot));
  if (entity.now) parts[slot] = parts_of(slot);
}

void Oracle::State::count_all() {
  Touched ignored;
  for (const TruthRule& rule : rules) {
    for (Slot slot = 0; slot < graph.size(); ++slot) {
      if (!graph.node(slot).exists || graph.node(slot).kind != rule.from) continue;
      const Step* steps = rule.steps.data();
      for (const auto& [end, count] : graph.forward(slot, steps, steps + rule.steps.size())) {
        paths[{rule.name, slot, end}] += count;
      }
    }
  }
}

bool Oracle::State::same_for_rules(const std::vector<TruthEdge>& a,
                                   const std::vector<TruthEdge>& b) const {
  const auto relevant = [&](const std::vector<TruthEdge>& edges) {
    std::vector<std::pair<std::size_t, Slot>> kept;
    for (const TruthEdge& edge : edges) {
      if (used_by_rules[edge.relation]) kept.emplace_back(edge.relation, edge.other);
    }
    std::sort(kept.begin(), kept.end());
    return kept;
  };
  return relevant(a) == relevant(b);
}

EdgeDelta Oracle::State::change(Slot root) {
  grow();
  Touched touched;
  const std::vector<Slot> old_parts = std::exchange(parts[root], parts_of(root));
  for (const Slot part : old_parts) {
    if (std::binary_search(parts[root].begin(), parts[root].end(), part)) continue;
    vanish(part, touched);
    graph.set_out(part, {});
  }
  const bool exists = world().entity(root).alive;
  const std::vector<TruthEdge> edges = references_of(root);
  const bool alike =
      exists == graph.node(root).exists && same_for_rules(edges, graph.node(root).out);
  if (!alike && graph.node(root).exists) vanish(root, touched);
  graph.set_out(root, edges);
  graph.node(root).kind = kind_of_type[world().entity(root).type];
  if (!alike && exists) appear(root, touched);
  for (const Slot part : parts[root]) {
    if (std::binary_search(old_parts.begin(), old_parts.end(), part)) continue;
    graph.set_out(part, references_of(part));
    appear(part, touched);
  }
  EdgeDelta delta;
  for (const auto& [key, held] : touched) {
    const bool holds = paths.count(key) > 0;
    if (holds && !held) delta.begun.push_back(edge(key));
    if (!holds && held) delta.ended.push_back(edge(key));
    if (holds && follow_routes) delta.routes.push_back({edge(key), route(key)});
  }
  std::sort(delta.begun.begin(), delta.begun.end());
  std::sort(delta.ended.begin(), delta.ended.end());
  return delta;
}

void Oracle::State::appear(Slot slot, Touched& touched) {
  graph.node(slot).exists = true;
  add_paths_through(slot, 1, touched);
}

void Oracle::State::vanish(Slot slot, Touched& touched) {
  add_paths_through(slot, -1, touched);
  graph.node(slot).exists = false;
}

// A path through the node at several positions counts at the first of them.
void Oracle::State::add_paths_through(Slot slot, std::int64_t sign, Touched& touched) {
  for (const TruthRule& rule : rules) {
    const Step* steps = rule.steps.data();
    for (std::size_t position = 0; position <= rule.steps.size(); ++position) {
      const std::size_t kind = position == 0 ? rule.from : steps[position - 1].kind;
      if (graph.node(slot).kind != kind) continue;
      const Reached starts = graph.backward(slot, steps, steps + position, rule.from, slot);
      if (starts.empty()) continue;
      const Reached ends = graph.forward(slot, steps + position, steps + rule.steps.size());
      for (const auto& [start, before] : starts) {
        for (const auto& [end, after] : ends) {
          add({rule.name, start, end}, sign * before * after, touched);
        }
      }
    }
  }
}

void Oracle::State::add(const EdgeKey& key, std::int64_t count, Touched& touched) {
  const auto [found, fresh] = paths.try_emplace(key, 0);
  touched.try_emplace(key, !fresh);
  found->second += count;
  if (found->second == 0) paths.erase(found);
}

Edge Oracle::State::edge(const EdgeKey& key) const {
  return {std::string(world().entity(key.from).identity->uri()), names[key.name],
          std::string(world().entity(key.to).identity->uri())};
}

std::vector<std::string> Oracle::State::route(const EdgeKey& key) const {
  std::vector<std::string> documents;
  for (const TruthRule& rule : rules) {
    if (rule.name != key.name || graph.node(key.from).kind != rule.from) continue;
    const Step* steps = rule.steps.data();
    for (const Slot slot : graph.path(key.from, key.to, steps, steps + rule.steps.size())) {
      const Slot parent = world().entity(slot).parent;
      const Slot root = parent == kNoSlot ? slot : parent;
      std::string uri(world().entity(root).identity->uri());
      if (documents.empty() || documents.back() != uri) documents.push_back(std::move(uri));
    }
    if (!documents.empty()) break;
  }
  return documents;
}

Oracle::Oracle(const World& world, const config::Node& rules)
    : state_(std::make_unique<State>(world, rules)) {}
Oracle::Oracle(std::unique_ptr<State> state) : state_(std::move(state)) {}
Oracle::~Oracle() = default;
Oracle::Oracle(Oracle&&) noexcept = default;
Oracle& Oracle::operator=(Oracle&&) noexcept = default;

Oracle Oracle::for_copy(const World& copy) const {
  auto state = std::make_unique<State>(*state_);
  state->truth = &copy;
  return Oracle(std::move(state));
}

EdgeDelta Oracle::on_change(const Change& change) {
  if (!change.relinked) return {};
  return state_->change(change.entity);
}

std::vector<Edge> Oracle::edges() const {
  std::vector<Edge> all;
  for (const auto& entry : state_->paths) all.push_back(state_->edge(entry.first));
  std::sort(all.begin(), all.end());
  return all;
}

void Oracle::follow_routes() { state_->follow_routes = true; }

std::vector<std::string> Oracle::route(const Edge& edge) const {
  const auto name = std::find(state_->names.begin(), state_->names.end(), edge.relation);
  const Slot from = state_->world().lookup_uri(edge.from);
  const Slot to = state_->world().lookup_uri(edge.to);
  if (name == state_->names.end() || std::max(from, to) >= state_->graph.size()) return {};
  return state_->route({static_cast<std::size_t>(name - state_->names.begin()), from, to});
}

std::vector<std::string> Oracle::answer(const Question& question) const {
  const std::string& ask = question.ask;
  const auto& names = question_names();
  if (std::find(names.begin(), names.end(), ask) == names.end()) {
    throw InputError("no question " + ask + known_names(ask, names));
  }
  const Slot slot = state_->world().lookup_uri(question.entity);
  if (slot == kNoSlot || slot >= state_->graph.size() || !state_->graph.node(slot).exists)
    return {};
  const TruthView view{state_->world(), state_->graph, state_->kinds, state_->names, state_->rules};
  const std::vector<Slot> found = true_answer(view, ask, slot);
  std::vector<std::string> uris;
  for (const Slot each : found) uris.emplace_back(state_->world().entity(each).identity->uri());
  std::sort(uris.begin(), uris.end());
  uris.erase(std::unique(uris.begin(), uris.end()), uris.end());
  return uris;
}

}  // namespace rehearse::world
