// A reference that is kept: what it says of a sample is what comparing the two samples says.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "drift/measure.hpp"
#include "drift/monitor.hpp"
#include "reference_file.hpp"
#include "stats/distributions.hpp"
#include "stats/moments.hpp"
#include "stats/random.hpp"

using namespace rehearse;
using namespace rehearse::drift;
using Values = std::vector<double>;

namespace {

const double kMissing = std::numeric_limits<double>::quiet_NaN();

/// Values with ties, of which some may be missing.
Values draw(stats::Stream& stream, std::size_t count, double shift, double missing = 0) {
  Values values;
  for (std::size_t i = 0; i < count; ++i) {
    const bool absent = stream.chance(missing);
    const double value = std::round(20 * (shift + stream.normal())) / 20;
    values.push_back(absent ? kMissing : value);
  }
  return values;
}

nlohmann::json psi_drift() { return test::load_reference("psi_drift.json"); }

bool standard_normal(const nlohmann::json& mixture) {
  return mixture == nlohmann::json::parse("[[1.0, 0.0, 1.0]]");
}

/// Shares of a normal mixture in the deciles of the standard normal.
Values shares_of(const nlohmann::json& mixture) {
  Values below;
  for (int i = 1; i < 10; ++i) {
    double share = 0;
    for (const auto& part : mixture) {
      const double z =
          (stats::normal_quantile(i / 10.0) - part[1].get<double>()) / part[2].get<double>();
      share += part[0].get<double>() * stats::normal_cdf(z);
    }
    below.push_back(share);
  }
  below.push_back(1);
  Values shares = {below.front()};
  for (std::size_t i = 1; i < below.size(); ++i) shares.push_back(below[i] - below[i - 1]);
  return shares;
}

}  // namespace

TEST_CASE("a kept reference has automatic bins, as those of two samples are") {
  stats::Stream stream(31, 0, "automatic bins");
  for (int run = 0; run < 100; ++run) {
    Values reference = draw(stream, 100 + stream.below(200), 0), current = draw(stream, 90, 0.5);
    const int kind = run % 3;  // many values, few, or many of which one stands often
    for (Values* values : {&reference, &current}) {
      for (double& value : *values) {
        if (kind == 1) value = std::clamp(std::round(value), -1.0, 1.0);
        if (kind == 2 && stream.chance(0.6)) value = 0.3;
      }
    }
    const Reference kept(reference, Binning::automatic);
    Values counts;
    kept.count(current, counts);
    const Bins bins = bin_automatically(stats::sorted(reference), stats::sorted(current));
    for (const auto distance : {psi, kl, jensen_shannon, hellinger, total_variation}) {
      CHECK(distance(kept.against(counts)) == Approx(distance(bins)).margin(1e-12));
    }
  }
}

TEST_CASE("a kept reference refuses bins that need the current sample") {
  CHECK_THROWS_WITH(Reference({1, 2, 3}, Binning::sturges), Catch::Contains("Sturges"));
}

TEST_CASE("a value's bin is the number of cut points below it") {
  const std::uint64_t seed = 86;
  stats::Stream stream(seed, 0, "cuts");
  for (int run = 0; run < 2000; ++run) {
    CAPTURE(seed, run);
    CutPoints cuts(stream.below(24));
    for (double& cut : cuts) cut = static_cast<double>(stream.below(100));
    std::sort(cuts.begin(), cuts.end());
    cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
    const double value = static_cast<double>(stream.below(102)) - 1;
    const auto below = std::lower_bound(cuts.begin(), cuts.end(), value) - cuts.begin();
    REQUIRE(bin_of(value, cuts) == static_cast<std::size_t>(below));
  }
  REQUIRE(bin_of(std::numeric_limits<double>::infinity(), Values{0, 1}) == 2);
  REQUIRE(bin_of(-std::numeric_limits<double>::infinity(), Values{0, 1}) == 0);
}

TEST_CASE("a kept reference gives the very distances of the two samples") {
  const std::uint64_t seed = 87;
  stats::Stream stream(seed, 0, "pairs");
  Values counts;
  for (int run = 0; run < 500; ++run) {
    CAPTURE(seed, run);
    const Values reference = draw(stream, 1 + stream.below(300), 0);
    const Values current = draw(stream, 1 + stream.below(300), 0.3);
    const Bins bins = bin_by_quantiles(stats::sorted(reference), stats::sorted(current));
    const Reference kept(reference);
    kept.count(current, counts);
    REQUIRE(kept.cuts() == bins.edges);
    REQUIRE(Values(counts.begin(), counts.end() - 1) == bins.current);
    REQUIRE(*measure_bins(Measure::psi, kept, counts) == psi(bins));
    REQUIRE(*measure_bins(Measure::kl, kept, counts) == kl(bins));
    REQUIRE(*measure_bins(Measure::jensen_shannon, kept, counts) == jensen_shannon(bins));
    REQUIRE(*measure_bins(Measure::hellinger, kept, counts) == hellinger(bins));
    REQUIRE(*measure_bins(Measure::total_variation, kept, counts) == total_variation(bins));
  }
}

TEST_CASE("missing values have a bin of their own and no rank") {
  const Reference kept({kMissing, 3, 1, 2, kMissing});
  REQUIRE(kept.bins() == kept.cuts().size() + 2);
  REQUIRE(kept.counts().back() == 2);
  REQUIRE(Values(kept.sorted().begin(), kept.sorted().end()) == Values{1, 2, 3});
  Values counts;
  kept.count(Values{kMissing, 2.5}, counts);
  REQUIRE(counts.back() == 1);
  REQUIRE(*measure_bins(Measure::total_variation, kept, counts) > 0.1);
  REQUIRE(*measure_ranks(Measure::ks, kept, Values{1, 2, 3}) == 0);
}

TEST_CASE("a reference of missing values alone sees that they are there again") {
  const Reference kept(Values(100, kMissing));
  REQUIRE(kept.counts() == Values{0, 100});
  Values counts;
  kept.count(Values(50, 1.0), counts);
  REQUIRE(*measure_bins(Measure::total_variation, kept, counts) == 1);
  REQUIRE_FALSE(measure_ranks(Measure::ks, kept, Values{1}));
}

TEST_CASE("no counts are no data") {
  const Reference kept({1, 2, 3});
  REQUIRE_FALSE(measure_bins(Measure::psi, kept, Values(kept.bins(), 0)));
  REQUIRE_FALSE(measure_bins(Measure::psi, kept, Values{}));
  REQUIRE_FALSE(measure_ranks(Measure::wasserstein, kept, Values{}));
}

TEST_CASE("exact shares in deciles have the reference's distances") {
  const auto file = psi_drift();
  int compared = 0;
  for (const auto& one : file["population"]) {
    if (!standard_normal(one["reference"])) continue;
    CAPTURE(one["name"].get<std::string>());
    const Values reference = shares_of(one["reference"]), current = shares_of(one["current"]);
    const BinCounts bins{reference, current};
    const auto& expected = one["expected"];
    REQUIRE(psi(bins) == Approx(expected["psi"].get<double>()).margin(1e-9));
    REQUIRE(kl(bins) == Approx(expected["kl"].get<double>()).margin(1e-9));
    // The root of what rounding leaves of 0.
    REQUIRE(jensen_shannon(bins) == Approx(expected["js"].get<double>()).margin(1e-7));
    REQUIRE(hellinger(bins) == Approx(expected["hellinger"].get<double>()).margin(1e-9));
    REQUIRE(total_variation(bins) == Approx(expected["tvd"].get<double>()).margin(1e-9));
    ++compared;
  }
  REQUIRE(compared > 5);
}

namespace {

constexpr int kReferences = 150, kChecks = 24;

struct Sampled {
  stats::Moments psi;  ///< means over the checks of a reference
  int alerted = 0;
};

/// References of 2000 standard normal values, each checked a day long with 400 that are moved.
Sampled sample_checks(const Policy& policy, const std::string& name, double shift) {
  Sampled result;
  for (int run = 0; run < kReferences; ++run) {
    stats::Stream stream(88, static_cast<std::uint64_t>(run), name);
    Values reference(2000), current(400);
    for (double& value : reference) value = stream.normal();
    Monitor monitor(policy, {Reference(reference)});
    bool alert = false;
    double sum = 0;
    for (int check = 1; check <= kChecks; ++check) {
      for (double& value : current) value = shift + stream.normal();
      const Check found = monitor.check_samples(Time{Duration::hours(check).ns}, {current});
      sum += *found.measured[0];
      alert = alert || !found.actions.empty();
    }
    result.psi.add(sum / kChecks);
    result.alerted += alert ? 1 : 0;
  }
  return result;
}

}  // namespace

TEST_CASE("the PSI of drawn samples and the alerts of the shipped policy come as often as known") {
  const auto file = psi_drift();
  Policy policy;
  for (const Policy& one : shipped_policies()) {
    if (one.name == "mdl-rec-data") policy = one;
  }
  int compared = 0;
  for (const auto& one : file["sampled"]) {
    const auto& moved = one["current"];
    if (!standard_normal(one["reference"]) || moved.size() > 1 || moved[0][2] != 1.0 ||
        one["reference_rows"] != 2000 || one["current_rows"] != 400) {
      continue;
    }
    const std::string name = one["name"];
    CAPTURE(name);
    const Sampled sampled = sample_checks(policy, name, moved[0][1]);
    // 3.3 standard errors of both together, as the reference asks for.
    const auto& mean = one["expected"]["psi"]["mean"];
    const double error = sampled.psi.sample_deviation() / std::sqrt(double(kReferences));
    REQUIRE(sampled.psi.mean() ==
            Approx(mean[0].get<double>()).margin(3.3 * std::hypot(error, mean[1].get<double>())));
    const double expected = one["expected"]["alert_within_24_checks"][0];
    const double spread = std::sqrt(expected * (1 - expected) / kReferences);
    REQUIRE(sampled.alerted / double(kReferences) == Approx(expected).margin(3.3 * spread + 1e-9));
    ++compared;
  }
  REQUIRE(compared > 2);
}
