#include "lifecycle/traffic_counter.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "stats/count_draws.hpp"

namespace rehearse::lifecycle {
namespace {

using learning::ArmCounts;
using learning::Hour;

constexpr Duration kMinute = Duration::minutes(1);

Time next_multiple(Time after, Duration of) { return Time{} + of * ((after.ns / of.ns) + 1); }

/// Chernoff's bound on the chance that of n requests more than a share `above` fail.
double chance_above(double above, double chance, double n) {
  if (chance >= above) return 1;
  if (chance <= 0) return 0;
  const double distance =
      above * std::log(above / chance) + (1 - above) * std::log((1 - above) / (1 - chance));
  return std::exp(-n * distance);
}

}  // namespace

TrafficCounter::TrafficCounter(const learning::Population& population, learning::Streams streams,
                               Settings settings)
    : population_(population), streams_(std::move(streams)), settings_(settings) {}

void TrafficCounter::conditions(const ModelConditions& model, const std::set<Role>& unmeasured) {
  fault_ = model;
  unmeasured_ = unmeasured;
}

stats::Stream& TrafficCounter::stream(Hour hour) {
  if (!stream_ || stream_->first != hour) stream_.emplace(hour, streams_.counts(hour));
  return stream_->second;
}

/// The end of the hours from this one on in which the world stays as it is.
Hour TrafficCounter::unchanged_until(Hour hour) const {
  constexpr Hour kNever{std::numeric_limits<std::int64_t>::max()};
  return population_.next_change(hour).value_or(kNever);
}

double TrafficCounter::engagement(const Version& version, Hour hour) {
  const auto found = earned_.find(version.number);
  if (found != earned_.end() && found->second.from <= hour && hour < found->second.until) {
    return found->second.engagement;
  }
  const double earned = population_.engagement(hour, version.model, settings_.serving);
  earned_[version.number] = {hour, unchanged_until(hour), earned};
  return earned;
}

const TrafficCounter::Bound& TrafficCounter::bound(Hour hour) {
  if (bound_ && bound_->from <= hour && hour < bound_->until) return *bound_;
  const auto [best, any] = population_.reach(hour, settings_.serving.candidates);
  const double exploration = settings_.serving.exploration;
  bound_ = Bound{hour, unchanged_until(hour), (1 - exploration) * best + exploration * any, best};
  return *bound_;
}

void TrafficCounter::add_to_trial(const Arm& arm, double engagement, Duration length) {
  const double integral = engagement * length.to_seconds();
  if (arm.role == Role::baseline) trial_.baseline += integral;
  if (arm.role != Role::canary) return;
  trial_.engagement += integral;
  trial_.seconds += length.to_seconds();
}

std::optional<TrafficCounter::Trial> TrafficCounter::trial_of(std::int64_t candidate) const {
  if (trial_.candidate != candidate || trial_.seconds == 0) return std::nullopt;
  return Trial{trial_.engagement / trial_.seconds, trial_.baseline / trial_.seconds};
}

ServingConditions TrafficCounter::conditions(const ReleaseFlow& flow, std::int64_t version,
                                             Time at) const {
  ServingConditions conditions;
  conditions.overhead = settings_.overhead;
  conditions.further_errors = fault_.errors;
  conditions.slower = fault_.slower;
  const auto promoted = flow.promoted_at(version);
  if (promoted && *promoted <= at) conditions.promoted_for = at - *promoted;
  return conditions;
}

bool TrafficCounter::watched(const ReleaseFlow& flow) const {
  if (touches(fault_) || flow.under_way()) return true;
  if (!arms_.empty() && flow.routes().arms(counted_) != arms_) return true;
  if (changed_ && counted_ < *changed_ + Duration::hours(1)) return true;
  const Version& version = flow.version(flow.production());
  const double chance = chances_of(version, 0, conditions(flow, version.number, counted_)).error;
  const double in_minutes = learning::intensity(settings_.traffic, Hour::of(counted_)) * 60 *
                            static_cast<double>(settings_.errors.least_minutes);
  const double least = static_cast<double>(settings_.errors.least_requests);
  const double bound = chance_above(settings_.errors.above, chance, std::max(least, in_minutes));
  return !(bound < kNegligible);
}

Time TrafficCounter::next_border(const ReleaseFlow& flow) const {
  Time next = next_multiple(counted_, watched(flow) ? kMinute : Duration::hours(1));
  if (const auto change = flow.routes().next_change(counted_)) next = std::min(next, *change);
  const Version& version = flow.version(flow.production());
  if (version.late_errors) {
    const Time begins = *flow.promoted_at(version.number) + version.late_errors->after;
    if (begins > counted_) next = std::min(next, begins);
  }
  return next;
}

ServedArm TrafficCounter::count_arm(const ReleaseFlow& flow, const Arm& arm, double expected,
                                    Time now) {
  const Hour hour = Hour::of(counted_);
  const double earned = engagement(flow.version(arm.version), hour);
  const learning::ArmChances chances =
      chances_of(flow.version(arm.version), earned, conditions(flow, arm.version, counted_));
  const double due = expected * arm.share;
  const ArmCounts counts = learning::draw_counts(stream(hour), due, chances);
  minute_[{arm.role, arm.version}] += counts;
  by_version_[arm.version] += counts;
  total_ += counts;
  add_to_trial(arm, earned, now - counted_);
  if (arm.role == Role::production && !unmeasured_.contains(Role::production)) {
    for_monitors_ += counts;
    day_ += counts;
  }
  return {arm.role, arm.version, counts, due * (1 - chances.error) * (1 - chances.slow) * earned};
}

void TrafficCounter::count(const ReleaseFlow& flow, Time now) {
  assert(now >= counted_);
  std::vector<Arm> arms = flow.routes().arms(counted_);
  if (arms != arms_ && !arms_.empty()) changed_ = counted_;
  arms_ = std::move(arms);
  if (now == counted_) return;
  const auto candidate = flow.under_way();
  if (candidate && trial_.candidate != *candidate) trial_ = OnTrial{*candidate};
  const Hour hour = Hour::of(counted_);
  assert(now <= hour.next().start());
  const double intensity =
      population_.offers(hour) ? learning::intensity(settings_.traffic, hour) : 0;
  const double expected = intensity * (now - counted_).to_seconds();
  Served served{
      0, counted_, now, {}, expected * bound(hour).explored, expected * bound(hour).unexplored};
  for (const Arm& arm : arms_) served.arms.push_back(count_arm(flow, arm, expected, now));
  count_copies(flow, served);
  served_.push_back(std::move(served));
  unmeasured_in_minute_.insert(unmeasured_.begin(), unmeasured_.end());
  counted_ = now;
  if (now - minute_from_ > kMinute) begin_minute(now);  // not watched
}

/// Copies are of requests to whatever arm; they have draws of their own, so that they change
/// nothing of what members see.
void TrafficCounter::count_copies(const ReleaseFlow& flow, const Served& served) {
  const auto copies = flow.copies();
  if (!copies) return;
  if (!shadowed_ || shadowed_->version != copies->version) {
    shadowed_.emplace(Shadowed{copies->version, streams_.shadow(copies->version)});
  }
  ArmCounts all;
  for (const ServedArm& arm : served.arms) {
    all += arm.counts;
    const bool seen = arm.role == Role::production && !unmeasured_.contains(Role::production);
    if (seen) shadowed_->production += arm.counts;
  }
  if (unmeasured_.contains(Role::canary)) return;
  const Version& version = flow.version(copies->version);
  const learning::ArmChances chances =
      chances_of(version, 0, conditions(flow, version.number, counted_));
  ArmCounts counts;
  counts.requests = stats::draw_binomial(shadowed_->stream, all.requests, copies->share);
  counts.errors = stats::draw_binomial(shadowed_->stream, counts.requests, chances.error);
  shadowed_->copies += counts;
}

ShadowReport TrafficCounter::take_shadow(const ReleaseFlow& flow, Time now) {
  if (!shadowed_) return {};
  Shadowed shadowed = std::move(*std::exchange(shadowed_, std::nullopt));
  const auto side = [&](std::int64_t version, const ArmCounts& counts) {
    return ArmMinute{counts,
                     draw_latency_p99(shadowed.stream, counts.requests, flow.version(version),
                                      conditions(flow, version, now))};
  };
  return {side(flow.production(), shadowed.production), side(shadowed.version, shadowed.copies)};
}

void TrafficCounter::begin_minute(Time now) {
  minute_.clear();
  unmeasured_in_minute_.clear();
  minute_from_ = now;
}

std::optional<ArmMinute> TrafficCounter::minute_of(Role role, const ReleaseFlow& flow,
                                                   std::int64_t version, Time now) {
  const auto found = minute_.find({role, version});
  ArmMinute minute;
  if (found != minute_.end()) minute.counts = found->second;
  minute.latency_p99 = draw_latency_p99(stream(Hour::of(now - Duration{1})), minute.counts.requests,
                                        flow.version(version), conditions(flow, version, now));
  return unmeasured_in_minute_.contains(role) ? std::nullopt : std::optional(minute);
}

std::optional<MinuteOfArms> TrafficCounter::take_minute(const ReleaseFlow& flow, Time now) {
  if (now.ns % kMinute.ns != 0 || now == minute_from_) return std::nullopt;
  std::optional<MinuteOfArms> minute;
  if (now - minute_from_ == kMinute) {
    minute.emplace();
    minute->production = minute_of(Role::production, flow, flow.production(), now);
    if (const auto candidate = flow.under_way()) {
      minute->baseline = minute_of(Role::baseline, flow, flow.production(), now);
      minute->canary = minute_of(Role::canary, flow, *candidate, now);
    }
  }
  begin_minute(now);
  return minute;
}

}  // namespace rehearse::lifecycle
