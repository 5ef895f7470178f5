#include "world/world.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "base/config.hpp"
#include "base/error.hpp"
#include "base/prefetch.hpp"
#include "world/apply.hpp"
#include "world/state.hpp"
#include "world/uri.hpp"

namespace rehearse::world {

static_assert(kNoSlot == NameIndex::kNone);

Slot WorldState::lookup_in(std::size_t space, std::string_view id) const {
  return names[space]->find(id, [this](Slot slot) { return entity(slot).identity->id(); });
}

Slot WorldState::intern(std::size_t type, std::string_view id) {
  if (const Slot known = lookup(type, id); known != kNoSlot) return known;
  const TypeLayout& shape = layout->types()[type];
  std::vector<Entity>& all = entities.edit();
  const auto slot = static_cast<Slot>(all.size());
  Entity entity;
  entity.identity = Identity::make(slot, make_uri(shape.shape.component, shape.platform, id), id);
  names[shape.names].edit().insert(entity.identity->id(), slot);
  entity.type = static_cast<std::uint32_t>(type);
  all.push_back(std::move(entity));
  return slot;
}

Slot WorldState::lookup_uri(std::string_view uri) const {
  constexpr std::string_view kScheme = "aip://";
  if (uri.substr(0, kScheme.size()) != kScheme) return kNoSlot;
  const std::string_view rest = uri.substr(kScheme.size());
  const std::size_t first = rest.find('/');
  const std::size_t second = first == rest.npos ? rest.npos : rest.find('/', first + 1);
  if (second == rest.npos) return kNoSlot;
  const std::size_t space = layout->namespace_index(rest.substr(0, second));
  const auto id = percent_decode(rest.substr(second + 1));
  if (space == kNone || !id) return kNoSlot;
  const Slot found = lookup_in(space, *id);
  // An id that is written with other escapes than ours is another URI.
  if (found == kNoSlot || entity(found).identity->uri() != uri) return kNoSlot;
  return found;
}

void WorldState::set_alive(Slot slot, bool alive) {
  Entity& changed = entities.edit()[slot];
  assert(changed.alive != alive);
  changed.alive = alive;
  TypeLists& list = lists[changed.type].edit();
  if (alive) {
    changed.rank = static_cast<std::uint32_t>(list.living.size());
    list.living.push_back(slot);
    list.ordered.insert(changed.identity.get());
    return;
  }
  assert(list.living[changed.rank] == slot);
  const Slot last = list.living.back();
  list.living[changed.rank] = last;
  entities.edit()[last].rank = changed.rank;
  list.living.pop_back();
  list.ordered.erase(changed.identity.get());
}

namespace {

/// Drops the versions that were replaced at or before `time`: no read sees them any more.
void forget_before(PastVersions& past, Time time) {
  std::size_t gone = 0;
  while (gone + 1 < past.size() && past[gone + 1]->changed_at <= time) ++gone;
  past.erase(past.begin(), past.begin() + static_cast<std::ptrdiff_t>(gone));
}

}  // namespace

Version& WorldState::edit_version(Slot slot, Time at) {
  Entity& changed = entities.edit()[slot];
  const std::size_t source = layout->types()[changed.type].source;
  const std::optional<Duration>& history = sources[source].history;
  if (!changed.now) {
    changed.now = std::make_shared<Version>();
  } else if (history) {
    PastVersions& before = past.edit()[slot];
    before.push_back(changed.now);
    forget_before(before, at - *history);
    changed.now = std::make_shared<Version>(*changed.now);
  } else if (changed.now.use_count() > 1) {
    changed.now = std::make_shared<Version>(*changed.now);
  } else {
    std::atomic_thread_fence(std::memory_order_acquire);  // see cow.hpp
  }
  return *changed.now;
}

// Whoever was removed before every time that is still read leaves the list for good; one that was
// created again since stays.
void WorldState::note_existence(Slot slot, Time at) {
  const Entity& changed = entity(slot);
  const std::optional<Duration>& history = sources[layout->types()[changed.type].source].history;
  if (!history) return;
  TypeLists& list = lists[changed.type].edit();
  std::vector<std::pair<Time, Slot>>& removed = list.removed;
  if (!changed.alive) {
    removed.emplace_back(at, slot);
  } else {
    const bool first = changed.now->number == 1;
    const auto removal = first ? removed.end()
                               : std::find_if(removed.begin(), removed.end(),
                                              [slot](const auto& r) { return r.second == slot; });
    if (removal == removed.end()) {
      list.ever.insert(changed.identity.get());
    } else {
      removed.erase(removal);
    }
  }
  auto still_read = removed.begin();
  for (; still_read != removed.end() && still_read->first <= at - *history; ++still_read) {
    list.ever.erase(entity(still_read->second).identity.get());
  }
  removed.erase(removed.begin(), still_read);
}

World::World(std::vector<SourceShape> sources)
    : state_(std::make_unique<WorldState>(std::move(sources))) {}
World::~World() = default;
World::World(World&&) noexcept = default;
World& World::operator=(World&&) noexcept = default;
World::World(const World& other) : state_(std::make_unique<WorldState>(*other.state_)) {}
World& World::operator=(const World& other) {
  if (this != &other) *state_ = *other.state_;
  return *this;
}

const std::vector<SourceShape>& World::sources() const { return state_->layout->sources(); }

std::optional<Change> World::apply(const Operation& operation, Time at) {
  return Application(*state_, operation).run(at);
}

Change World::make(const Operation& operation, Time at) {
  return Application(*state_, operation).require(at);
}

void World::retain_history(std::size_t source, Duration reach) {
  state_->sources[source].history = reach;
}

void World::set_listing(std::size_t source, Listing listing) {
  state_->sources[source].listing = listing;
}

namespace {

Truth truth_of(const WorldState& state, Slot slot) {
  const Entity& entity = state.entity(slot);
  Truth truth;
  truth.uri = entity.identity->uri();
  truth.type = state.type_of(slot).shape.type;
  truth.exists = entity.now->exists;
  truth.version = entity.now->number;
  truth.changed_at = entity.now->changed_at;
  truth.facts = entity.now->facts;
  return truth;
}

std::size_t require_type(const WorldState& state, std::string_view type, std::string_view source) {
  const std::size_t index =
      source.empty() ? state.layout->type_index(type)
                     : state.layout->type_index(state.layout->source_index(source), type);
  if (index == kNone) throw InputError("no source has entity type " + std::string(type));
  return index;
}

}  // namespace

std::optional<Truth> World::find(std::string_view uri) const {
  const Slot slot = state_->lookup_uri(uri);
  if (slot == kNoSlot || !state_->entity(slot).now) return std::nullopt;
  return truth_of(*state_, slot);
}

std::vector<Truth> World::all() const {
  std::vector<Truth> documents;
  for (Slot slot = 0; slot < state_->entities->size(); ++slot) {
    const Entity& entity = state_->entity(slot);
    if (entity.now && entity.now->exists) documents.push_back(truth_of(*state_, slot));
  }
  std::sort(documents.begin(), documents.end(),
            [](const Truth& a, const Truth& b) { return a.uri < b.uri; });
  return documents;
}

std::size_t World::count(std::string_view type, std::string_view source) const {
  return state_->lists[require_type(*state_, type, source)]->living.size();
}

Slot World::slot_at(std::string_view type, std::size_t k, std::string_view source) const {
  const std::vector<Slot>& living = state_->lists[require_type(*state_, type, source)]->living;
  assert(k < living.size());
  return living[k];
}

void World::expect(Slot next, Slot later) const {
  prefetch(&state_->entity(later));  // tells where the rest is when it is the next one
  state_->entity(next).identity->expect();
  prefetch(state_->entity(next).now.get());
}

std::string_view World::id_of(Slot slot) const { return state_->entity(slot).identity->id(); }

std::string World::id_at(std::string_view type, std::size_t k, std::string_view source) const {
  return std::string(id_of(slot_at(type, k, source)));
}

std::string World::uri_of(std::string_view type, std::string_view id,
                          std::string_view source) const {
  const TypeLayout& shape = state_->layout->types()[require_type(*state_, type, source)];
  return make_uri(shape.shape.component, shape.platform, id);
}

std::vector<World::ExpectedFact> World::expected_facts(std::string_view uri) const {
  const Slot slot = state_->lookup_uri(uri);
  if (slot == kNoSlot || !state_->entity(slot).now || !state_->entity(slot).now->exists) return {};
  return state_->facts_of(slot);
}

}  // namespace rehearse::world
