#include "stats/duration_distribution.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

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

}  // namespace rehearse::stats
