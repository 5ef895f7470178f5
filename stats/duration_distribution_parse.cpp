// Reads distributions from scenarios.
#include <charconv>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/csv.hpp"
#include "stats/duration_distribution.hpp"
#include "stats/lognormal.hpp"

namespace rehearse::stats {
namespace {

using config::Node;
using config::Object;

Distribution::Uniform parse_uniform(const Node& node) {
  if (node.kind != config::Kind::array || node.items.size() != 2) {
    config::fail(node, "found " + config::shown(node) + "; allowed is an array of two durations");
  }
  const Distribution::Uniform result{config::to_duration(node.items[0]),
                                     config::to_duration(node.items[1])};
  if (result.high < result.low) {
    config::fail(node.items[1], "found " + config::shown(node.items[1]) +
                                    "; allowed is a duration not below the first one");
  }
  return result;
}

Duration positive_duration(Object& object, const char* key) {
  const Node& node = object.require(key);
  const Duration value = config::to_duration(node);
  if (value <= Duration{}) {
    config::fail(node, "found " + config::shown(node) + "; allowed is a duration above 0");
  }
  return value;
}

Distribution::Exponential parse_exponential(const Node& node) {
  Object object(node);
  const Distribution::Exponential result{positive_duration(object, "mean")};
  object.done();
  return result;
}

Distribution::Lognormal parse_lognormal(const Node& node) {
  Object object(node);
  const Duration median = positive_duration(object, "median");
  const Duration p99 = positive_duration(object, "p99");
  object.done();
  if (p99 < median) {
    const Node& high = *node.find("p99");
    config::fail(high,
                 "found " + config::shown(high) + "; allowed is a duration not below the median");
  }
  return lognormal(median, p99);
}

Distribution::Pareto parse_pareto(const Node& node) {
  Object object(node);
  const Duration minimum = positive_duration(object, "minimum");
  const double shape = config::to_number(object.require("shape"), {0, 1e6, true});
  object.done();
  return {minimum, shape};
}

Distribution::Erlang parse_erlang(const Node& node) {
  Object object(node);
  const Duration mean = positive_duration(object, "mean");
  const std::int64_t stages = config::to_integer(object.require("stages"), 1, 1000);
  object.done();
  return {mean, static_cast<int>(stages)};
}

double seconds_per(const std::string& unit) {
  if (unit == "d") return 86400;
  if (unit == "h") return 3600;
  if (unit == "m") return 60;
  if (unit == "s") return 1;
  if (unit == "ms") return 1e-3;
  return unit == "us" ? 1e-6 : 1e-9;
}

Duration parse_cell(const std::string& cell, double scale, const Where& where) {
  double value = 0;
  const char* end = cell.data() + cell.size();
  const auto [stop, error] = std::from_chars(cell.data(), end, value);
  if (error != std::errc() || stop != end || !(value >= 0)) {
    throw InputError(where, "found \"" + cell + "\"; allowed is a number not below 0");
  }
  return Distribution::bounded(value * scale);
}

Distribution::Empirical parse_empirical(const Node& node) {
  Object object(node);
  const Node& file = object.require("csv");
  const std::filesystem::path path = config::to_path(file);
  const std::string column = config::to_string(object.require("column"));
  object.require("unit");
  const double scale =
      seconds_per(object.choice("unit", "s", {"d", "h", "m", "s", "ms", "us", "ns"}));
  object.done();
  csv::Reader reader(path);
  const std::size_t index = reader.column(column);
  auto values = std::make_shared<std::vector<Duration>>();
  csv::Row row;
  while (reader.next(row)) {
    const Where where{path.string(), "", row.line, 0};
    values->push_back(parse_cell(row.cells[index], scale, where));
  }
  if (values->empty()) {
    config::fail(file, "the file has no rows; allowed is at least one");
  }
  return {std::move(values)};
}

}  // namespace

Distribution parse_distribution(const Node& node) {
  Object object(node);
  for (const char* shape :
       {"constant", "uniform", "exponential", "lognormal", "pareto", "erlang", "empirical"}) {
    object.find(shape);
  }
  object.done();  // a misspelt name first: it comes beside a right one where scenarios are merged
  if (node.members.size() != 1) {
    config::fail(node,
                 "a distribution has one of the members constant, uniform, exponential, "
                 "lognormal, pareto, erlang, empirical; found " +
                     std::to_string(node.members.size()));
  }
  if (const Node* value = object.find("constant")) {
    return Distribution(config::to_duration(*value));
  }
  if (const Node* value = object.find("uniform")) return Distribution(parse_uniform(*value));
  if (const Node* value = object.find("exponential")) {
    return Distribution(parse_exponential(*value));
  }
  if (const Node* value = object.find("lognormal")) return Distribution(parse_lognormal(*value));
  if (const Node* value = object.find("pareto")) return Distribution(parse_pareto(*value));
  if (const Node* value = object.find("erlang")) return Distribution(parse_erlang(*value));
  return Distribution(parse_empirical(*object.find("empirical")));
}

Distribution distribution_of(Object& object, std::string_view key, const Distribution& otherwise) {
  const Node* node = object.find(key);
  return node == nullptr ? otherwise : parse_distribution(*node);
}

}  // namespace rehearse::stats
