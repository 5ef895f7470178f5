#include "measure/exact_sample.hpp"

#include <catch2/catch.hpp>
#include <functional>
#include <limits>
#include <map>

#include "stats/random.hpp"

using namespace rehearse;
using namespace rehearse::measure;

namespace {

std::map<std::int64_t, std::uint64_t> walked(const ExactSample& sample) {
  std::map<std::int64_t, std::uint64_t> counts;
  std::int64_t before = -1;
  for (ExactSample::Walk walk = sample.walk(); !walk.at_end(); walk.next()) {
    CHECK(before < walk.value().ns);
    before = walk.value().ns;
    counts[before] = walk.count();
  }
  return counts;
}

// Adds so many values, and holds what the sample says against a plain count of them.
void check(std::size_t values, const std::function<std::int64_t()>& draw) {
  ExactSample sample;
  std::map<std::int64_t, std::uint64_t> expected;
  Int128 sum = 0;
  for (std::size_t i = 0; i < values; ++i) {
    const std::int64_t value = draw();
    sample.add({value});
    ++expected[value];
    sum += value;
  }
  CHECK(sample.count() == values);
  CHECK(sample.sum() == sum);
  CHECK(sample.max().ns == (values == 0 ? 0 : expected.rbegin()->first));
  CHECK(walked(sample) == expected);
}

}  // namespace

TEST_CASE("a sample gives back every value in order, with how often it came") {
  stats::Stream random(3, 0, "values");
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  for (const std::size_t values : {0, 1, 1000, 65'535, 65'536, 65'537, 200'000}) {
    INFO(values << " values");
    check(values, [&] { return static_cast<std::int64_t>(random.below(10)); });
    check(values, [&] { return static_cast<std::int64_t>(random.below(50'000)); });
    check(values, [&] { return static_cast<std::int64_t>(random() >> 1); });
    check(values, [&] { return random.chance(0.5) ? 0 : kMost - random.chance(0.5); });
  }
}

TEST_CASE("what a value takes depends on how close values lie, and repeated ones take nothing") {
  stats::Stream random(4, 0, "values");
  constexpr std::size_t kValues = 2'000'000;
  constexpr std::size_t kOpen = 8 * 65'536 + 64 * 1024;  // what is not sorted yet, and the table
  ExactSample zeros, few, lags;
  for (std::size_t i = 0; i < kValues; ++i) {
    zeros.add({});
    few.add(Duration::milliseconds(static_cast<std::int64_t>(random.below(100))));
    lags.add(Duration::from_seconds(random.exponential(60)));
  }
  CHECK(zeros.memory() == 0);
  CHECK(few.memory() < kOpen);
  // A block of 65 536 values of a minute or so: some 2^20 ns apart.
  CHECK(lags.memory() < kOpen + kValues * 36 / 10);
}
