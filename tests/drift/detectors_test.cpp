#include "drift/detectors.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string_view>

#include "base/error.hpp"
#include "stats/random.hpp"

using namespace rehearse::drift;
using Catch::Contains;
using Values = std::vector<double>;

namespace {

Values bernoulli(double before, std::size_t first, double after, std::size_t second,
                 std::uint64_t seed) {
  rehearse::stats::Stream stream(seed, 0, "bernoulli");
  Values values;
  for (std::size_t i = 0; i < first + second; ++i) {
    values.push_back(stream.chance(i < first ? before : after) ? 1 : 0);
  }
  return values;
}

// A thousand values of 0 or 1, then a hundred of 4 to 7.
constexpr std::string_view kDigits =
    "001000100010101010101000011101110001110111101011011100110010001011110110010101011100100011"
    "000011010110010000110010000100100111100011100101100010000111101000011100100010000110000001"
    "010101110110111000110110000101001001000000010101111111011001110001001111110011001000010110"
    "111111011101000100101011100100001011111111111001110000001101100011001000100001011110001010"
    "101110000111100100111110000010011100011011101100010111001101010000000110001011110110000110"
    "101110110000111100111111000011100001011101111001100110101010101000000011110010100010101000"
    "001100000100010000001110010111100000110001010001011000101111100101110100011000101111011001"
    "110100111100101111110011100001001010000011011001111100111110010011110011110011011101001110"
    "100111001111111101011100000000101101000110100110101111100011111110111110000001010011000100"
    "000010001010101011111010111110100010011110000101010111000100010010000110110101100001111000"
    "101000100110011101011011000011000011101110111101100010000100111100011100000101001010111011"
    "011111101146746754677647566764667464746455555574447774566647666544546465654674477775777776"
    "46545767746475746477";

}  // namespace

TEST_CASE("every detector finds a large sudden change soon, and most find none before it") {
  for (const std::string& name : detector_names()) {
    DetectorParameters parameters;
    if (name == "cusum") parameters = {{"min_instances", "300"}, {"threshold", "12"}};
    const Values values = bernoulli(0.1, 1000, 0.9, 400, 61);
    const Signals signals = scan(*make_detector(name, parameters), values);
    CAPTURE(name);
    const auto found = std::lower_bound(signals.drifts.begin(), signals.drifts.end(), 1000);
    REQUIRE(found != signals.drifts.end());
    REQUIRE(*found < 1150);
    if (name == "kswin" || name == "ddm" || name == "eddm") continue;  // they do alarm in noise
    REQUIRE(found == signals.drifts.begin());
  }
}

TEST_CASE("a detector is reset at the update after a drift") {
  // Mean 0, deviation 1 over 4 values; then 100 is far out, and again after a new warm-up.
  const auto cusum = make_detector("cusum", {{"min_instances", "4"}});
  const Values values = {-1, 1, -1, 1, 100, -1, 1, -1, 1, 100};
  REQUIRE(scan(*cusum, values).drifts == std::vector<std::size_t>{4, 9});
}

TEST_CASE("Page-Hinkley watches only the direction asked for") {
  Values values(200, 0.0);
  values.resize(400, 5.0);
  REQUIRE_FALSE(scan(*make_detector("page-hinkley", {{"mode", "up"}}), values).drifts.empty());
  REQUIRE(scan(*make_detector("page-hinkley", {{"mode", "down"}}), values).drifts.empty());
}

TEST_CASE("DDM warns before it signals") {
  const Signals signals = scan(*make_detector("ddm"), bernoulli(0.2, 500, 0.45, 500, 62));
  REQUIRE_FALSE(signals.drifts.empty());
  REQUIRE_FALSE(signals.warnings.empty());
  REQUIRE(signals.warnings.front() < signals.drifts.back());
}

TEST_CASE("KSWIN draws like River's and finds its documented index") {
  Values values;
  for (const char digit : kDigits) values.push_back(digit - '0');
  const auto kswin = make_detector("kswin", {{"alpha", "0.0001"}, {"seed", "42"}});
  const Signals signals = scan(*kswin, values);
  REQUIRE(signals.drifts == std::vector<std::size_t>{1016});
}

TEST_CASE("a constant stream never drifts") {
  for (const std::string& name : detector_names()) {
    CAPTURE(name);
    REQUIRE(scan(*make_detector(name), Values(2000, 0.0)).drifts.empty());
  }
}

TEST_CASE("unknown detectors and bad parameters are refused with what is allowed") {
  REQUIRE_THROWS_WITH(make_detector("adwinn"), Contains("did you mean adwin"));
  REQUIRE_THROWS_WITH(make_detector("adwin", {{"detla", "1"}}), Contains("did you mean delta"));
  REQUIRE_THROWS_WITH(make_detector("adwin", {{"delta", "abc"}}), Contains("a number is due"));
  REQUIRE_THROWS_WITH(make_detector("adwin", {{"delta", "-1"}}), Contains("from"));
  REQUIRE_THROWS_WITH(make_detector("adwin", {{"clock", "0"}}), Contains("whole number"));
  REQUIRE_THROWS_WITH(make_detector("hddm-a", {{"two_sided_test", "yes"}}),
                      Contains("true, false"));
  REQUIRE_THROWS_WITH(make_detector("kswin", {{"stat_size", "80"}}), Contains("too small"));
}
