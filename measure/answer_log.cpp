#include "measure/answer_log.hpp"

namespace rehearse::measure {

AnswerLog::AnswerLog(const std::vector<std::string>& occasions) {
  for (const std::string& occasion : occasions) by_occasion_[occasion];
}

void AnswerLog::asked(const models::AskedQuestion& asked, Time now) {
  last_[{asked.question.entity, asked.question.ask}] = {asked, now};
  if (!counting_) return;
  all_.count(asked.verdict);
  if (!asked.occasion.empty()) by_occasion_[asked.occasion].count(asked.verdict);
  cached_ += asked.cached ? 1 : 0;
}

void AnswerLog::Tally::count(const world::Verdict& verdict) {
  ++asked;
  wrong += verdict.wrong() ? 1 : 0;
  missed += verdict.missed.empty() ? 0 : 1;
  outdated += verdict.outdated.empty() ? 0 : 1;
  misleading += verdict.misleading ? 1 : 0;
}

void AnswerLog::Tally::add_to(Metrics& metrics, const std::string& prefix) const {
  metrics[prefix + "asked"] = static_cast<double>(asked);
  metrics[prefix + "wrong"] = static_cast<double>(wrong);
  metrics[prefix + "missed"] = static_cast<double>(missed);
  metrics[prefix + "outdated"] = static_cast<double>(outdated);
  metrics[prefix + "misleading"] = static_cast<double>(misleading);
}

void AnswerLog::add_to(Metrics& metrics) const {
  all_.add_to(metrics, "answers.");
  for (const auto& [occasion, tally] : by_occasion_) {
    tally.add_to(metrics, "answers." + occasion + ".");
  }
  metrics["answers.cached"] = static_cast<double>(cached_);
}

}  // namespace rehearse::measure
