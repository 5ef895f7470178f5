// False alarms and delays of the detectors, measured. Prints the tables of docs/validation.md, and
// holds every row to what other streams gave (recorded_false_alarms.hpp) and to theory where there
// is any. With REHEARSE_RECORD=1 in the environment it prints that table instead; it takes three
// times as long.
#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <memory>
#include <numeric>

#include "drift/detectors.hpp"
#include "recorded_false_alarms.hpp"
#include "stats/random.hpp"

using namespace rehearse;
using namespace rehearse::drift;

namespace {

/// Streams that are measured: how many, and the seed of the stable ones.
struct Sample {
  int streams;
  std::uint64_t seed;
};
constexpr Sample kMeasured = {200, 301};
constexpr Sample kRecord = {test::kRecordedStreams, 311};
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

using Rows = std::vector<int>;  ///< a number for each stream, sorted

Rows false_alarms(const Sample& sample, const Contender& contender, const Kind& kind) {
  Rows alarms;
  for (int run = 0; run < sample.streams; ++run) {
    stats::Stream stream(sample.seed, static_cast<std::uint64_t>(run), kind.name);
    const auto detector = contender.make();
    int count = 0;
    for (int i = 0; i < kStable; ++i) count += detector->update(kind.draw(stream, 0)) ? 1 : 0;
    alarms.push_back(count);
  }
  std::sort(alarms.begin(), alarms.end());
  return alarms;
}

/// kAfter where the change was missed.
Rows delays(const Sample& sample, const Contender& contender, const Kind& kind, Change change) {
  Rows delays;
  for (int run = 0; run < sample.streams; ++run) {
    stats::Stream stream(sample.seed + 1, static_cast<std::uint64_t>(run), kind.name);
    stats::Stream mixture(sample.seed + 1, static_cast<std::uint64_t>(run), "mixture");
    const auto detector = contender.make();
    for (int i = 0; i < kBefore; ++i) detector->update(kind.draw(stream, 0));
    int found = kAfter;
    for (int i = 0; i < kAfter && found == kAfter; ++i) {
      if (detector->update(kind.draw(stream, level_at(change, i, mixture)))) found = i;
    }
    delays.push_back(found);
  }
  std::sort(delays.begin(), delays.end());
  return delays;
}

double share_up_to(const Rows& rows, int limit) {
  return double(std::upper_bound(rows.begin(), rows.end(), limit) - rows.begin()) /
         double(rows.size());
}

double missed(const Rows& delays) { return 1 - share_up_to(delays, kAfter - 1); }

double mean(const Rows& rows) {
  return std::accumulate(rows.begin(), rows.end(), 0.0) / double(rows.size());
}

double variance(const Rows& rows) {
  const double middle = mean(rows);
  double sum = 0;
  for (const int row : rows) sum += (row - middle) * (row - middle);
  return sum / double(rows.size() - 1);
}

std::string shown(const Rows& delays) {
  const int median = delays[delays.size() / 2];
  const std::string text = median < kAfter ? fmt::format("{}", median) : "-";
  return missed(delays) == 0 ? text
                             : fmt::format("{} ({:.0f}% missed)", text, 100 * missed(delays));
}

void print(const std::string& name, double alarms, const std::vector<Rows>& found) {
  std::cout << fmt::format("| {} | {:.2f} | {} | {} | {} |\n", name, alarms, shown(found[0]),
                           shown(found[1]), shown(found[2]));
}

void record(const Kind& kind, const std::string& name, const Rows& alarms,
            const std::vector<Rows>& found) {
  std::cout << fmt::format("    {{\"{}\", \"{}\", {:.4f}, {:.4f}, {{", kind.name, name,
                           mean(alarms), variance(alarms));
  for (const Rows& rows : found) {
    const int median = std::min(rows[rows.size() / 2], kAfter - 1);
    std::cout << fmt::format("{}{{{}, {:.4f}, {:.4f}}}", &rows == found.data() ? "" : ", ", median,
                             share_up_to(rows, median), missed(rows));
  }
  std::cout << "}}," << std::endl;  // each takes a while
}

/// Four standard errors of the difference between the measured and the recorded streams.
double reach(double variance) {
  return 4 * std::sqrt(variance / kMeasured.streams + variance / kRecord.streams);
}

Approx share(double recorded) {
  const double least = 1.0 / kRecord.streams;  // none among so many does not mean never
  const double p = std::clamp(recorded, least, 1 - least);
  return Approx(recorded).margin(reach(p * (1 - p)));
}

void compare(const test::RecordedRow& recorded, double alarms, const std::vector<Rows>& found) {
  const double least = 1.0 / kRecord.streams;
  CHECK(alarms == Approx(recorded.alarms).margin(reach(std::max(recorded.variance, least))));
  for (std::size_t i = 0; i < found.size(); ++i) {
    CAPTURE(i);
    CHECK(share_up_to(found[i], recorded.delays[i].median) == share(recorded.delays[i].share));
    CHECK(missed(found[i]) == share(recorded.delays[i].missed));
  }
}

/// What theory says of false alarms per kStable values, as docs/validation.md explains.
void check_theory(const std::string& name, const Kind& kind, double alarms) {
  if (name == "always fires") CHECK(alarms == kStable);
  if (name == "never fires") CHECK(alarms == 0);
  if (name == "adwin") CHECK(alarms < kStable / 32.0 * 0.002);
  if (name == "kswin") CHECK(alarms < kStable * 0.005);
  if (name == "page-hinkley" && !kind.errors) {
    // A CUSUM of slack k = 0.005 and threshold h = 50 on the known mean, by Siegmund's (1985)
    // approximation; that its mean is the running one keeps the sums smaller.
    const double k = 0.005, reach = 2 * k * (50 + 1.166);
    CHECK(alarms < 2 * kStable * 2 * k * k / (std::exp(reach) - 1 - reach));
  }
}

std::vector<Rows> all_delays(const Sample& sample, const Contender& contender, const Kind& kind) {
  std::vector<Rows> found;
  for (const Change change : {Change::sudden, Change::gradual, Change::incremental}) {
    found.push_back(delays(sample, contender, kind, change));
  }
  return found;
}

}  // namespace

TEST_CASE("every detector's false alarms and delays are those of other streams, and within theory",
          "[long][false-alarms]") {
  const bool recording = std::getenv("REHEARSE_RECORD") != nullptr;
  const Sample sample = recording ? kRecord : kMeasured;
  for (const Kind& kind : kinds()) {
    std::cout << "\n" << kind.name << "\n\n";
    if (!recording) {
      std::cout << "| detector | false alarms per 10 000 | sudden | gradual | incremental |\n"
                   "|---|---|---|---|---|\n";
    }
    for (const Contender& contender : contenders(kind.errors)) {
      CAPTURE(kind.name, contender.name);
      const Rows alarms = false_alarms(sample, contender, kind);
      const std::vector<Rows> found = all_delays(sample, contender, kind);
      if (recording) {
        record(kind, contender.name, alarms, found);
        continue;
      }
      print(contender.name, mean(alarms), found);
      check_theory(contender.name, kind, mean(alarms));
      const test::RecordedRow* recorded = test::recorded_row(kind.name, contender.name);
      REQUIRE(recorded != nullptr);
      compare(*recorded, mean(alarms), found);
    }
  }
}
