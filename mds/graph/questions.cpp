#include "mds/graph/questions.hpp"

#include <algorithm>
#include <cassert>

#include "mds/graph/lineage.hpp"
#include "mds/graph/owners.hpp"
#include "mds/store/store_core.hpp"

namespace rehearse::mds {
namespace {

using Ids = std::vector<EntityId>;

bool is(const FactView& view, EntityId id, const char* type) {
  return view.peek(id).type == view.core().symbols.find(type);
}

// A model stands for all its instances.
Ids ab_tests(const FactView& view, EntityId asked) {
  Ids instances{asked};
  if (is(view, asked, vocabulary::kModel)) {
    instances = related(view, asked, vocabulary::kInstanceOf, false);
  }
  Ids tests;
  for (const EntityId instance : instances) {
    const Ids more = related(view, instance, vocabulary::kTestRelation, true);
    tests.insert(tests.end(), more.begin(), more.end());
  }
  return tests;
}

Ids active_ab_tests(const FactView& view, EntityId asked) {
  Ids tests = ab_tests(view, asked);
  const StoreCore& core = view.core();
  EntityState state;
  std::erase_if(tests, [&](EntityId test) {
    view.load(test, state);
    return !has_value(core, state.facts, core.symbols.find(vocabulary::kStatus),
                      vocabulary::kActive);
  });
  return tests;
}

// The rule gives the edge another name where it is read from the test.
Ids models(const FactView& view, EntityId asked) {
  std::string inverse;
  for (const Rule& rule : view.core().schema.schema().rules) {
    if (rule.name == vocabulary::kTestRelation) inverse = rule.inverse;
  }
  return related(view, asked, inverse, false);
}

Ids relatives(const FactView& view, EntityId asked, Direction direction) {
  Ids found;
  for (const Relative& relative : lineage(view, asked, direction)) found.push_back(relative.id);
  return found;
}

Ids upstream(const FactView& view, EntityId asked) {
  return relatives(view, asked, Direction::upstream);
}

Ids downstream(const FactView& view, EntityId asked) {
  return relatives(view, asked, Direction::downstream);
}

Ids impact(const FactView& view, EntityId asked) {
  Ids affected;
  for (const EntityId relative : downstream(view, asked)) {
    if (!is(view, relative, vocabulary::kModelInstance)) continue;
    affected.push_back(relative);
    const Ids of = related(view, relative, vocabulary::kInstanceOf, true);
    affected.insert(affected.end(), of.begin(), of.end());
  }
  return affected;
}

// Those who can still be asked.
Ids owners(const FactView& view, EntityId asked) {
  Ids found = owner_ids(view, asked);
  std::erase_if(found, [&](EntityId owner) {
    return !is(view, owner, vocabulary::kUser) || has_left(view, owner);
  });
  return found;
}

Ids consumers(const FactView& view, EntityId asked) {
  Ids found;
  for (const EntityId instance : related(view, asked, vocabulary::kUses, false)) {
    for (const EntityId model : related(view, instance, vocabulary::kCurrentInstance, false)) {
      if (is(view, model, vocabulary::kModel)) found.push_back(model);
    }
  }
  return found;
}

struct Walk {
  const char* question;
  Ids (*answer)(const FactView& view, EntityId asked);
};
constexpr Walk kWalks[] = {{"ab-tests", ab_tests},     {"active-ab-tests", active_ab_tests},
                           {"models", models},         {"upstream", upstream},
                           {"downstream", downstream}, {"impact", impact},
                           {"owners", owners},         {"consumers", consumers}};

}  // namespace

std::vector<std::string> walked_questions() {
  std::vector<std::string> names;
  for (const Walk& walk : kWalks) names.emplace_back(walk.question);
  return names;
}

std::vector<EntityId> walk_answer(const FactView& view, const std::string& ask, EntityId asked) {
  for (const auto& [question, answer] : kWalks) {
    if (ask == question) return answer(view, asked);
  }
  assert(false);
  return {};
}

}  // namespace rehearse::mds
