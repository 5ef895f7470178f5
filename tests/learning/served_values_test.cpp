// psi_drift.json within the tolerances that its `about` states: shares of exact decile bins, and
// what samples of a monitor's size give, the current one drawn as counts.
#include "learning/served_values.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "learning/changing_world.hpp"
#include "reference_file.hpp"
#include "stats/count_draws.hpp"
#include "stats/distributions.hpp"
#include "stats/moments.hpp"
#include "stats/quantiles.hpp"
#include "stats/roots.hpp"

using namespace rehearse;
using namespace rehearse::learning;
using nlohmann::json;
using Values = std::vector<double>;

namespace {

ServedValues mixture(const json& parts) {
  ServedValues values;
  for (const json& part : parts) values.parts.push_back({part[0], part[1], part[2]});
  return values;
}

Values deciles(const ServedValues& values) {
  Values cuts;
  for (int i = 1; i < 10; ++i) cuts.push_back(quantile(values, i / 10.0));
  return cuts;
}

double psi(const Values& reference, const Values& current) {
  double sum = 0;
  for (std::size_t i = 0; i < reference.size(); ++i) {
    const double r = std::max(reference[i], 1e-4), c = std::max(current[i], 1e-4);
    sum += (c - r) * std::log(c / r);
  }
  return sum;
}

double kl(const Values& reference, const Values& current) {
  double sum = 0;
  for (std::size_t i = 0; i < reference.size(); ++i) {
    const double r = std::max(reference[i], 1e-4), c = std::max(current[i], 1e-4);
    sum += c * std::log(c / r);
  }
  return sum;
}

double jensen_shannon(const Values& reference, const Values& current) {
  double sum = 0;
  for (std::size_t i = 0; i < reference.size(); ++i) {
    const double r = reference[i], c = current[i], m = (r + c) / 2;
    if (r > 0) sum += r / 2 * std::log2(r / m);
    if (c > 0) sum += c / 2 * std::log2(c / m);
  }
  return std::sqrt(std::max(0.0, sum));
}

double hellinger(const Values& reference, const Values& current) {
  double sum = 0;
  for (std::size_t i = 0; i < reference.size(); ++i) {
    const double off = std::sqrt(reference[i]) - std::sqrt(current[i]);
    sum += off * off;
  }
  return std::sqrt(sum / 2);
}

double total_variation(const Values& reference, const Values& current) {
  double sum = 0;
  for (std::size_t i = 0; i < reference.size(); ++i) sum += std::abs(reference[i] - current[i]);
  return sum / 2;
}

/// One version's monitor: its reference sample, and checks of it by counts.
class Checks {
 public:
  Checks(std::size_t reference_rows, const ServedValues& reference, const ServedValues& current,
         std::uint64_t number)
      : stream_(91, 0, "reference/" + std::to_string(number)) {
    Values sample;
    for (std::size_t i = 0; i < reference_rows; ++i) sample.push_back(draw(reference));
    std::sort(sample.begin(), sample.end());
    for (std::size_t i = 1; i < 10; ++i) cuts_.push_back(stats::quantile_sorted(sample, i, 10));
    for (std::size_t i = 0; i <= cuts_.size(); ++i) {
      const double to = i < cuts_.size() ? stats::ecdf_sorted(sample, cuts_[i]) : 1;
      reference_.push_back(to - below_);
      below_ = to;
    }
    shares_ = bin_shares(current, cuts_);
    shares_.pop_back();  // nothing is absent
  }

  const Values& reference() const { return reference_; }
  /// The shares of a current sample.
  const Values& next(std::size_t rows) {
    stats::draw_multinomial(stream_, rows, shares_, counts_);
    for (double& count : counts_) count /= double(rows);
    return counts_;
  }

 private:
  double draw(const ServedValues& values) {
    double at = stream_.uniform();
    std::size_t i = 0;
    while (i + 1 < values.parts.size() && at >= values.parts[i].share) {
      at -= values.parts[i++].share;
    }
    return values.parts[i].mean + values.parts[i].deviation * stream_.normal();
  }

  stats::Stream stream_;
  Values cuts_, reference_, shares_, counts_;
  double below_ = 0;
};

constexpr int kChecks = 24;

/// A figure of many references, one number each, as mean and standard error.
void near(const stats::Moments& own, const json& expected, const std::string& what) {
  // What the file's 2 000 references scattered by, where few of our own show a rare event never.
  const double theirs = expected[1], count = double(own.count());
  const double error =
      std::max(own.sample_deviation() / std::sqrt(count), theirs * std::sqrt(2000 / count));
  const double both = std::hypot(error, theirs);
  INFO(what << ": " << own.mean() << " +- " << error << ", expected " << expected.dump());
  CHECK(std::abs(own.mean() - expected[0].get<double>()) <= 3.3 * both + 1e-9);
}

void check_sampled(const json& one, int references) {
  const ServedValues reference = mixture(one["reference"]), current = mixture(one["current"]);
  const std::size_t rows = one["current_rows"];
  stats::Moments mean_psi, mean_kl, psi_above_1, psi_above_2, kl_above_1, alerted;
  for (int number = 0; number < references; ++number) {
    Checks checks(one["reference_rows"], reference, current, std::uint64_t(number));
    double sum_psi = 0, sum_kl = 0, above_1 = 0, above_2 = 0, kl_above = 0;
    int in_a_row = 0;
    bool alert = false;
    for (int check = 0; check < kChecks; ++check) {
      const Values& now = checks.next(rows);
      const double distance = psi(checks.reference(), now),
                   divergence = kl(checks.reference(), now);
      sum_psi += distance;
      sum_kl += divergence;
      above_1 += distance > 0.1 ? 1 : 0;
      above_2 += distance > 0.2 ? 1 : 0;
      kl_above += divergence > 0.1 ? 1 : 0;
      in_a_row = distance > 0.2 ? in_a_row + 1 : 0;
      alert = alert || in_a_row == 3;
    }
    mean_psi.add(sum_psi / kChecks);
    mean_kl.add(sum_kl / kChecks);
    psi_above_1.add(above_1 / kChecks);
    psi_above_2.add(above_2 / kChecks);
    kl_above_1.add(kl_above / kChecks);
    alerted.add(alert ? 1 : 0);
  }
  const json& expected = one["expected"];
  near(mean_psi, expected["psi"]["mean"], "psi");
  near(mean_kl, expected["kl"]["mean"], "kl");
  near(psi_above_1, expected["psi_above_0.1"], "psi above 0.1");
  near(psi_above_2, expected["psi_above_0.2"], "psi above 0.2");
  near(kl_above_1, expected["kl_above_0.1"], "kl above 0.1");
  near(alerted, expected["alert_within_24_checks"], "alerts");
}

void check_null_maximum(const json& one, int references) {
  const ServedValues same{{{1, 0, 1}}};
  const std::size_t features = one["features"], rows = one["current_rows"];
  stats::Moments largest, above;
  for (int number = 0; number < references; ++number) {
    std::vector<Checks> checks;
    for (std::size_t j = 0; j < features; ++j) {
      checks.emplace_back(one["reference_rows"], same, same, std::uint64_t(number) * features + j);
    }
    double sum = 0, count = 0;
    for (int check = 0; check < kChecks; ++check) {
      double most = 0;
      for (Checks& feature : checks) {
        const Values& now = feature.next(rows);
        most = std::max(most, psi(feature.reference(), now));
      }
      sum += most;
      count += most > 0.2 ? 1 : 0;
    }
    largest.add(sum / kChecks);
    above.add(count / kChecks);
  }
  near(largest, one["mean"], "mean of the largest");
  // The file has no error for this share: that of as many references as it drew.
  const double their_error = above.sample_deviation() / std::sqrt(2000);
  near(above, {one["above_0.2"].get<double>(), their_error}, "above 0.2");
}

void check_samples(int references) {
  const json file = test::load_reference("psi_drift.json");
  for (const json& one : file.at("sampled")) {
    CAPTURE(one["name"].get<std::string>());
    check_sampled(one, references);
  }
  for (const json& one : file.at("null_maximum_of_8")) {
    CAPTURE(one.dump());
    check_null_maximum(one, references);
  }
}

}  // namespace

TEST_CASE("shares of exact deciles reproduce the reference distances") {
  const json file = test::load_reference("psi_drift.json");
  for (const json& one : file.at("population")) {
    CAPTURE(one["name"].get<std::string>());
    const ServedValues reference = mixture(one["reference"]), current = mixture(one["current"]);
    const Values cuts = deciles(reference);
    const Values from = bin_shares(reference, cuts), to = bin_shares(current, cuts);
    for (std::size_t i = 0; i < 10; ++i) CHECK(from[i] == Approx(0.1).epsilon(1e-11));
    CHECK(std::accumulate(to.begin(), to.end(), 0.0) == Approx(1).epsilon(1e-14));
    const json& expected = one["expected"];
    const auto close = [&](double value, const char* name, double tolerance) {
      INFO(name << ": " << value << ", off by " << value - expected[name].get<double>());
      CHECK(std::abs(value - expected[name].get<double>()) <= tolerance);
    };
    close(psi(from, to), "psi", 1e-9);
    close(kl(from, to), "kl", 1e-9);
    // Near 0 the roots of sums that rounding keeps from 0 are far from it.
    const bool equal = expected["tvd"].get<double>() < 1e-6;
    close(jensen_shannon(from, to), "js", equal ? 1e-6 : 1e-9);
    close(hellinger(from, to), "hellinger", equal ? 1e-6 : 1e-9);
    close(total_variation(from, to), "tvd", 1e-9);
  }
}

TEST_CASE("the shifts at which PSI reaches its thresholds are the reference ones") {
  const json file = test::load_reference("psi_drift.json");
  const ServedValues standard{{{1, 0, 1}}};
  const Values cuts = deciles(standard), from = bin_shares(standard, cuts);
  for (const json& one : file.at("shift_for")) {
    const auto above = [&](double shift) {
      return psi(from, bin_shares({{{1, shift, 1}}}, cuts)) - one["psi"].get<double>();
    };
    const double shift = stats::find_root(above, 0, 2, 1e-13);
    CHECK(std::abs(shift - one["shift"].get<double>()) <= 1e-9);
  }
}

TEST_CASE("counts of a monitor's size have the reference distances and alarms") {
  check_samples(100);
}

TEST_CASE("counts of a monitor's size have the reference distances, 2 000 references each",
          "[long]") {
  check_samples(2000);
}

TEST_CASE("a served feature is a mixture of its worlds, and absence a share of its own") {
  World before = World::standard(2, -2), after = before;
  before.absent[1] = 0.1;
  after.absent[1] = 0.5;
  after.mean[1] = 2;
  after.deviation[1] = 0.5;
  const Worlds worlds = {{0.75, 0, before}, {0.25, 1, after}};
  const ServedValues values = served_feature(worlds, 1);
  REQUIRE(values.absent == Approx(0.2));
  REQUIRE(distribution(values, 1e9) == Approx(0.8));
  REQUIRE(distribution(values, 2) == Approx(0.675 * stats::normal_cdf(2) + 0.125 * 0.5));
  const Values shares = bin_shares(values, Values{0, 2});
  REQUIRE(shares.size() == 4);
  REQUIRE(shares[0] == Approx(distribution(values, 0)));
  REQUIRE(shares[1] == Approx(distribution(values, 2) - distribution(values, 0)));
  REQUIRE(shares[3] == Approx(0.2));
  REQUIRE(distribution(values, quantile(values, 0.3)) == Approx(0.3 * 0.8));
}

TEST_CASE("a version's score is a mixture over the patterns of absence") {
  World world = World::standard(3, -2);
  world.mean = {1, 0, 0};
  world.deviation = {1, 2, 1};
  world.absent = {0.25, 0, 1};
  const LinearModel model{-1, {2, 0.5, 3}, {0.4, 0, 0.1}};
  const ServedValues values = served_score({{1, 0, world}}, model);
  REQUIRE(values.parts.size() == 2);
  REQUIRE(values.absent == 0);
  const NormalPart &gone = values.parts[0], &there = values.parts[1];
  REQUIRE((gone.share == 0.25 && there.share == 0.75));
  REQUIRE(gone.mean == Approx(-1 + 2 * 0.4 + 3 * 0.1));
  REQUIRE(there.mean == Approx(-1 + 2 * 1 + 3 * 0.1));
  REQUIRE(gone.deviation == Approx(1));
  REQUIRE(there.deviation == Approx(std::sqrt(4 + 1)));
  const double nan = std::numeric_limits<double>::quiet_NaN();
  REQUIRE(model.score(Values{nan, 0, nan}) == Approx(gone.mean));
}
