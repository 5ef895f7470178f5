// Which step decided it: the prefixes of a schedule, each with all its continuations.
#include <set>

#include "explore/tell/shrink.hpp"

namespace rehearse::explore {
namespace {

/// The same scenario with one property: what violates another one is followed all the same.
Setup asking_for(const Setup& setup, Property property) {
  Setup one = setup;
  for (std::size_t i = 0; i < kProperties; ++i)
    one.settings.ignored.insert(static_cast<Property>(i));
  one.settings.ignored.erase(property);
  return one;
}

/// Looks for continuations that keep the property. States from which there is none are remembered.
class Search {
 public:
  /// `digest`: that a continuation is to end in, where the property is the order.
  Search(System& system, std::optional<std::uint64_t> digest, std::uint64_t limit)
      : system_(system), digest_(digest), limit_(limit) {}

  enum class Found : std::uint8_t { right, none, unknown };

  Found from_here() {
    if (system_.complete()) return ends_well() ? Found::right : Found::none;
    const Fingerprint here = system_.fingerprint();
    if (!visited_.insert(here).second) return Found::none;
    const Found found = from_choices();
    if (found != Found::none) visited_.erase(here);
    return found;
  }

 private:
  Found from_choices() {
    for (const Choice& choice : system_.enabled()) {
      if (limit_ == 0) return Found::unknown;
      --limit_;
      system_.push();
      const Found found = system_.apply(choice).empty() ? from_here() : Found::none;
      system_.pop();
      if (found != Found::none) return found;
    }
    return Found::none;
  }

  bool ends_well() const { return !digest_ || system_.digest() == *digest_; }

  System& system_;
  std::optional<std::uint64_t> digest_;
  std::uint64_t limit_;
  std::set<Fingerprint> visited_;
};

}  // namespace

// A prefix of a prefix with a right continuation has one too, so the first without one decides.
std::optional<std::size_t> critical_step(const Excerpt& excerpt, const std::vector<Choice>& steps,
                                         Property property, std::uint64_t limit) {
  const Setup setup = asking_for(excerpt.setup(), property);
  System system(setup, excerpt.truth());
  Search search(system, property == Property::order ? excerpt.undisturbed() : std::nullopt, limit);
  for (std::size_t taken = 0; taken < steps.size(); ++taken) {
    const Search::Found found = search.from_here();
    if (found == Search::Found::unknown) return std::nullopt;
    if (found == Search::Found::none) return taken;
    system.apply(steps[taken]);
  }
  return steps.size();
}

}  // namespace rehearse::explore
