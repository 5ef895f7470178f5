// One schedule run from the start: what replay, shrinking and random exploration are made of.
//
// A schedule is a list of choices. A choice that is not possible where it comes up is left out
// (some step before it was removed), or, on request, is an error. At its end the schedule may be
// finished in peace: from then on what an undisturbed system would do, until it is complete. The
// run ends at the first step that violates a property.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "explore/system/system.hpp"

namespace rehearse::explore {

struct TrialOptions {
  bool strict = false;  ///< throw InputError at a choice that is not possible
  bool finish = false;  ///< go on in peace after the last choice
  bool record = false;  ///< fill Trial::records
};

struct Trial {
  std::vector<Choice> taken;          ///< the schedule as it was run
  std::vector<StepRecord> records;    ///< of each step taken
  std::vector<Violation> violations;  ///< of the last step; empty when all held
  bool complete = false;              ///< the schedule came to its end
  Fingerprint fingerprint;            ///< at the end
  std::uint64_t digest = 0;           ///< of the graph at the end

  /// nullptr where it held.
  const Violation* violation_of(Property property) const;
  bool violates(Property property) const { return violation_of(property) != nullptr; }
};

/// `expected` is the digest that every complete schedule should end in (Property::order); without
/// it the order is not checked.
Trial run_trial(const Setup& setup, const ScriptedTruth& truth, const std::vector<Choice>& schedule,
                const TrialOptions& options = {}, std::optional<std::uint64_t> expected = {});

/// What an undisturbed system does next: nothing is lost or repeated, calls are answered as things
/// are, the script goes on when nothing else is to be done.
Choice next_in_peace(const System& system);

/// The undisturbed schedule, from the start to its end or to the step that violates a property.
Trial undisturbed(const Setup& setup, const ScriptedTruth& truth);

/// The digest that every complete schedule should end in (Property::order): that of the undisturbed
/// one. nullopt when that one violates a property itself: where it ends says nothing then.
std::optional<std::uint64_t> undisturbed_digest(const Setup& setup, const ScriptedTruth& truth);

}  // namespace rehearse::explore
