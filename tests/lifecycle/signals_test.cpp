#include "lifecycle/signals.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

using namespace rehearse;
using namespace rehearse::lifecycle;

namespace {

Time minute(double count) { return Time{} + Duration::from_seconds(60 * count); }

Signal drift(Time at, const std::string& source = "rec") {
  return {{1}, source, at, DriftDetected{"psi", "data", {0}, 2, "retrain", ""}};
}

SignalSettings prompt() {
  SignalSettings settings;
  settings.delay = stats::Distribution::constant(Duration::seconds(2));
  return settings;
}

Signals to_training(const SignalSettings& settings) {
  Signals signals(settings, 7, 0);
  signals.subscribe(SignalType::drift_detected, "rec", "rec/training");
  return signals;
}

/// Everything that arrives, whoever waits.
std::vector<Delivery> run_out(Signals& signals) {
  std::vector<Delivery> all;
  while (const auto next = signals.next_wakeup()) {
    for (Delivery& one : signals.arrived(*next)) all.push_back(std::move(one));
  }
  return all;
}

using Fate = SignalFate::Fate;

/// What became of the signals since the last call.
struct Fates {
  explicit Fates(Signals& signals) : all(signals.take_fates()) {}
  int operator[](Fate fate) const {
    return int(std::count_if(all.begin(), all.end(),
                             [&](const FateOf& one) { return one.what.fate == fate; }));
  }
  std::vector<FateOf> all;
};

}  // namespace

TEST_CASE("a signal reaches those who subscribed to its type and source, once and with its data") {
  Signals signals = to_training(prompt());
  signals.subscribe(SignalType::drift_detected, "search", "search/training");
  signals.subscribe(SignalType::model_trained, "rec", "rec/gates");
  signals.send(drift(minute(1)));
  REQUIRE(signals.next_wakeup() == minute(1) + Duration::seconds(2));
  REQUIRE(signals.arrived(minute(1)).empty());
  const std::vector<Delivery> deliveries = run_out(signals);
  REQUIRE(deliveries.size() == 1);
  REQUIRE(deliveries[0].workflow == "rec/training");
  REQUIRE(std::get<DriftDetected>(deliveries[0].signal.metadata).action == "retrain");
  const Fates fates(signals);
  REQUIRE(fates.all.size() == 1);
  REQUIRE(fates.all[0].source == "rec");
  REQUIRE(fates.all[0].what.type == SignalType::drift_detected);
  REQUIRE(fates[Fate::sent] == 1);
  REQUIRE(signals.outstanding() == 0);
}

TEST_CASE("a signal that nobody waits for is not sent") {
  Signals signals = to_training(prompt());
  signals.send(drift(minute(1), "search"));
  REQUIRE_FALSE(signals.next_wakeup());
  REQUIRE(signals.take_fates().empty());
}

TEST_CASE("what is never acknowledged is tried so often and then lost for good") {
  SignalSettings settings = prompt();
  settings.drop = 1;
  Signals signals = to_training(settings);
  signals.send(drift(minute(0)));
  REQUIRE(signals.arrived(minute(24.9)).empty());
  REQUIRE(signals.outstanding() == 1);
  REQUIRE(Fates(signals)[Fate::redelivered] == 4);
  REQUIRE(run_out(signals).empty());
  REQUIRE(Fates(signals)[Fate::lost] == 1);
  REQUIRE(signals.outstanding() == 0);
}

TEST_CASE("losses and second arrivals come at their rates") {
  constexpr int kSignals = 20'000;
  SignalSettings settings;
  settings.drop = 0.5;
  settings.duplicate = 0.2;
  settings.attempts = 3;
  Signals signals = to_training(settings);
  for (int i = 0; i < kSignals; ++i) signals.send(drift(minute(i)));
  const auto ran = double(run_out(signals).size());
  const Fates fates(signals);
  const int lost = fates[Fate::lost], duplicated = fates[Fate::duplicated];
  const auto near = [](double got, double share) {
    return std::abs(got / kSignals - share) < 4 * std::sqrt(share / kSignals);
  };
  CAPTURE(ran, lost, duplicated, fates[Fate::redelivered]);
  CHECK(fates[Fate::sent] == kSignals);
  CHECK(ran + lost == kSignals);
  CHECK(near(lost, 0.125));
  CHECK(near(fates[Fate::redelivered], 0.5 + 0.25));
  // A signal that arrives is doubled with the chance 0.2, in whichever try.
  CHECK(near(duplicated, 0.875 * 0.2));
  CHECK(fates[Fate::ignored] == duplicated);
}

TEST_CASE("a naive workflow runs on every arrival, an idempotent one on the first") {
  SignalSettings settings = prompt();
  settings.duplicate = 1;
  Signals idempotent = to_training(settings);
  settings.consumption = Consumption::naive;
  Signals naive = to_training(settings);
  idempotent.send(drift(minute(0)));
  naive.send(drift(minute(0)));
  REQUIRE(run_out(idempotent).size() == 1);
  REQUIRE(Fates(idempotent)[Fate::ignored] == 1);
  const std::vector<Delivery> twice = run_out(naive);
  REQUIRE(twice.size() == 2);
  REQUIRE(twice[1].arrival == 2);
}

TEST_CASE("a signal that is slower than its redelivery comes again and is ignored") {
  SignalSettings settings = prompt();
  settings.delay = stats::Distribution::constant(Duration::minutes(11));
  Signals signals = to_training(settings);
  signals.send(drift(minute(0)));
  const std::vector<Delivery> deliveries = run_out(signals);
  REQUIRE(deliveries.size() == 1);
  const Fates fates(signals);
  REQUIRE(fates[Fate::redelivered] == 2);  // after 5 and 10 minutes
  REQUIRE(fates[Fate::ignored] == 2);
  REQUIRE(signals.outstanding() == 0);
}

TEST_CASE("the last try may still arrive after it would have been given up") {
  SignalSettings settings = prompt();
  settings.delay = stats::Distribution::constant(Duration::minutes(11));
  settings.attempts = 1;
  Signals signals = to_training(settings);
  signals.send(drift(minute(0)));
  REQUIRE(run_out(signals).size() == 1);
  REQUIRE(Fates(signals)[Fate::lost] == 0);
}

TEST_CASE("a signal more changes the delay of none in another hour or to another workflow") {
  const auto arrival_of_last = [](bool another) {
    Signals signals = to_training({});
    if (another) signals.subscribe(SignalType::drift_detected, "rec", "rec/audit");
    if (another) signals.send(drift(minute(10)));
    signals.arrived(minute(61));
    signals.send(drift(minute(61)));
    Time last;
    while (const auto next = signals.next_wakeup()) {
      for (const Delivery& one : signals.arrived(*next)) {
        if (one.workflow == "rec/training") last = *next;
      }
    }
    return last;
  };
  REQUIRE(arrival_of_last(false) == arrival_of_last(true));
}
