// From a schedule that violates a property to one that a person can follow.
//
// The steps are shrunk by delta debugging (ddmin.hpp). Leaving out a change of the script leaves it
// out of the world: its event is never on the bus. Steps that are no longer possible when others
// are left out fall away with them; choices are named so that the rest keep their meaning
// (choice.hpp). Nothing is added: an event whose delivery was left out stays on the bus, and as
// long as something is pending, events are not quiet and nothing is asked of them. Then steps are
// made plainer where that still violates it (a call that is answered as things are in place
// of one that fails), put in the order an undisturbed system takes them in, and shrunk again.
//
// What is shrunk is a violation of one property, which stays that property: a schedule that comes
// to violate another one instead is another counterexample. The result is locally minimal: left
// without any one of its steps it does not violate the property.
//
// The *critical step* is the last one before which some continuation still kept the property, over
// all continuations with the same changes: what comes after it only brings to light what is
// decided. Of the other properties nothing is asked: a continuation may break them and go on.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "explore/tell/trial.hpp"

namespace rehearse::explore {

/// A scenario of which only some changes happen. Events are numbered anew.
class Excerpt {
 public:
  /// `changes`: places in the script, ascending. REQUIRES: `whole` outlives this.
  Excerpt(const Setup& whole, std::vector<std::size_t> changes);
  /// All changes that do anything.
  explicit Excerpt(const Setup& whole);

  const Setup& whole() const { return *whole_; }
  const Setup& setup() const { return *setup_; }
  const ScriptedTruth& truth() const { return *truth_; }
  const std::vector<std::size_t>& changes() const { return changes_; }
  /// The place in the whole script of the change with that event; nullopt for an event that
  /// announces what exists at the start.
  std::optional<std::size_t> place_of(std::size_t event) const;
  /// The event of a change; 0 when it does not happen here.
  std::size_t event_of(std::size_t place) const;
  /// A choice of `other` (an excerpt of the same scenario) as it is named here; nullopt when it is
  /// about a change that does not happen here.
  std::optional<Choice> translated(const Choice& choice, const Excerpt& other) const;
  /// The digest in which complete schedules should end (undisturbed_digest); worked out when first
  /// asked for.
  std::optional<std::uint64_t> undisturbed() const;

  Trial run(const std::vector<Choice>& steps, const TrialOptions& options = {}) const;

 private:
  void keep_effective();

  const Setup* whole_;
  std::vector<std::size_t> changes_;
  std::unique_ptr<const Setup> setup_;  // ScriptedTruth refers to it
  std::unique_ptr<const ScriptedTruth> truth_;
  mutable std::optional<std::optional<std::uint64_t>> undisturbed_;
};

struct Shrunk {
  std::unique_ptr<const Excerpt> excerpt;
  std::vector<Choice> steps;
  Violation violation;  ///< at the last step
  /// Number of the critical step; 0: with these changes nothing could come out right; nullopt: not
  /// found within the limit.
  std::optional<std::size_t> critical;
  std::uint64_t trials = 0;  ///< schedules that shrinking ran
};

/// Steps that the search for the critical one takes at most.
inline constexpr std::uint64_t kCriticalSteps = 200'000;

/// `property`: that it is a counterexample of; nullopt: the first that its last step violates.
/// REQUIRES: the schedule violates it in `setup`, which outlives the result.
Shrunk shrink(const Setup& setup, const std::vector<Choice>& schedule,
              std::optional<Property> property = {}, std::uint64_t limit = kCriticalSteps);

/// `property`: that the steps violate. `limit`: steps that the search for continuations may take.
std::optional<std::size_t> critical_step(const Excerpt& excerpt, const std::vector<Choice>& steps,
                                         Property property, std::uint64_t limit);

}  // namespace rehearse::explore
