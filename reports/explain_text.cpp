// How an explanation is printed and written as JSON.
#include <fmt/format.h>

#include <algorithm>

#include "base/text/clock_text.hpp"
#include "base/text/json_writer.hpp"
#include "base/text/wrap.hpp"
#include "reports/explain.hpp"

namespace rehearse::reports {
namespace {

std::string clock(Time time) { return clock_text({time.ns - time.ns % 1'000'000}); }

std::string title(const Explanation& e) {
  if (e.subject.edge) {
    return e.subject.edge->from + " " + e.subject.edge->relation + " " + e.subject.edge->to;
  }
  return e.type.empty() ? e.subject.uri : e.type + " " + e.subject.uri;
}

// A line each: when, where, what.
std::string table(const std::vector<StoryLine>& story) {
  std::string text;
  std::size_t width = 0, where = 7;
  for (const StoryLine& line : story) {
    width = std::max(width, clock(line.at).size());
    where = std::max(where, line.where.size());
  }
  for (const StoryLine& line : story) {
    const std::string first =
        fmt::format("{:<{}}  {:<{}}  ", clock(line.at), width, line.where, where);
    text += wrapped(first, line.text);
  }
  return text.empty() ? text : text + "\n";
}

void write_story(JsonWriter& json, const std::vector<StoryLine>& story) {
  json.key("story").array(JsonWriter::Layout::lines);
  for (const StoryLine& line : story) {
    json.object().member("at", line.at.to_seconds()).member("where", line.where);
    json.member("text", line.text).end();
  }
  json.end();
}

}  // namespace

std::string explanation_text(const Explanation& e) {
  std::string text = wrapped("", title(e));
  text += wrapped("", fmt::format("in {}, seed {}, up to {}", e.scenario, e.seed, clock(e.at)));
  text += "\n";
  if (!e.version_story.empty()) text += wrapped("", e.version_sentence) + "\n";
  return text + table(e.version_story) + table(e.story) + wrapped("", e.sentence);
}

std::string explanation_json(const Explanation& e) {
  const auto seconds = [](Time time) { return time.to_seconds(); };
  JsonWriter json;
  json.object(JsonWriter::Layout::lines).member("scenario", e.scenario).member("seed", e.seed);
  if (e.subject.edge) {
    const auto& [from, relation, to] = *e.subject.edge;
    json.key("edge").object();
    json.member("from", from).member("relation", relation).member("to", to).end();
  } else {
    json.member("entity", e.subject.uri).member("type", e.type);
  }
  json.member("at", seconds(e.at));
  if (!e.version_story.empty()) {
    json.key("version").object(JsonWriter::Layout::lines);
    write_story(json, e.version_story);
    json.member("sentence", e.version_sentence).end();
  }
  write_story(json, e.story);
  json.member("state", e.state).key("since");
  e.since ? json.value(seconds(*e.since)) : json.null();
  json.key("cause");
  e.cause.empty() ? json.null() : json.value(e.cause);
  return json.member("sentence", e.sentence).end().take();
}

}  // namespace rehearse::reports
