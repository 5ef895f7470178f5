#include "stats/duration_residual.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace rehearse::stats {
namespace {

struct ResidualSampler {
  Stream& stream;
  const std::vector<double>& cumulated;

  Duration part_of(double seconds) const {
    return Distribution::bounded(seconds * stream.uniform());
  }

  Duration operator()(Duration value) const {
    if (value.ns == 0) return value;
    return Duration{1 +
                    static_cast<std::int64_t>(stream.below(static_cast<std::uint64_t>(value.ns)))};
  }
  Duration operator()(const Distribution::Uniform& u) const {
    const double low = u.low.to_seconds();
    const double high = u.high.to_seconds();
    const double square = low * low + stream.uniform() * (high * high - low * low);
    return part_of(std::sqrt(square));
  }
  Duration operator()(const Distribution::Exponential& e) const {
    return Distribution::bounded(stream.exponential(e.mean.to_seconds()));
  }
  // x times a lognormal density is that of the same sigma about mu + sigma^2.
  Duration operator()(const Distribution::Lognormal& l) const {
    return part_of(std::exp(l.mu + l.sigma * (l.sigma + stream.normal())));
  }
  // x times a Pareto density is one whose shape is less by 1.
  Duration operator()(const Distribution::Pareto& p) const {
    const double log_inverse = stream.exponential(1.0);
    return part_of(p.minimum.to_seconds() * std::exp(log_inverse / (p.shape - 1)));
  }
  // Each stage is as likely to be the one under way, and what is left of it is a whole one.
  Duration operator()(const Distribution::Erlang& e) const {
    const std::uint64_t left = 1 + stream.below(static_cast<std::uint64_t>(e.stages));
    double sum = 0;
    for (std::uint64_t stage = 0; stage < left; ++stage) sum += stream.exponential(1.0);
    return Distribution::bounded(e.mean.to_seconds() * sum / e.stages);
  }
  Duration operator()(const Distribution::Empirical& e) const {
    const double at = stream.uniform() * cumulated.back();
    const auto found = std::upper_bound(cumulated.begin(), cumulated.end(), at);
    const auto place =
        std::min<std::ptrdiff_t>(found - cumulated.begin(), std::ssize(cumulated) - 1);
    return part_of((*e.values)[static_cast<std::size_t>(place)].to_seconds());
  }
};

}  // namespace

Residual::Residual(const Distribution& distribution) : distribution_(distribution) {
  assert(distribution.mean());
  const auto* data = std::get_if<Distribution::Empirical>(&distribution.shape());
  if (data == nullptr) return;
  double sum = 0;
  for (const Duration value : *data->values) {
    sum += static_cast<double>(value.ns);
    cumulated_.push_back(sum);
  }
}

Duration Residual::sample(Stream& stream) const {
  return std::visit(ResidualSampler{stream, cumulated_}, distribution_.shape());
}

}  // namespace rehearse::stats
