#include <utility>

#include "mds/contract/provider.hpp"
#include "mds/embedded.hpp"

namespace rehearse::mds {
namespace {

std::vector<Rule> load() {
  std::vector<Rule> rules;
  for (const EmbeddedFile& file : embedded_files()) {
    if (file.path.rfind("rules/", 0) != 0) continue;
    for (Rule& rule : parse_rules(config::parse(file.text, file.path))) {
      rules.push_back(std::move(rule));
    }
  }
  return rules;
}

}  // namespace

const std::vector<Rule>& shipped_rules() {
  static const std::vector<Rule> rules = load();
  return rules;
}

}  // namespace rehearse::mds
