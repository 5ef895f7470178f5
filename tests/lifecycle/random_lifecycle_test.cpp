// Whatever happens in a random lifecycle, the invariants hold; and much does happen.
#include "random_lifecycle.hpp"

#include <catch2/catch.hpp>
#include <map>

using namespace rehearse;
using namespace rehearse::lifecycle;

namespace {

/// What has happened, over all lifecycles: without it the invariants would hold idly.
class Seen {
 public:
  void add(const Fact& fact, Time now) {
    now_ = now;
    std::visit([this](const auto& one) { tell(one); }, fact.what);
  }
  int times(const std::string& what) const {
    const auto found = times_.find(what);
    return found == times_.end() ? 0 : found->second;
  }

 private:
  template <class Other>
  void tell(const Other&) {}
  void tell(const Promoted&) { ++times_["promoted"]; }
  void tell(const GatesDecided& one) { ++times_[one.rejected_by ? "rejected" : "registered"]; }
  void tell(const CanaryDecided& one) {
    static const char* const kNames[] = {"passed", "failed", "marginal", "ended"};
    ++times_[kNames[int(one.outcome)]];
    if (one.no_data) ++times_["no data"];
  }
  void tell(const RollbackTriggered& one) {
    if (one.procedure != "canary-failure") ++times_["rolled back"];
  }
  void tell(const RollbackRecovered& one) {
    if (now_ - one.triggered > *one.limit) ++times_["late"];
  }
  void tell(const RollbackRefused&) { ++times_["refused"]; }
  void tell(const PersonAsked& one) { ++times_[one.escalated ? "escalated" : "asked"]; }
  void tell(const TrainingAsked& one) {
    static const char* const kNames[] = {"queued", "busy", "capped"};
    ++times_[kNames[int(one.fate)]];
  }
  void tell(const TrainingEnded& one) {
    if (!one.succeeded) ++times_["training failed"];
  }
  void tell(const SignalFate& one) {
    if (one.fate == SignalFate::Fate::lost) ++times_["signal lost"];
    if (one.fate == SignalFate::Fate::ignored) ++times_["signal ignored"];
  }
  /// Passing without data is the one unsafe setting among those that are drawn.
  void tell(const Violated& one) {
    ++times_[one.invariant == "I3" ? "passed blindly" : "violated"];
  }

  Time now_;
  std::map<std::string, int> times_;
};

void run_all(std::uint64_t count) {
  Seen seen;
  for (std::uint64_t seed = 1; seed <= count; ++seed) {
    const auto broken =
        first_violation(seed, [&](const Fact& fact, Time now) { seen.add(fact, now); });
    if (broken) FAIL(*broken);
  }
  for (const char* what :
       {"promoted", "rejected",        "registered",  "passed",         "failed",
        "marginal", "ended",           "no data",     "rolled back",    "late",
        "refused",  "asked",           "escalated",   "queued",         "busy",
        "capped",   "training failed", "signal lost", "signal ignored", "passed blindly"}) {
    CAPTURE(what, count);
    CHECK(seen.times(what) > 0);
  }
  CHECK(seen.times("violated") == 0);
}

}  // namespace

TEST_CASE("random lifecycles keep the invariants") { run_all(100); }

TEST_CASE("10 000 random lifecycles keep the invariants", "[long]") { run_all(10'000); }
