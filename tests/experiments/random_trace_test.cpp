// Random logs in every notation of time that traces read: each change comes at its instant, and a
// log that the run misses is not passed over in silence.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <ctime>
#include <fstream>
#include <vector>

#include "base/error.hpp"
#include "experiments/scenario/scenario.hpp"
#include "fixtures.hpp"
#include "stats/random.hpp"

using namespace rehearse;

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

struct Notation {
  const char* format;  ///< nullptr: numbers
  const char* unit;    ///< of numbers
  std::int64_t grain;  ///< nanoseconds that it can tell apart
  const char*
      written;  ///< as strftime writes it: the fraction goes where # is, the zone where @ is
};

constexpr Notation kNotations[] = {
    {nullptr, "s", 1, ""},
    {nullptr, "ms", 1, ""},
    {nullptr, "us", 1, ""},
    {nullptr, "ns", 1, ""},
    {"iso8601", nullptr, 1, "%Y-%m-%dT%H:%M:%S#@"},
    {"iso8601", nullptr, 1, "%Y-%m-%d %H:%M:%S#"},
    {"%Y-%m-%dT%H:%M:%SZ", nullptr, 1, "%Y-%m-%dT%H:%M:%S#Z"},
    {"%d/%b/%Y:%H:%M:%S %z", nullptr, 1, "%d/%b/%Y:%H:%M:%S# @"},
    {"[%a %b %d %T %Y]", nullptr, 1, "[%a %b %d %H:%M:%S# %Y]"},
    {"%m/%d/%Y %I:%M:%S %p %z", nullptr, 1, "%m/%d/%Y %I:%M:%S# %p @"},
    {"%Y-%m-%d %H:%M", nullptr, 60 * kSecond, "%Y-%m-%d %H:%M"}};

class RandomLog {
 public:
  explicit RandomLog(std::uint64_t seed)
      : draw_(seed, 0, "trace"), notation_(kNotations[below(std::size(kNotations))]) {
    const std::int64_t longest = below(2) == 0 ? 3'000 : 400 * 86'400;
    const auto rows = 1 + below(12);
    for (std::size_t i = 0; i < rows; ++i) {
      const auto offset = static_cast<std::int64_t>(below(static_cast<std::size_t>(longest)));
      times.push_back(round(kStart + offset * kSecond + fraction()));
    }
    duration = kSecond * static_cast<std::int64_t>(1 + below(static_cast<std::size_t>(longest)));
    first = *std::min_element(times.begin(), times.end());
    given_origin = notation_.format == nullptr || below(3) == 0;
    // Up to a run's length before the first line, and sometimes the numbers' own zero.
    if (given_origin) {
      first = round(first - kSecond * static_cast<std::int64_t>(below(5'000)));
      if (notation_.format == nullptr && below(8) == 0) first = 0;
    }
  }

  std::string csv() {
    std::string text = "id,at\n";
    for (std::size_t i = 0; i < times.size(); ++i) {
      text += fmt::format("r{},\"{}\"\n", i, written(times[i]));
    }
    return text;
  }

  std::string scenario() {
    std::string time = R"("column": "at")";
    if (notation_.format != nullptr) time += fmt::format(R"(, "format": "{}")", notation_.format);
    if (notation_.unit != nullptr) time += fmt::format(R"(, "unit": "{}")", notation_.unit);
    if (given_origin && first != 0) time += fmt::format(R"(, "origin": "{}")", written(first));
    return fmt::format(R"({{"name": "log", "duration": "{}ns", "sources": {{
      "pipeline-orchestrator": {{"trace": {{"csv": "log.csv", "time": {{{}}},
      "type": "PipelineRun", "id": "id"}}}}}}}})",
                       duration, time);
  }

  std::vector<std::int64_t> times;  ///< nanoseconds since 1970, in the order of the file
  std::int64_t first = 0;           ///< when the run starts
  std::int64_t duration = 0;
  bool given_origin = false;

 private:
  static constexpr std::int64_t kStart = 951'782'400 * kSecond;  // 2000-02-29

  std::size_t below(std::size_t n) { return draw_.below(n); }
  std::int64_t round(std::int64_t time) const { return time - time % notation_.grain; }
  std::int64_t fraction() {
    constexpr std::int64_t kGrains[] = {kSecond, 1'000'000, 1'000, 1};
    const std::int64_t grain = kGrains[below(4)];
    return grain * static_cast<std::int64_t>(below(static_cast<std::size_t>(kSecond / grain)));
  }

  std::string written(std::int64_t time) {
    return notation_.format == nullptr ? number(time) : date(time);
  }

  std::string number(std::int64_t time) const {
    const std::string unit = notation_.unit;
    const std::size_t digits = unit == "s" ? 9 : unit == "ms" ? 6 : unit == "us" ? 3 : 0;
    std::string text = std::to_string(time);
    if (digits > 0 && time != 0) text.insert(text.size() - digits, ".");
    return text;
  }

  std::string date(std::int64_t time) {
    const std::string pattern = notation_.written;
    const bool zoned = pattern.find('@') != pattern.npos;
    const int minutes = zoned ? static_cast<int>(below(57)) * 30 - 720 : 0;
    const std::time_t seconds = time / kSecond + minutes * 60;
    std::tm fields = {};
    gmtime_r(&seconds, &fields);
    char text[64];
    std::strftime(text, sizeof text, pattern.c_str(), &fields);
    std::string result = text;
    replace(result, '#', fraction_text(time % kSecond));
    replace(result, '@', zone_text(minutes));
    return result;
  }

  std::string fraction_text(std::int64_t fraction) {
    if (fraction == 0 && below(2) == 0) return "";
    std::string digits = fmt::format("{}{:09}", below(4) == 0 ? ',' : '.', fraction);
    while (digits.size() > 2 && digits.back() == '0') digits.pop_back();
    return digits;
  }

  std::string zone_text(int minutes) {
    if (minutes == 0 && below(2) == 0) return "Z";
    const char sign = minutes < 0 ? '-' : '+';
    const int size = std::abs(minutes);
    if (size % 60 == 0 && below(3) == 0) return fmt::format("{}{:02}", sign, size / 60);
    return fmt::format("{}{:02}{}{:02}", sign, size / 60, below(2) == 0 ? ":" : "", size % 60);
  }

  static void replace(std::string& text, char mark, const std::string& by) {
    const std::size_t at = text.find(mark);
    if (at != text.npos) text.replace(at, 1, by);
  }

  stats::Stream draw_;
  Notation notation_;
};

void check(RandomLog& log, const std::filesystem::path& scenario) {
  std::vector<std::int64_t> due;
  std::int64_t in_run = 0;
  for (const std::int64_t time : log.times) {
    due.push_back(time - log.first);
    in_run += due.back() < log.duration ? 1 : 0;
  }
  std::sort(due.begin(), due.end());
  if (in_run == 0) {
    CHECK_THROWS_WITH(experiments::load_scenario(scenario),
                      Catch::Contains("\"origin\": ") && Catch::Contains("a \"duration\" of"));
    return;
  }
  const experiments::Scenario loaded = experiments::load_scenario(scenario);
  std::vector<std::int64_t> times;
  for (const auto& timed : loaded.timeline) times.push_back(timed.at.ns);
  CHECK(times == due);
  const auto all = static_cast<std::int64_t>(log.times.size());
  CHECK(loaded.late_rows == static_cast<std::uint64_t>(all - in_run));
  CHECK(loaded.hints.size() == (2 * in_run < all ? 1 : 0));
}

void check_logs(std::uint64_t first, std::uint64_t last) {
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    const test::TemporaryFolder folder;
    RandomLog log(seed);
    const std::string csv = log.csv();
    const std::string scenario = log.scenario();
    INFO("seed " << seed << '\n' << scenario << '\n' << csv);
    std::ofstream(folder.path() / "log.csv") << csv;
    std::ofstream(folder.path() / "log.json") << scenario;
    check(log, folder.path() / "log.json");
  }
}

}  // namespace

TEST_CASE("random logs happen when they say, or the user hears of it") { check_logs(1, 50); }

TEST_CASE("two thousand random logs happen when they say", "[long]") { check_logs(51, 2000); }
