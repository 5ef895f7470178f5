#include "lifecycle/traffic_counter.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

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

TrafficCounter::TrafficCounter(const learning::ChangingWorld& world, learning::Streams streams,
                               Settings settings)
    : world_(world), streams_(std::move(streams)), settings_(settings) {}

stats::Stream& TrafficCounter::stream(Hour hour) {
  if (!stream_ || stream_->first != hour) stream_.emplace(hour, streams_.counts(hour));
  return stream_->second;
}

double TrafficCounter::engagement(const Version& version, Hour hour) {
  const auto found = earned_.find(version.number);
  if (found != earned_.end() && found->second.from <= hour && hour < found->second.until) {
    return found->second.engagement;
  }
  constexpr Hour kNever{std::numeric_limits<std::int64_t>::max()};
  const double earned =
      learning::expected_engagement(world_.at(hour), {version.model.weights}, settings_.serving);
  earned_[version.number] = {hour, world_.next_change(hour).value_or(kNever), earned};
  return earned;
}

ServingConditions TrafficCounter::conditions(const ReleaseFlow& flow, std::int64_t version,
                                             Time at) const {
  ServingConditions conditions;
  conditions.overhead = settings_.overhead;
  const auto promoted = flow.promoted_at(version);
  if (promoted && *promoted <= at) conditions.promoted_for = at - *promoted;
  return conditions;
}

bool TrafficCounter::watched(const ReleaseFlow& flow) const {
  if (flow.under_way() || flow.routes().arms(counted_) != arms_) return true;
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

void TrafficCounter::count(const ReleaseFlow& flow, Time now) {
  assert(now >= counted_);
  std::vector<Arm> arms = flow.routes().arms(counted_);
  if (arms != arms_ && !arms_.empty()) changed_ = counted_;
  arms_ = std::move(arms);
  if (now == counted_) return;
  const Hour hour = Hour::of(counted_);
  assert(now <= hour.next().start());
  const double expected =
      learning::intensity(settings_.traffic, hour) * (now - counted_).to_seconds();
  for (const Arm& arm : arms_) {
    const Version& version = flow.version(arm.version);
    const learning::ArmChances chances =
        chances_of(version, engagement(version, hour), conditions(flow, arm.version, counted_));
    const ArmCounts counts = learning::draw_counts(stream(hour), expected * arm.share, chances);
    minute_[{arm.role, arm.version}] += counts;
    by_version_[arm.version] += counts;
    total_ += counts;
    if (arm.role != Role::production) continue;
    for_monitors_ += counts;
    day_ += counts;
  }
  counted_ = now;
  if (now - minute_from_ > kMinute) {  // not watched
    minute_.clear();
    minute_from_ = now;
  }
}

ArmMinute TrafficCounter::minute_of(Role role, const ReleaseFlow& flow, std::int64_t version,
                                    Time now) {
  const auto found = minute_.find({role, version});
  ArmMinute minute;
  if (found != minute_.end()) minute.counts = found->second;
  minute.latency_p99 = draw_latency_p99(stream(Hour::of(now - Duration{1})), minute.counts.requests,
                                        flow.version(version), conditions(flow, version, now));
  return minute;
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
  minute_.clear();
  minute_from_ = now;
  return minute;
}

}  // namespace rehearse::lifecycle
