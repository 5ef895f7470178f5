// How fast the decisions are, beside what the least that they have to do takes in the same run, and
// beside SciPy for the same work.
//
// The floors: a running mean and variance of the values, which is about what the cheapest detectors
// do; sorting the samples, which their distances and a rank test of two series cannot do without;
// comparing each value with the cut points and taking a logarithm per bin, for a reference that is
// kept.
// Processor time, so that other programs on the machine do not count; the best of three, floor and
// work in turn, so that a machine that is slow for a while is slow for both. SciPy does less for
// the judge: p-values alone, without intervals, effect sizes and labels. Status 1 when something
// takes more of its floor than it may.
//
//   decisions_bench [PYTHON]       default /usr/bin/python3; without SciPy the ratios are left out
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "drift/column_report.hpp"
#include "drift/detectors.hpp"
#include "drift/measure.hpp"
#include "drift/monitor.hpp"
#include "rollout/canary_judge.hpp"
#include "stats/moments.hpp"
#include "stats/random.hpp"

namespace rehearse {
namespace {

constexpr std::size_t kMillion = 1'000'000;
constexpr int kMetrics = 100, kPoints = 1440, kRounds = 3;

using Work = std::function<void()>;

double seconds(const Work& work) {
  const std::clock_t start = std::clock();
  work();
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

struct Taken {
  double floor, work;
};

Taken measure(const Work& floor, const Work& work) {
  Taken best{};
  for (int round = 0; round < kRounds; ++round) {
    const Taken taken = {seconds(floor), seconds(work)};
    best.floor = round == 0 ? taken.floor : std::min(best.floor, taken.floor);
    best.work = round == 0 ? taken.work : std::min(best.work, taken.work);
  }
  return best;
}

std::vector<double> draw(const char* name, std::size_t count, double mean, double deviation) {
  stats::Stream stream(501, 0, name);
  std::vector<double> values(count);
  for (double& value : values) value = mean + deviation * stream.normal();
  return values;
}

using Seconds = std::map<std::string, double>;

/// Empty when there is no such Python or it has no SciPy.
Seconds of_scipy(const std::string& python) {
  const std::string command =
      "'" + python + "' '" REHEARSE_SOURCE_DIR "/bench/decisions_scipy.py' 2>/dev/null";
  Seconds result;
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return result;
  std::string text;
  for (int byte = std::fgetc(pipe); byte != EOF; byte = std::fgetc(pipe)) {
    text += static_cast<char>(byte);
  }
  pclose(pipe);
  std::istringstream lines(text);
  std::string name;
  for (double taken = 0; lines >> name >> taken;) result[name] = taken;
  return result;
}

class Table {
 public:
  explicit Table(Seconds scipy) : scipy_(std::move(scipy)) {
    std::printf("%-52s %9s %9s %7s %7s %9s %7s\n", "work", "seconds", "floor", "ratio", "at most",
                "SciPy", "ratio");
  }

  void row(const std::string& work, const Taken& taken, double most, const std::string& rival) {
    const double ratio = taken.work / taken.floor;
    std::printf("%-52s %9.3f %9.3f %7.2f %7.1f", work.c_str(), taken.work, taken.floor, ratio,
                most);
    const auto other = scipy_.find(rival);
    if (other != scipy_.end()) {
      std::printf(" %9.3f %7.2f", other->second, taken.work / other->second);
    }
    std::printf("\n");
    held_ = held_ && ratio <= most;
  }

  bool held() const { return held_; }

 private:
  Seconds scipy_;
  bool held_ = true;
};

// What no work may be left out for.
void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "decisions_bench: %s\n", what);
  std::exit(1);
}

void time_detectors(Table& table, const std::vector<double>& values) {
  const auto floor = [&] {
    stats::Moments moments;
    for (const double value : values) moments.add(value);
    require(moments.sample_variance() > 0.9, "the floor has not seen the values");
  };
  const std::map<std::string, double> most = {{"adwin", 5}, {"cusum", 2}, {"page-hinkley", 2}};
  for (const auto& [name, limit] : most) {
    const auto work = [&, name = name] { scan(*drift::make_detector(name), values); };
    table.row(name + ", 1 000 000 values", measure(floor, work), limit, "");
  }
}

void time_distances(Table& table, const std::vector<double>& reference,
                    const std::vector<double>& current) {
  const auto floor = [&] {
    std::vector<double> one = reference, other = current;
    std::sort(one.begin(), one.end());
    std::sort(other.begin(), other.end());
    require(one.front() < -4 && other.front() < -4, "the floor has not sorted the values");
  };
  const auto report = [&](drift::Wanted wanted) {
    return measure(floor, [&, wanted] {
      const auto made = drift::report_numbers(reference, current, drift::Binning::quantile, wanted);
      // A hundredth of a deviation is much, among a million.
      require(!made.kolmogorov_smirnov || made.kolmogorov_smirnov->p_value < 0.05,
              "the change was not found");
    });
  };
  table.row("PSI and the binned distances, 1 000 000 x 2", report({true, false}), 1.5, "psi");
  table.row("KS, Wasserstein and Cramer-von Mises, 1 000 000 x 2", report({false, true}), 2, "ks");
  table.row("all distances, 1 000 000 x 2", report({true, true}), 2, "");
}

/// PSI of counts in `Bins` bins, and nothing else.
template <std::size_t Bins>
double bare_psi(const std::array<double, Bins>& reference, const std::array<double, Bins>& counts,
                double total) {
  double sum = 0;
  for (std::size_t i = 0; i < Bins; ++i) {
    const double r = std::max(reference[i], 1e-4), c = std::max(counts[i] / total, 1e-4);
    sum += (c - r) * std::log(c / r);
  }
  return sum;
}

void time_kept_reference(Table& table) {
  constexpr std::size_t kCurrent = 400, kSamples = 50, kBins = 10;
  const drift::Reference kept(draw("kept", 2000, 0, 1));
  std::vector<std::vector<double>> samples;
  for (std::size_t i = 0; i < kSamples; ++i) {
    samples.push_back(draw(("current " + std::to_string(i)).c_str(), kCurrent, 0.5, 1));
  }
  std::array<double, kBins> shares{};
  for (std::size_t i = 0; i < kBins; ++i) shares[i] = kept.counts()[i] / 2000;
  double floor_sum = 0, work_sum = 0;
  const auto floor = [&] {
    floor_sum = 0;
    for (std::size_t check = 0; check < kMillion; ++check) {
      std::array<double, kBins> counts{};
      for (const double value : samples[check % kSamples]) {
        std::size_t bin = 0;
        for (std::size_t i = 0; i + 1 < kBins; ++i) bin += kept.cuts()[i] < value ? 1 : 0;
        counts[bin] += 1;
      }
      floor_sum += bare_psi(shares, counts, kCurrent);
    }
  };
  std::vector<double> counts;
  const auto work = [&] {
    work_sum = 0;
    for (std::size_t check = 0; check < kMillion; ++check) {
      kept.count(samples[check % kSamples], counts);
      work_sum += *drift::measure_bins(drift::Measure::psi, kept, counts);
    }
  };
  table.row("PSI of 400 values, 1 000 000 times, reference kept", measure(floor, work), 2, "");
  require(std::abs(work_sum / floor_sum - 1) < 1e-9, "the floor has other distances");
}

void time_monitor(Table& table) {
  constexpr std::size_t kFeatures = 8, kBins = 10, kChecks = kMillion / kFeatures;
  drift::Policy policy = drift::shipped_policies().front();
  policy.conditions = {drift::Condition{}};
  policy.conditions.front().threshold = 0.2;
  std::vector<drift::Reference> references;
  drift::PerFeature counts(kFeatures);
  std::vector<std::array<double, kBins>> shares(kFeatures), bare(kFeatures);
  for (std::size_t i = 0; i < kFeatures; ++i) {
    references.emplace_back(draw(("feature " + std::to_string(i)).c_str(), 2000, 0, 1));
    references[i].count(draw("now", 400, 0.05 * static_cast<double>(i), 1), counts[i]);
    for (std::size_t bin = 0; bin < kBins; ++bin) {
      shares[i][bin] = references[i].counts()[bin] / 2000;
      bare[i][bin] = counts[i][bin];
    }
  }
  double most = 0;
  const auto floor = [&] {
    for (std::size_t check = 0; check < kChecks; ++check) {
      for (std::size_t i = 0; i < kFeatures; ++i) {
        most = std::max(most, bare_psi(shares[i], bare[i], 400));
      }
    }
  };
  drift::Monitor monitor(policy, references);
  const auto work = [&] {
    for (std::size_t check = 0; check < kChecks; ++check) {
      const drift::Check found = monitor.check_bins(Time{}, counts);
      require(std::abs(*found.measured[0] / most - 1) < 1e-9, "the monitor saw another distance");
    }
  };
  table.row("a monitor's checks of the counts of 8 features, 125 000", measure(floor, work), 3, "");
}

void time_judge(Table& table) {
  rollout::CanaryConfig config;
  std::map<std::string, rollout::Series> series;
  for (int i = 0; i < kMetrics; ++i) {
    rollout::MetricConfig metric;
    metric.name = "metric " + std::to_string(i);
    metric.groups = {"all"};
    config.metrics.push_back(metric);
    series[metric.name] = {draw((metric.name + " baseline").c_str(), kPoints, 100, 10),
                           draw((metric.name + " canary").c_str(), kPoints, 100, 10)};
  }
  const auto floor = [&] {
    for (const auto& [name, one] : series) {
      std::vector<double> pooled = one.baseline;
      pooled.insert(pooled.end(), one.canary.begin(), one.canary.end());
      std::sort(pooled.begin(), pooled.end());
      require(pooled.front() < pooled.back(), "the floor has not sorted the points");
    }
  };
  const auto work = [&] {
    require(judge(config, series).metrics.size() == kMetrics, "not every metric was judged");
  };
  table.row("judge, 100 metrics of 1440 points", measure(floor, work), 12, "judge");
  config.judge.kayenta_roots = true;
  table.row("judge, with Kayenta's root finder", measure(floor, work), 10, "judge");
}

}  // namespace
}  // namespace rehearse

int main(int argc, char** argv) {
  using namespace rehearse;
  Table table(of_scipy(argc > 1 ? argv[1] : "/usr/bin/python3"));
  const std::vector<double> reference = draw("reference", kMillion, 0, 1);
  const std::vector<double> current = draw("current", kMillion, 0.01, 1);
  time_detectors(table, current);
  time_distances(table, reference, current);
  time_kept_reference(table);
  time_monitor(table);
  time_judge(table);
  return table.held() ? 0 : 1;
}
