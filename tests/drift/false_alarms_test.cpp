// False alarms and delays of the detectors, measured. Prints the tables of docs/validation.md.
#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>

#include "drift/detectors.hpp"
#include "stats/random.hpp"

using namespace rehearse;
using namespace rehearse::drift;

namespace {

constexpr int kStreams = 200;
constexpr int kStable = 10'000;  ///< values without any change, for false alarms
constexpr int kBefore = 2000;    ///< values before a change
constexpr int kAfter = 3000;     ///< values in which it may be found
constexpr int kTransition = 1000;

/// Signals at every value, or never: what any detector is to be compared with.
class Fixed : public Detector {
 public:
  explicit Fixed(bool fires) : fires_(fires) {}

 protected:
  void reset() override {}
  void step(double) override { drift_ = fires_; }

 private:
  bool fires_;
};

struct Contender {
  std::string name;
  std::function<std::unique_ptr<Detector>()> make;
};

Contender plain(const std::string& name, DetectorParameters parameters = {}) {
  std::string shown = name;
  for (const auto& [key, value] : parameters) shown += fmt::format(" {}={}", key, value);
  return {shown, [=] { return make_detector(name, parameters); }};
}

std::vector<Contender> contenders(bool errors) {
  std::vector<Contender> all = {{"always fires", [] { return std::make_unique<Fixed>(true); }},
                                {"never fires", [] { return std::make_unique<Fixed>(false); }},
                                plain("adwin"),
                                plain("page-hinkley"),
                                plain("cusum"),
                                plain("cusum", {{"min_instances", "300"}, {"threshold", "12"}}),
                                plain("kswin"),
                                plain("kswin", {{"alpha", "0.0001"}})};
  if (errors) {
    for (const char* name : {"ddm", "eddm", "hddm-a"}) all.push_back(plain(name));
  }
  return all;
}

enum class Change { sudden, gradual, incremental };

struct Kind {
  std::string name;
  bool errors;
  /// A value of the old concept (level 0), the new one (level 1), or between.
  std::function<double(stats::Stream&, double)> draw;
};

std::vector<Kind> kinds() {
  return {
      {"errors, 10% then 30%", true,
       [](stats::Stream& s, double level) { return s.uniform() < 0.1 + 0.2 * level ? 1.0 : 0.0; }},
      {"normal, mean 0 then 1 deviation", false,
       [](stats::Stream& s, double level) { return level + s.normal(); }}};
}

double level_at(Change change, int since, stats::Stream& stream) {
  const double part = std::clamp(double(since) / kTransition, 0.0, 1.0);
  if (change == Change::sudden) return 1;
  // Gradual drift mixes the two concepts; incremental drift moves from one to the other.
  if (change == Change::gradual) return stream.uniform() < part ? 1 : 0;
  return part;
}

double false_alarms(const Contender& contender, const Kind& kind) {
  std::size_t alarms = 0;
  for (int run = 0; run < kStreams; ++run) {
    stats::Stream stream(301, static_cast<std::uint64_t>(run), kind.name);
    const auto detector = contender.make();
    for (int i = 0; i < kStable; ++i) alarms += detector->update(kind.draw(stream, 0)) ? 1 : 0;
  }
  return double(alarms) / kStreams;
}

struct Delay {
  std::optional<int> median;
  int missed = 0;
};

Delay delay(const Contender& contender, const Kind& kind, Change change) {
  std::vector<int> delays;
  Delay result;
  for (int run = 0; run < kStreams; ++run) {
    stats::Stream stream(302, static_cast<std::uint64_t>(run), kind.name);
    stats::Stream mixture(302, static_cast<std::uint64_t>(run), "mixture");
    const auto detector = contender.make();
    for (int i = 0; i < kBefore; ++i) detector->update(kind.draw(stream, 0));
    int found = kAfter;
    for (int i = 0; i < kAfter && found == kAfter; ++i) {
      if (detector->update(kind.draw(stream, level_at(change, i, mixture)))) found = i;
    }
    delays.push_back(found);
    result.missed += found == kAfter ? 1 : 0;
  }
  std::sort(delays.begin(), delays.end());
  const int median = delays[delays.size() / 2];
  if (median < kAfter) result.median = median;
  return result;
}

std::string shown(const Delay& delay) {
  const std::string median = delay.median ? fmt::format("{}", *delay.median) : "-";
  return delay.missed == 0
             ? median
             : fmt::format("{} ({:.0f}% missed)", median, 100.0 * delay.missed / kStreams);
}

}  // namespace

TEST_CASE("false alarms and delays of the detectors lie between always and never firing",
          "[long][false-alarms]") {
  for (const Kind& kind : kinds()) {
    std::cout << "\n"
              << kind.name << "\n\n"
              << "| detector | false alarms per 10 000 | sudden | gradual | incremental |\n"
                 "|---|---|---|---|---|\n";
    for (const Contender& contender : contenders(kind.errors)) {
      const double alarms = false_alarms(contender, kind);
      const Delay sudden = delay(contender, kind, Change::sudden);
      const Delay gradual = delay(contender, kind, Change::gradual);
      const Delay incremental = delay(contender, kind, Change::incremental);
      std::cout << fmt::format("| {} | {:.2f} | {} | {} | {} |\n", contender.name, alarms,
                               shown(sudden), shown(gradual), shown(incremental));
      if (contender.name == "adwin") {
        REQUIRE(alarms < 1);
        REQUIRE(sudden.median.value_or(kAfter) < 300);
      }
      // Two-sided tabular CUSUM with k = 0.5, h = 5 and known parameters runs 465 values between
      // false alarms (Montgomery 2013, section 9.1); here each run begins with 30 values that only
      // estimate the parameters.
      if (contender.name == "cusum" && !kind.errors) {
        REQUIRE(alarms == Approx(10'000 / 495.0).epsilon(0.25));
      }
    }
  }
}
