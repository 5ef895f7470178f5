// A scenario's `questions`, asked at every multiple of their period up to the end of `duration`;
// measure/answer_log.hpp has what becomes of the answers.
#pragma once

#include <vector>

#include "base/config.hpp"
#include "base/time.hpp"
#include "world/question.hpp"

namespace rehearse::experiments {

struct PeriodicQuestion {
  Duration every;
  world::Question question;
};

/// Parses the array `questions`. Throws InputError.
std::vector<PeriodicQuestion> parse_questions(const config::Node& node);

}  // namespace rehearse::experiments
