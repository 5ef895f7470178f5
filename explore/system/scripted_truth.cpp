#include "explore/system/scripted_truth.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/error.hpp"
#include "base/fact_hash.hpp"
#include "mds/contract/facts.hpp"
#include "world/partition.hpp"

namespace rehearse::explore {
namespace {

using world::Op;

std::string with_payload(std::string body, const std::string& payload) {
  body.pop_back();
  return body + ",\"payload\":" + payload + "}";
}

std::size_t source_named(const std::vector<world::SourceShape>& shapes, const std::string& name) {
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    if (shapes[i].name == name) return i;
  }
  throw std::logic_error("a change at a source that is not in the world: " + name);
}

std::string api_path(const world::TypeShape& type, const std::string& uri) {
  std::string path = type.path;
  return path.replace(path.find("{id}"), 4, uri.substr(uri.rfind('/') + 1));
}

}  // namespace

ScriptedTruth::ScriptedTruth(const Setup& setup) : setup_(setup) {
  world::World world(setup.shapes);
  for (std::size_t i = 0; i < setup.listings.size(); ++i) world.set_listing(i, setup.listings[i]);
  world::populate(world, setup.contents);
  worlds_.push_back(world);
  if (setup.cold) announce_population(setup);
  run_script(setup);
  number_states();
  find_lanes();
  final_digest_ = digest_at_end();
}

void ScriptedTruth::announce_population(const Setup& setup) {
  const world::World& world = worlds_.front();
  for (std::size_t source = 0; source < setup.shapes.size(); ++source) {
    const std::string& name = setup.shapes[source].name;
    for (const world::TypeShape& type : setup.shapes[source].types) {
      if (type.path.empty()) continue;
      for (std::size_t k = 0; k < world.count(type.type, name); ++k) {
        // The world words events of changes alone: the creation is made again in a world of its
        // own.
        const std::string id = world.id_at(type.type, k, name);
        world::World empty(setup.shapes);
        world::Operation creation;
        creation.source = name;
        creation.type = type.type;
        creation.id = id;
        creation.op = Op::create;
        const auto change = empty.apply(creation, Time{});
        Announcement announced;
        announced.number = announcements_.size() + 1;
        announced.source = source;
        announced.op = Op::create;
        announced.body = change->event;
        if (setup.service.hydration.event_payload) {
          const std::string path = api_path(type, change->uri);
          announced.body = with_payload(announced.body, world.get(source, path, Time{}).body);
        }
        uris_of_changes_.push_back(change->uri);
        announcements_.push_back(std::move(announced));
      }
    }
  }
}

void ScriptedTruth::run_script(const Setup& setup) {
  world::World world = worlds_.front();
  world::Oracle oracle(world, setup.rules);
  edges_.push_back(oracle.edges());
  for (const world::TimedOperation& timed : setup.script) {
    const world::Operation& operation = timed.operation;
    const auto change = world.apply(operation, timed.at);
    if (!change) continue;
    oracle.on_change(*change);
    Announcement announced;
    announced.number = announcements_.size() + 1;
    announced.source = source_named(setup.shapes, operation.source);
    announced.op = operation.op;
    announced.body = change->event;
    if (setup.service.hydration.event_payload && operation.op != Op::remove) {
      const world::TypeShape& type =
          *world::find_type(setup.shapes[announced.source], operation.type);
      const std::string path = api_path(type, change->uri);
      announced.body =
          with_payload(announced.body, world.get(announced.source, path, timed.at).body);
    }
    uris_of_changes_.push_back(change->uri);
    announcements_.push_back(std::move(announced));
    worlds_.push_back(world);
    edges_.push_back(oracle.edges());
  }
  for (std::size_t position = 0; position < edges_.size(); ++position) {
    for (const world::Edge& edge : edges_[position]) first_held_.emplace(edge, position);
  }
}

void ScriptedTruth::number_states() {
  std::set<std::string> uris(uris_of_changes_.begin(), uris_of_changes_.end());
  for (const world::Truth& truth : worlds_.front().all()) uris.insert(truth.uri);
  documents_.assign(uris.begin(), uris.end());
  const std::size_t count = documents_.size();
  last_.assign(count, 0);
  states_.resize(count);
  since_.resize(count);
  paths_.resize(setup_.shapes.size());
  facts_.assign(count, {0});
  references_.resize(count);
  entities_.resize(count);
  for (std::size_t i = 0; i < announcements_.size(); ++i) {
    announcements_[i].document = document(uris_of_changes_[i]);
    last_[announcements_[i].document] = i + 1;
  }
  for (DocumentIndex d = 0; d < count; ++d) {
    references_[d].emplace_back();
    entities_[d].emplace_back();
    for (std::size_t position = 0; position < worlds_.size(); ++position) {
      const auto truth = worlds_[position].find(documents_[d]);
      const std::uint64_t facts = truth && truth->exists ? truth->facts : 0;
      StateIndex state = state_of(d, facts);
      if (state == kUnknownState) {
        state = static_cast<StateIndex>(facts_[d].size());
        facts_[d].push_back(facts);
        describe(d, state, position);
      }
      states_[d].push_back(state);
      const bool same = position > 0 && states_[d][position - 1] == state;
      since_[d].push_back(same ? since_[d].back() : position);
    }
  }
  list_documents();
}

// The key of an event is the URI of its document.
void ScriptedTruth::find_lanes() {
  std::map<std::pair<std::size_t, std::size_t>, LaneIndex> lanes;  // by bus and partition
  for (std::size_t i = 0; i < announcements_.size() && !setup_.bus_of.empty(); ++i) {
    const std::size_t bus = setup_.bus_of[announcements_[i].source];
    const std::size_t partitions = setup_.buses[bus].partitions;
    if (partitions == 0) continue;
    const std::size_t partition = world::partition_of(uris_of_changes_[i], partitions);
    const auto next = static_cast<LaneIndex>(lanes.size());
    announcements_[i].lane = lanes.emplace(std::pair(bus, partition), next).first->second;
  }
  lanes_ = lanes.size();
}

void ScriptedTruth::list_documents() {
  lists_.resize(setup_.shapes.size());
  for (std::size_t source = 0; source < setup_.shapes.size(); ++source) {
    for (const world::TypeShape& type : setup_.shapes[source].types) {
      if (type.list_path.empty()) continue;
      lists_[source][type.list_path] = {
          type.list_path, type.path.substr(0, type.path.find("{id}")), {}, {0}};
    }
    for (auto& [path, list] : lists_[source]) {
      for (const auto& [at, document] : paths_[source]) {
        if (at.starts_with(list.item_path)) list.documents.push_back(document);
      }
      for (std::size_t position = 1; position < worlds_.size(); ++position) {
        const Announcement& change = announcements_[change_number(position - 1) - 1];
        const bool here = std::count(list.documents.begin(), list.documents.end(), change.document);
        list.since.push_back(here && change.op != Op::update ? position : list.since.back());
      }
    }
  }
}

// The type of a part is the one that its parent's type embeds; relations are the shapes' words for
// attributes.
void ScriptedTruth::describe(DocumentIndex document, StateIndex state, std::size_t position) {
  const world::World& world = worlds_[position];
  const std::string& root = documents_[document];
  const std::string type = world.find(root)->type;
  references_[document].resize(state + 1);
  entities_[document].resize(state + 1);
  const std::string platform = root.substr(0, root.rfind('/'));
  for (std::size_t i = 0; i < setup_.shapes.size(); ++i) {
    const world::SourceShape& source = setup_.shapes[i];
    const world::TypeShape* shape = world::find_type(source, type);
    if (shape == nullptr || platform != "aip://" + shape->component + "/" + source.platform) {
      continue;
    }
    paths_[i][api_path(*shape, root)] = document;
    for (const auto& fact : world.expected_facts(root)) {
      const std::string& held_by = fact.uri == root ? type : shape->parts->type;
      entities_[document][state][fact.uri] = held_by;
      const world::TypeShape* holder = world::find_type(source, held_by);
      const world::RefShape* ref =
          holder != nullptr ? world::find_ref(*holder, fact.attribute) : nullptr;
      if (ref != nullptr) {
        references_[document][state].push_back({fact.uri, ref->relation, fact.text});
      }
    }
  }
}

// The sum that mds/store/digest.hpp describes, from the truth alone. The store writes a derived
// relation with a sign of equality before its name.
std::uint64_t ScriptedTruth::digest_at_end() const {
  const world::World& world = worlds_.back();
  std::uint64_t sum = 0;
  for (DocumentIndex d = 0; d < documents_.size(); ++d) {
    const StateIndex now = state(d, length());
    for (const auto& [uri, type] : entities(d, now)) {
      sum += stable_hash(type, stable_hash(uri));
    }
    if (now == 0) continue;
    for (const auto& fact : world.expected_facts(documents_[d])) {
      if (fact.attribute == mds::kVersion || fact.attribute == mds::kCreatedAt) continue;
      sum += fact_hash(fact.uri, fact.attribute, fact.text);
    }
  }
  for (const world::Edge& edge : edges_.back()) {
    sum += fact_hash(edge.from, "=" + edge.relation, edge.to);
  }
  return sum;
}

DocumentIndex ScriptedTruth::document(std::string_view uri) const {
  const auto at = std::lower_bound(documents_.begin(), documents_.end(), uri);
  if (at == documents_.end() || *at != uri) return kNoDocument;
  return static_cast<DocumentIndex>(at - documents_.begin());
}

StateIndex ScriptedTruth::state_of(DocumentIndex document, std::uint64_t facts) const {
  const auto& known = facts_[document];
  const auto at = std::find(known.begin(), known.end(), facts);
  return at == known.end() ? kUnknownState : static_cast<StateIndex>(at - known.begin());
}

bool ScriptedTruth::was(DocumentIndex document, StateIndex state, std::size_t from,
                        std::size_t to) const {
  const auto& states = states_[document];
  const auto end = states.begin() + static_cast<std::ptrdiff_t>(to) + 1;
  return std::find(states.begin() + static_cast<std::ptrdiff_t>(from), end, state) != end;
}

DocumentIndex ScriptedTruth::document_at(std::size_t source, std::string_view path) const {
  const auto at = paths_[source].find(path);
  return at == paths_[source].end() ? kNoDocument : at->second;
}

std::size_t ScriptedTruth::answer_since(std::size_t source, std::string_view path,
                                        std::size_t position) const {
  const DocumentIndex document = document_at(source, path);
  if (document != kNoDocument) return since(document, position);
  if (const List* list = list_at(source, path)) return list->since[position];
  return 0;  // not found, at all times
}

const ScriptedTruth::List* ScriptedTruth::list_at(std::size_t source, std::string_view path) const {
  const auto list = lists_[source].find(path.substr(0, path.find('?')));
  return list == lists_[source].end() ? nullptr : &list->second;
}

bool ScriptedTruth::ever(const world::Edge& edge, std::size_t position) const {
  const auto at = first_held_.find(edge);
  return at != first_held_.end() && at->second <= position;
}

}  // namespace rehearse::explore
