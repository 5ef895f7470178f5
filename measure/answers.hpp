// The questions of a scenario and what became of them: the metrics answers.*.
//
// A scenario's `questions` are asked at every multiple of their period up to the end of `duration`.
#pragma once

#include <cstdint>
#include <vector>

#include "base/config.hpp"
#include "base/time.hpp"
#include "measure/metrics.hpp"
#include "world/question.hpp"

namespace rehearse::measure {

struct PeriodicQuestion {
  Duration every;
  world::Question question;
};

/// Parses the array `questions`. Throws InputError.
std::vector<PeriodicQuestion> parse_questions(const config::Node& node);

/// Counts answers.
class Answers {
 public:
  /// `cached`: an earlier answer was given again.
  void count(const world::Verdict& verdict, bool cached);

  void add_to(Metrics& metrics) const;

 private:
  std::uint64_t asked_ = 0;
  std::uint64_t wrong_ = 0;
  std::uint64_t missed_ = 0;
  std::uint64_t outdated_ = 0;
  std::uint64_t misleading_ = 0;
  std::uint64_t cached_ = 0;
};

}  // namespace rehearse::measure
