// What is left of an interval against the formula of its distribution: the equilibrium distribution
// is F_e(x) = E[min(X, x)] / E[X].
#include "stats/duration_residual.hpp"

#include <algorithm>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/normal.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "stats/kolmogorov.hpp"
#include "stats/moments.hpp"

using namespace rehearse;
using namespace rehearse::stats;

namespace {

// E[min(X, x)] in seconds.
using Limited = std::function<double(double x)>;

struct Case {
  std::string name;
  Distribution distribution;
  Limited limited;
};

double normal(double z) { return boost::math::cdf(boost::math::normal(), z); }

double erlang_cdf(int stages, double mean_of_stage, double x) {
  return boost::math::cdf(boost::math::gamma_distribution<>(stages, mean_of_stage), x);
}

std::vector<Case> cases() {
  const auto seconds = [](double s) { return Duration::from_seconds(s); };
  const auto values = std::make_shared<std::vector<Duration>>();
  for (const double value : {0.0, 1.0, 1.0, 2.5, 7.0, 30.0}) values->push_back(seconds(value));
  return {
      {"constant", Distribution::constant(seconds(4)), [](double x) { return std::min(x, 4.0); }},
      {"uniform", Distribution(Distribution::Uniform{seconds(2), seconds(10)}),
       [](double x) {
         if (x <= 2) return x;
         const double y = std::min(x, 10.0);
         return 2 + (64 - (10 - y) * (10 - y)) / 16;
       }},
      {"exponential", Distribution(Distribution::Exponential{seconds(3)}),
       [](double x) { return 3 * (1 - std::exp(-x / 3)); }},
      {"lognormal", Distribution(Distribution::Lognormal{0.5, 1.2}),
       [](double x) {
         if (x <= 0) return 0.0;
         const double z = (std::log(x) - 0.5) / 1.2;
         return std::exp(0.5 + 1.2 * 1.2 / 2) * normal(z - 1.2) + x * normal(-z);
       }},
      {"pareto", Distribution(Distribution::Pareto{seconds(2), 1.5}),
       [](double x) { return x <= 2 ? x : 6 - 4 * std::sqrt(2 / x); }},
      {"erlang", Distribution(Distribution::Erlang{seconds(6), 3}),
       [](double x) { return 6 * erlang_cdf(4, 2, x) + x * (1 - erlang_cdf(3, 2, x)); }},
      {"empirical", Distribution(Distribution::Empirical{values}),
       [values](double x) {
         double sum = 0;
         for (const Duration value : *values) sum += std::min(x, value.to_seconds());
         return sum / static_cast<double>(values->size());
       }},
  };
}

// The greatest distance between a sample's distribution and a continuous one.
double distance(std::vector<double> sample, const std::function<double(double)>& cdf) {
  std::sort(sample.begin(), sample.end());
  const double n = static_cast<double>(sample.size());
  double greatest = 0;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    const double expected = cdf(sample[i]);
    greatest = std::max({greatest, expected - static_cast<double>(i) / n,
                         static_cast<double>(i + 1) / n - expected});
  }
  return greatest;
}

}  // namespace

TEST_CASE("what is left of an interval has the equilibrium distribution") {
  constexpr std::size_t kDraws = 40'000;
  for (const Case& c : cases()) {
    const double mean = c.distribution.mean()->to_seconds();
    CHECK(c.limited(1e12) == Approx(mean).epsilon(1e-5));
    const Residual residual(c.distribution);
    Stream stream(11, 0, c.name);
    std::vector<double> sample;
    for (std::size_t i = 0; i < kDraws; ++i) sample.push_back(residual.sample(stream).to_seconds());
    const double d = distance(sample, [&](double x) { return c.limited(x) / mean; });
    INFO(c.name << ": distance " << d << ", seed 11");
    CHECK(kolmogorov_one_sample_tail(d, kDraws) > 0.001);
  }
}

TEST_CASE("what is left of an interval lasts E[X^2] / 2 E[X] on average") {
  constexpr std::size_t kDraws = 40'000;
  const std::map<std::string, double> means = {
      {"constant", 2},       {"uniform", (1000.0 - 8) / 24 / 12},
      {"exponential", 3},    {"lognormal", std::exp(2.66) / 2},
      {"erlang", 48.0 / 12}, {"empirical", (1 + 1 + 2.5 * 2.5 + 7 * 7 + 30 * 30) / 83},
  };
  for (const Case& c : cases()) {
    const auto expected = means.find(c.name);
    if (expected == means.end()) continue;  // infinite
    const Residual residual(c.distribution);
    Stream stream(13, 0, c.name);
    std::vector<double> sample;
    for (std::size_t i = 0; i < kDraws; ++i) sample.push_back(residual.sample(stream).to_seconds());
    const Moments found = moments(sample);
    INFO(c.name << ": mean " << found.mean() << ", seed 13");
    CHECK(std::abs(found.mean() - expected->second) < 4 * found.sample_deviation() / 200);
  }
}

TEST_CASE("of what always lasts no time nothing is left") {
  Stream stream(14, 0, "zeros");
  CHECK(Residual(Distribution::constant({})).sample(stream) == Duration{});
  CHECK(Residual(Distribution(Distribution::Uniform{})).sample(stream) == Duration{});
}

TEST_CASE("a whole interval and a uniform part of one are told from what is left of one") {
  constexpr std::size_t kDraws = 40'000;
  for (const Case& c : cases()) {
    if (c.name == "exponential") continue;  // without memory
    const double mean = c.distribution.mean()->to_seconds();
    Stream stream(12, 0, c.name);
    std::vector<double> whole, part;
    for (std::size_t i = 0; i < kDraws; ++i) {
      whole.push_back(c.distribution.sample(stream).to_seconds());
      part.push_back(c.distribution.sample(stream).to_seconds() * stream.uniform());
    }
    const auto cdf = [&](double x) { return c.limited(x) / mean; };
    INFO(c.name << ", seed 12");
    CHECK(kolmogorov_one_sample_tail(distance(whole, cdf), kDraws) < 1e-9);
    if (c.name == "constant") continue;  // of which every part is as likely
    CHECK(kolmogorov_one_sample_tail(distance(part, cdf), kDraws) < 1e-9);
  }
}
