#include "lifecycle/routes.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <map>
#include <numeric>

namespace rehearse::lifecycle {
namespace {

double total(const std::vector<Arm>& arms) {
  return std::accumulate(arms.begin(), arms.end(), 0.0,
                         [](double sum, const Arm& arm) { return sum + arm.share; });
}

}  // namespace

std::string to_string(Role role) {
  switch (role) {
    case Role::production:
      return "production";
    case Role::baseline:
      return "baseline";
    case Role::canary:
      return "canary";
  }
  assert(false);
  return "";
}

Routes::Routes(RoutingSettings settings, std::int64_t first) : settings_(std::move(settings)) {
  assert(settings_.routers > 0 && settings_.shards > 0);
  const auto routers = static_cast<std::size_t>(settings_.routers);
  rules_.push_back({0, {{Role::production, first, 1}}, std::vector<Time>(routers, Time{})});
}

RuleChange Routes::change(std::vector<Arm> arms, bool load, stats::Stream stream, Time now) {
  assert(std::abs(total(arms) - 1) < 1e-9);
  RuleChange change;
  change.number = rules_.back().number + 1;
  // Drawn whether anything is loaded or not, so that the routers' delays are the same.
  Duration loading;
  for (int shard = 0; shard < settings_.shards; ++shard) {
    loading = std::max(loading, settings_.load.sample(stream));
  }
  change.loaded = load ? now + loading : now;
  std::vector<Time> planned;
  for (int router = 0; router < settings_.routers; ++router) {
    planned.push_back(change.loaded + settings_.propagation.sample(stream));
  }
  change.first = *std::min_element(planned.begin(), planned.end());
  change.last = *std::max_element(planned.begin(), planned.end());
  // What every router has left is never asked for again.
  const auto passed = [&](const Rule& rule) {
    return std::all_of(rule.planned.begin(), rule.planned.end(),
                       [&](Time at) { return applied(at) <= now; });
  };
  const auto newest = std::find_if(rules_.rbegin(), rules_.rend(), passed);
  assert(newest != rules_.rend());
  rules_.erase(rules_.begin(), std::prev(newest.base()));
  rules_.push_back({change.number, std::move(arms), std::move(planned)});
  return change;
}

void Routes::hold(bool held, Time now) {
  const bool holds = !holds_.empty() && holds_.back().second == Time::never();
  if (held == holds) return;
  if (held) {
    holds_.emplace_back(now, Time::never());
  } else {
    holds_.back().second = now;
  }
}

bool Routes::holds_back() const {
  return std::any_of(rules_.begin(), rules_.end(), [&](const Rule& rule) {
    return std::any_of(rule.planned.begin(), rule.planned.end(),
                       [&](Time planned) { return applied(planned) == Time::never(); });
  });
}

Time Routes::applied(Time planned) const {
  for (const auto& [from, until] : holds_) {
    if (from <= planned && planned < until) planned = until;
  }
  return planned;
}

const Routes::Rule& Routes::in_force(std::size_t router, Time now) const {
  const auto found = std::find_if(rules_.rbegin(), rules_.rend(), [&](const Rule& rule) {
    return applied(rule.planned[router]) <= now;
  });
  assert(found != rules_.rend());
  return *found;
}

std::vector<Arm> Routes::arms(Time now) const {
  std::map<std::pair<Role, std::int64_t>, double> shares;
  for (std::size_t router = 0; router < rules_.front().planned.size(); ++router) {
    for (const Arm& arm : in_force(router, now).arms) shares[{arm.role, arm.version}] += arm.share;
  }
  std::vector<Arm> arms;
  for (const auto& [arm, share] : shares) {
    arms.push_back({arm.first, arm.second, share / settings_.routers});
  }
  assert(std::abs(total(arms) - 1) < 1e-9);
  return arms;
}

std::optional<Time> Routes::next_change(Time after) const {
  std::optional<Time> next;
  for (const Rule& rule : rules_) {
    for (const Time planned : rule.planned) {
      const Time at = applied(planned);
      if (at > after && at < next.value_or(Time::never())) next = at;
    }
  }
  return next;
}

bool Routes::serves(std::int64_t version, Time now) const {
  const std::vector<Arm> now_serving = arms(now);
  return std::any_of(now_serving.begin(), now_serving.end(),
                     [&](const Arm& arm) { return arm.version == version; });
}

}  // namespace rehearse::lifecycle
