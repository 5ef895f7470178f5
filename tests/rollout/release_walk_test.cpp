// Random walks of a release line, most steps of which it has to refuse: whatever is asked for,
// there is one pointer, to a version that went through gates and canary, and it moves on evidence
// alone.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "rollout/release_line.hpp"
#include "rollout/rollback.hpp"
#include "stats/random.hpp"

using namespace rehearse;
using namespace rehearse::rollout;

namespace {

enum class Asked { refused, stepped, promoted, reverted };

/// What the line looks like from outside.
struct View {
  std::string pointer;
  std::size_t moves = 0;
  int violations = 0;
  std::map<std::string, State> states;
};

class Walk {
 public:
  Walk(std::uint64_t seed, std::uint64_t run, const ReleasePolicy& policy)
      : stream_(seed, run, "walk"), line_("v1", policy) {
    for (const Transition& transition : transitions()) events_.push_back(transition.event);
    procedures_ = shipped_procedures();
  }

  void step() {
    now_ = now_ + Duration::seconds(static_cast<std::int64_t>(stream_.below(3)));
    const View before = view();
    subject_ = subject();
    Asked asked = Asked::refused;
    try {
      asked = ask(before);
    } catch (const IllegalMove&) {
    } catch (const IllegalTransition&) {
    }
    check(before, asked);
    ++count_[asked];
  }

  const std::map<Asked, int>& count() const { return count_; }
  int refused_reverts() const { return refused_reverts_; }

 private:
  static std::string name(std::uint64_t number) { return "v" + std::to_string(number); }

  /// One of the newest versions, the next one, or any.
  std::string subject() {
    if (stream_.chance(0.2)) return name(1 + stream_.below(versions_ + 1));
    return name(versions_ + 1 - stream_.below(std::min<std::uint64_t>(versions_ + 1, 4)));
  }

  View view() const {
    View view{line_.pointer(), line_.moves().size(), line_.violations(), {}};
    for (std::uint64_t i = 1; i <= versions_; ++i) {
      view.states[name(i)] = line_.token(name(i)).state();
    }
    return view;
  }

  Asked ask(const View& before) {
    switch (stream_.below(12)) {
      case 0:
        return add();
      case 1:
        return promoted(line_.promote(subject_, CanaryPass{stream_.chance(0.5)}, now_));
      case 2:
        return promoted(line_.promote(subject_, win(before), now_));
      case 3:
        return revert(before);
      case 4:
        if (stream_.chance(0.7)) return Asked::refused;
        line_.roll_back(subject_, procedures_[stream_.below(procedures_.size())], now_);
        return Asked::stepped;
      case 5:
        return of_a_person();
      case 6:
        line_.rollback_finished(subject_, now_);
        return Asked::stepped;
      default:
        line_.request(subject_, event_for(subject_), now_);
        return Asked::stepped;
    }
  }

  static Asked promoted(bool moved) { return moved ? Asked::promoted : Asked::stepped; }

  TestWin win(const View& before) {
    TestWin win{"t", before.pointer};
    if (stream_.chance(0.3)) win.control = name(1 + stream_.below(9));
    win.missed = stream_.chance(0.2);
    win.by_person = stream_.chance(0.5);
    return win;
  }

  Asked add() {
    const Proof proof = stream_.chance(0.5) ? Proof::canary : Proof::test;
    if (stream_.chance(0.3)) {
      line_.fork(subject_, proof);
    } else {
      line_.add(subject_, proof);
    }
    ++versions_;
    proofs_[subject_] = proof;
    return Asked::stepped;
  }

  Asked revert(const View& before) {
    Rollback rollback{stream_.chance(0.8) ? before.pointer : subject_,
                      procedures_[stream_.below(procedures_.size())], stream_.chance(0.5)};
    const bool alone = !line_.version_before();
    const Revert done = line_.revert(rollback, now_);
    REQUIRE((done == Revert::refused) == alone);
    refused_reverts_ += alone ? 1 : 0;
    if (done != Revert::done) return Asked::stepped;
    REQUIRE(rollback.version == before.pointer);
    REQUIRE((rollback.procedure.automation == Automation::full || rollback.confirmed));
    return Asked::reverted;
  }

  Asked of_a_person() {
    const Event event = event_for(subject_);
    switch (stream_.below(3)) {
      case 0:
        line_.ask_person(subject_, event, now_);
        break;
      case 1:
        line_.approve(subject_, now_);
        break;
      default:
        line_.decide(subject_, event, now_);
    }
    return Asked::stepped;
  }

  /// Mostly one that the version's state knows, and seldom one that ends its release.
  Event event_for(const std::string& version) {
    std::vector<Event> known;
    if (stream_.chance(0.8) && proofs_.contains(version)) {
      for (const Transition& transition : transitions()) {
        if (transition.from != line_.token(version).state()) continue;
        if (transition.to == State::rollback && stream_.chance(0.9)) continue;
        known.push_back(transition.event);
      }
    }
    if (known.empty()) known = events_;
    return known[stream_.below(known.size())];
  }

  void check(const View& before, Asked asked) {
    const View after = view();
    const bool moved = asked == Asked::promoted || asked == Asked::reverted;
    REQUIRE(after.moves == before.moves + (moved ? 1 : 0));
    REQUIRE((after.pointer != before.pointer) == moved);
    if (asked == Asked::refused) REQUIRE(after.states == before.states);
    if (asked == Asked::promoted) check_promotion(before, after);
    if (asked == Asked::reverted) check_reversion(before);
    REQUIRE(line_.pointer() == standing_.back());
    REQUIRE(line_.version_before().has_value() == (standing_.size() > 1));
    for (const auto& [version, state] : after.states) check_version(version, state);
  }

  void check_promotion(const View& before, const View& after) {
    REQUIRE(after.pointer == subject_);
    const PointerMove& move = line_.moves().back();
    REQUIRE(move.from == before.pointer);
    REQUIRE(move.to == after.pointer);
    if (const auto* win = std::get_if<TestWin>(&move.evidence)) {
      REQUIRE(before.states.at(subject_) == State::ab_test);
      REQUIRE((win->control == before.pointer || win->missed));
      REQUIRE(after.violations == before.violations + (win->control == before.pointer ? 0 : 1));
    } else {
      REQUIRE(std::holds_alternative<CanaryPass>(move.evidence));
      REQUIRE(before.states.at(subject_) == State::kayenta_analysis);
      REQUIRE(proofs_.at(subject_) == Proof::canary);
    }
    std::set<Event> passed;
    for (const Step& step : line_.token(subject_).history()) passed.insert(step.event);
    REQUIRE(passed.contains(Event::metrics_pass_gates));
    REQUIRE(passed.contains(Event::canary_passes));
    standing_.push_back(subject_);
    quarantined_.erase(subject_);
  }

  void check_reversion(const View& before) {
    REQUIRE(std::holds_alternative<Rollback>(line_.moves().back().evidence));
    REQUIRE(line_.token(before.pointer).rolling_back_since() == now_);
    standing_.pop_back();
    quarantined_.insert(before.pointer);
  }

  void check_version(const std::string& version, State state) {
    const bool stands = std::count(standing_.begin(), standing_.end(), version) == 1;
    REQUIRE(line_.standing(version) == stands);
    REQUIRE(line_.quarantined(version) == quarantined_.contains(version));
    if (stands) {
      REQUIRE((state == State::production || state == State::monitoring ||
               state == State::degraded_mode));
    } else if (takes_traffic(state) && !line_.token(version).untrained()) {
      check_candidate(line_.token(version));
    }
  }

  /// One that members may see and that is not released: on trial, waiting for its test, or asked
  /// about.
  void check_candidate(const Release& token) {
    const State state = token.state();
    if (state == State::kayenta_analysis || state == State::ab_test) return;
    REQUIRE(proofs_.at(token.version()) == Proof::test);
    if (state == State::production) {
      const Event last = token.history().back().event;
      REQUIRE((last == Event::canary_passes || last == Event::issue_resolved));
    } else {
      REQUIRE(token.waiting_for_person());
    }
  }

  stats::Stream stream_;
  ReleaseLine line_;
  std::vector<Event> events_;
  std::vector<Procedure> procedures_;
  Time now_;
  std::string subject_;
  std::uint64_t versions_ = 1;
  std::map<std::string, Proof> proofs_{{"v1", Proof::canary}};
  std::vector<std::string> standing_{"v1"};  ///< what has to stand, by the moves alone
  std::set<std::string> quarantined_;
  std::map<Asked, int> count_;
  int refused_reverts_ = 0;
};

}  // namespace

TEST_CASE("on any walk there is one pointer, and it moves on evidence alone") {
  const std::uint64_t seed = 103;
  std::map<Asked, int> count;
  int refused_reverts = 0;
  for (std::uint64_t run = 0; run < 2000; ++run) {
    CAPTURE(seed, run);
    ReleasePolicy policy;
    if (run % 2 == 1) policy.manual = {Event::canary_passes, Event::winner_deployed};
    Walk walk(seed, run, policy);
    for (int i = 0; i < 200; ++i) walk.step();
    for (const auto& [asked, times] : walk.count()) count[asked] += times;
    refused_reverts += walk.refused_reverts();
  }
  // The walks have gone where it matters.
  REQUIRE(count[Asked::refused] > 10'000);
  REQUIRE(count[Asked::promoted] > 1000);
  REQUIRE(count[Asked::reverted] > 300);
  REQUIRE(refused_reverts > 300);
}
