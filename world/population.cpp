// The entities that exist before a run, and the references drawn for them.
#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <map>
#include <utility>

#include "stats/random.hpp"
#include "stats/zipf.hpp"
#include "world/content.hpp"

namespace rehearse::world {
namespace {

/// Ids of a type of a source, in the order of the scenario.
using Pools = std::map<std::pair<std::string, std::string>, std::vector<std::string>>;

/// lower case with dashes: ModelInstance gives model-instance, ABTest gives ab-test.
std::string dashed(std::string_view type) {
  const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  std::string name;
  for (std::size_t i = 0; i < type.size(); ++i) {
    const bool begins_word = i > 0 && upper(type[i]) &&
                             (!upper(type[i - 1]) || (i + 1 < type.size() && !upper(type[i + 1])));
    if (begins_word && type[i - 1] != '-') name += '-';
    name += upper(type[i]) ? static_cast<char>(type[i] - 'A' + 'a') : type[i];
  }
  return name;
}

/// Draws distinct members of a pool.
class Drawer {
 public:
  Drawer(const RefPick& pick, const std::vector<std::string>& pool, const std::string& name)
      : pick_(pick), pool_(pool), stream_(0, 0, name), zipf_(pick.exponent) {}

  std::vector<std::string> draw() {
    std::vector<std::string> ids;
    for (const std::size_t k : pick_.zipf
                                   ? zipf_.draw_different(stream_, pool_.size(), pick_.count)
                                   : stats::draw_different(stream_, pool_.size(), pick_.count)) {
      ids.push_back(pool_[k]);
    }
    return ids;
  }

 private:
  const RefPick& pick_;
  const std::vector<std::string>& pool_;
  stats::Stream stream_;
  stats::Zipf zipf_;
};

std::string id_of(const EntityGroup& group, std::size_t number) {
  return group.pattern.id.empty() ? generated_id(group.pattern.type, number) : group.pattern.id;
}

/// Calls `visit(group, id)` for every entity of the population.
template <class Visit>
void for_each_entity(const std::vector<SourceContent>& contents, Visit visit) {
  for (const SourceContent& content : contents) {
    std::map<std::string, std::size_t> generated;
    for (const EntityGroup& group : content.entities) {
      std::size_t& next = generated[group.pattern.type];
      for (std::size_t i = 0; i < group.count; ++i) {
        visit(group, id_of(group, next));
        if (group.pattern.id.empty()) ++next;
      }
    }
  }
}

const SourceShape* source_with(const std::vector<SourceShape>& sources, const RefShape& ref) {
  for (const SourceShape& source : sources) {
    if (source.platform == ref.platform && find_type(source, ref.type) != nullptr) return &source;
  }
  return nullptr;
}

const SourceShape& shape_of(const std::vector<SourceShape>& sources, const std::string& name) {
  const auto found = std::find_if(sources.begin(), sources.end(),
                                  [&](const SourceShape& source) { return source.name == name; });
  assert(found != sources.end());
  return *found;
}

Pools make_pools(const std::vector<SourceShape>& sources,
                 const std::vector<SourceContent>& contents) {
  Pools pools;
  for_each_entity(contents, [&](const EntityGroup& group, const std::string& id) {
    const std::string& source = group.pattern.source;
    pools[{source, group.pattern.type}].push_back(id);
    const TypeShape& type = *find_type(shape_of(sources, source), group.pattern.type);
    for (const Part& part : group.pattern.parts) {
      pools[{source, type.parts->type}].push_back(id + type.parts->separator + part.key);
    }
  });
  return pools;
}

}  // namespace

std::string generated_id(std::string_view type, std::size_t number) {
  return fmt::format("{}-{:06}", dashed(type), number);
}

bool is_generated_id(std::string_view type, std::string_view id) {
  const std::string prefix = dashed(type) + "-";
  if (id.substr(0, prefix.size()) != prefix) return false;
  const std::string_view digits = id.substr(prefix.size());
  return digits.size() >= 6 && (digits.size() == 6 || digits[0] != '0') &&
         std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::size_t generated_count(const std::vector<SourceContent>& contents, const std::string& source,
                            const std::string& type) {
  std::size_t count = 0;
  for (const SourceContent& content : contents) {
    for (const EntityGroup& group : content.entities) {
      const Operation& pattern = group.pattern;
      if (pattern.source == source && pattern.type == type && pattern.id.empty()) {
        count += group.count;
      }
    }
  }
  return count;
}

void check_picks(const std::vector<SourceShape>& sources,
                 const std::vector<SourceContent>& contents) {
  Pools pools = make_pools(sources, contents);
  for (const SourceContent& content : contents) {
    for (const EntityGroup& group : content.entities) {
      const TypeShape& type =
          *find_type(shape_of(sources, group.pattern.source), group.pattern.type);
      for (const auto& [attribute, pick] : group.picks) {
        const RefShape& ref = *find_ref(type, attribute);
        const SourceShape* source = source_with(sources, ref);
        if (source == nullptr) {
          throw InputError(pick.where, attribute + " picks from " + ref.type +
                                           ", which no source of the scenario has");
        }
        const std::size_t there = pools[{source->name, ref.type}].size();
        if (there < pick.count) {
          throw InputError(pick.where, attribute + " picks " + std::to_string(pick.count) + " of " +
                                           std::to_string(there) + " entities of type " + ref.type +
                                           " in the population");
        }
      }
    }
  }
}

void populate(World& world, const std::vector<SourceContent>& contents) {
  const std::vector<SourceShape>& sources = world.sources();
  Pools pools = make_pools(sources, contents);
  const EntityGroup* current = nullptr;
  std::size_t groups = 0;
  Operation operation;
  std::map<std::string, Drawer> drawers;
  for_each_entity(contents, [&](const EntityGroup& group, const std::string& id) {
    if (current != &group) {
      current = &group;
      operation = group.pattern;
      drawers.clear();
      const TypeShape& type = *find_type(shape_of(sources, operation.source), operation.type);
      for (const auto& [attribute, pick] : group.picks) {
        const RefShape& ref = *find_ref(type, attribute);
        drawers.try_emplace(attribute, pick, pools[{source_with(sources, ref)->name, ref.type}],
                            fmt::format("population/{}/{}/{}", operation.type, attribute, groups));
      }
      ++groups;
    }
    operation.id = id;
    for (auto& [attribute, drawer] : drawers) operation.refs[attribute] = drawer.draw();
    world.apply(operation, Time{0});
  });
}

}  // namespace rehearse::world
