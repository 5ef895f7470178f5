// `rehearse explain`: why an entity or a derived edge of a traced run was stale.
#include "reports/explain.hpp"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <memory>

#include "app/command.hpp"
#include "app/common_options.hpp"
#include "base/error.hpp"
#include "base/utf8.hpp"
#include "reports/clock_text.hpp"

namespace rehearse::app {
namespace {

struct Options {
  std::string folder;
  std::vector<std::string> subject;
  std::string at;
  std::string format = "text";
};

reports::Subject subject_of(const std::vector<std::string>& words) {
  if (words.size() == 1) return {words[0], std::nullopt};
  if (words.size() == 3) return {{}, reports::EdgeName{words[0], words[1], words[2]}};
  throw InputError(
      "explain: an entity is one URI; a derived edge is three words, FROM RELATION TO");
}

std::optional<Time> time_of(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const std::optional<Time> at = reports::parse_clock_text(text);
  if (at) return at;
  throw InputError({"--at", {}, 0, 0},
                   "found \"" + printable(text) +
                       "\"; a time since the start of the run is expected, like 03:10, 01:10:23, "
                       "\"2d 04:00:00\" or 190m");
}

int explain(const Options& options) {
  const reports::Subject subject = subject_of(options.subject);
  const reports::Explanation explanation = reports::explain(
      std::filesystem::path(options.folder) / "trace.jsonl", subject, time_of(options.at));
  std::cout << (options.format == "json" ? reports::explanation_json(explanation)
                                         : reports::explanation_text(explanation));
  return kHolds;
}

}  // namespace

void add_explain(CLI::App& program, Action& action) {
  CLI::App* command =
      program.add_subcommand("explain", "Tell why an entity or a derived edge was stale");
  command->footer(
      "Example:\n  rehearse run scenarios/loss-only.json --out out --trace\n"
      "  rehearse explain out aip://dataset/datasets/Dataset-17 --at 03:10");
  const auto options = std::make_shared<Options>();  // lives as long as the callback below
  command->add_option("OUT", options->folder, "Folder of a run with --trace")
      ->required()
      ->type_name("DIR");
  command->add_option("URI", options->subject, "Entity, or a derived edge as FROM RELATION TO")
      ->required()
      ->expected(1, 3)
      ->type_name("");
  command->add_option("--at", options->at, "When (default: the end of the run)")->type_name("TIME");
  add_format(*command, options->format);
  command->callback([&action, options] { action = [options] { return explain(*options); }; });
}

}  // namespace rehearse::app
