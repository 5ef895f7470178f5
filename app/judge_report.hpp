// What `rehearse judge` prints: verdicts, lint warnings and power tables, as text or JSON.
#pragma once

#include <string>
#include <vector>

#include "rollout/canary_judge.hpp"
#include "rollout/lint.hpp"
#include "rollout/power.hpp"

namespace rehearse::app {

std::string judgement_text(const rollout::Judgement& judgement);
std::string judgement_json(const rollout::Judgement& judgement);

std::string warnings_text(const std::vector<rollout::Warning>& warnings);
std::string warnings_json(const std::vector<rollout::Warning>& warnings);

std::string power_text(const std::vector<rollout::PowerRow>& rows);
std::string power_json(const std::vector<rollout::PowerRow>& rows);

}  // namespace rehearse::app
