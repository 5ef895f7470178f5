#include "base/data_grouped.hpp"

#include <algorithm>
#include <cctype>
#include <initializer_list>
#include <map>
#include <optional>
#include <utility>

#include "base/csv.hpp"
#include "base/csv_cells.hpp"
#include "base/data_grid.hpp"
#include "base/error.hpp"
#include "base/text/utf8.hpp"

namespace rehearse::data {
namespace {

enum class Part { time, metric, value, tags, other };

Part part_of(const std::string& name) {
  std::string word(csv::trimmed(name));
  std::transform(word.begin(), word.end(), word.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto is = [&](std::initializer_list<const char*> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  if (is({"time", "timestamp", "ts", "date", "datetime"})) return Part::time;
  if (is({"metric", "name", "metric_name", "series"})) return Part::metric;
  if (is({"value"})) return Part::value;
  return is({"tags", "labels"}) ? Part::tags : Part::other;
}

std::size_t count_parts(const std::vector<std::string>& header, Part part) {
  return static_cast<std::size_t>(
      std::count_if(header.begin(), header.end(),
                    [&](const std::string& name) { return part_of(name) == part; }));
}

bool has_each(const std::vector<std::string>& header) {
  return count_parts(header, Part::time) == 1 && count_parts(header, Part::metric) == 1 &&
         count_parts(header, Part::value) == 1 && count_parts(header, Part::tags) <= 1;
}

std::string unquoted(std::string_view text) {
  text = csv::trimmed(text);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    text = text.substr(1, text.size() - 2);
  }
  return std::string(text);
}

/// Collects the points of a file into series, in the order in which these begin.
class Collector {
 public:
  Collector(const csv::Reader& reader, std::string file, const Request& request)
      : header_(reader.header()), file_(std::move(file)), request_(request) {
    if (!has_each(header_)) {
      throw InputError({file_, "", 1, 1},
                       "grouped series need one column each of time, metric and value");
    }
  }

  void add(const csv::Row& row) {
    std::string name;
    Tags tags;
    Instant instant = 0;
    double value = 0;
    for (std::size_t i = 0; i < header_.size(); ++i) {
      const std::string& cell = row.cells[i];
      const csv::CellPlace place{file_, header_[i], row.line, i};
      switch (part_of(header_[i])) {
        case Part::time:
          if (!read_instant(cell, instant)) refuse_time(cell, place);
          break;
        case Part::metric:
          name = csv::trimmed(cell);
          break;
        case Part::value:
          value = csv::number_at(cell, request_.dialect.decimal, place);
          break;
        case Part::tags:
          for (auto& [key, tag] : read_tags(cell)) tags[key] = tag;
          break;
        case Part::other:
          tags[header_[i]] = csv::trimmed(cell);
          break;
      }
    }
    keep(name, tags, instant, value, row.line);
  }

  Table take(const std::string& form) {
    Table table;
    table.file = file_;
    table.form = form;
    table.names = std::move(names_);
    table.columns = align(file_, series_);
    return table;
  }

 private:
  void keep(const std::string& name, const Tags& tags, Instant instant, double value,
            std::size_t line) {
    if (std::find(names_.begin(), names_.end(), name) == names_.end()) names_.push_back(name);
    const auto& wanted = request_.names;
    if (wanted && std::find(wanted->begin(), wanted->end(), name) == wanted->end()) return;
    const auto [known, is_new] = index_.try_emplace({name, tags}, series_.size());
    if (is_new) series_.push_back({name, tags, {}});
    if (series_[known->second].points.emplace(instant, value).second) return;
    throw InputError({file_, "", line, 1},
                     "a second point of " + printable(full_name(name, tags)) + " at this time");
  }

  [[noreturn]] static void refuse_time(const std::string& cell, const csv::CellPlace& place) {
    throw InputError({place.file, "", place.line, place.index + 1},
                     "column \"" + printable(place.column) + "\": \"" + printable(cell) +
                         "\"; a time is due, as seconds since 1970 or \"2024-05-01 12:00:00\"");
  }

  const std::vector<std::string> header_;
  std::string file_;
  const Request& request_;
  std::vector<std::string> names_;
  std::map<std::pair<std::string, Tags>, std::size_t> index_;
  std::vector<TimedSeries> series_;
};

}  // namespace

bool is_grouped(const std::vector<std::string>& header) {
  return has_each(header) && count_parts(header, Part::other) == 0;
}

Tags read_tags(std::string_view text) {
  text = csv::trimmed(text);
  if (text.size() >= 2 && text.front() == '{' && text.back() == '}') {
    text = text.substr(1, text.size() - 2);
  }
  Tags tags;
  bool quoted = false;
  std::size_t from = 0;
  for (std::size_t at = 0; at <= text.size(); ++at) {
    if (at < text.size() && text[at] == '"') quoted = !quoted;
    const bool ends = at == text.size() || (!quoted && (text[at] == ',' || text[at] == ';'));
    if (!ends) continue;
    const std::string_view part = csv::trimmed(text.substr(from, at - from));
    from = at + 1;
    if (part.empty()) continue;
    const std::size_t equals = std::min(part.find_first_of("=:"), part.size());
    const std::string_view value = equals == part.size() ? "" : part.substr(equals + 1);
    tags[unquoted(part.substr(0, equals))] = unquoted(value);
  }
  return tags;
}

Table read_grouped(const std::filesystem::path& path, const Request& request) {
  csv::Reader reader(path, request.dialect);
  Collector collector(reader, path.string(), request);
  for (csv::Row row; reader.next(row);) collector.add(row);
  return collector.take("grouped CSV separated by " + csv::separator_name(reader.separator()));
}

}  // namespace rehearse::data
