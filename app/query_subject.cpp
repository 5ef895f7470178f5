#include "app/query_subject.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "base/error.hpp"
#include "base/text/utf8.hpp"
#include "mds/graph/lineage.hpp"

namespace rehearse::app {
namespace {

constexpr const char* kTest = "ABTest";
constexpr const char* kFeature = "Feature";

struct Subject {
  std::vector<std::string> types;  ///< that the question is about
  std::string wanted;              ///< the same in words
  /// What to ask about others, by type; "" for any.
  std::map<std::string, std::string> instead;
};

const std::map<std::string, Subject>& subjects() {
  using namespace mds::vocabulary;
  static const std::string tests = "ab-tests answers which A/B tests it takes part in";
  static const std::string joined = "neighbours answers what it is joined to";
  static const std::string affected = "impact answers which models a change of it affects";
  static const std::string tested = "models answers which model instances it tests";
  static const std::string using_models =
      "downstream answers what is made from it, models included";
  static const Subject in_tests = {
      {kModelInstance, kModel},
      "a model instance or a model",
      {{kTest, tested},
       {"ABTestCell", "neighbours answers which test it belongs to"},
       {"", "downstream answers what is made from it, A/B tests included"}}};
  static const std::map<std::string, Subject> all = {
      {"ab-tests", in_tests},
      {"active-ab-tests", in_tests},
      {"models",
       {{kTest},
        "an A/B test",
        {{kModelInstance, tests},
         {kModel, tests},
         {"ABTestCell", "neighbours answers which test it belongs to"},
         {kFeature, "shared-features answers which model instances use it"},
         {"", affected}}}},
      {"model",
       {{kModel, kModelInstance},
        "a model or a model instance",
        {{kTest, tested}, {"", affected}}}},
      {"consumers",
       {{kFeature},
        "a feature",
        {{kModelInstance, "neighbours answers which features it uses"},
         {kModel, joined},
         {kTest, tested},
         {"", affected}}}},
      {"shared-features",
       {{kFeature},
        "features",
        {{kModelInstance, "neighbours answers which features it uses"},
         {kModel, joined},
         {kTest, tested},
         {"", using_models}}}},
  };
  return all;
}

}  // namespace

void require_type(const std::string& question, const std::string& uri, const std::string& type) {
  const auto found = subjects().find(question);
  if (found == subjects().end()) return;
  const Subject& subject = found->second;
  if (std::find(subject.types.begin(), subject.types.end(), type) != subject.types.end()) return;
  static const std::vector<std::string> people = {"User", "Team", "Group", "Organization"};
  std::string instead = "search owner:NAME answers what somebody owns";
  if (std::find(people.begin(), people.end(), type) == people.end()) {
    const auto own = subject.instead.find(type);
    instead = own != subject.instead.end() ? own->second : subject.instead.at("");
  }
  throw InputError(fmt::format("{} asks about {}; {} is of type {}: {}", question, subject.wanted,
                               printable(uri, 200), printable(type), instead));
}

bool looks_like_uri(const std::string& text) { return text.starts_with("aip:"); }

}  // namespace rehearse::app
