// What could happen next.
#include <algorithm>

#include "explore/system/system.hpp"
#include "mds/service/probe.hpp"

namespace rehearse::explore {

void System::add_call_choices(std::vector<Choice>& choices) const {
  const Branch& b = branch_;
  for (std::size_t i = 0; i < b.calls.size(); ++i) {
    const OpenCall& call = b.calls[i];
    Choice choice;
    choice.source = setup_.shapes[call.source].name;
    choice.path = call.path;
    for (std::size_t j = 0; j < i; ++j) {
      choice.nth += b.calls[j].path == call.path && b.calls[j].source == call.source ? 1 : 0;
    }
    const auto add = [&](Action action) {
      choice.action = action;
      choices.push_back(choice);
    };
    add(Action::answer);
    if (truth_.answer_since(call.source, call.path, b.position) != call.moment) {
      add(Action::answer_old);
    }
    if (b.failures > 0) {
      add(Action::fail);
      add(Action::time_out);
    }
  }
}

// A partition of a kafka bus delivers its oldest event first, so an event waits for those before
// it.
//
// An event that is lost is lost for all that comes after, whenever that happens, and nobody
// notices. So it may as well be lost before anything else happens: `reduced` lets only the newest
// event be lost, which is then the one of the last change and as good as lost at once.
bool System::waits_in_partition(std::size_t event) const {
  const LaneIndex lane = truth_.lane(event);
  if (lane == kNoLane) return false;
  const std::vector<std::size_t>& bus = branch_.on_bus;
  return std::any_of(bus.begin(), bus.end(), [&](std::size_t other) {
    return other < event && truth_.lane(other) == lane;
  });
}

void System::add_event_choices(std::vector<Choice>& choices, bool reduced) const {
  const Branch& b = branch_;
  const auto add = [&](Action action, std::size_t event) {
    choices.push_back({action, event, {}, {}, 0});
  };
  for (std::size_t i = 0; i < b.on_bus.size(); ++i) {
    const std::size_t event = b.on_bus[i];
    if (i > 0 && b.on_bus[i - 1] == event) continue;
    const bool waits = waits_in_partition(event);
    if (!waits) add(Action::deliver, event);
    if (!waits && b.duplicates > 0) add(Action::duplicate, event);
    const bool newest = event == truth_.announced_at_start() + b.position;
    const bool kept = std::binary_search(b.brought_back.begin(), b.brought_back.end(), event);
    if (b.drops > 0 && !kept && (!reduced || newest || event <= truth_.announced_at_start())) {
      add(Action::drop, event);
    }
  }
}

// Where nothing would come again a rebalance changes nothing.
void System::add_rebalance_choices(std::vector<Choice>& choices) const {
  const Branch& b = branch_;
  for (const BusPromise& bus : setup_.buses) {
    const auto there = [&](std::size_t event) { return on_named_bus(event, bus.name); };
    const bool some = bus.partitions > 0 &&
                      (std::any_of(b.uncommitted.begin(), b.uncommitted.end(), there) ||
                       std::any_of(b.unacknowledged.begin(), b.unacknowledged.end(),
                                   [&](const Unacknowledged& e) { return there(e.event); }));
    if (some) choices.push_back({Action::rebalance, 0, bus.name, {}, 0});
  }
}

std::vector<Choice> System::enabled(bool reduced) const {
  const Branch& b = branch_;
  std::vector<Choice> choices;
  if (b.closed) return choices;
  const auto add = [&](Action action, std::size_t event = 0) {
    choices.push_back({action, event, {}, {}, 0});
  };
  add_event_choices(choices, reduced);
  add_call_choices(choices);
  if (enrichment_due()) add(Action::enrich);
  if (mds::ServiceProbe(b.service).indexing_has_work()) add(Action::index);
  for (std::size_t i = 0; config_.query_cache && i < b.asked.size(); ++i) {
    if (!b.asked[i]) add(Action::ask, i + 1);
  }
  if (b.position < truth_.length()) add(Action::change, truth_.change_number(b.position));
  if (choices.empty() && b.service.next_wakeup()) add(Action::wake);
  if (b.rounds > 0 && !quiet_ && !mds::ServiceProbe(b.service).reconciling())
    add(Action::reconcile);
  if (quiet_ && setup_.settings.reconciliation != Reconciliation::none) add(Action::close);
  if (b.crashes > 0) add(Action::crash);
  if (b.rebalances > 0) add_rebalance_choices(choices);
  std::sort(choices.begin(), choices.end());
  return choices;
}

bool System::is_enabled(const Choice& choice) const {
  const std::vector<Choice> choices = enabled();
  return std::binary_search(choices.begin(), choices.end(), choice);
}

}  // namespace rehearse::explore
