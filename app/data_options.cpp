#include "app/data_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "base/error.hpp"
#include "base/text/utf8.hpp"
#include "base/text/xml.hpp"

namespace rehearse::app {
namespace {

void write_file(const std::string& path, const std::string& text) {
  if (path.empty()) return;
  std::ofstream file(path, std::ios::binary);
  file << text;
  if (!file.flush()) throw InputError(Where{path, "", 0, 0}, "the report cannot be written");
}

/// Text in a cell of a Markdown table.
std::string cell(const std::string& text) {
  std::string result;
  for (const char c : printable(text, 400)) {
    if (std::string_view("\\|`*_<>[]{}").find(c) != std::string_view::npos) result += '\\';
    result += c;
  }
  return result;
}

const char* word(Checked::State state) {
  return state == Checked::State::passed   ? "pass"
         : state == Checked::State::failed ? "**fail**"
                                           : "**unclear**";
}

std::size_t count(const Checklist& list, Checked::State state) {
  return static_cast<std::size_t>(
      std::count_if(list.checks.begin(), list.checks.end(),
                    [&](const Checked& one) { return one.state == state; }));
}

}  // namespace

void DataOptions::add_to(Command& command) {
  command
      .option("--separator", separator,
              "of CSV: auto, comma, semicolon, tab, pipe, or one character")
      .show_default();
  command.option("--decimal", decimal, "what a fraction begins with in CSV")
      .one_of({".", ","})
      .show_default();
  command
      .option("--layout", layout,
              "of CSV: wide (a column per metric), or grouped (time,metric,tags,value)")
      .one_of({"auto", "wide", "grouped"})
      .show_default();
}

csv::Dialect DataOptions::dialect() const {
  csv::Dialect dialect;
  dialect.decimal = decimal.front();
  if (separator == "auto") return dialect;
  dialect.separator = csv::to_separator(separator);
  if (!dialect.separator) {
    throw InputError(
        fmt::format("--separator {}: auto, comma, semicolon, tab, pipe, or one "
                    "character that is no letter, digit or quote",
                    printable(separator)));
  }
  if (dialect.separator == dialect.decimal) {
    throw InputError("--separator and --decimal are the same character");
  }
  return dialect;
}

std::optional<bool> DataOptions::grouped() const {
  return layout == "auto" ? std::nullopt : std::optional(layout == "grouped");
}

void ReportOptions::add_to(Command& command) {
  command.option("--junit", junit, "also write the result as JUnit XML").type_name("FILE");
  command.option("--markdown", markdown, "also write the result as Markdown").type_name("FILE");
}

void ReportOptions::write(const Checklist& list) const {
  write_file(junit, junit_of(list));
  write_file(markdown, markdown_of(list));
}

std::string junit_of(const Checklist& list) {
  const std::string counts =
      fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\"", list.checks.size(),
                  count(list, Checked::State::failed), count(list, Checked::State::unclear));
  std::string xml = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {0}>\n"
      "  <testsuite name=\"{1}\" {0} skipped=\"0\">\n",
      counts, xml_text(list.title));
  for (const Checked& one : list.checks) {
    xml += fmt::format("    <testcase classname=\"{}\" name=\"{}\"", xml_text(list.title),
                       xml_text(printable(one.name, 200)));
    if (one.state == Checked::State::passed) {
      xml += "/>\n";
      continue;
    }
    const char* tag = one.state == Checked::State::failed ? "failure" : "error";
    xml +=
        fmt::format(">\n      <{0} message=\"{1}\">{2}</{0}>\n    </testcase>\n", tag,
                    xml_text(printable(one.headline, 400)), xml_text(printable(one.details, 1000)));
  }
  return xml + "  </testsuite>\n</testsuites>\n";
}

std::string markdown_of(const Checklist& list) {
  std::string text = fmt::format("## {}\n\n{}\n\n| | | reading | numbers |\n|---|---|---|---|\n",
                                 cell(list.title), cell(list.verdict));
  for (const Checked& one : list.checks) {
    text += fmt::format("| {} | {} | {} | {} |\n", cell(one.name), word(one.state),
                        cell(one.headline), cell(one.details));
  }
  return text;
}

}  // namespace rehearse::app
