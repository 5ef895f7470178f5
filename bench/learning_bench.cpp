// What the learning room costs, beside what the least that it has to do takes in the same run.
//
// The floors: for rates, the logistic functions of the integral alone; for trainings and rows, the
// normal variables of the candidates; for counts, the streams they are drawn from. Processor time;
// the best of three, floor and work in turn, so that a machine that is slow for a while is slow for
// both. Status 1 when something takes more of its floor than it may.
//
//   learning_bench
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <functional>
#include <string>
#include <vector>

#include "learning/candidate_sample.hpp"
#include "learning/changing_world.hpp"
#include "learning/engagement.hpp"
#include "learning/served_values.hpp"
#include "learning/training_window.hpp"
#include "stats/count_draws.hpp"

namespace rehearse::learning {
namespace {

using Work = std::function<double()>;

constexpr int kRounds = 3;
constexpr std::size_t kFeatures = 8, kCandidates = 5, kRows = 2000;

double seconds(const Work& work) {
  const std::clock_t start = std::clock();
  const double result = work();
  const double taken = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  if (std::isfinite(result)) return taken;
  std::fprintf(stderr, "learning_bench: work without a result\n");
  std::exit(1);
}

class Table {
 public:
  Table() {
    std::printf("%-52s %9s %9s %7s %7s\n", "work", "us each", "floor", "ratio", "at most");
  }

  /// Both do the same thing `times`.
  void row(const std::string& name, double times, double most, const Work& floor,
           const Work& work) {
    double least_floor = HUGE_VAL, least_work = HUGE_VAL;
    for (int round = 0; round < kRounds; ++round) {
      least_floor = std::min(least_floor, seconds(floor));
      least_work = std::min(least_work, seconds(work));
    }
    const double ratio = least_work / least_floor;
    std::printf("%-52s %9.2f %9.2f %7.2f %7.1f\n", name.c_str(), 1e6 * least_work / times,
                1e6 * least_floor / times, ratio, most);
    held_ = held_ && ratio <= most;
  }

  bool held() const { return held_; }

 private:
  bool held_ = true;
};

void time_engagement(Table& table, const World& world, const std::vector<double>& weights) {
  constexpr int kTimes = 20'000, kAlong = 51, kAcross = 27;  // nodes of both integrals
  const auto floor = [&] {
    double sum = 0;
    for (int i = 0; i < kTimes; ++i) {
      for (int u = 0; u < kAlong; ++u) {
        for (int z = 0; z < kAcross; ++z) sum += 1 / (1 + std::exp(-2 + 0.1 * u + 1e-3 * (z + i)));
      }
    }
    return sum;
  };
  World moving = world;
  const auto work = [&] {
    double sum = 0;
    for (int i = 0; i < kTimes; ++i) {
      moving.intercept = -2 - 1e-6 * i;
      sum += expected_engagement(moving, {weights}, {kCandidates, 0});
    }
    return sum;
  };
  table.row("expected engagement, v = 1.5", kTimes, 1, floor, work);
  World curved = world;
  curved.curvature = {0, -0.25};
  constexpr int kCurvedTimes = 1000;
  table.row(
      "expected engagement and its bound, curved", kCurvedTimes, 25,
      [&] {
        double sum = 0;
        for (int i = 0; i < kCurvedTimes; ++i) {
          for (int u = 0; u < kAlong * kAcross; ++u) sum += 1 / (1 + std::exp(1e-3 * (u + i)));
        }
        return sum;
      },
      [&] {
        double sum = 0;
        for (int i = 0; i < kCurvedTimes; ++i) {
          curved.intercept = -2 - 1e-6 * i;
          sum += expected_engagement(curved, {weights}, {}) + engagement_bound(curved, {});
        }
        return sum;
      });
}

void time_training(Table& table, const ChangingWorld& world) {
  constexpr int kTimes = 50;
  RequestSettings requests;
  requests.label_delay = stats::Distribution(stats::Distribution::Exponential{Duration::hours(1)});
  const RowLog log(world, Traffic{}, requests, Streams(1, 0, "rec"));
  const LinearModel production{-2, world.initial().weights,
                               std::vector<double>(world.features(), 0)};
  const auto served_at = [&](Hour) { return Served{&production}; };
  const auto floor = [] {
    stats::Stream stream(1, 0, "floor");
    double sum = 0;
    for (std::size_t i = 0; i < kTimes * kRows * kCandidates * kFeatures; ++i) {
      sum += stream.normal();
    }
    return sum;
  };
  const auto work = [&] {
    double sum = 0;
    for (int i = 0; i < kTimes; ++i) {
      const TrainingData data =
          gather(log, served_at, Time{} + Duration::days(i), TrainingSettings{});
      sum += std::get<LinearModel>(train(data, {})).intercept;
    }
    return sum;
  };
  table.row("a training: 2 000 rows of 5 candidates, 8 features", kTimes, 6, floor, work);
}

void time_counts(Table& table, const World& world) {
  constexpr int kTimes = 200'000;
  const Streams streams(1, 0, "rec");
  const Traffic traffic;
  const auto names = [&] {
    double sum = 0;
    for (int k = 0; k < kTimes; ++k) sum += streams.counts(Hour{k}).uniform();
    return sum;
  };
  table.row("counts of a model-hour", kTimes, 6, names, [&] {
    double sum = 0;
    for (int k = 0; k < kTimes; ++k) {
      stats::Stream stream = streams.counts(Hour{k});
      const double expected = intensity(traffic, Hour{k}) * 3600;
      sum += static_cast<double>(draw_counts(stream, expected, {0.001, 1e-5, 0.43}).clicks);
    }
    return sum;
  });
  constexpr int kChecks = 10'000;
  const std::vector<double> cuts = {-1.28, -0.84, -0.52, -0.25, 0, 0.25, 0.52, 0.84, 1.28};
  std::vector<std::vector<double>> shares;
  for (std::size_t j = 0; j < kFeatures; ++j) {
    shares.push_back(bin_shares(served_feature({{1, 0, world}}, j), cuts));
  }
  const auto rows = [&] {
    double sum = 0;
    for (int k = 0; k < kChecks; ++k) {
      stats::Stream stream = streams.monitor("p", Hour{k});
      for (std::size_t i = 0; i < 400 * kFeatures / 10; ++i) sum += stream.normal();
    }
    return sum;
  };
  table.row("bins of 8 features, 400 rows; floor: 40 rows drawn", kChecks, 5, rows, [&] {
    double sum = 0;
    std::vector<double> counts;
    for (int k = 0; k < kChecks; ++k) {
      stats::Stream stream = streams.monitor("p", Hour{k});
      for (const std::vector<double>& of_feature : shares) {
        stats::draw_multinomial(stream, 400, of_feature, counts);
        sum += counts[0];
      }
    }
    return sum;
  });
}

bool run() {
  const ChangingWorld world("rec", {});
  std::vector<double> weights = world.initial().weights;
  for (std::size_t j = 0; j < weights.size(); ++j) weights[j] += 0.05 * (j % 2 == 0 ? 1 : -1);
  Table table;
  time_engagement(table, world.initial(), weights);
  time_training(table, world);
  time_counts(table, world.initial());
  return table.held();
}

}  // namespace
}  // namespace rehearse::learning

int main() {
  try {
    return rehearse::learning::run() ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "learning_bench: %s\n", error.what());
    return 1;
  }
}
