#include "measured.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <iterator>

#include "../trained_model.hpp"

namespace rehearse::lifecycle {

void Measured::add(Lifecycle& life, Time now) {
  for (Fact& fact : life.take_facts()) facts_.emplace_back(now, std::move(fact.what));
  for (Served& span : life.take_served()) served_.push_back(std::move(span));
}

int Measured::wasted() const {
  int wasted = 0;
  for (const auto& [at, one] : all<Promoted>()) {
    wasted += one.engagement < 1.01 * one.engagement_before ? 1 : 0;
  }
  return wasted;
}

std::vector<std::pair<Time, Responded>> Measured::responses(const std::string& action) const {
  auto found = all<Responded>();
  std::erase_if(found, [&](const auto& one) {
    return one.second.held_back || (!action.empty() && one.second.action != action);
  });
  return found;
}

double Measured::lost(Time from) const {
  double earned = 0, possible = 0;
  for (const Served& span : served_) {
    if (span.from < from) continue;
    for (const ServedArm& arm : span.arms) earned += arm.expected_clicks;
    possible += span.bound_clicks;
  }
  return 1 - earned / possible;
}

double Measured::click_score() const {
  double clicks = 0, expected = 0;
  for (const Served& span : served_) {
    for (const ServedArm& arm : span.arms) {
      clicks += double(arm.counts.clicks);
      expected += arm.expected_clicks;
    }
  }
  return (clicks - expected) / std::sqrt(expected);
}

Measured run(const ModelSettings& settings, std::uint64_t seed, Time until, const Faults& faults) {
  Lifecycle life({{settings}, 8, {}}, seed, 0);
  Measured measured;
  auto fault = faults.begin();
  while (true) {
    Time now = life.next_wakeup();
    const bool changes = fault != faults.end() && fault->first <= now;
    if (changes) now = fault->first;
    if (now > until) break;
    if (changes) life.conditions((fault++)->second, now);
    life.advance(now);
    measured.add(life, now);
  }
  return measured;
}

ModelSettings pinned_model(const std::vector<std::string>& policies) {
  ModelSettings settings;
  settings.world = pinned_world();
  for (const drift::Policy& policy : drift::shipped_policies()) {
    if (std::find(policies.begin(), policies.end(), policy.name) == policies.end()) continue;
    settings.monitors.push_back({policy, policy.watch.value().what});
  }
  assert(settings.monitors.size() == policies.size());
  return settings;
}

double days(Duration duration) { return duration.to_seconds() / 86400; }

}  // namespace rehearse::lifecycle
