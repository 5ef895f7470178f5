// A model under release, with counts made up for it.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "deed_words.hpp"
#include "facts_of.hpp"
#include "lifecycle/release_flow.hpp"

namespace rehearse::lifecycle {

constexpr Duration kMinute = Duration::minutes(1);

inline Version version_of(std::int64_t number) {
  Version version;
  version.number = number;
  return version;
}

/// Counts of a minute of an arm that is well, or not.
inline ArmMinute well(int wave) {
  return {{150, 0, 0, std::uint64_t(30 + wave % 7)}, 0.16 + 0.001 * (wave % 5)};
}
inline ArmMinute failing(int wave) {
  ArmMinute minute = well(wave);
  minute.counts.errors = 8;
  return minute;
}
inline ArmMinute slower(int wave) {
  ArmMinute minute = well(wave);
  minute.latency_p99 += 0.02;
  return minute;
}
using Behaviour = ArmMinute (*)(int);

/// A model under release, driven minute by minute.
struct Driven {
  explicit Driven(ReleaseSettings settings = {})
      : flow({"rec"}, version_of(1), std::move(settings), 1, 0, lineage) {
    flow.take_deeds();  // of time 0
  }

  void submit(std::int64_t number, bool after_drift = true) {
    submit(version_of(number), after_drift);
  }
  void submit(const Version& version, bool after_drift = true) {
    const std::int64_t number = version.number;
    const RecordId run = lineage.add({{}, {}, now, "rec", number, What::schedule, "", "", ""});
    flow.training_started(number, after_drift, run, now);
    flow.training_ended(number, run, now);
    flow.submit(version, run, now);
    collect(now);
  }

  void until(Time end) {
    while (now < end) {
      const Time minute = now + kMinute;
      for (auto next = flow.next_wakeup(); next && *next < minute; next = flow.next_wakeup()) {
        flow.advance(*next);
        collect(*next);
      }
      now = minute;
      const auto of = [&](std::int64_t version) {
        const auto found = behaviour.find(version);
        return found == behaviour.end() ? well : found->second;
      };
      MinuteOfArms counts;
      const int wave = int(now.ns / kMinute.ns);
      counts.production = of(flow.production())(wave);
      if (const auto candidate = flow.under_way()) {
        counts.baseline = of(flow.production())(wave + 3);
        counts.canary = of(*candidate)(wave + 1);
      }
      if (!measured) counts = {};
      flow.minute(counts, now);
      flow.advance(now);
      collect(now);
    }
  }

  /// A signal that is sent arrives at once, unless it is lost.
  void collect(Time at) {
    for (Deed& deed : flow.take_deeds()) deeds.push_back(std::move(deed));
    for (Signal& signal : flow.take_signals()) {
      signals.push_back(signal);
      if (!lost) flow.promote(std::get<CanaryPassed>(signal.metadata), signal.id, signal.at);
    }
    for (Deed& deed : flow.take_deeds()) deeds.push_back(std::move(deed));
    for (Happened& what : flow.take_facts()) {
      follow(rollbacks, what, at);
      facts.push_back(std::move(what));
    }
    for (Inquiry& one : flow.take_inquiries()) inquiries.push_back(std::move(one));
  }

  std::vector<std::string> states(const std::string& id) const { return set_to(deeds, id); }

  rollout::State token(std::int64_t version) const {
    return flow.line().token("v" + std::to_string(version)).state();
  }

  Lineage lineage;
  ReleaseFlow flow;
  Time now;
  std::map<std::int64_t, Behaviour> behaviour;
  bool measured = true, lost = false;
  Deeds deeds;
  std::vector<Signal> signals;
  std::vector<Happened> facts;
  std::vector<RollbackSeen> rollbacks;
  std::vector<Inquiry> inquiries;
};

inline Time hours(double count) { return Time{} + Duration::from_seconds(3600 * count); }

}  // namespace rehearse::lifecycle
