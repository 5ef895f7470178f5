#include "stats/duration_distribution.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <vector>

#include "base/config.hpp"
#include "fixtures.hpp"

using rehearse::Duration;
using rehearse::InputError;
using rehearse::stats::Distribution;
using rehearse::stats::Stream;

namespace {

struct Moments {
  double mean = 0;
  double variance = 0;
};

Moments sampled(const Distribution& distribution, int count = 400'000) {
  Stream stream(11, 0, "distribution");
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < count; ++i) {
    const double x = distribution.sample(stream).to_seconds();
    sum += x;
    squares += x * x;
  }
  const double mean = sum / count;
  return {mean, squares / count - mean * mean};
}

// The mean within 4 standard errors, the variance (where given) within 5%.
void check_moments(const Distribution& distribution, double mean, double variance) {
  const Moments moments = sampled(distribution);
  CHECK(moments.mean == Approx(mean).margin(4 * std::sqrt(variance / 400'000)));
  CHECK(moments.variance == Approx(variance).epsilon(0.05));
  REQUIRE(distribution.mean());
  CHECK(distribution.mean()->to_seconds() == Approx(mean).epsilon(1e-6));
}

constexpr Duration seconds(std::int64_t s) { return Duration::seconds(s); }

}  // namespace

TEST_CASE("samples have the moments of their distribution") {
  check_moments(Distribution(Distribution::Uniform{seconds(1), seconds(4)}), 2.5, 0.75);
  check_moments(Distribution(Distribution::Exponential{seconds(3)}), 3, 9);
  check_moments(Distribution(Distribution::Erlang{seconds(2), 4}), 2, 1);
  check_moments(Distribution(Distribution::Pareto{seconds(1), 5}), 1.25, 5.0 / 48);
  const double sigma = 0.5;
  check_moments(Distribution(Distribution::Lognormal{0, sigma}), std::exp(sigma * sigma / 2),
                (std::exp(sigma * sigma) - 1) * std::exp(sigma * sigma));
}

TEST_CASE("a constant draws nothing from its stream") {
  Stream stream(1, 0, "x");
  Stream untouched(1, 0, "x");
  CHECK(Distribution::constant(seconds(2)).sample(stream) == seconds(2));
  CHECK(stream() == untouched());
  CHECK(Distribution().always_zero());
}

TEST_CASE("a Pareto distribution with a heavy tail has no mean and no endless sample") {
  const Distribution heavy(Distribution::Pareto{seconds(1), 0.05});
  CHECK_FALSE(heavy.mean());
  Stream stream(3, 0, "heavy");
  for (int i = 0; i < 10'000; ++i) {
    const Duration sample = heavy.sample(stream);
    REQUIRE(sample >= seconds(1));
    REQUIRE(sample <= Distribution::kLongest);
  }
}

TEST_CASE("distributions are read as scenarios write them") {
  const auto read = [](const char* text) {
    return rehearse::stats::parse_distribution(rehearse::config::parse(text, "test.json"));
  };
  CHECK(read(R"({"constant":"1ms"})").constant_value() == Duration::milliseconds(1));
  CHECK(read(R"({"uniform":["1ms","9ms"]})").mean() == Duration::milliseconds(5));
  CHECK(read(R"({"exponential":{"mean":"1s"}})").mean() == seconds(1));
  CHECK(read(R"({"erlang":{"mean":"1s","stages":4}})").mean() == seconds(1));
  CHECK(read(R"({"pareto":{"minimum":"10ms","shape":1.5}})").mean() == Duration::milliseconds(30));
  const Distribution lognormal = read(R"({"lognormal":{"median":"40ms","p99":"400ms"}})");
  Stream stream(5, 0, "quantiles");
  int below_median = 0;
  int below_p99 = 0;
  for (int i = 0; i < 100'000; ++i) {
    const Duration sample = lognormal.sample(stream);
    below_median += sample < Duration::milliseconds(40) ? 1 : 0;
    below_p99 += sample < Duration::milliseconds(400) ? 1 : 0;
  }
  CHECK(below_median == Approx(50'000).margin(650));
  CHECK(below_p99 == Approx(99'000).margin(130));
}

TEST_CASE("an empirical distribution draws the cells of a column") {
  rehearse::test::TemporaryFolder folder;
  std::ofstream(folder.path() / "gaps.csv") << "name,x\na,1\nb,2.5\nc,1\n";
  const auto read = [&](const char* text) {
    return rehearse::stats::parse_distribution(
        rehearse::config::parse(text, (folder.path() / "test.json").string()));
  };
  const Distribution gaps = read(R"({"empirical":{"csv":"gaps.csv","column":"x","unit":"m"}})");
  CHECK(gaps.mean() == seconds(90));
  Stream stream(2, 0, "gaps");
  int long_ones = 0;
  for (int i = 0; i < 30'000; ++i) {
    const Duration sample = gaps.sample(stream);
    REQUIRE((sample == seconds(60) || sample == seconds(150)));
    long_ones += sample == seconds(150) ? 1 : 0;
  }
  CHECK(long_ones == Approx(10'000).margin(330));
  std::ofstream(folder.path() / "bad.csv") << "x\n1\n-3\n";
  CHECK_THROWS_AS(read(R"({"empirical":{"csv":"bad.csv","column":"x","unit":"s"}})"), InputError);
  CHECK_THROWS_AS(read(R"({"empirical":{"csv":"none.csv","column":"x","unit":"s"}})"), InputError);
  CHECK_THROWS_AS(read(R"({"empirical":{"csv":"gaps.csv","column":"y","unit":"s"}})"), InputError);
}

TEST_CASE("a malformed distribution is refused") {
  for (const char* text :
       {R"({})", R"({"constant":"1ms","exponential":{"mean":"1s"}})", R"({"constant":5})",
        R"({"uniform":["9ms","1ms"]})", R"({"uniform":["9ms"]})", R"({"expnential":{"mean":"1s"}})",
        R"({"exponential":{"mean":"0s"}})", R"({"exponential":{}})",
        R"({"lognormal":{"median":"4s","p99":"1s"}})", R"({"pareto":{"minimum":"1s","shape":0}})",
        R"({"erlang":{"mean":"1s","stages":0}})", R"([1])",
        R"({"empirical":{"csv":"gaps.csv","column":"x"}})"}) {
    INFO(text);
    const auto node = rehearse::config::parse(text, "test.json");
    CHECK_THROWS_AS(rehearse::stats::parse_distribution(node), InputError);
  }
}
