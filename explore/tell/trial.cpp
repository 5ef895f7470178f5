#include "explore/tell/trial.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace rehearse::explore {
namespace {

/// Runs choices on a system until one violates a property.
class Run {
 public:
  Run(const Setup& setup, const ScriptedTruth& truth, Trial& trial, const TrialOptions& options)
      : system_(setup, truth), trial_(trial) {
    if (options.record) system_.record(&trial.records);
  }

  bool take(const Choice& choice) {
    trial_.violations = system_.apply(choice);
    trial_.taken.push_back(choice);
    return trial_.violations.empty();
  }

  bool finish() {
    while (!system_.complete()) {
      if (!take(next_in_peace(system_))) return false;
    }
    return true;
  }

  void end(std::optional<std::uint64_t> expected) {
    trial_.complete = system_.complete();
    trial_.fingerprint = system_.fingerprint();
    trial_.digest = system_.digest();
    const bool ordered = system_.setup().settings.checks(Property::order);
    if (!trial_.complete || !ordered || !expected || trial_.digest == *expected) return;
    trial_.violations.push_back(
        {Property::order, "the schedule ends in another graph than the undisturbed one"});
  }

  const System& system() const { return system_; }

 private:
  System system_;
  Trial& trial_;
};

}  // namespace

const Violation* Trial::violation_of(Property property) const {
  const auto found = std::find_if(violations.begin(), violations.end(),
                                  [&](const Violation& v) { return v.property == property; });
  return found == violations.end() ? nullptr : &*found;
}

Trial run_trial(const Setup& setup, const ScriptedTruth& truth, const std::vector<Choice>& schedule,
                const TrialOptions& options, std::optional<std::uint64_t> expected) {
  Trial trial;
  Run run(setup, truth, trial, options);
  bool held = true;
  for (std::size_t i = 0; i < schedule.size() && held; ++i) {
    if (run.system().is_enabled(schedule[i])) {
      held = run.take(schedule[i]);
    } else if (options.strict) {
      throw InputError("step " + std::to_string(i + 1) + " (" + text_of(schedule[i]) +
                       ") is not possible there");
    }
  }
  if (held && options.finish) run.finish();
  run.end(expected);
  return trial;
}

// Choices are sorted in the order in which such a system takes them.
Choice next_in_peace(const System& system) { return system.enabled().front(); }

Trial undisturbed(const Setup& setup, const ScriptedTruth& truth) {
  TrialOptions options;
  options.finish = true;
  return run_trial(setup, truth, {}, options);
}

std::optional<std::uint64_t> undisturbed_digest(const Setup& setup, const ScriptedTruth& truth) {
  const Trial trial = undisturbed(setup, truth);
  if (!trial.violations.empty()) return std::nullopt;
  return trial.digest;
}

}  // namespace rehearse::explore
