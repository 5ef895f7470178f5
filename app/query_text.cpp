#include "app/query_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text/clock_text.hpp"
#include "base/text/utf8.hpp"
#include "base/text/wrap.hpp"

namespace rehearse::app {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kNoLimit = 100'000;  // code points; for what must stand whole

Time time_of(const Json& seconds) { return Time{} + Duration::from_seconds(seconds.get<double>()); }

// To the second; "-" for never.
std::string clock(const Json& seconds) {
  if (seconds.is_null()) return "-";
  const std::string text = clock_text(time_of(seconds));
  return text.substr(0, text.find('.'));
}

std::string text_of(const Json& value) {
  return value.is_string() ? printable(value.get<std::string>(), kNoLimit) : value.dump();
}

std::string padded(const std::string& text, std::size_t width) {
  const std::size_t length = count_code_points(text);
  return text + std::string(width > length ? width - length : 0, ' ');
}

// Cut to `width`, the end shown as "...".
std::string fitted(const std::string& text, std::size_t width) {
  if (count_code_points(text) <= width) return padded(text, width);
  constexpr std::size_t kDots = 3;
  return printable(text, std::max(width, kDots + 1) - kDots);
}

std::string trimmed(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

// What leads a row: a key of it before the entity's own, or nothing.
std::string lead_key(const Json& rows) {
  for (const char* key : {"match", "owned", "depth", "shared", "from"}) {
    if (!rows.empty() && rows.front().contains(key)) return key;
  }
  return "";
}

// The name of an entity; of an owner who is no longer there it says so, however long the name.
std::string name_cell(const Json& row, std::size_t width) {
  const std::string note = row.value("left", false) ? " (left)" : "";
  const std::string name = text_of(row["name"]);
  return fitted(name, std::min(count_code_points(name), width - note.size())) + note;
}

// Entities, each on a line with its URI below.
std::string table(const Json& rows, const std::string& indent = "") {
  const std::string lead = lead_key(rows);
  const std::vector<std::string> heads = {lead == "from" ? "deployed" : lead, "name", "type",
                                          "verified", "enriched"};
  constexpr std::size_t kName = 1;
  std::vector<std::vector<std::string>> lines = {heads};
  for (const Json& row : rows) {
    std::string first = lead.empty() ? "" : text_of(row[lead]);
    if (lead == "from") {
      first = clock(row["from"]) + " to " + (row["until"].is_null() ? "now" : clock(row["until"]));
    }
    lines.push_back({first, name_cell(row, kNoLimit), text_of(row["type"]),
                     clock(row["last_verified"]), clock(row["last_enriched"])});
  }
  std::vector<std::size_t> widths(heads.size(), 0);
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      widths[i] = std::max(widths[i], count_code_points(line[i]));
    }
  }
  std::size_t others = indent.size();
  for (std::size_t i = 0; i < widths.size(); ++i) {
    if (i != kName && widths[i] > 0) others += widths[i] + kGap;
  }
  constexpr std::size_t kShortest = 12;
  widths[kName] =
      std::min(widths[kName], std::max(kShortest, kColumns - std::min(others, kColumns)));
  std::string text;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string line = indent;
    for (std::size_t j = 0; j < widths.size(); ++j) {
      if (widths[j] == 0) continue;
      const bool cut = i > 0 && j == kName;
      const std::string cell = cut ? name_cell(rows[i - 1], widths[j]) : lines[i][j];
      line += fitted(cell, widths[j]) + std::string(kGap, ' ');
    }
    text += trimmed(line);
    if (i > 0) text += indent + "  " + text_of(rows[i - 1]["uri"]) + "\n";
  }
  return text;
}

std::string spaced(std::string key) {
  std::replace(key.begin(), key.end(), '_', ' ');
  return key;
}

// An object of lists, each under its name and length.
std::string sections(const Json& answer) {
  std::string text;
  for (const auto& [key, rows] : answer.items()) {
    if (!text.empty()) text += "\n";
    text += fmt::format("{}: {}\n", spaced(key),
                        rows.empty() ? "none" : fmt::format("{}", rows.size()));
    if (rows.empty()) continue;
    if (!rows.front().contains("attribute")) {
      text += table(rows, "  ");
      continue;
    }
    for (const Json& row : rows) {
      text += fmt::format("  {}\n    {} -> {}\n", text_of(row["uri"]), text_of(row["attribute"]),
                          text_of(row["value"]));
    }
  }
  return text;
}

std::string arrow(const Json& row) {
  const std::string name = text_of(row["relation"]);
  std::string text = row["direction"] == "out" ? name + " ->" : name + " <-";
  if (row.value("derived", false)) text += "  (derived)";
  return text;
}

// Entities under the relation that leads to them.
std::string relations(const Json& rows) {
  std::string text;
  for (std::size_t i = 0; i < rows.size();) {
    std::size_t end = i;
    Json group = Json::array();
    while (end < rows.size() && arrow(rows[end]) == arrow(rows[i])) group.push_back(rows[end++]);
    if (i > 0) text += "\n";
    text += arrow(rows[i]) + "\n" + table(group, "  ");
    i = end;
  }
  return text;
}

// "name: value"; a value that does not fit beside its name goes on the next line.
std::string fact_line(const std::string& head, const std::string& value) {
  const std::size_t length = count_code_points(head) + 1 + count_code_points(value);
  if (length <= kColumns) return head + " " + value + "\n";
  const std::size_t indent = head.find_first_not_of(' ') + kGap;
  return head + "\n" + std::string(indent, ' ') + value + "\n";
}

std::string entity(const Json& answer) {
  std::string text;
  for (const Json& fact : answer["facts"]) {
    text += fact_line(text_of(fact["attribute"]) + ":", text_of(fact["value"]));
  }
  if (!answer["relations"].empty()) text += "\n" + relations(answer["relations"]);
  return text;
}

// Clock times in full: they are where --as-of may want to go.
std::string history(const Json& rows) {
  std::string text;
  for (const Json& row : rows) {
    text += fmt::format("{}  transaction {}, {}", clock_text(time_of(row["at"])),
                        text_of(row["transaction"]), text_of(row["cause"]));
    if (row.contains("event")) text += " " + text_of(row["event"]);
    text += "\n";
    for (const Json& change : row["changes"]) {
      const char* sign = change["op"] == "assert" ? "+" : "-";
      text += fact_line(fmt::format("  {} {}", sign, text_of(change["attribute"])),
                        text_of(change["value"]));
    }
  }
  return text;
}

std::string provenance(const Json& rows) {
  std::string text;
  for (const Json& row : rows) {
    if (!text.empty()) text += "\n";
    text += text_of(row["rule"]) + " ->\n" + table(Json::array({row}), "  ") + "  rests on\n";
    for (const Json& fact : row["facts"]) {
      text += "    " + text_of(fact["entity"]) + "\n";
      text += fact_line("      " + text_of(fact["attribute"]) + " ->", text_of(fact["value"]));
    }
  }
  return text;
}

// What was asked about, and how far it can be relied on.
std::string heading(const Json& about) {
  const std::string life = about["life"];
  if (life == kUnheard) return text_of(about["uri"]) + "\n  not heard of yet\n";
  std::string state;
  if (life == "referenced") {
    state = "known by reference only";
  } else if (life == "deleted") {
    state = "deleted at its source, verified " + clock(about["last_verified"]);
  } else {
    const bool never = about["last_enriched"].is_null();
    state = "verified " + clock(about["last_verified"]) + ", " +
            (never ? "not enriched yet" : "enriched " + clock(about["last_enriched"]));
    if (!never && life == "hydrated") state += " and changed since";
  }
  return text_of(about["uri"]) + "\n  " + text_of(about["type"]) + ", " + state + "\n";
}

std::string problems(const Json& answer) {
  if (answer.empty()) return "consistent\n";
  std::string text;
  for (const Json& problem : answer) text += text_of(problem) + "\n";
  return text;
}

bool is_empty(const QuestionKind& question, const Json& answer) {
  if (question.layout == Layout::problems) return false;
  if (question.layout == Layout::entity) return answer["facts"].empty();
  return question.layout != Layout::sections && answer.empty();
}

}  // namespace

std::string answer_text(const QuestionKind& question, const Json& document) {
  std::string text;
  for (const Json& about : document["about"]) text += heading(about);
  if (!document["as_of"].is_null()) {
    text += "as of " + clock_text(time_of(document["as_of"])) + "\n";
  }
  if (!text.empty()) text += "\n";
  const Json& answer = document["answer"];
  if (is_empty(question, answer)) return text + "none\n";
  switch (question.layout) {
    case Layout::table:
      return text + table(answer);
    case Layout::sections:
      return text + sections(answer);
    case Layout::relations:
      return text + relations(answer);
    case Layout::entity:
      return text + entity(answer);
    case Layout::history:
      return text + history(answer);
    case Layout::provenance:
      return text + provenance(answer);
    case Layout::problems:
      return text + problems(answer);
  }
  return text;
}

}  // namespace rehearse::app
