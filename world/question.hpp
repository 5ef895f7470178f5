// What is asked of the graph, and how an answer compares with the truth.
//
// People, scenarios and models that act in the simulation ask alike. An answer is a set of URIs. It
// *missed* what is true and absent from it, and holds what is *outdated*; it is *wrong* when either
// is so, and *misleading* when it is wrong although the entity asked about and every entity in the
// answer were verified lately: nothing in it warned the reader.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <vector>

#include "base/config.hpp"
#include "base/time.hpp"

namespace rehearse::world {

struct Question {
  std::string ask;     ///< one of question_names()
  std::string entity;  ///< URI
  auto operator<=>(const Question&) const = default;
};

/// What can be asked and has a true answer (Oracle::answer): ab-tests, models, upstream, ...
const std::vector<std::string>& question_names();

/// Parses the members `ask` and `entity`. Throws InputError.
Question parse_question(config::Object& object);

struct Verdict {
  std::vector<std::string> missed;
  std::vector<std::string> outdated;
  bool misleading = false;
  bool wrong() const { return !missed.empty() || !outdated.empty(); }
};

/// An answer as whoever asked sees it.
struct ReadAnswer {
  std::vector<std::string> uris;  ///< sorted
  /// When they were last verified, if ever: the entity asked about, then each of `uris`.
  std::vector<std::optional<Time>> verified;
};

/// Compares an answer with the true one, which is sorted, too. Verified at `recent_since` or later
/// is lately.
Verdict judge(const ReadAnswer& answer, const std::vector<std::string>& truth, Time recent_since);

}  // namespace rehearse::world
