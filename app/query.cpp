// `rehearse query`
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>

#include "app/command.hpp"
#include "app/command_line.hpp"
#include "app/common_options.hpp"
#include "app/query_answer.hpp"
#include "app/query_checks.hpp"
#include "app/query_subject.hpp"
#include "app/query_text.hpp"
#include "app/query_time.hpp"
#include "app/remark.hpp"
#include "base/config.hpp"
#include "base/error.hpp"
#include "base/os/input_file.hpp"
#include "base/text/json_tree.hpp"
#include "base/text/utf8.hpp"
#include "mds/store/damage.hpp"

namespace rehearse::app {
namespace {

struct Options {
  std::string file, question, unverified_for = "1d", format = "text";
  std::optional<std::string> as_of;
  std::vector<std::string> arguments;
  std::vector<std::string> given;  ///< options on the command line
  std::size_t depth = std::numeric_limits<std::size_t>::max();
  std::size_t limit = 20;
};

const QuestionKind& find_question(const std::string& name) {
  std::vector<std::string> names;
  for (const QuestionKind& question : questions()) {
    if (question.name == name) return question;
    names.push_back(question.name);
  }
  const auto near = config::nearest(name, names);
  throw InputError(fmt::format("no question \"{}\"; there are {}{}", printable(name),
                               fmt::join(names, ", "),
                               near ? fmt::format(" (did you mean {}?)", *near) : ""));
}

void check_count(const QuestionKind& question, std::size_t count) {
  if (count >= question.least && count <= question.most) return;
  throw InputError(fmt::format("{} takes {}; found {} argument{}", question.name,
                               question.arguments.empty() ? "no argument" : question.arguments,
                               count, count == 1 ? "" : "s"));
}

// Where words and URIs are taken, a URI stands alone.
bool is_about_uri(const QuestionKind& question, const Options& options) {
  if (question.arguments != kTextOrUri) return false;
  const auto& words = options.arguments;
  if (std::none_of(words.begin(), words.end(), looks_like_uri)) return false;
  if (words.size() == 1) return true;
  throw InputError(
      fmt::format("{} takes words or one URI; found {} arguments", question.name, words.size()));
}

// When an entity of the graph was last known to be right.
Time newest_verification(const mds::Graph& graph) {
  Time newest;
  for (const std::string& uri : graph.live_documents()) {
    newest = std::max(newest, graph.entity(uri)->last_verified.value_or(Time{}));
  }
  return newest;
}

void refuse_folder(const std::string& file) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(file, ignored)) return;
  const std::filesystem::path inside = std::filesystem::path(file) / "graph.db";
  throw InputError({file, "", 0, 0}, std::filesystem::exists(inside, ignored)
                                         ? "is a folder; its graph is " + inside.string()
                                         : "is a folder, and no graph.db is in it");
}

Time moment_of(const Options& options) {
  return options.as_of ? parse_moment(*options.as_of, "--as-of") : Time::never();
}

Json document_of(const Options& options, Json about, Json answer) {
  Json document;
  document["question"] = options.question;
  document["arguments"] = options.arguments;
  document["as_of"] = options.as_of ? Json(moment_of(options).to_seconds()) : Json(nullptr);
  document["about"] = std::move(about);
  document["answer"] = std::move(answer);
  return document;
}

// `note` is what else the user is to know.
Json ask(const Options& options, const QuestionKind& question, std::string& note) {
  const bool past = options.as_of.has_value();
  const Time at = moment_of(options);
  const Duration unverified_for = parse_span(options.unverified_for, "--unverified-for");
  refuse_folder(options.file);
  os::open_input(options.file);  // a name that is wrong is answered with the nearest one
  const mds::Store store(options.file);
  const mds::Graph now(store);
  if (past) note = after_the_end(store, at);
  const mds::Graph graph = past ? mds::Graph::as_of(store, at) : now;
  Json about = Json::array();
  if (question.about_entities || is_about_uri(question, options)) {
    for (const std::string& uri : options.arguments) {
      if (uri.empty()) throw InputError(question.name + ": the URI is empty");
      const auto today = now.entity(uri);
      if (!today) refuse_unknown(now, options.file, uri);
      require_type(question.name, uri, today->type);
      const auto known = graph.entity(uri);
      about.push_back(known ? entity_json(*known) : unheard_json(uri));
    }
  }
  Time moment;
  if (question.name == "quality") moment = past ? at : newest_verification(graph);
  const Asked asked{store,         graph,         options.arguments,
                    options.depth, options.limit, moment - unverified_for};
  return document_of(options, std::move(about), question.answer(asked));
}

int run_query(const Options& options) {
  const QuestionKind& question = find_question(options.question);
  check_count(question, options.arguments.size());
  check_fitting(question.name, options.given);
  Json document;
  std::string note;
  try {
    document = ask(options, question, note);
  } catch (const mds::DamagedStore& damage) {
    if (question.name != kCheck) throw;
    document = document_of(options, Json::array(), Json::array({damage.message()}));
  }
  std::cout << (options.format == "json" ? json_document(document)
                                         : answer_text(question, document));
  if (!note.empty()) remark(note);
  return question.name == kCheck && !document["answer"].empty() ? kFailed : kHolds;
}

// The range of the type would name its greatest number.
std::string at_least_one(const std::string& text) {
  const bool digits = !text.empty() && text.size() < 20 &&
                      text.find_first_not_of("0123456789") == std::string::npos;
  if (digits && text.find_first_not_of('0') != std::string::npos) return "";
  return fmt::format("\"{}\" is not a whole number from 1 up", printable(text));
}

std::string footer() {
  std::string text = "Questions:\n";
  for (const QuestionKind& question : questions()) {
    text += fmt::format("  {:<24} {}\n", question.name + " " + question.arguments, question.help);
  }
  return text +
         "TEXT may hold type:TYPE, owner:NAME and tag:KEY=VALUE beside words.\n\n"
         "Examples:\n"
         "  rehearse query out/graph.db search ranking type:ModelInstance\n"
         "  rehearse query out/graph.db ab-tests \\\n"
         "    aip://model/registry/ranking-model-v5-20XX0101\n"
         "  rehearse query out/graph.db --as-of 5m models \\\n"
         "    aip://ab-test/experimentation/12345";
}

}  // namespace

void add_query(CLI::App& program, Action& action) {
  Command command(program, "query", "Ask the graph of a run, as it is or as it was");
  auto options = std::make_shared<Options>();
  command.option("GRAPH_DB", options->file, "the graph.db that run --out wrote").required();
  command.option("QUESTION", options->question, "see below").required();
  command.option("ARGUMENT", options->arguments, "URIs, or words to search for");
  command.option("--as-of", options->as_of, "the graph at this time of the run: 3m, 1h, 00:06:00");
  command.option("--depth", options->depth, "steps of upstream and downstream [all]")
      .check(at_least_one);
  command.option("--limit", options->limit, "answers to search and people")
      .check(at_least_one)
      .show_default();
  command
      .option("--unverified-for", options->unverified_for,
              "quality names what was not verified for so long")
      .show_default();
  add_format(command, options->format);
  command.footer(footer());
  command.callback([options, command, &action] {
    for (const char* option : {"--limit", "--depth", "--unverified-for", "--as-of"}) {
      if (command.given(option)) options->given.emplace_back(option);
    }
    action = [options] { return run_query(*options); };
  });
}

}  // namespace rehearse::app
