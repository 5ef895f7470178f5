#include "stats/duration_distribution.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/csv.hpp"
#include "stats/lognormal.hpp"

namespace rehearse::stats {
namespace {

struct Sampler {
  Stream& stream;

  Duration operator()(Duration value) const { return value; }
  Duration operator()(const Distribution::Uniform& u) const {
    assert(u.low <= u.high);
    const double part = stream.uniform();
    return u.low + Duration{static_cast<std::int64_t>(
                       part * static_cast<double>(u.high.ns - u.low.ns + 1))};
  }
  Duration operator()(const Distribution::Exponential& e) const {
    return Distribution::bounded(stream.exponential(e.mean.to_seconds()));
  }
  Duration operator()(const Distribution::Lognormal& l) const {
    return Distribution::bounded(std::exp(l.mu + l.sigma * stream.normal()));
  }
  Duration operator()(const Distribution::Pareto& p) const {
    const double log_inverse = stream.exponential(1.0);  // -ln of a uniform
    return Distribution::bounded(p.minimum.to_seconds() * std::exp(log_inverse / p.shape));
  }
  Duration operator()(const Distribution::Erlang& e) const {
    assert(e.stages > 0);
    double sum = 0;
    for (int stage = 0; stage < e.stages; ++stage) sum += stream.exponential(1.0);
    return Distribution::bounded(e.mean.to_seconds() * sum / e.stages);
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
    return Distribution::bounded(std::exp(l.mu + l.sigma * l.sigma / 2));
  }
  Result operator()(const Distribution::Pareto& p) const {
    if (p.shape <= 1) return std::nullopt;
    return Distribution::bounded(p.minimum.to_seconds() * p.shape / (p.shape - 1));
  }
  Result operator()(const Distribution::Erlang& e) const { return e.mean; }
  Result operator()(const Distribution::Empirical& e) const {
    Int128 sum = 0;
    for (const Duration value : *e.values) sum += value.ns;
    return Duration{static_cast<std::int64_t>(sum / static_cast<Int128>(e.values->size()))};
  }
};

// Of shapes without end, the length that 64 * mean of an exponential has: e^-64 is 1.6e-28, and a
// normal variable exceeds 11.2 less often.
struct Reach {
  static constexpr double kExponential = 64;
  static constexpr double kNormal = 11.2;

  Duration operator()(Duration value) const { return value; }
  Duration operator()(const Distribution::Uniform& u) const { return u.high; }
  Duration operator()(const Distribution::Exponential& e) const {
    return Distribution::bounded(kExponential * e.mean.to_seconds());
  }
  Duration operator()(const Distribution::Lognormal& l) const {
    return Distribution::bounded(std::exp(l.mu + l.sigma * kNormal));
  }
  Duration operator()(const Distribution::Pareto& p) const {
    return Distribution::bounded(p.minimum.to_seconds() * std::exp(kExponential / p.shape));
  }
  Duration operator()(const Distribution::Erlang& e) const {
    return Distribution::bounded(kExponential * e.mean.to_seconds());
  }
  Duration operator()(const Distribution::Empirical& e) const {
    return *std::max_element(e.values->begin(), e.values->end());
  }
};

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

Duration Distribution::bounded(double seconds) {
  if (!(seconds > 0)) return {};
  if (seconds >= kLongest.to_seconds()) return kLongest;
  return Duration::from_seconds(seconds);
}

Duration Distribution::sample(Stream& stream) const { return std::visit(Sampler{stream}, shape_); }

std::optional<Duration> Distribution::mean() const { return std::visit(Mean{}, shape_); }

Duration Distribution::reach() const { return std::visit(Reach{}, shape_); }

std::optional<Duration> Distribution::constant_value() const {
  const Duration* value = std::get_if<Duration>(&shape_);
  return value == nullptr ? std::nullopt : std::optional<Duration>(*value);
}

// ---- as scenarios write them ----

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
