#include "app/common_options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <thread>

namespace rehearse::app {
namespace {

constexpr int kMostJobs = 1024;

}  // namespace

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

void add_seed(CLI::App& command, std::optional<std::string>& seed, const std::string& help) {
  command.add_option("--seed", seed, help)->type_name("N");
}

void add_jobs(CLI::App& command, int& jobs, const std::string& help) {
  jobs = std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, kMostJobs);
  command.add_option("--jobs", jobs, help + " (default: one per core)")
      ->type_name("N")
      ->check(CLI::Range(1, kMostJobs));
}

void add_out(CLI::App& command, std::string& folder, const std::string& help) {
  command.add_option("--out", folder, help)->type_name("DIR")->check([](const std::string& name) {
    return name.empty() ? std::string("the name of a folder is expected") : std::string();
  });
}

void print_hints(const std::vector<std::string>& hints) {
  for (const std::string& hint : hints) std::cerr << "rehearse: note: " << hint << '\n';
}

void add_format(CLI::App& command, std::string& format) {
  command.add_option("--format", format, "Of the results on stdout")
      ->type_name("text|json")
      ->capture_default_str()
      ->check(CLI::IsMember({"text", "json"}).description(""));
}

}  // namespace rehearse::app
