#include "plain_search.hpp"

#include <set>

namespace rehearse::test {

using namespace explore;

namespace {

bool search(System& system, std::vector<Choice>& path, std::set<Fingerprint>& seen,
            std::optional<std::uint64_t> expected) {
  if (system.complete()) {
    return system.setup().settings.checks(Property::order) && expected &&
           system.digest() != *expected;
  }
  if (!seen.insert(system.fingerprint()).second) return false;
  for (const Choice& choice : system.enabled(true)) {
    path.push_back(choice);
    system.push();
    const bool found = !system.apply(choice).empty() || search(system, path, seen, expected);
    system.pop();
    if (found) return true;
    path.pop_back();
  }
  return false;
}

}  // namespace

std::optional<std::vector<Choice>> first_violation(const Setup& setup, const ScriptedTruth& truth) {
  System system(setup, truth);
  std::vector<Choice> path;
  std::set<Fingerprint> seen;
  if (!search(system, path, seen, undisturbed_digest(setup, truth))) return std::nullopt;
  return path;
}

bool fails_without(const Shrunk& example, std::size_t place) {
  const Excerpt& had = *example.excerpt;
  std::vector<std::size_t> changes = had.changes();
  if (example.steps[place].action == Action::change) {
    std::erase(changes, *had.place_of(example.steps[place].event));
  }
  const Excerpt excerpt(had.whole(), changes);
  std::vector<Choice> steps;
  for (std::size_t i = 0; i < example.steps.size(); ++i) {
    const auto choice = excerpt.translated(example.steps[i], had);
    if (i != place && choice) steps.push_back(*choice);
  }
  return excerpt.run(steps).violates(example.violation.property);
}

}  // namespace rehearse::test
