#include "stats/duration_law.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <vector>

#include "stats/distributions.hpp"
#include "stats/roots.hpp"

namespace rehearse::stats {
namespace {

/// A sum of k exponentials of mean m/k is m/(2k) times a chi-square variable of 2k degrees.
double erlang_above(const Distribution::Erlang& e, double seconds) {
  const double stages = e.stages;
  return chi_square_tail(2 * stages * seconds / e.mean.to_seconds(), 2 * stages);
}

struct Above {
  Duration limit;

  double operator()(Duration value) const { return value > limit ? 1 : 0; }
  double operator()(const Distribution::Uniform& u) const {
    if (u.low == u.high) return u.low > limit ? 1 : 0;
    const double part = (u.high - limit).to_seconds() / (u.high - u.low).to_seconds();
    return std::clamp(part, 0.0, 1.0);
  }
  double operator()(const Distribution::Exponential& e) const {
    return limit <= Duration{} ? 1 : std::exp(-limit.to_seconds() / e.mean.to_seconds());
  }
  double operator()(const Distribution::Lognormal& l) const {
    if (limit <= Duration{}) return 1;
    const double logarithm = std::log(limit.to_seconds());
    if (l.sigma == 0) return logarithm < l.mu ? 1 : 0;
    return normal_cdf((l.mu - logarithm) / l.sigma);
  }
  double operator()(const Distribution::Pareto& p) const {
    if (limit <= p.minimum) return 1;
    return std::pow(p.minimum.to_seconds() / limit.to_seconds(), p.shape);
  }
  double operator()(const Distribution::Erlang& e) const {
    return limit <= Duration{} ? 1 : erlang_above(e, limit.to_seconds());
  }
  double operator()(const Distribution::Empirical& e) const {
    const auto above = std::count_if(e.values->begin(), e.values->end(),
                                     [&](Duration value) { return value > limit; });
    return static_cast<double>(above) / static_cast<double>(e.values->size());
  }
};

struct Quantile {
  double p;

  Duration operator()(Duration value) const { return value; }
  Duration operator()(const Distribution::Uniform& u) const {
    return u.low + Duration::from_seconds(p * (u.high - u.low).to_seconds());
  }
  Duration operator()(const Distribution::Exponential& e) const {
    return Distribution::bounded(-e.mean.to_seconds() * std::log1p(-p));
  }
  Duration operator()(const Distribution::Lognormal& l) const {
    return Distribution::bounded(std::exp(l.mu + l.sigma * normal_quantile(p)));
  }
  Duration operator()(const Distribution::Pareto& q) const {
    return Distribution::bounded(q.minimum.to_seconds() * std::exp(-std::log1p(-p) / q.shape));
  }
  Duration operator()(const Distribution::Erlang& e) const {
    // 64 means are longer than all but a share of 1e-27.
    const double mean = e.mean.to_seconds();
    const auto excess = [&](double seconds) { return erlang_above(e, seconds) - (1 - p); };
    return Distribution::bounded(find_root(excess, 0, 64 * mean, 1e-12 * mean));
  }
  Duration operator()(const Distribution::Empirical& e) const {
    std::vector<Duration> sorted = *e.values;
    std::sort(sorted.begin(), sorted.end());
    const double rank = std::ceil(p * static_cast<double>(sorted.size()));
    return sorted[static_cast<std::size_t>(std::max(1.0, rank)) - 1];
  }
};

}  // namespace

double share_above(const Distribution& distribution, Duration limit) {
  return std::visit(Above{limit}, distribution.shape());
}

Duration quantile(const Distribution& distribution, double p) {
  assert(p > 0 && p < 1);
  return std::visit(Quantile{p}, distribution.shape());
}

}  // namespace rehearse::stats
