// Damaged configurations are refused or read, never crashed on.
#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "rollout/canary_config.hpp"
#include "rollout/canary_judge.hpp"
#include "rollout/lint.hpp"
#include "stats/random.hpp"

using namespace rehearse;
using namespace rehearse::rollout;

namespace {

const std::string kSound = R"({"name":"c","judge":{"judgeConfigurations":{"tolerance":0.2,
"confLevel":0.95,"classifier":"welch","distribution":{"effect":0.2},"sparseCounts":{}}},
"metrics":[{"name":"m","groups":["g"],"analysisConfigurations":{"canary":{"direction":"either",
"nanStrategy":"replace","critical":true,"mustHaveData":false,"sparse":true,
"outliers":{"strategy":"remove","outlierFactor":3},
"effectSize":{"measure":"cles","allowedIncrease":0.8}}}}],
"classifier":{"groupWeights":{"g":100},"scoreThresholds":{"pass":95,"marginal":75}}})";

std::string damaged(stats::Stream& stream) {
  std::string text = kSound;
  const std::string letters = "{}[]\":,0e-.tnx \\";
  for (std::uint64_t i = 1 + stream.below(4); i > 0; --i) {
    const std::size_t at = stream.below(text.size());
    const std::uint64_t what = stream.below(3);
    if (what == 0) {
      text.erase(at, 1 + stream.below(6));
    } else if (what == 1) {
      text[at] = letters[stream.below(letters.size())];
    } else {
      text.insert(at, text.substr(stream.below(text.size()), stream.below(12)));
    }
  }
  return text;
}

}  // namespace

TEST_CASE("a damaged canary configuration is refused or judged, and never crashes") {
  const std::uint64_t seed = 401;
  stats::Stream stream(seed, 0, "damage");
  int refused = 0, read = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = damaged(stream);
    CAPTURE(seed, i, text);
    try {
      const CanaryConfig config = read_canary_config(config::parse(text, "fuzz.json"));
      const std::map<std::string, Series> series = {{"m", {{1, 2, 3, 4, 5}, {2, 3, 4, 5, 6}}}};
      const double score = judge(config, series).scores.score;
      REQUIRE(score == score);
      lint(config, series);
      ++read;
    } catch (const InputError&) {
      ++refused;
    }
  }
  REQUIRE(read > 200);
  REQUIRE(refused > 200);
}

TEST_CASE("group weights so large that a score would be no number are refused") {
  const std::string text = R"({"metrics":[{"name":"m","groups":["a"]},{"name":"n","groups":["b"]}],
"classifier":{"groupWeights":{"a":1.7e308}}})";
  REQUIRE_THROWS_AS(read_canary_config(config::parse(text, "heavy.json")), InputError);
}
