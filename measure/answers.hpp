// The questions of a scenario; answer_log.hpp has what becomes of them.
//
// A scenario's `questions` are asked at every multiple of their period up to the end of `duration`.
#pragma once

#include <vector>

#include "base/config.hpp"
#include "base/time.hpp"
#include "world/question.hpp"

namespace rehearse::measure {

struct PeriodicQuestion {
  Duration every;
  world::Question question;
};

/// Parses the array `questions`. Throws InputError.
std::vector<PeriodicQuestion> parse_questions(const config::Node& node);

}  // namespace rehearse::measure
