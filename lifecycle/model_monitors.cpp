#include "lifecycle/model_monitors.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "learning/candidate_sample.hpp"
#include "learning/served_values.hpp"
#include "stats/count_draws.hpp"

namespace rehearse::lifecycle {
namespace {

using drift::Watched;
using learning::Hour;

bool has(const drift::Policy& policy, bool (*property)(drift::Measure)) {
  return std::any_of(
      policy.conditions.begin(), policy.conditions.end(),
      [&](const drift::Condition& condition) { return property(condition.measure); });
}

bool by_ranks(drift::Measure measure) {
  return drift::compares_samples(measure) && !drift::compares_bins(measure);
}

bool wants_many(drift::Measure measure) {
  return by_ranks(measure) || measure == drift::Measure::kl;
}

constexpr double kNoData = std::numeric_limits<double>::quiet_NaN();

/// A value per request.
double share(std::uint64_t count, std::uint64_t requests) {
  if (requests == 0) return kNoData;
  return static_cast<double>(count) / static_cast<double>(requests);
}

double severity(const drift::Policy& policy, const drift::Check& check) {
  const drift::Condition& first = policy.conditions.front();
  if (first.measure == drift::Measure::detector || first.threshold == 0) return 1;
  return *check.measured.front() / first.threshold;
}

std::int64_t count_of(Hour first, Hour last) { return last.number - first.number + 1; }

/// The hours that [begin, end) touches, of which there is one at least.
std::pair<Hour, Hour> hours_of(Time begin, Time end) {
  assert(begin < end);
  return {Hour::of(begin), Hour::of(end - Duration{1})};
}

}  // namespace

ModelMonitors::ModelMonitors(const learning::Population& population, learning::Streams streams,
                             SampleSettings samples, std::vector<WatchingPolicy> policies,
                             const Version& first)
    : population_(population), streams_(std::move(streams)), samples_(samples), serving_(first) {
  for (WatchingPolicy& policy : policies) {
    assert(!policy.policy.conditions.empty() && policy.policy.every > Duration{});
    assert(has(policy.policy, drift::compares_samples) == drift::compares_samples(policy.what));
    drift::Monitor monitor(policy.policy, references(policy));
    watches_.push_back({std::move(policy), std::move(monitor), Time{}});
  }
}

std::vector<std::size_t> ModelMonitors::watched_features(const WatchingPolicy& policy) const {
  if (!policy.features.empty()) return policy.features;
  std::vector<std::size_t> all(population_.features());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

/// Scores are compared with those at the version's promotion. Recorded rows of one hour may be few,
/// and more alike than those of a check: there, as for features, with the training window.
learning::CandidateColumns ModelMonitors::reference_sample(stats::Stream& stream, Watched what,
                                                           std::size_t count) const {
  if (what != Watched::score || !population_.drawn()) {
    return learning::draw_reference(stream, population_, serving_.window_begin, serving_.window_end,
                                    count);
  }
  learning::CandidateColumns candidates(population_.features());
  population_.sample(stream, Hour::of(since_), count, candidates);
  return candidates;
}

std::vector<drift::Reference> ModelMonitors::references(const WatchingPolicy& policy) const {
  if (!drift::compares_samples(policy.what)) return {};
  const std::size_t count = has(policy.policy, wants_many) ? kLargeSample : samples_.reference;
  stats::Stream stream = streams_.reference(serving_.number);
  std::vector<drift::Reference> result;
  learning::CandidateColumns candidates = reference_sample(stream, policy.what, count);
  if (policy.what == Watched::score) {
    result.emplace_back(learning::scores_of(candidates, serving_.model));
    return result;
  }
  for (const std::size_t j : watched_features(policy)) {
    result.emplace_back(std::move(candidates[j]));
  }
  return result;
}

void ModelMonitors::renew(const Version& serving, Time now) {
  serving_ = serving;
  since_ = now;
  for (Watch& watch : watches_) {
    watch.monitor.renew(references(watch.policy));
    watch.shares.reset();
  }
}

void ModelMonitors::count(const learning::ArmCounts& production) {
  for (Watch& watch : watches_) watch.since += production;
}

std::optional<Time> ModelMonitors::next_check() const {
  std::optional<Time> next;
  for (const Watch& watch : watches_) {
    const Time due = watch.monitor.next_check(watch.checked);
    if (!next || due < *next) next = due;
  }
  return next;
}

std::vector<MonitorResponse> ModelMonitors::check(Time now) {
  std::vector<MonitorResponse> responses;
  for (Watch& watch : watches_) {
    const Time due = watch.monitor.next_check(watch.checked);
    assert(due >= now);
    if (due > now) continue;
    const drift::Check check = check_one(watch, now);
    const drift::Policy& policy = watch.policy.policy;
    const auto respond = [&](const drift::Action& action, bool held_back) {
      std::vector<std::size_t> features;
      if (watch.policy.what == Watched::features) {
        const std::vector<std::size_t> watched = watched_features(watch.policy);
        for (const std::size_t i : check.drifted) features.push_back(watched[i]);
      }
      responses.push_back({policy.name, policy.drift, action, held_back, std::move(features),
                           severity(policy, check)});
    };
    for (const drift::Action& action : check.actions) respond(action, false);
    for (const drift::Action& action : check.held_back) respond(action, true);
  }
  return responses;
}

drift::Check ModelMonitors::check_one(Watch& watch, Time now) {
  const auto [first, last] = hours_of(watch.checked, now);
  if (!watch.stream || Hour::of(watch.checked) != Hour::of(now)) {
    watch.stream = streams_.monitor(watch.policy.policy.name, Hour::of(now));
  }
  watch.checked = now;
  const learning::ArmCounts since = std::exchange(watch.since, {});
  switch (watch.policy.what) {
    case Watched::features:
    case Watched::score:
      return check_samples(watch, {first, last}, since.requests > 0, now);
    case Watched::engagement:
      return watch.monitor.check_value(now, share(since.clicks, since.requests));
    case Watched::errors:
      return watch.monitor.check_value(now, share(since.errors, since.requests));
    case Watched::unmatched:
      return watch.monitor.check_value(now,
                                       since.requests > 0 ? unmatched({first, last}) : kNoData);
  }
  assert(false);
  return {};
}

drift::Check ModelMonitors::check_samples(Watch& watch, Hours hours, bool data, Time now) {
  if (!data) {
    const drift::PerFeature none(watch.monitor.references().size());
    const bool ranks = has(watch.policy.policy, by_ranks);
    return ranks ? watch.monitor.check_samples(now, none) : watch.monitor.check_bins(now, none);
  }
  stats::Stream& stream = *watch.stream;
  const drift::Policy& policy = watch.policy.policy;
  if (has(policy, by_ranks)) {
    return watch.monitor.check_samples(now, rows(watch, stream, hours));
  }
  const std::size_t size = has(policy, wants_many) ? kLargeSample : samples_.current;
  drift::PerFeature counts;
  for (const std::vector<double>& shares : mean_shares(watch, hours)) {
    std::vector<double>& of_feature = counts.emplace_back();
    const bool served = std::any_of(shares.begin(), shares.end(), [](double s) { return s > 0; });
    if (served) stats::draw_multinomial(stream, size, shares, of_feature);
  }
  return watch.monitor.check_bins(now, counts);
}

std::vector<std::vector<double>> ModelMonitors::shares(const Watch& watch, Hour hour) const {
  const std::vector<drift::Reference>& references = watch.monitor.references();
  std::vector<std::vector<double>> result;
  if (watch.policy.what == Watched::score) {
    const auto values = population_.served_score(hour, serving_.model);
    return {learning::bin_shares(values, references.front().cuts())};
  }
  const auto values = population_.served_features(hour, watched_features(watch.policy));
  for (std::size_t i = 0; i < values.size(); ++i) {
    result.push_back(learning::bin_shares(values[i], references[i].cuts()));
  }
  return result;
}

const std::vector<std::vector<double>>& ModelMonitors::mean_shares(Watch& watch,
                                                                   Hours hours) const {
  const auto known = [&] {
    return watch.shares && watch.shares->from <= hours.first && hours.last < watch.shares->until;
  };
  if (known()) return watch.shares->of;
  constexpr Hour kNever{std::numeric_limits<std::int64_t>::max()};
  const auto until = population_.next_change(hours.first).value_or(kNever);
  watch.shares = Shares{hours.first, until, shares(watch, hours.first)};
  if (known()) return watch.shares->of;
  // The world has changed within these hours: what follows is good for this check alone.
  std::vector<std::vector<double>>& mean = watch.shares->of;
  for (Hour hour = hours.first.next(); hour <= hours.last; hour = hour.next()) {
    const auto more = shares(watch, hour);
    for (std::size_t i = 0; i < mean.size(); ++i) {
      for (std::size_t bin = 0; bin < mean[i].size(); ++bin) mean[i][bin] += more[i][bin];
    }
  }
  watch.shares->until = watch.shares->from;
  return mean;
}

std::vector<std::vector<double>> ModelMonitors::rows(const Watch& watch, stats::Stream& stream,
                                                     Hours hours) const {
  const std::int64_t count = count_of(hours.first, hours.last);
  const auto size = static_cast<std::int64_t>(kLargeSample);
  std::vector<std::vector<double>> columns(watch.monitor.references().size());
  for (std::int64_t i = 0; i < count; ++i) {
    // As evenly as whole rows can be.
    const auto rows = static_cast<std::size_t>(size * (i + 1) / count - size * i / count);
    const Hour hour{hours.first.number + i};
    learning::CandidateColumns drawn(population_.features());
    population_.sample(stream, hour, rows, drawn);
    if (watch.policy.what == Watched::score) drawn = {learning::scores_of(drawn, serving_.model)};
    const bool listed = watch.policy.what == Watched::features;
    const std::vector<std::size_t> which =
        listed ? watched_features(watch.policy) : std::vector<std::size_t>{0};
    for (std::size_t j = 0; j < which.size(); ++j) {
      const std::vector<double>& column = drawn[which[j]];
      columns[j].insert(columns[j].end(), column.begin(), column.end());
    }
  }
  return columns;
}

double ModelMonitors::unmatched(Hours hours) const {
  constexpr double kFamiliar = 0.01;
  std::size_t trained = 0;
  for (const auto& [moved_by, rows] : serving_.moved_by) trained += rows;
  double sum = 0;
  for (Hour hour = hours.first; hour <= hours.last; hour = hour.next()) {
    for (const learning::WorldPart& part : population_.at(hour)) {
      const auto found = serving_.moved_by.find(part.moved_by);
      const std::size_t rows = found == serving_.moved_by.end() ? 0 : found->second;
      const bool gradual = part.moved_by != 0;
      if (gradual && static_cast<double>(rows) < kFamiliar * static_cast<double>(trained)) {
        sum += part.share;
      }
    }
  }
  return sum / static_cast<double>(count_of(hours.first, hours.last));
}

}  // namespace rehearse::lifecycle
