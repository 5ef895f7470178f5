// Canary configurations: whatever the bytes, a configuration that judges and can be linted comes
// back, or one InputError. A score is a number, never NaN; as in Kayenta it lies outside 0 to 100
// where group weights sum to more than 100, of which lint warns.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <map>
#include <string>
#include <string_view>

#include "base/config.hpp"
#include "base/error.hpp"
#include "rollout/canary_config.hpp"
#include "rollout/canary_judge.hpp"
#include "rollout/lint.hpp"

namespace {

using namespace rehearse;

std::map<std::string, rollout::Series> some_series(const rollout::CanaryConfig& config) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  constexpr double kEnd = std::numeric_limits<double>::infinity();
  const std::map<int, rollout::Series> kinds = {{0, {{1, 2, 3, 4, 5}, {2, 3, 4, 5, 9, 7}}},
                                                {1, {{1, 1, 1}, {kNone, 1, 0, 0}}},
                                                {2, {{kNone, kNone}, {1e308, -1e308}}},
                                                {4, {{1, 2, 3, 4, kEnd}, {kEnd, kEnd, -kEnd}}},
                                                {3, {{}, {4}}}};
  std::map<std::string, rollout::Series> series;
  int kind = 0;
  for (const rollout::MetricConfig& metric : config.metrics) {
    series[metric.name] = kinds.at(kind++ % static_cast<int>(kinds.size()));
  }
  return series;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const rollout::CanaryConfig config = rollout::read_canary_config(config::parse(text, "fuzzed"));
    const auto series = some_series(config);
    rollout::CanaryConfig strict = config;
    strict.judge.as_kayenta = false;
    for (const rollout::CanaryConfig& one : {config, strict}) {
      const rollout::Judgement judgement = rollout::judge(one, series);
      if (!std::isfinite(judgement.scores.score)) std::abort();
    }
    rollout::lint(config);
    rollout::lint(config, series);
  } catch (const InputError& error) {
    if (error.message().empty()) std::abort();
  }
  return 0;
}
