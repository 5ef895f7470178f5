#include "app/scenario_options.hpp"

#include <CLI/CLI.hpp>

namespace rehearse::app {

void SetOption::add_to(CLI::App& command) {
  command
      .add_option("--set", texts,
                  "Change the scenario's value at a JSON pointer, for example "
                  "/mds/enrichment/every=5m; may be given several times")
      ->type_name("POINTER=VALUE")
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
}

std::vector<experiments::Override> SetOption::overrides() const {
  std::vector<experiments::Override> overrides;
  for (const std::string& text : texts) overrides.push_back(experiments::parse_override(text));
  return overrides;
}

}  // namespace rehearse::app
