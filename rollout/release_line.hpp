// Who serves: the versions of one model, their tokens, and the pointer to the one in production.
//
// A token (release.hpp) says how far a version has come, the pointer who serves. The pointer moves
// by promote() and revert() alone, and only on evidence: a canary passed where no test is required,
// a test won against the version that serves, or a rollback of it. A replaced version stays
// released, so that a rollback may return to it; one that was rolled back in production is
// quarantined until it is promoted anew.
//
// Invariants, asserted after every step:
//   1. The pointer names one version, the last of those standing: released in the order of their
//      promotions and not quarantined. The version before is the one below it.
//   2. A standing version is in production, monitoring or degraded mode. What would lead it
//   elsewhere
//      is refused; the drift edges are for the forked token of the version to come. A version that
//      passed its canary and has to win a test may leave production for its test alone.
//   3. moves() leads from the first version to the pointer, each move with its evidence.
// What breaks them is an IllegalMove, and changes nothing. Sans-I/O: time is passed in.
#pragma once

#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include "base/time.hpp"
#include "rollout/release.hpp"
#include "rollout/rollback.hpp"

namespace rehearse::rollout {

/// What a version has to show before it is promoted.
enum class Proof { canary, test };

/// The version's canary passed.
struct CanaryPass {
  bool by_person = false;  ///< a person approved
};

/// The version won a test.
struct TestWin {
  std::string test;
  std::string control;  ///< the version that it won against: the pointer's
  /// A rollback left this test out, which takes its control for production still. Such a win is
  /// taken, and is a violation that is counted.
  bool missed = false;
  bool by_person = false;
};

/// A procedure was set off by the version that serves.
struct Rollback {
  std::string version;  ///< the pointer's
  Procedure procedure;
  bool confirmed = false;  ///< by a person, which a semi-automatic procedure needs
};

using Evidence = std::variant<CanaryPass, TestWin, Rollback>;

struct PointerMove {
  Time time;
  std::string from;
  std::string to;
  Evidence evidence;
};

class IllegalMove : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

enum class Revert {
  refused,  ///< there is no version to return to; nothing has changed
  asked,    ///< a person has to confirm
  done
};

class ReleaseLine {
 public:
  /// `first` is in production from the start.
  explicit ReleaseLine(const std::string& first, ReleasePolicy policy = {});

  const std::string& pointer() const { return standing_.back(); }
  const std::vector<PointerMove>& moves() const { return moves_; }
  /// Where a rollback would return to: the newest released version that is not quarantined, but for
  /// the one that serves.
  std::optional<std::string> version_before() const;
  /// Promotions on the win of a test that a rollback had missed.
  int violations() const { return violations_; }

  // Of one version. Each throws IllegalMove when there is none of that name.
  const Release& token(const std::string& version) const;
  bool standing(const std::string& version) const;
  bool quarantined(const std::string& version) const;

  /// A version in development. Throws IllegalMove for a name that is taken.
  void add(const std::string& version, Proof proof);
  /// The version that a retraining after drift will bring: a token forked from the one that serves.
  void fork(const std::string& version, Proof proof);

  // Steps of a token, as in Release. IllegalMove for those that would move the pointer or lead a
  // standing version away from production.
  bool request(const std::string& version, Event event, Time now);
  void ask_person(const std::string& version, Event proposed, Time now);
  void approve(const std::string& version, Time now);
  void decide(const std::string& version, Event instead, Time now);
  void rollback_finished(const std::string& version, Time now);
  /// A canary or test ends by a procedure. For the version that serves there is revert().
  void roll_back(const std::string& version, const Procedure& procedure, Time now);

  /// The version becomes the one that serves; false when the policy wants a person, who is asked
  /// and whose approval is evidence `by_person`. Throws IllegalMove for evidence that does not
  /// suffice, IllegalTransition for a version whose canary or test is not under way.
  bool promote(const std::string& version, const CanaryPass& evidence, Time now);
  bool promote(const std::string& version, const TestWin& evidence, Time now);

  /// The version that serves is rolled back and quarantined, and the version before serves again.
  /// Throws IllegalMove for evidence about another version, IllegalTransition for a procedure that
  /// does not start where the version is.
  [[nodiscard]] Revert revert(const Rollback& evidence, Time now);

 private:
  struct Entry {
    Release token;
    Proof proof;
    bool standing = false;
    bool quarantined = false;
  };

  Entry& entry(const std::string& version);
  const Entry& entry(const std::string& version) const;
  void insert(const std::string& version, Release token, Proof proof);
  /// Throws unless the step leaves the pointer and the standing versions where they are.
  void check_step(const std::string& version, const Entry& entry, Event event) const;
  bool promote(const std::string& version, Event event, bool by_person, const Evidence& evidence,
               Time now);
  bool sound() const;

  ReleasePolicy policy_;
  std::map<std::string, Entry> versions_;
  std::vector<std::string> standing_;  ///< released and not quarantined, oldest promotion first
  std::vector<PointerMove> moves_;
  int violations_ = 0;
};

}  // namespace rehearse::rollout
