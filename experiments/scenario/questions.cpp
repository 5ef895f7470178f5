#include "experiments/scenario/questions.hpp"

namespace rehearse::experiments {
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

}  // namespace rehearse::experiments
