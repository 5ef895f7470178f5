#include "measure/answers.hpp"

namespace rehearse::measure {
namespace {

PeriodicQuestion parse_periodic(const config::Node& node) {
  config::Object object(node);
  PeriodicQuestion periodic;
  const config::Node& every = object.require("every");
  periodic.every = config::to_duration(every);
  if (periodic.every.ns <= 0) config::fail(every, "a question's period is longer than 0");
  periodic.question = world::parse_question(object);
  object.done();
  return periodic;
}

}  // namespace

std::vector<PeriodicQuestion> parse_questions(const config::Node& node) {
  if (node.kind != config::Kind::array) {
    config::fail(node, config::shown(node) + "; an array of questions is allowed");
  }
  std::vector<PeriodicQuestion> questions;
  for (const config::Node& item : node.items) questions.push_back(parse_periodic(item));
  return questions;
}

void Answers::count(const world::Verdict& verdict, bool cached) {
  ++asked_;
  wrong_ += verdict.wrong() ? 1 : 0;
  missed_ += verdict.missed.empty() ? 0 : 1;
  outdated_ += verdict.outdated.empty() ? 0 : 1;
  misleading_ += verdict.misleading ? 1 : 0;
  cached_ += cached ? 1 : 0;
}

void Answers::add_to(Metrics& metrics) const {
  metrics["answers.asked"] = static_cast<double>(asked_);
  metrics["answers.wrong"] = static_cast<double>(wrong_);
  metrics["answers.missed"] = static_cast<double>(missed_);
  metrics["answers.outdated"] = static_cast<double>(outdated_);
  metrics["answers.misleading"] = static_cast<double>(misleading_);
  metrics["answers.cached"] = static_cast<double>(cached_);
}

}  // namespace rehearse::measure
