#include "drift/watch.hpp"

#include <map>

namespace rehearse::drift {
namespace {

const std::vector<std::pair<std::string, Watched>>& names() {
  static const std::vector<std::pair<std::string, Watched>> all = {
      {"features", Watched::features},
      {"score", Watched::score},
      {"engagement", Watched::engagement},
      {"unmatched", Watched::unmatched},
      {"errors", Watched::errors}};
  return all;
}

}  // namespace

std::string to_string(Watched watched) {
  for (const auto& [name, one] : names()) {
    if (one == watched) return name;
  }
  return "";
}

bool compares_samples(Watched watched) {
  return watched == Watched::features || watched == Watched::score;
}

std::optional<Watched> watched_by(const std::string& signal) {
  static const std::map<std::string, Watched> table = {
      {"top features", Watched::features},
      {"content complexity", Watched::features},
      {"recommendation distribution", Watched::score},
      {"search success rate", Watched::engagement},
      {"unmatched query share", Watched::unmatched},
      {"error rate", Watched::errors}};
  for (const auto& [name, one] : names()) {
    if (name == signal) return one;
  }
  const auto found = table.find(signal);
  return found == table.end() ? std::nullopt : std::optional(found->second);
}

Watch read_watch(const config::Node& node) {
  Watch watch;
  if (node.kind == config::Kind::object) {
    config::Object object(node);
    const config::Node& list = object.require("features");
    watch.features = object.strings("features");
    if (watch.features.empty()) {
      config::fail(list, "no feature is named; \"watch\": \"features\" looks at all");
    }
    object.done();
    return watch;
  }
  const std::string given = config::to_string(node);
  std::vector<std::string> known;
  for (const auto& [name, one] : names()) {
    if (name == given) watch.what = one;
    known.push_back(name);
  }
  if (to_string(watch.what) == given) return watch;
  const auto near = config::nearest(given, known);
  config::fail(node, "found " + config::shown(node) +
                         "; allowed: features, score, engagement, unmatched, errors, or "
                         "{\"features\": [names]}" +
                         (near ? "; did you mean \"" + *near + "\"?" : ""));
}

}  // namespace rehearse::drift
