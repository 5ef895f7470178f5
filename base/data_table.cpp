#include "base/data_table.hpp"

#include <algorithm>
#include <fstream>
#include <string_view>

#include "base/csv.hpp"
#include "base/csv_cells.hpp"
#include "base/data_grouped.hpp"
#include "base/data_prometheus.hpp"
#include "base/error.hpp"

namespace rehearse::data {
namespace {

constexpr std::size_t kBeginning = 4096;

std::string beginning_of(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::string text(kBeginning, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

/// The first character that counts, and the one after it; a CSV header such as {job="api"} begins
/// with a brace too.
bool begins_like_json(std::string_view text) {
  const auto skip = [&] {
    const std::size_t at = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
    text.remove_prefix(at == std::string_view::npos ? text.size() : at);
  };
  skip();
  if (text.empty() || (text.front() != '{' && text.front() != '[')) return false;
  text.remove_prefix(1);
  skip();
  return text.empty() || std::string_view("\"{}[]").find(text.front()) != std::string_view::npos;
}

Form form_of_json(std::string_view text) {
  const auto holds = [&](std::string_view word) { return text.find(word) != text.npos; };
  if (holds("\"resultType\"") || holds("\"status\"")) return Form::prometheus_range;
  const bool sides = holds("\"control\"") || holds("\"experiment\"");
  return sides || holds("\"values\"") || holds("\"metricSetPairList\"") ? Form::metric_set_pairs
                                                                        : Form::other_json;
}

/// Reads the wanted columns in one pass.
Table read_wide(const std::filesystem::path& path, const Request& request) {
  csv::Reader reader(path, request.dialect);
  const std::vector<std::string>& header = reader.header();
  Table table;
  table.file = path.string();
  table.form = "CSV separated by " + csv::separator_name(reader.separator());
  table.names = header;
  std::vector<std::size_t> wanted;
  for (std::size_t i = 0; i < header.size(); ++i) {
    const auto& names = request.names;
    if (names && std::find(names->begin(), names->end(), header[i]) == names->end()) continue;
    wanted.push_back(i);
    table.columns.push_back({header[i], {}, {}});
  }
  constexpr std::size_t kFirstGuess = 1000;  // rows before their number is guessed at
  csv::Row row;
  for (std::size_t rows = 0; reader.next(row); ++rows) {
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      std::vector<double>& values = table.columns[i].values;
      if (rows >= kFirstGuess && values.size() == values.capacity()) {
        // A little more than expected: doubling would take half as much again as there is.
        values.reserve(std::max(reader.expected_rows(rows) * 21 / 20, rows + rows / 8));
      }
      values.push_back(csv::number_at(row.cells[wanted[i]], request.dialect.decimal,
                                      {table.file, header[wanted[i]], row.line, wanted[i]}));
    }
  }
  return table;
}

}  // namespace

std::string full_name(const std::string& name, const Tags& tags) {
  if (tags.empty()) return name;
  std::string text = name + "{";
  const char* between = "";
  for (const auto& [key, value] : tags) {
    text += between + key + "=\"" + value + "\"";
    between = ", ";
  }
  return text + "}";
}

Form find_form(const std::filesystem::path& path, const Request& request) {
  const std::string text = beginning_of(path);
  if (begins_like_json(text)) return form_of_json(text);
  const csv::Reader reader(path, request.dialect);  // which says why a file cannot be read
  const bool grouped = request.grouped.value_or(is_grouped(reader.header()));
  return grouped ? Form::grouped_csv : Form::wide_csv;
}

Table read_table(const std::filesystem::path& path, const Request& request) {
  const Where where{path.string(), "", 0, 0};
  switch (find_form(path, request)) {
    case Form::wide_csv:
      return read_wide(path, request);
    case Form::grouped_csv:
      return read_grouped(path, request);
    case Form::prometheus_range:
      return read_prometheus(path, request);
    case Form::metric_set_pairs:
      throw InputError(where,
                       "holds both sides, as Kayenta's metric set pairs do; judge takes it after "
                       "--data");
    case Form::other_json:
      break;
  }
  throw InputError(where,
                   "is JSON that is neither a range of Prometheus (\"resultType\": \"matrix\") nor "
                   "a list of Kayenta's metric set pairs");
}

}  // namespace rehearse::data
