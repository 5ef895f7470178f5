// How fast the decisions are, against what they may take and against SciPy for the same work.
//
// Processor time, so that other programs on the machine do not count; the best of three. SciPy does
// less for the judge: p-values alone, without intervals, effect sizes and labels. Status 1 when
// something takes longer than it may.
//
//   decisions_bench [PYTHON]       default /usr/bin/python3; without SciPy the ratios are left out
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "drift/column_report.hpp"
#include "drift/detectors.hpp"
#include "rollout/canary_judge.hpp"
#include "stats/random.hpp"

namespace rehearse {
namespace {

constexpr std::size_t kMillion = 1'000'000;
constexpr int kMetrics = 100, kPoints = 1440, kRounds = 3;

double seconds(const std::function<void()>& work) {
  double best = 0;
  for (int round = 0; round < kRounds; ++round) {
    const std::clock_t start = std::clock();
    work();
    const double taken = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    best = round == 0 ? taken : std::min(best, taken);
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
    std::printf("%-52s %9s %9s %9s %7s\n", "work", "seconds", "at most", "SciPy", "ratio");
  }

  void row(const std::string& work, double taken, std::optional<double> most = {},
           const std::string& rival = "") {
    std::printf("%-52s %9.3f", work.c_str(), taken);
    if (most) {
      std::printf(" %9.3f", *most);
      held_ = held_ && taken <= *most;
    } else {
      std::printf(" %9s", "");
    }
    const auto other = scipy_.find(rival);
    if (other != scipy_.end()) std::printf(" %9.3f %7.2f", other->second, taken / other->second);
    std::printf("\n");
  }

  bool held() const { return held_; }

 private:
  Seconds scipy_;
  bool held_ = true;
};

void time_detectors(Table& table, const std::vector<double>& values) {
  for (const std::string name : {"adwin", "page-hinkley", "cusum"}) {
    const double taken = seconds([&] { scan(*drift::make_detector(name), values); });
    const bool due = name == "adwin";
    table.row(name + ", 1 000 000 values", taken, due ? std::optional(1.0) : std::nullopt);
  }
}

void time_distances(Table& table, const std::vector<double>& reference,
                    const std::vector<double>& current) {
  const auto report = [&](drift::Wanted wanted) {
    return seconds(
        [&] { drift::report_numbers(reference, current, drift::Binning::quantile, wanted); });
  };
  table.row("PSI and the binned distances, 1 000 000 x 2", report({true, false}), 0.5, "psi");
  table.row("KS, Wasserstein and Cramer-von Mises, 1 000 000 x 2", report({false, true}), 0.5,
            "ks");
  table.row("all distances, 1 000 000 x 2", report({true, true}));
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
  table.row("judge, 100 metrics of 1440 points", seconds([&] { judge(config, series); }), 0.3,
            "judge");
  config.judge.kayenta_roots = true;
  table.row("judge, with Kayenta's root finder", seconds([&] { judge(config, series); }), 0.3,
            "judge");
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
  time_judge(table);
  return table.held() ? 0 : 1;
}
