#include "world/question.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>

namespace rehearse::world {
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

std::vector<std::string> without(const std::vector<std::string>& from,
                                 const std::vector<std::string>& taken) {
  assert(std::is_sorted(from.begin(), from.end()));
  std::vector<std::string> rest;
  std::set_difference(from.begin(), from.end(), taken.begin(), taken.end(),
                      std::back_inserter(rest));
  return rest;
}

}  // namespace

const std::vector<std::string>& question_names() {
  static const std::vector<std::string> names = {"ab-tests", "active-ab-tests", "models",
                                                 "upstream", "downstream",      "impact",
                                                 "owners",   "consumers",       "find"};
  return names;
}

Question parse_question(config::Object& object) {
  Question question;
  object.require("ask");
  question.ask = object.choice("ask", "", question_names());
  const config::Node& entity = object.require("entity");
  question.entity = config::to_string(entity);
  if (!is_uri(question.entity)) {
    config::fail(
        entity, config::shown(entity) + "; a URI as in aip://model/registry/ranking-v5 is allowed");
  }
  return question;
}

Verdict judge(const ReadAnswer& answer, const std::vector<std::string>& truth, Time recent_since) {
  assert(answer.verified.size() == answer.uris.size() + 1);
  Verdict verdict;
  verdict.missed = without(truth, answer.uris);
  verdict.outdated = without(answer.uris, truth);
  verdict.misleading = verdict.wrong() &&
                       std::all_of(answer.verified.begin(), answer.verified.end(),
                                   [&](std::optional<Time> last) { return last >= recent_since; });
  return verdict;
}

}  // namespace rehearse::world
