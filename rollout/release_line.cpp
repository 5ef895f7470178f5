#include "rollout/release_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

namespace rehearse::rollout {
namespace {

bool serves_in(State state) {
  return state == State::production || state == State::monitoring || state == State::degraded_mode;
}

/// The token of a version that was in production before anything was watched.
Release in_production(const std::string& version, const ReleasePolicy& policy) {
  Release token(version, policy);
  for (const Event event :
       {Event::training_complete, Event::metrics_pass_gates, Event::canary_launched,
        Event::collecting_metrics, Event::canary_passes}) {
    token.decide_automatically(event, Time{});
  }
  return token;
}

template <typename Versions>
auto& known(Versions& versions, const std::string& version) {
  const auto found = versions.find(version);
  if (found == versions.end()) throw IllegalMove(fmt::format("there is no version {}", version));
  return found->second;
}

}  // namespace

ReleaseLine::ReleaseLine(const std::string& first, ReleasePolicy policy)
    : policy_(std::move(policy)) {
  versions_.emplace(first, Entry{in_production(first, policy_), Proof::canary, true, false});
  standing_.push_back(first);
  assert(sound());
}

std::optional<std::string> ReleaseLine::version_before() const {
  if (standing_.size() < 2) return std::nullopt;
  return standing_[standing_.size() - 2];
}

const ReleaseLine::Entry& ReleaseLine::entry(const std::string& version) const {
  return known(versions_, version);
}
ReleaseLine::Entry& ReleaseLine::entry(const std::string& version) {
  return known(versions_, version);
}

const Release& ReleaseLine::token(const std::string& version) const { return entry(version).token; }
bool ReleaseLine::standing(const std::string& version) const { return entry(version).standing; }
bool ReleaseLine::quarantined(const std::string& version) const {
  return entry(version).quarantined;
}

void ReleaseLine::insert(const std::string& version, Release token, Proof proof) {
  if (!versions_.emplace(version, Entry{std::move(token), proof, false, false}).second) {
    throw IllegalMove(fmt::format("there is a version {} already", version));
  }
}

void ReleaseLine::add(const std::string& version, Proof proof) {
  insert(version, Release(version, policy_), proof);
}

void ReleaseLine::fork(const std::string& version, Proof proof) {
  insert(version, Release::forked(version, policy_), proof);
}

void ReleaseLine::check_step(const std::string& version, const Entry& entry, Event event) const {
  const auto to = next_state(entry.token.state(), event);
  if (!to) return;  // the token says so
  const bool promotion = event == Event::winner_deployed ||
                         (event == Event::canary_passes && entry.proof == Proof::canary);
  if (promotion) {
    throw IllegalMove(
        fmt::format("{} would put version {} into production; it is promoted with "
                    "its evidence",
                    to_string(event), version));
  }
  if (!entry.standing) {
    const bool early = entry.token.state() == State::production && !entry.token.untrained() &&
                       event != Event::experiment_configured;
    if (!early) return;
    throw IllegalMove(fmt::format("version {} has yet to win a test; {} is for versions that serve",
                                  version, to_string(event)));
  }
  if (serves_in(*to)) return;
  throw IllegalMove(fmt::format(
      "version {} {}; {} would lead it to {}{}", version,
      version == pointer() ? "serves" : "is released", to_string(event), to_string(*to),
      *to == State::rollback ? ", and a rollback moves the pointer with its evidence" : ""));
}

bool ReleaseLine::request(const std::string& version, Event event, Time now) {
  Entry& one = entry(version);
  check_step(version, one, event);
  const bool moved = one.token.request(event, now);
  assert(sound());
  return moved;
}

void ReleaseLine::ask_person(const std::string& version, Event proposed, Time now) {
  // Asking moves nothing, so that a person may be asked about a promotion too.
  entry(version).token.ask_person(proposed, now);
}

void ReleaseLine::approve(const std::string& version, Time now) {
  Entry& one = entry(version);
  if (const auto waiting = one.token.waiting_for_person()) check_step(version, one, *waiting);
  one.token.approve(now);
  assert(sound());
}

void ReleaseLine::decide(const std::string& version, Event instead, Time now) {
  Entry& one = entry(version);
  check_step(version, one, instead);
  one.token.decide(instead, now);
  assert(sound());
}

void ReleaseLine::rollback_finished(const std::string& version, Time now) {
  entry(version).token.rollback_finished(now);
}

void ReleaseLine::roll_back(const std::string& version, const Procedure& procedure, Time now) {
  Entry& one = entry(version);
  if (one.standing) {
    throw IllegalMove(
        fmt::format("version {} is released; only the one that serves is rolled back, "
                    "and with it the pointer",
                    version));
  }
  start(procedure, one.token, now);
}

bool ReleaseLine::promote(const std::string& version, const CanaryPass& evidence, Time now) {
  if (entry(version).proof == Proof::test) {
    throw IllegalMove(
        fmt::format("version {} has to win a test; a canary does not suffice", version));
  }
  return promote(version, Event::canary_passes, evidence.by_person, evidence, now);
}

bool ReleaseLine::promote(const std::string& version, const TestWin& evidence, Time now) {
  if (evidence.control != pointer() && !evidence.missed) {
    throw IllegalMove(fmt::format("version {} won test {} against {}, but {} serves now", version,
                                  evidence.test, evidence.control, pointer()));
  }
  const bool violation = evidence.control != pointer();
  const bool moved = promote(version, Event::winner_deployed, evidence.by_person, evidence, now);
  violations_ += moved && violation ? 1 : 0;
  return moved;
}

bool ReleaseLine::promote(const std::string& version, Event event, bool by_person,
                          const Evidence& evidence, Time now) {
  Entry& one = entry(version);
  if (by_person) {
    one.token.decide(event, now);
  } else if (!one.token.request(event, now)) {
    return false;
  }
  assert(!one.standing);  // a standing version knows neither event
  Entry& old = entry(pointer());
  old.token.withdraw();
  moves_.push_back({now, pointer(), version, evidence});
  one.standing = true;
  one.quarantined = false;
  standing_.push_back(version);
  assert(sound());
  return true;
}

Revert ReleaseLine::revert(const Rollback& evidence, Time now) {
  if (evidence.version != pointer()) {
    throw IllegalMove(fmt::format("procedure {} is about version {}, but {} serves now",
                                  evidence.procedure.name, evidence.version, pointer()));
  }
  const auto before = version_before();
  if (!before) return Revert::refused;
  Entry& one = entry(evidence.version);
  start(evidence.procedure, one.token, now);
  if (const auto last = one.token.waiting_for_person()) {
    if (!evidence.confirmed) return Revert::asked;
    one.token.approve(now);
  }
  assert(one.token.state() == State::rollback);
  moves_.push_back({now, evidence.version, *before, evidence});
  one.standing = false;
  one.quarantined = true;
  standing_.pop_back();
  assert(sound());
  return Revert::done;
}

bool ReleaseLine::sound() const {
  const auto standing = static_cast<std::size_t>(
      std::count_if(versions_.begin(), versions_.end(),
                    [](const auto& version) { return version.second.standing; }));
  const bool in_place =
      std::all_of(standing_.begin(), standing_.end(), [&](const std::string& version) {
        const Entry& one = entry(version);
        return one.standing && !one.quarantined && serves_in(one.token.state());
      });
  return !standing_.empty() && standing == standing_.size() && in_place &&
         (moves_.empty() || moves_.back().to == pointer());
}

}  // namespace rehearse::rollout
