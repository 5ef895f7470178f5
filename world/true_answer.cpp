#include "world/true_answer.hpp"

#include <algorithm>
#include <cassert>
#include <string_view>

namespace rehearse::world {
namespace {

using Slots = std::vector<Slot>;

const std::string kTests = "associatedAbTest";

bool is(const TruthView& view, Slot slot, std::string_view type) {
  return view.kinds[view.graph.node(slot).kind] == type;
}

// The text of a document's field; empty where it has none.
std::string_view text(const TruthView& view, Slot slot, std::string_view field) {
  const Entity& entity = view.world.entity(slot);
  const std::size_t number = view.world.type_of(slot).field_index(field);
  if (number == kNone || !entity.now) return {};
  const StoredValue value = entity.now->values.get(number);
  const auto* found = std::get_if<std::string_view>(&value);
  return found == nullptr ? std::string_view() : *found;
}

// Where derived edges of this name lead from here, or come from.
Slots derived(const TruthView& view, const std::string& name, Slot slot, bool against) {
  Slots found;
  for (const TruthRule& rule : view.rules) {
    if (view.derived[rule.name] != name) continue;
    const Step* first = rule.steps.data();
    const Step* last = first + rule.steps.size();
    const std::size_t kind = against ? rule.steps.back().kind : rule.from;
    if (view.graph.node(slot).kind != kind) continue;
    const Reached reached = against ? view.graph.backward(slot, first, last, rule.from, kNoSlot)
                                    : view.graph.forward(slot, first, last);
    for (const auto& entry : reached) found.push_back(entry.first);
  }
  return found;
}

// Who exists and is referred to from here through this relation, or refers to it.
Slots along(const TruthView& view, Slot slot, const std::string& relation, bool against) {
  const std::size_t number = view.world.layout->relation_index(relation);
  Slots found;
  for (const TruthEdge& e : against ? view.graph.node(slot).in : view.graph.node(slot).out) {
    if (e.relation == number && view.graph.node(e.other).exists) found.push_back(e.other);
  }
  return found;
}

Slots lineage(const TruthView& view, Slot start, bool up) {
  std::vector<bool> seen(view.graph.size(), false);
  Slots found = {start};
  seen[start] = true;
  const auto visit = [&](Slot slot) {
    if (seen[slot] || !view.graph.node(slot).exists) return;
    seen[slot] = true;
    found.push_back(slot);
  };
  for (std::size_t i = 0; i < found.size(); ++i) {
    const TruthNode& node = view.graph.node(found[i]);
    for (const TruthEdge& e : up ? node.out : node.in) {
      if (e.upstream) visit(e.other);
    }
    // A test rests on the models it tries out.
    for (const Slot slot : derived(view, kTests, found[i], up)) visit(slot);
  }
  found.erase(found.begin());
  return found;
}

Slots ab_tests(const TruthView& view, Slot asked) {
  Slots instances = {asked};
  if (is(view, asked, "Model")) instances = along(view, asked, "instanceOf", true);
  Slots found;
  for (const Slot instance : instances) {
    const Slots tests = derived(view, kTests, instance, false);
    found.insert(found.end(), tests.begin(), tests.end());
  }
  return found;
}

Slots active_ab_tests(const TruthView& view, Slot asked) {
  Slots found = ab_tests(view, asked);
  std::erase_if(found, [&](Slot test) { return text(view, test, "status") != "ACTIVE"; });
  return found;
}

Slots impact(const TruthView& view, Slot asked) {
  Slots found;
  for (const Slot slot : lineage(view, asked, false)) {
    if (!is(view, slot, "ModelInstance")) continue;
    found.push_back(slot);
    const Slots models = along(view, slot, "instanceOf", false);
    found.insert(found.end(), models.begin(), models.end());
  }
  return found;
}

Slots owners(const TruthView& view, Slot asked) {
  Slots found = along(view, asked, "ownedBy", false);
  std::erase_if(found, [&](Slot owner) {
    return !is(view, owner, "User") || text(view, owner, "status") == "left";
  });
  return found;
}

Slots consumers(const TruthView& view, Slot asked) {
  Slots found;
  for (const Slot instance : along(view, asked, "uses", true)) {
    for (const Slot model : along(view, instance, "currentInstance", true)) {
      if (is(view, model, "Model")) found.push_back(model);
    }
  }
  return found;
}

}  // namespace

std::vector<Slot> true_answer(const TruthView& view, const std::string& ask, Slot asked) {
  if (ask == "find") return {asked};
  if (ask == "ab-tests") return ab_tests(view, asked);
  if (ask == "active-ab-tests") return active_ab_tests(view, asked);
  if (ask == "models") return derived(view, kTests, asked, true);
  if (ask == "upstream") return lineage(view, asked, true);
  if (ask == "downstream") return lineage(view, asked, false);
  if (ask == "impact") return impact(view, asked);
  if (ask == "owners") return owners(view, asked);
  if (ask == "consumers") return consumers(view, asked);
  assert(false);  // question_names() has a question that is not answered here
  return {};
}

}  // namespace rehearse::world
