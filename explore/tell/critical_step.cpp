// Which step decided it: the prefixes of a schedule, each with all its continuations.
#include <set>

#include "explore/tell/shrink.hpp"

namespace rehearse::explore {
namespace {

/// Looks for continuations that come out right. States from which there is none are remembered.
class Search {
 public:
  Search(const Excerpt& excerpt, System& system, std::uint64_t limit)
      : excerpt_(excerpt), system_(system), limit_(limit) {}

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

  bool ends_well() const {
    return !excerpt_.setup().settings.checks(Property::order) ||
           system_.digest() == excerpt_.undisturbed();
  }

  const Excerpt& excerpt_;
  System& system_;
  std::uint64_t limit_;
  std::set<Fingerprint> visited_;
};

}  // namespace

// A prefix of a prefix with a right continuation has one too, so the first without one decides.
std::optional<std::size_t> critical_step(const Excerpt& excerpt, const std::vector<Choice>& steps,
                                         std::uint64_t limit) {
  System system(excerpt.setup(), excerpt.truth());
  Search search(excerpt, system, limit);
  for (std::size_t taken = 0; taken < steps.size(); ++taken) {
    const Search::Found found = search.from_here();
    if (found == Search::Found::unknown) return std::nullopt;
    if (found == Search::Found::none) return taken;
    system.apply(steps[taken]);
  }
  return steps.size();
}

}  // namespace rehearse::explore
