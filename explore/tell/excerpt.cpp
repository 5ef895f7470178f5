#include <algorithm>
#include <cassert>
#include <numeric>

#include "explore/tell/shrink.hpp"

namespace rehearse::explore {

Excerpt::Excerpt(const Setup& whole, std::vector<std::size_t> changes)
    : whole_(&whole), changes_(std::move(changes)) {
  assert(std::is_sorted(changes_.begin(), changes_.end()));
  assert(changes_.empty() || changes_.back() < whole.script.size());
  keep_effective();
  Setup part = whole;
  part.script.clear();
  for (const std::size_t place : changes_) part.script.push_back(whole.script[place]);
  setup_ = std::make_unique<const Setup>(std::move(part));
  truth_ = std::make_unique<const ScriptedTruth>(*setup_);
}

Excerpt::Excerpt(const Setup& whole)
    : Excerpt(whole, [&] {
        std::vector<std::size_t> all(whole.script.size());
        std::iota(all.begin(), all.end(), std::size_t{0});
        return all;
      }()) {}

// A change of what does not exist does nothing and has no event.
void Excerpt::keep_effective() {
  world::World world(whole_->shapes);
  world::populate(world, whole_->contents);
  std::erase_if(changes_, [&](std::size_t place) {
    const world::TimedOperation& timed = whole_->script[place];
    return !world.apply(timed.operation, timed.at);
  });
}

std::optional<std::size_t> Excerpt::place_of(std::size_t event) const {
  const std::size_t start = truth_->announced_at_start();
  if (event <= start || event - start > changes_.size()) return std::nullopt;
  return changes_[event - start - 1];
}

std::size_t Excerpt::event_of(std::size_t place) const {
  const auto at = std::lower_bound(changes_.begin(), changes_.end(), place);
  if (at == changes_.end() || *at != place) return 0;
  return truth_->announced_at_start() + static_cast<std::size_t>(at - changes_.begin()) + 1;
}

std::optional<Choice> Excerpt::translated(const Choice& choice, const Excerpt& other) const {
  Choice result = choice;
  if (!names_event(choice.action)) return result;
  if (const auto place = other.place_of(choice.event)) {
    result.event = event_of(*place);
    if (result.event == 0) return std::nullopt;
  }
  return result;
}

std::optional<std::uint64_t> Excerpt::undisturbed() const {
  if (!undisturbed_) undisturbed_ = undisturbed_digest(*setup_, *truth_);
  return *undisturbed_;
}

Trial Excerpt::run(const std::vector<Choice>& steps, const TrialOptions& options) const {
  const bool ordered = setup_->settings.checks(Property::order);
  return run_trial(*setup_, *truth_, steps, options, ordered ? undisturbed() : std::nullopt);
}

}  // namespace rehearse::explore
