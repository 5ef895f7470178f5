#include "app/common_options.hpp"

#include <algorithm>
#include <thread>

#include "app/remark.hpp"

namespace rehearse::app {
namespace {

constexpr int kMostJobs = 1024;

}  // namespace

void SetOption::add_to(Command& command) {
  command
      .option("--set", texts,
              "Change the scenario's value at a JSON pointer, for example "
              "/mds/enrichment/every=5m; may be given several times")
      .type_name("POINTER=VALUE")
      .repeatable();
}

std::vector<experiments::Override> SetOption::overrides() const {
  std::vector<experiments::Override> overrides;
  for (const std::string& text : texts) overrides.push_back(experiments::parse_override(text));
  return overrides;
}

void add_seed(Command& command, std::optional<std::string>& seed, const std::string& help) {
  command.option("--seed", seed, help).type_name("N");
}

void add_jobs(Command& command, int& jobs, const std::string& help) {
  jobs = std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, kMostJobs);
  command.option("--jobs", jobs, help + " (default: one per core)")
      .type_name("N")
      .between(1, kMostJobs);
}

void add_out(Command& command, std::string& folder, const std::string& help) {
  command.option("--out", folder, help).type_name("DIR").check([](const std::string& name) {
    return name.empty() ? std::string("the name of a folder is expected") : std::string();
  });
}

void print_hints(const std::vector<std::string>& hints) {
  for (const std::string& hint : hints) remark("note: " + hint);
}

void add_format(Command& command, std::string& format) {
  command
      .option("--format", format, "Of the results on stdout")

      .show_default()
      .choice({"text", "json"});
}

}  // namespace rehearse::app
