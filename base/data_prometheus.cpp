#include "base/data_prometheus.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <utility>

#include "base/config.hpp"
#include "base/data_grid.hpp"
#include "base/data_json.hpp"
#include "base/error.hpp"
#include "base/text/utf8.hpp"

namespace rehearse::data {
namespace {

using nlohmann::json;

/// The member "data", or the whole where that is what the file holds.
const json& data_of(const json& root, const std::string& file, std::string& pointer) {
  if (root.is_object() && root.contains("resultType")) return root;
  const json& status = member(root, "status", file, "");
  if (status != "success") {
    const auto error = root.find("error");
    const std::string why =
        error != root.end() && error->is_string() ? error->get<std::string>() : "no reason given";
    refuse_json(file, "/status", "the query did not succeed: " + printable(why, 200));
  }
  pointer = "/data";
  return member(root, "data", file, "");
}

void read_metric(const json& metric, TimedSeries& series, const std::string& file,
                 const std::string& pointer) {
  if (!metric.is_object()) refuse_json(file, pointer, "an object is due");
  for (const auto& [label, value] : metric.items()) {
    if (!value.is_string()) {
      refuse_json(file, pointer + "/" + config::escaped_key(label), "a string is due");
    }
    if (label == "__name__") {
      series.name = value.get<std::string>();
    } else {
      series.tags[label] = value.get<std::string>();
    }
  }
}

void read_points(const json& values, TimedSeries& series, const std::string& file,
                 const std::string& pointer) {
  if (!values.is_array()) refuse_json(file, pointer, "a list of points is due");
  for (std::size_t i = 0; i < values.size(); ++i) {
    const json& point = values[i];
    const std::string place = pointer + "/" + std::to_string(i);
    if (!point.is_array() || point.size() != 2 || !point[0].is_number()) {
      refuse_json(file, place, "a point is [seconds since 1970, \"value\"]");
    }
    const double milliseconds = point[0].get<double>() * 1000;
    if (!(std::abs(milliseconds) < 9e15)) refuse_json(file, place + "/0", "this is no time");
    const double value = value_of(point[1], file, place + "/1");
    if (!series.points.emplace(std::llround(milliseconds), value).second) {
      refuse_json(file, place, "a second point at this time");
    }
  }
}

}  // namespace

Table read_prometheus(const std::filesystem::path& path, const Request& request) {
  const json root = load_json(path);
  const std::string file = path.string();
  std::string pointer;
  const json& data = data_of(root, file, pointer);
  const json& type = member(data, "resultType", file, pointer);
  if (type != "matrix") {
    refuse_json(file, pointer + "/resultType",
                printable(type.dump(-1, ' ', false, json::error_handler_t::replace)) +
                    "; \"matrix\" is due, the answer to a query over a range (query_range)");
  }
  const json& result = member(data, "result", file, pointer);
  if (!result.is_array()) refuse_json(file, pointer + "/result", "a list of series is due");
  Table table;
  table.file = file;
  table.form = "a range of Prometheus";
  std::vector<TimedSeries> all;
  std::set<std::pair<std::string, Tags>> known;
  for (std::size_t i = 0; i < result.size(); ++i) {
    const std::string place = pointer + "/result/" + std::to_string(i);
    TimedSeries series;
    read_metric(member(result[i], "metric", file, place), series, file, place + "/metric");
    if (!known.emplace(series.name, series.tags).second) {
      refuse_json(file, place + "/metric", "a second series with these labels");
    }
    auto& names = table.names;
    if (std::find(names.begin(), names.end(), series.name) == names.end()) {
      names.push_back(series.name);
    }
    // What has no name may be meant for any.
    const auto& wanted = request.names;
    if (wanted && !series.name.empty() &&
        std::find(wanted->begin(), wanted->end(), series.name) == wanted->end()) {
      continue;
    }
    read_points(member(result[i], "values", file, place), series, file, place + "/values");
    all.push_back(std::move(series));
  }
  table.columns = align(file, all);
  return table;
}

}  // namespace rehearse::data
