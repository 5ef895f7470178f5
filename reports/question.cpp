#include "reports/question.hpp"

#include <algorithm>
#include <iterator>

namespace rehearse::reports {
namespace {

// aip://component/platform/id
bool is_uri(const std::string& text) {
  const std::string scheme = "aip://";
  if (!text.starts_with(scheme)) return false;
  const std::size_t component = text.find('/', scheme.size());
  if (component == std::string::npos || component == scheme.size()) return false;
  const std::size_t platform = text.find('/', component + 1);
  return platform != std::string::npos && platform > component + 1 && platform + 1 < text.size();
}

Question parse_question(const config::Node& node) {
  config::Object object(node);
  Question question;
  const config::Node& every = object.require("every");
  question.every = config::to_duration(every);
  if (question.every.ns <= 0) config::fail(every, "a question's period is longer than 0");
  object.require("ask");
  question.ask =
      object.choice("ask", "", {"ab-tests", "models", "upstream", "downstream", "impact", "find"});
  const config::Node& entity = object.require("entity");
  question.entity = config::to_string(entity);
  if (!is_uri(question.entity)) {
    config::fail(
        entity, config::shown(entity) + "; a URI as in aip://model/registry/ranking-v5 is allowed");
  }
  object.done();
  return question;
}

std::vector<std::string> without(const std::vector<std::string>& from,
                                 const std::vector<std::string>& taken) {
  std::vector<std::string> rest;
  std::set_difference(from.begin(), from.end(), taken.begin(), taken.end(),
                      std::back_inserter(rest));
  return rest;
}

}  // namespace

std::vector<Question> parse_questions(const config::Node& node) {
  if (node.kind != config::Kind::array) {
    config::fail(node, config::shown(node) + "; an array of questions is allowed");
  }
  std::vector<Question> questions;
  for (const config::Node& item : node.items) questions.push_back(parse_question(item));
  return questions;
}

Verdict Answers::ask(const std::string& ask, const std::string& entity,
                     const mds::QueryAnswer& answer, const mds::Store& store,
                     const world::Oracle& oracle, Time now) {
  cached_ += answer.cached ? 1 : 0;
  return judge(
      entity, answer.uris, oracle.answer(ask, entity),
      [&store](const std::string& uri) { return store.last_verified(uri); }, now);
}

Verdict Answers::judge(const std::string& entity, const std::vector<std::string>& answer,
                       const std::vector<std::string>& truth, const Verified& verified, Time now) {
  Verdict verdict;
  verdict.missed = without(truth, answer);
  verdict.outdated = without(answer, truth);
  const auto recent = [&](const std::string& uri) {
    const std::optional<Time> last = verified(uri);
    return last && now - *last <= acceptable_;
  };
  verdict.misleading =
      verdict.wrong() && recent(entity) && std::all_of(answer.begin(), answer.end(), recent);
  ++asked_;
  wrong_ += verdict.wrong() ? 1 : 0;
  missed_ += verdict.missed.empty() ? 0 : 1;
  outdated_ += verdict.outdated.empty() ? 0 : 1;
  misleading_ += verdict.misleading ? 1 : 0;
  return verdict;
}

void Answers::add_to(Metrics& metrics) const {
  metrics["answers.asked"] = static_cast<double>(asked_);
  metrics["answers.wrong"] = static_cast<double>(wrong_);
  metrics["answers.missed"] = static_cast<double>(missed_);
  metrics["answers.outdated"] = static_cast<double>(outdated_);
  metrics["answers.misleading"] = static_cast<double>(misleading_);
  metrics["answers.cached"] = static_cast<double>(cached_);
}

}  // namespace rehearse::reports
