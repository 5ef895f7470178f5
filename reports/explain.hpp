// Why an entity or a derived edge was stale at a time: its story, and one sentence that names the
// cause.
//
// Of a version of a model it is told as well why it was trained, what it passed and what ended it.
//
// The trace is replayed into a recorder, so what is found here is what the run's own recorder
// found: the cause at the end is that of `divergences` in summary.json.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "reports/explain_story.hpp"

namespace rehearse::reports {

struct Explanation {
  Subject subject;
  std::string type;  ///< of an entity
  std::string scenario;
  std::uint64_t seed = 1;
  Time at;
  std::vector<StoryLine> story;
  std::string state;          ///< stale, unindexed, misanswered, fresh, absent; of an edge missing,
                              ///< outdated, fresh, absent
  std::optional<Time> since;  ///< when what is wrong began to be
  std::string cause;          ///< as in `divergences`; empty where nothing is wrong
  std::string sentence;
  /// Of a version of a model that a lifecycle has trained: what became of it, in lines and in a
  /// sentence; else empty.
  std::vector<StoryLine> version_story = {};
  std::string version_sentence = {};
};

/// Explains the state at `at`, or at the end of the run. Throws InputError for a trace that cannot
/// be read, a time after the end, and a subject that the run did not have, with the nearest.
Explanation explain(const std::filesystem::path& trace, const Subject& subject,
                    std::optional<Time> at);

/// For a terminal of 80 columns; what became of a version comes first, the sentence is the last
/// paragraph.
std::string explanation_text(const Explanation& explanation);
std::string explanation_json(const Explanation& explanation);

}  // namespace rehearse::reports
