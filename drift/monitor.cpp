#include "drift/monitor.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace rehearse::drift {

void RollingBaseline::add(Time now, double value) {
  assert(entries_.empty() || entries_.back().time <= now);
  entries_.push_back({now, value});
  const Time oldest = now - settings_.window;
  while (entries_.front().time < oldest) entries_.pop_front();
}

std::optional<double> RollingBaseline::mean(Time now) const {
  const Time oldest = now - settings_.window;
  double sum = 0;
  int count = 0;
  for (const Entry& entry : entries_) {
    if (entry.time < oldest || entry.time >= now) continue;
    sum += entry.value;
    ++count;
  }
  if (count < settings_.least_values) return std::nullopt;
  return sum / count;
}

Monitor::Monitor(Policy policy)
    : policy_(std::move(policy)),
      baseline_(policy_.baseline),
      done_(policy_.responses.size(), false),
      history_(policy_.responses.size()) {}

Check Monitor::check_samples(Time now, stats::Sample reference, stats::Sample current) {
  Check check;
  check.time = now;
  for (const Condition& condition : policy_.conditions) {
    assert(compares_samples(condition.measure));
    const bool data = !reference.empty() && !current.empty();
    check.measured.push_back(
        data ? std::optional(measure_samples(condition.measure, reference, current))
             : std::nullopt);
  }
  return judge(std::move(check));
}

Check Monitor::check_value(Time now, double value) {
  Check check;
  check.time = now;
  const std::optional<double> before = baseline_.mean(now);
  for (const Condition& condition : policy_.conditions) {
    assert(!compares_samples(condition.measure));
    std::optional<double> measured;
    if (std::isfinite(value)) {
      if (condition.measure == Measure::value) {
        measured = value;
      } else if (before && *before > 0) {
        measured = (*before - value) / *before;
      }
    }
    check.measured.push_back(measured);
  }
  if (std::isfinite(value)) baseline_.add(now, value);
  return judge(std::move(check));
}

Check Monitor::judge(Check check) {
  const bool data = std::all_of(check.measured.begin(), check.measured.end(),
                                [](const auto& measured) { return measured.has_value(); });
  if (!data) {
    check.in_a_row = in_a_row_;
    return check;
  }
  check.violated = true;
  for (std::size_t i = 0; i < check.measured.size(); ++i) {
    const Condition& condition = policy_.conditions[i];
    const double measured = *check.measured[i];
    const bool holds =
        condition.above ? measured > condition.threshold : measured < condition.threshold;
    check.violated = check.violated && holds;
  }
  if (!check.violated) {
    in_a_row_ = 0;
    done_.assign(done_.size(), false);
    return check;
  }
  if (in_a_row_ == 0) episode_start_ = check.time;
  check.in_a_row = ++in_a_row_;
  for (std::size_t i = 0; i < policy_.responses.size(); ++i) respond(i, check);
  const bool retrained =
      std::any_of(check.actions.begin(), check.actions.end(),
                  [](const Action& action) { return action.kind == ActionKind::retrain; });
  if (retrained) {
    in_a_row_ = 0;
    done_.assign(done_.size(), false);
  }
  return check;
}

void Monitor::respond(std::size_t which, Check& check) {
  const ResponseRule& response = policy_.responses[which];
  const Duration lasted = check.time - episode_start_;
  const bool due =
      in_a_row_ >= response.checks && (!response.longer_than || lasted > *response.longer_than);
  if (!due || done_[which]) return;
  std::deque<Time>& history = history_[which];
  while (!history.empty() &&
         check.time - history.front() > std::max(response.cap_window, response.cool_down)) {
    history.pop_front();
  }
  const auto within_window = std::count_if(history.begin(), history.end(), [&](Time time) {
    return check.time - time < response.cap_window;
  });
  const bool cooling = !history.empty() && check.time - history.back() < response.cool_down;
  const bool capped = response.cap && within_window >= *response.cap;
  const Action action{response.action, response.emphasis};
  if (cooling || capped) {
    check.held_back.push_back(action);
    return;
  }
  check.actions.push_back(action);
  done_[which] = true;
  history.push_back(check.time);
}

}  // namespace rehearse::drift
