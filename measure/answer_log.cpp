#include "measure/answer_log.hpp"

namespace rehearse::measure {

void AnswerLog::count(const Answer& answer) {
  const models::AskedQuestion& question = answer.question;
  ++asked_;
  wrong_ += answer.wrong() ? 1 : 0;
  missed_ += question.missed.empty() ? 0 : 1;
  outdated_ += question.outdated.empty() ? 0 : 1;
  misleading_ += question.misleading ? 1 : 0;
  cached_ += question.cached ? 1 : 0;
}

void AnswerLog::add_to(Metrics& metrics) const {
  metrics["answers.asked"] = static_cast<double>(asked_);
  metrics["answers.wrong"] = static_cast<double>(wrong_);
  metrics["answers.missed"] = static_cast<double>(missed_);
  metrics["answers.outdated"] = static_cast<double>(outdated_);
  metrics["answers.misleading"] = static_cast<double>(misleading_);
  metrics["answers.cached"] = static_cast<double>(cached_);
}

}  // namespace rehearse::measure
