#include "drift/monitor.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <iterator>

namespace rehearse::drift {
namespace {

std::vector<double> sorted_without_missing(const std::vector<double>& values) {
  std::vector<double> kept;
  std::copy_if(values.begin(), values.end(), std::back_inserter(kept),
               [](double value) { return !std::isnan(value); });
  std::sort(kept.begin(), kept.end());
  return kept;
}

bool has_data(const std::vector<std::optional<double>>& measured) {
  return std::all_of(measured.begin(), measured.end(),
                     [](const auto& one) { return one.has_value(); });
}

/// Whether a measured value is further on the condition's bad side than another.
bool worse(const Condition& condition, double value, double than) {
  return condition.above ? value > than : value < than;
}

}  // namespace

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

Monitor::Monitor(Policy policy, std::vector<Reference> references)
    : policy_(std::move(policy)),
      references_(std::move(references)),
      baseline_(policy_.baseline),
      done_(policy_.responses.size(), false),
      history_(policy_.responses.size()) {
  make_detectors();
}

void Monitor::make_detectors() {
  detectors_.clear();
  for (const Condition& condition : policy_.conditions) {
    detectors_.push_back(make_detector(condition));
  }
}

void Monitor::renew(std::vector<Reference> references) {
  references_ = std::move(references);
  make_detectors();
  end_episode();
}

void Monitor::end_episode() {
  in_a_row_ = 0;
  done_.assign(done_.size(), false);
}

Check Monitor::check_samples(Time now, const PerFeature& values) {
  assert(!references_.empty() && values.size() == references_.size());
  std::vector<Measured> features;
  for (std::size_t i = 0; i < values.size(); ++i) features.push_back(measure_values(i, values[i]));
  return judge(now, features);
}

Check Monitor::check_bins(Time now, const PerFeature& counts) {
  assert(!references_.empty() && counts.size() == references_.size());
  std::vector<Measured> features(counts.size());
  for (std::size_t i = 0; i < counts.size(); ++i) {
    for (const Condition& condition : policy_.conditions) {
      features[i].push_back(measure_bins(condition.measure, references_[i], counts[i]));
    }
  }
  return judge(now, features);
}

Monitor::Measured Monitor::measure_values(std::size_t feature,
                                          const std::vector<double>& values) const {
  const Reference& reference = references_[feature];
  std::vector<double> counts, sorted;
  Measured measured;
  for (const Condition& condition : policy_.conditions) {
    assert(compares_samples(condition.measure));
    if (compares_bins(condition.measure)) {
      if (counts.empty()) reference.count(values, counts);
      measured.push_back(measure_bins(condition.measure, reference, counts));
    } else {
      if (sorted.empty()) sorted = sorted_without_missing(values);
      measured.push_back(measure_ranks(condition.measure, reference, sorted));
    }
  }
  return measured;
}

Check Monitor::check_value(Time now, double value) {
  Measured measured(policy_.conditions.size());
  if (std::isfinite(value)) {
    const std::optional<double> before = baseline_.mean(now);
    for (std::size_t i = 0; i < measured.size(); ++i) measured[i] = measure_value(i, value, before);
    baseline_.add(now, value);
  }
  return judge(now, {measured});
}

std::optional<double> Monitor::measure_value(std::size_t condition, double value,
                                             std::optional<double> before) {
  const Condition& one = policy_.conditions[condition];
  assert(!compares_samples(one.measure));
  if (one.measure == Measure::value) return value;
  if (one.measure == Measure::detector) {
    assert(takes(one.detector, value));
    return detectors_[condition]->update(value) ? 1 : 0;
  }
  if (!before || *before <= 0) return std::nullopt;
  return (*before - value) / *before;
}

bool Monitor::holds_all(const Measured& measured) const {
  for (std::size_t i = 0; i < measured.size(); ++i) {
    if (!violates(policy_.conditions[i], *measured[i])) return false;
  }
  return true;
}

Check Monitor::judge(Time now, const std::vector<Measured>& features) {
  Check check;
  check.time = now;
  check.in_a_row = in_a_row_;
  check.measured = features.front();
  bool data = false;
  for (std::size_t i = 0; i < features.size(); ++i) {
    const Measured& one = features[i];
    if (!has_data(one)) continue;
    const bool holds = holds_all(one);
    if (holds) check.drifted.push_back(i);
    const bool further =
        !data || worse(policy_.conditions.front(), *one.front(), *check.measured.front());
    if (holds == check.violated ? further : holds) {
      check.feature = i;
      check.measured = one;
    }
    check.violated = check.violated || holds;
    data = true;
  }
  if (check.violated) {
    violated(check);
  } else if (data) {
    end_episode();
    check.in_a_row = 0;
  }
  return check;
}

void Monitor::violated(Check& check) {
  if (in_a_row_ == 0) episode_start_ = check.time;
  check.in_a_row = ++in_a_row_;
  for (std::size_t i = 0; i < policy_.responses.size(); ++i) respond(i, check);
  const bool retrained =
      std::any_of(check.actions.begin(), check.actions.end(),
                  [](const Action& action) { return action.kind == ActionKind::retrain; });
  if (retrained) end_episode();
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
