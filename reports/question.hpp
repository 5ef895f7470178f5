// Questions that practitioners put to the graph, held against the truth: the metrics answers.*.
//
// A scenario's `questions` are asked at every multiple of their period up to the end of `duration`;
// models that take decisions (a drift alert, a verdict on a canary, a rollback) ask at their own
// times. An answer is a set of URIs. It *missed* what is true and absent from it, and holds what is
// *outdated*; it is *wrong* when either is so, and *misleading* when it is wrong although the
// entity asked about and every entity in the answer were verified within `acceptable_staleness`:
// nothing in it warned the reader.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/config.hpp"
#include "base/time.hpp"
#include "mds/service.hpp"
#include "mds/store.hpp"
#include "reports/metrics.hpp"
#include "world/oracle.hpp"

namespace rehearse::reports {

struct Question {
  Duration every;
  std::string ask;     ///< ab-tests, models, upstream, downstream, impact or find
  std::string entity;  ///< URI
};

/// Parses the array `questions`. Throws InputError.
std::vector<Question> parse_questions(const config::Node& node);

/// How an answer compares with the truth.
struct Verdict {
  std::vector<std::string> missed;
  std::vector<std::string> outdated;
  bool misleading = false;
  bool wrong() const { return !missed.empty() || !outdated.empty(); }
};

class Answers {
 public:
  explicit Answers(Duration acceptable_staleness) : acceptable_(acceptable_staleness) {}

  /// Compares the service's answer with the oracle's. This is the hook for whoever drives a run.
  Verdict ask(const std::string& ask, const std::string& entity, const mds::QueryAnswer& answer,
              const mds::Store& store, const world::Oracle& oracle, Time now);

  /// Compares two answers (sorted). `verified` says when an entity was last verified, if ever.
  using Verified = std::function<std::optional<Time>(const std::string& uri)>;
  Verdict judge(const std::string& entity, const std::vector<std::string>& answer,
                const std::vector<std::string>& truth, const Verified& verified, Time now);

  void add_to(Metrics& metrics) const;

 private:
  Duration acceptable_;
  std::uint64_t asked_ = 0;
  std::uint64_t wrong_ = 0;
  std::uint64_t missed_ = 0;
  std::uint64_t outdated_ = 0;
  std::uint64_t misleading_ = 0;
  std::uint64_t cached_ = 0;
};

}  // namespace rehearse::reports
