// `rehearse explain`: why an entity or a derived edge of a traced run was stale.
#include "reports/explain.hpp"

#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>

#include "app/command.hpp"
#include "app/command_line.hpp"
#include "app/common_options.hpp"
#include "app/query_time.hpp"
#include "base/error.hpp"

namespace rehearse::app {
namespace {

struct Options {
  std::string folder;
  std::vector<std::string> subject;
  std::optional<std::string> at;
  std::string format = "text";
};

reports::Subject subject_of(const std::vector<std::string>& words) {
  if (words.size() == 1) return {words[0], std::nullopt};
  if (words.size() == 3) return {{}, measure::EdgeName{words[0], words[1], words[2]}};
  throw InputError(
      "explain: an entity is one URI; a derived edge is three words, FROM RELATION TO");
}

// The folder of a run, or its trace itself.
std::filesystem::path trace_of(const std::string& name) {
  const std::filesystem::path path = name;
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored) ? path : path / "trace.jsonl";
}

int explain(const Options& options) {
  const reports::Subject subject = subject_of(options.subject);
  std::optional<Time> at;
  if (options.at) at = parse_moment(*options.at, "--at");
  const reports::Explanation explanation = reports::explain(trace_of(options.folder), subject, at);
  std::cout << (options.format == "json" ? reports::explanation_json(explanation)
                                         : reports::explanation_text(explanation));
  return kHolds;
}

}  // namespace

void add_explain(CLI::App& program, Action& action) {
  Command command(program, "explain",
                  "Tell why an entity or an edge was stale, or a version ended");
  // The subject is one word or three, which a list of options cannot show.
  command.usage({"[OPTIONS] OUT URI", "[OPTIONS] OUT FROM RELATION TO"});
  command.footer(
      "Example:\n  rehearse run scenarios/loss-only.json --out out --trace\n"
      "  rehearse explain out aip://dataset/datasets/dataset-000020 --at 03:10");
  const auto options = std::make_shared<Options>();  // lives as long as the callback below
  command.option("OUT", options->folder, "Folder of a run with --trace, or its trace.jsonl")
      .required()
      .type_name("DIR");
  command.option("URI", options->subject, "Entity, or the three words of a derived edge")
      .required()
      .expected(1, 3)
      .type_name("");
  command.option("--at", options->at, "When (default: the end of the run)").type_name("TIME");
  add_format(command, options->format);
  command.callback([&action, options] { action = [options] { return explain(*options); }; });
}

}  // namespace rehearse::app
