#include "sim/distribution.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <utility>

#include "base/csv.hpp"

namespace rehearse::sim {
namespace {

using config::Node;
using config::Object;

constexpr double kNormal99 = 2.3263478740408408;  // the 99th percentile of the normal distribution

Duration bounded(double seconds) {
  if (!(seconds > 0)) return {};
  if (seconds >= Distribution::kLongest.to_seconds()) return Distribution::kLongest;
  return Duration::from_seconds(seconds);
}

struct Sampler {
  stats::Stream& stream;

  Duration operator()(Duration value) const { return value; }
  Duration operator()(const Distribution::Uniform& u) const {
    const double part = stream.uniform();
    return u.low + Duration{static_cast<std::int64_t>(
                       part * static_cast<double>(u.high.ns - u.low.ns + 1))};
  }
  Duration operator()(const Distribution::Exponential& e) const {
    return bounded(stream.exponential(e.mean.to_seconds()));
  }
  Duration operator()(const Distribution::Lognormal& l) const {
    return bounded(std::exp(l.mu + l.sigma * stream.normal()));
  }
  Duration operator()(const Distribution::Pareto& p) const {
    const double log_inverse = stream.exponential(1.0);  // -ln of a uniform
    return bounded(p.minimum.to_seconds() * std::exp(log_inverse / p.shape));
  }
  Duration operator()(const Distribution::Erlang& e) const {
    double sum = 0;
    for (int stage = 0; stage < e.stages; ++stage) sum += stream.exponential(1.0);
    return bounded(e.mean.to_seconds() * sum / e.stages);
  }
  Duration operator()(const Distribution::Empirical& e) const {
    return (*e.values)[stream.below(e.values->size())];
  }
};

struct Mean {
  using Result = std::optional<Duration>;
  Result operator()(Duration value) const { return value; }
  Result operator()(const Distribution::Uniform& u) const { return u.low + (u.high - u.low) / 2; }
  Result operator()(const Distribution::Exponential& e) const { return e.mean; }
  Result operator()(const Distribution::Lognormal& l) const {
    return bounded(std::exp(l.mu + l.sigma * l.sigma / 2));
  }
  Result operator()(const Distribution::Pareto& p) const {
    if (p.shape <= 1) return std::nullopt;
    return bounded(p.minimum.to_seconds() * p.shape / (p.shape - 1));
  }
  Result operator()(const Distribution::Erlang& e) const { return e.mean; }
  Result operator()(const Distribution::Empirical& e) const {
    Int128 sum = 0;
    for (const Duration value : *e.values) sum += value.ns;
    return Duration{static_cast<std::int64_t>(sum / static_cast<Int128>(e.values->size()))};
  }
};

Distribution::Uniform parse_uniform(const Node& node) {
  if (node.kind != config::Kind::array || node.items.size() != 2) {
    config::fail(node, config::shown(node) + "; allowed is an array of two durations");
  }
  const Distribution::Uniform result{config::to_duration(node.items[0]),
                                     config::to_duration(node.items[1])};
  if (result.high < result.low) {
    config::fail(node.items[1],
                 config::shown(node.items[1]) + "; allowed is a duration not below the first one");
  }
  return result;
}

Duration positive_duration(Object& object, const char* key) {
  const Node& node = object.require(key);
  const Duration value = config::to_duration(node);
  if (value <= Duration{}) {
    config::fail(node, config::shown(node) + "; allowed is a duration above 0");
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
  const double median = positive_duration(object, "median").to_seconds();
  const double p99 = positive_duration(object, "p99").to_seconds();
  object.done();
  if (p99 < median) {
    const Node& high = *node.find("p99");
    config::fail(high, config::shown(high) + "; allowed is a duration not below the median");
  }
  return {std::log(median), std::log(p99 / median) / kNormal99};
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
  return bounded(value * scale);
}

Distribution::Empirical parse_empirical(const Node& node, const std::string& directory) {
  Object object(node);
  const Node& file = object.require("csv");
  const std::filesystem::path path = std::filesystem::path(directory) / config::to_string(file);
  const std::string column = config::to_string(object.require("column"));
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

Duration Distribution::sample(stats::Stream& stream) const {
  return std::visit(Sampler{stream}, shape_);
}

std::optional<Duration> Distribution::mean() const { return std::visit(Mean{}, shape_); }

std::optional<Duration> Distribution::constant_value() const {
  const Duration* value = std::get_if<Duration>(&shape_);
  return value == nullptr ? std::nullopt : std::optional<Duration>(*value);
}

Distribution parse_distribution(const Node& node, const std::string& directory) {
  Object object(node);
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
  if (const Node* value = object.find("empirical")) {
    return Distribution(parse_empirical(*value, directory));
  }
  object.done();  // names the member that is not one of them
  return {};
}

Distribution distribution_of(Object& object, std::string_view key, const Distribution& otherwise,
                             const std::string& directory) {
  const Node* node = object.find(key);
  return node == nullptr ? otherwise : parse_distribution(*node, directory);
}

}  // namespace rehearse::sim
