// What is asked of the graph, and how an answer compares with the truth.
//
// People, scenarios and models that act in the simulation ask alike. An answer is a set of URIs. It
// *missed* what is true and absent from it, and holds what is *outdated*; it is *wrong* when either
// is so, and *misleading* when it is wrong although the entity asked about and every entity in the
// answer were verified lately: nothing in it warned the reader.
#pragma once

#include <compare>
#include <functional>
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

/// What whoever reads an answer takes for recent.
struct Recency {
  std::function<std::optional<Time>(const std::string& uri)> verified;  ///< when last, if ever
  Duration acceptable;                                                  ///< staleness
};

/// Compares an answer about `entity`, read at `now`, with the true one. Both are sorted.
Verdict judge(const std::string& entity, const std::vector<std::string>& answer,
              const std::vector<std::string>& truth, const Recency& recency, Time now);

}  // namespace rehearse::world
