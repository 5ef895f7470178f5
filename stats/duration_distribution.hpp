// Distributions of durations, as scenarios write them:
//
//   {"constant":"1ms"}  {"uniform":["1ms","9ms"]}  {"exponential":{"mean":"1s"}}
//   {"lognormal":{"median":"40ms","p99":"400ms"}}  {"pareto":{"minimum":"10ms","shape":1.5}}
//   {"erlang":{"mean":"1s","stages":4}}
//   {"empirical":{"csv":"file.csv","column":"x","unit":"s"}}
//
// Samples are whole nanoseconds, never negative and at most kLongest. Constants draw nothing, so
// that a constant delay does not depend on its stream; the others make one draw per expression, so
// the result does not depend on the compiler's order of evaluation.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/config.hpp"
#include "base/time.hpp"
#include "stats/random.hpp"

namespace rehearse::stats {

class Distribution {
 public:
  /// Longer samples of a heavy tail are cut here; a hundred years stand for "not in this run".
  static constexpr Duration kLongest = Duration::days(36'500);

  struct Uniform {
    Duration low, high;
  };
  struct Exponential {
    Duration mean;
  };
  /// exp(mu + sigma * normal) seconds; mu = ln(median), sigma = ln(p99 / median) / z(0.99).
  struct Lognormal {
    double mu = 0, sigma = 0;
  };
  struct Pareto {
    Duration minimum;
    double shape = 1;
  };
  /// The sum of `stages` exponentials.
  struct Erlang {
    Duration mean;
    int stages = 1;
  };
  /// Values of a data set, each as likely as the others. Shared because copies never change it.
  struct Empirical {
    std::shared_ptr<const std::vector<Duration>> values;
  };
  using Shape = std::variant<Duration, Uniform, Exponential, Lognormal, Pareto, Erlang, Empirical>;

  /// Always zero.
  Distribution() : shape_(Duration{}) {}
  explicit Distribution(Shape shape) : shape_(std::move(shape)) {}
  /// Seconds as a sample: cut to [0, kLongest], to the nearest nanosecond.
  static Duration bounded(double seconds);
  static Distribution constant(Duration value) { return Distribution(value); }

  const Shape& shape() const { return shape_; }
  Duration sample(Stream& stream) const;
  /// The exact mean; nullopt where it is infinite (Pareto with a shape of 1 or less).
  std::optional<Duration> mean() const;
  /// The value, when every sample is the same.
  std::optional<Duration> constant_value() const;
  /// No sample is longer, or (of shapes without end) with a chance below 1e-27 only.
  Duration reach() const;
  bool always_zero() const { return constant_value() == Duration{}; }

 private:
  Shape shape_;
};

/// Parses a distribution. Throws InputError.
Distribution parse_distribution(const config::Node& node);

/// The member `key` of an object as a distribution, or `otherwise` when it is absent.
Distribution distribution_of(config::Object& object, std::string_view key,
                             const Distribution& otherwise);

}  // namespace rehearse::stats
