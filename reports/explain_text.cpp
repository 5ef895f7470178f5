// How an explanation is printed and written as JSON.
#include <fmt/format.h>

#include <algorithm>

#include "base/text/clock_text.hpp"
#include "base/text/number_text.hpp"
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

}  // namespace

std::string explanation_text(const Explanation& e) {
  std::string text = wrapped("", title(e));
  text += wrapped("", fmt::format("in {}, seed {}, up to {}", e.scenario, e.seed, clock(e.at)));
  text += "\n";
  std::size_t width = 0;
  for (const StoryLine& line : e.story) width = std::max(width, clock(line.at).size());
  for (const StoryLine& line : e.story) {
    const std::string first = fmt::format("{:<{}}  {:<7}  ", clock(line.at), width, line.where);
    text += wrapped(first, line.text);
  }
  if (!e.story.empty()) text += "\n";
  return text + wrapped("", e.sentence);
}

std::string explanation_json(const Explanation& e) {
  std::vector<std::string> lines;
  for (const StoryLine& line : e.story) {
    lines.push_back(fmt::format(R"({{"at":{},"where":{},"text":{}}})",
                                number_text(line.at.to_seconds()), json_string(line.where),
                                json_string(line.text)));
  }
  std::string subject = fmt::format("  \"entity\": {},\n  \"type\": {}", json_string(e.subject.uri),
                                    json_string(e.type));
  if (e.subject.edge) {
    subject = fmt::format("  \"edge\": {{\"from\": {}, \"relation\": {}, \"to\": {}}}",
                          json_string(e.subject.edge->from), json_string(e.subject.edge->relation),
                          json_string(e.subject.edge->to));
  }
  return fmt::format(
      "{{\n  \"scenario\": {},\n  \"seed\": {},\n{},\n  \"at\": {},\n  \"story\": {},\n"
      "  \"state\": {},\n  \"since\": {},\n  \"cause\": {},\n  \"sentence\": {}\n}}\n",
      json_string(e.scenario), e.seed, subject, number_text(e.at.to_seconds()),
      lines.empty() ? "[]" : fmt::format("[\n    {}\n  ]", fmt::join(lines, ",\n    ")),
      json_string(e.state), e.since ? number_text(e.since->to_seconds()) : "null",
      e.cause.empty() ? "null" : json_string(e.cause), json_string(e.sentence));
}

}  // namespace rehearse::reports
