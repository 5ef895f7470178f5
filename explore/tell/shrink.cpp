#include "explore/tell/shrink.hpp"

#include <algorithm>
#include <cassert>
#include <map>
#include <utility>

#include "explore/tell/ddmin.hpp"

namespace rehearse::explore {
namespace {

/// What could stand in the place of an action, plainest first.
std::vector<Action> plainer(Action action) {
  switch (action) {
    case Action::answer_old:
      return {Action::answer};
    case Action::time_out:
      return {Action::answer, Action::answer_old, Action::fail};
    case Action::fail:
      return {Action::answer, Action::answer_old};
    case Action::duplicate:
      return {Action::deliver};
    default:
      return {};
  }
}

class Shrinker {
 public:
  Shrinker(const Setup& setup, const std::vector<Choice>& schedule,
           std::optional<Property> property)
      : excerpt_(std::make_unique<Excerpt>(setup)) {
    const Trial trial = run(*excerpt_, schedule);
    assert(!trial.violations.empty());
    property_ = property.value_or(trial.violations.front().property);
    assert(trial.violates(property_));
    take(trial);
  }

  Shrunk shrink() {
    do {
      leave_out();
    } while (make_plainer() || put_in_order());
    Shrunk result;
    result.excerpt = std::move(excerpt_);
    result.steps = std::move(steps_);
    result.violation = std::move(violation_);
    result.trials = trials_;
    return result;
  }

 private:
  Trial run(const Excerpt& excerpt, const std::vector<Choice>& steps) {
    ++trials_;
    return excerpt.run(steps);
  }

  void take(const Trial& trial) {
    steps_ = trial.taken;
    violation_ = *trial.violation_of(property_);
  }

  /// The excerpt in which only the changes among these steps happen.
  const Excerpt& excerpt_for(const std::vector<Choice>& steps) {
    std::vector<std::size_t> changes;
    for (const Choice& step : steps) {
      if (step.action != Action::change) continue;
      changes.push_back(*excerpt_->place_of(step.event));
    }
    std::sort(changes.begin(), changes.end());
    auto& known = excerpts_[changes];
    if (!known) known = std::make_unique<Excerpt>(excerpt_->whole(), changes);
    return *known;
  }

  std::vector<Choice> translated(const std::vector<Choice>& steps, const Excerpt& to) const {
    std::vector<Choice> result;
    for (const Choice& step : steps) {
      if (auto choice = to.translated(step, *excerpt_)) result.push_back(*std::move(choice));
    }
    return result;
  }

  void leave_out() {
    for (std::size_t before = steps_.size() + 1; steps_.size() < before;) {
      before = steps_.size();
      const auto chosen = [&](const Subset& subset) {
        std::vector<Choice> steps;
        for (const std::size_t i : subset) steps.push_back(steps_[i]);
        return steps;
      };
      const auto run_subset = [&](const Subset& subset) {
        const std::vector<Choice> steps = chosen(subset);
        const Excerpt& excerpt = excerpt_for(steps);
        return run(excerpt, translated(steps, excerpt));
      };
      const Subset kept = ddmin(steps_.size(), [&](const Subset& s) {
                            return run_subset(s).violates(property_);
                          }).kept;
      const Trial trial = run_subset(kept);
      const std::vector<std::size_t> changes = excerpt_for(chosen(kept)).changes();
      take(trial);
      excerpt_ = std::make_unique<Excerpt>(excerpt_->whole(), changes);
    }
  }

  bool adopt(const std::vector<Choice>& steps) {
    const Trial trial = run(*excerpt_, steps);
    if (!trial.violates(property_) || trial.taken.size() > steps_.size()) return false;
    take(trial);
    return true;
  }

  bool make_plainer() {
    bool changed = false;
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      for (const Action action : plainer(steps_[i].action)) {
        std::vector<Choice> steps = steps_;
        steps[i].action = action;
        if (!adopt(steps)) continue;
        changed = true;
        break;
      }
    }
    return changed;
  }

  /// Every exchange makes the list smaller in the order of choices, so this comes to an end.
  bool put_in_order() {
    bool changed = false;
    for (std::size_t i = 0; i + 1 < steps_.size();) {
      std::vector<Choice> steps = steps_;
      std::swap(steps[i], steps[i + 1]);
      if (steps < steps_ && adopt(steps)) {
        changed = true;
        i = i > 0 ? i - 1 : 0;
      } else {
        ++i;
      }
    }
    return changed;
  }

  std::unique_ptr<Excerpt> excerpt_;
  std::vector<Choice> steps_;  // in the words of excerpt_
  Property property_{};        // what goes wrong otherwise is another counterexample
  Violation violation_;
  std::uint64_t trials_ = 0;
  std::map<std::vector<std::size_t>, std::unique_ptr<Excerpt>> excerpts_;
};

}  // namespace

Shrunk shrink(const Setup& setup, const std::vector<Choice>& schedule,
              std::optional<Property> property, std::uint64_t limit) {
  Shrunk example = Shrinker(setup, schedule, property).shrink();
  example.critical =
      critical_step(*example.excerpt, example.steps, example.violation.property, limit);
  return example;
}

}  // namespace rehearse::explore
