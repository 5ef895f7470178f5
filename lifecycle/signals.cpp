#include "lifecycle/signals.hpp"

#include <cassert>
#include <utility>

#include "learning/hour.hpp"

namespace rehearse::lifecycle {
namespace {

/// Of two independent chances.
double either(double one, double other) { return 1 - (1 - one) * (1 - other); }

}  // namespace

Signals::Signals(SignalSettings settings, std::uint64_t seed, std::uint64_t replication)
    : settings_(std::move(settings)), seed_(seed), replication_(replication) {
  assert(settings_.drop >= 0 && settings_.drop <= 1);
  assert(settings_.duplicate >= 0 && settings_.duplicate <= 1);
  assert(settings_.attempts >= 1 && settings_.redeliver_after > Duration{});
}

void Signals::subscribe(SignalType type, const std::string& source, const std::string& workflow) {
  subscribers_[{type, source}].push_back(workflow);
}

stats::Stream Signals::stream_of(const Signal& signal, const std::string& workflow) {
  const std::int64_t hour = learning::Hour::of(signal.at).number;
  if (hour != hour_) in_hour_.clear();
  hour_ = hour;
  std::string name = "lifecycle/" + signal.source + "/signal/" +
                     to_string(type_of(signal.metadata)) + "/" + workflow + "/" +
                     std::to_string(hour);
  const int number = in_hour_[name]++;
  return {seed_, replication_, name + "/" + std::to_string(number)};
}

void Signals::tell(const Signal& signal, SignalFate::Fate fate) {
  fates_.push_back({signal.source, {type_of(signal.metadata), fate}});
}

void Signals::send(const Signal& signal) {
  const auto found = subscribers_.find({type_of(signal.metadata), signal.source});
  if (found == subscribers_.end()) return;
  for (const std::string& workflow : found->second) {
    const std::uint64_t number = sent_++;
    outstanding_.emplace(number, Outstanding{workflow, signal, stream_of(signal, workflow)});
    tell(signal, SignalFate::Fate::sent);
    attempt(number, signal.at);
  }
}

Signals::When Signals::plan(Time at, std::uint64_t outstanding, bool arrives) {
  return coming_.emplace(When{at, planned_++}, Coming{outstanding, arrives}).first->first;
}

void Signals::attempt(std::uint64_t number, Time now) {
  Outstanding& one = outstanding_.at(number);
  if (++one.tries > 1) tell(one.signal, SignalFate::Fate::redelivered);
  // Both chances are drawn whatever they are, so that a loss more leaves the delays as they were.
  const double drop = conditions_.outage ? 1 : either(settings_.drop, conditions_.drop);
  const bool dropped = one.stream.uniform() < drop;
  const bool twice = one.stream.uniform() < either(settings_.duplicate, conditions_.duplicate);
  Duration delays[] = {settings_.delay.sample(one.stream), settings_.delay.sample(one.stream)};
  for (Duration& delay : delays) {
    if (conditions_.delay) delay = delay + conditions_.delay->sample(one.stream);
  }
  const int copies = dropped ? 0 : twice ? 2 : 1;
  for (int copy = 0; copy < copies; ++copy) plan(now + delays[copy], number, true);
  one.under_way += copies;
  if (copies == 2) tell(one.signal, SignalFate::Fate::duplicated);
  one.next_try = plan(now + settings_.redeliver_after, number, false);
}

void Signals::try_again(std::uint64_t number, Time now) {
  const Outstanding& one = outstanding_.at(number);
  assert(one.arrivals == 0);
  if (one.tries < settings_.attempts) {
    attempt(number, now);
  } else if (one.under_way == 0) {
    tell(one.signal, SignalFate::Fate::lost);
    outstanding_.erase(number);
  }
}

std::optional<Delivery> Signals::arrive(std::uint64_t number) {
  Outstanding& one = outstanding_.at(number);
  --one.under_way;
  if (++one.arrivals == 1) coming_.erase(one.next_try);  // acknowledged
  const bool runs = one.arrivals == 1 || settings_.consumption == Consumption::naive;
  std::optional<Delivery> delivery;
  if (runs) delivery = Delivery{one.workflow, one.signal, one.arrivals};
  if (!runs) tell(one.signal, SignalFate::Fate::ignored);
  if (one.under_way == 0) outstanding_.erase(number);
  return delivery;
}

std::optional<Time> Signals::next_wakeup() const {
  if (coming_.empty()) return std::nullopt;
  return coming_.begin()->first.first;
}

std::vector<Delivery> Signals::arrived(Time now) {
  std::vector<Delivery> deliveries;
  while (!coming_.empty() && coming_.begin()->first.first <= now) {
    const auto next = coming_.extract(coming_.begin());
    const Coming coming = next.mapped();
    if (!coming.arrives) {
      try_again(coming.outstanding, next.key().first);
    } else if (auto delivery = arrive(coming.outstanding)) {
      deliveries.push_back(std::move(*delivery));
    }
  }
  return deliveries;
}

}  // namespace rehearse::lifecycle
