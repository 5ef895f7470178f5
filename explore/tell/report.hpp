// What an exploration found, in words and in files.
//
// Three verdicts: *holds* (every schedule within the budgets was explored), *violated*, and *not
// exhausted* (nothing was found in what was covered). Files: summary.json and junit.xml, and per
// violated property counterexample-PROPERTY.json (run again with --replay), .txt (the story), .mmd
// (Mermaid) and .svg. None holds a time, a path or the number of threads.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "explore/sampling/sampling.hpp"
#include "explore/search/exhaustive.hpp"
#include "explore/tell/shrink.hpp"

namespace rehearse::explore {

enum class Outcome : std::uint8_t { holds, violated, not_exhausted };

std::string_view name_of(Outcome outcome);

/// One of the two searches, and what was made of its findings.
struct Exploration {
  std::string scenario;
  std::uint64_t seed = 1;
  std::string version;
  std::optional<Exhaustive> exhaustive;
  std::optional<Sampled> sampled;
  Method method = Method::pct;   ///< of `sampled`
  std::vector<Shrunk> examples;  ///< one per violated property
  std::vector<Property> checked;
  std::set<Property> ignored;        ///< switched off by the scenario
  std::optional<Property> no_order;  ///< order_cannot_be_judged(); order is then not `checked`
  bool round_assumed = false;        ///< assumes_round()
  bool require_complete = false;     ///< "not exhausted" is a failure

  Outcome outcome() const;
};

/// The properties that are checked: what the scenario does not switch off, and what there is
/// something to check of (a search index, answers that are kept, enrichment).
std::vector<Property> checked_properties(const Setup& setup);

/// What the undisturbed schedule violates itself, where the order would be checked: there is then
/// no graph that schedules should end in.
std::optional<Property> order_cannot_be_judged(const Setup& setup, const Trial& undisturbed);

/// Schedules end with a round of reconciliation that the service, by its settings, never makes.
bool assumes_round(const Setup& setup);

/// `replay` is the command that runs a counterexample again, as it is to be shown; "{}" in it
/// stands for the file's name.
std::string report_text(const Exploration& exploration, const std::string& replay);
std::string report_summary(const Exploration& exploration);
std::string report_junit(const Exploration& exploration);

/// "counterexample-P1.json".
std::string example_file(const Shrunk& example);

/// All files, by name.
std::map<std::string, std::string> report_files(const Exploration& exploration);
/// The names that report_files() may give, whatever was found.
std::set<std::string> report_names();

}  // namespace rehearse::explore
