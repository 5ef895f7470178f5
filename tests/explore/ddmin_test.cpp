#include "explore/tell/ddmin.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>

#include "stats/random.hpp"

using namespace rehearse;
using explore::Subset;

namespace {

bool holds_all(const Subset& subset, const Subset& needed) {
  return std::includes(subset.begin(), subset.end(), needed.begin(), needed.end());
}

Subset without(const Subset& subset, std::size_t place) {
  Subset rest = subset;
  rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(place));
  return rest;
}

}  // namespace

TEST_CASE("delta debugging keeps what a failure needs and nothing else") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    INFO("seed " << seed);
    stats::Stream draw(seed, 0, "ddmin");
    const std::size_t size = 1 + static_cast<std::size_t>(draw.below(60));
    Subset needed;
    for (std::size_t i = 0; i < size; ++i) {
      if (draw.chance(0.1)) needed.push_back(i);
    }
    std::uint64_t calls = 0;
    const auto result = explore::ddmin(size, [&](const Subset& subset) {
      ++calls;
      return holds_all(subset, needed);
    });
    CHECK(result.kept == needed);
    CHECK(result.tests == calls);
    CHECK(calls <= size * size + 3 * size);
  }
}

TEST_CASE("delta debugging ends locally minimal also where failing is not monotone") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    INFO("seed " << seed);
    stats::Stream draw(seed, 0, "ddmin");
    const std::size_t size = 2 + static_cast<std::size_t>(draw.below(30));
    const std::uint64_t modulus = 2 + draw.below(5);
    Subset weights(size);
    for (std::size_t& weight : weights) weight = static_cast<std::size_t>(draw.below(9));
    const auto fails = [&](const Subset& subset) {
      std::uint64_t sum = 0;
      for (const std::size_t i : subset) sum += weights[i];
      return sum % modulus == std::accumulate(weights.begin(), weights.end(), 0U) % modulus;
    };
    const Subset kept = explore::ddmin(size, fails).kept;
    CHECK(fails(kept));
    for (std::size_t i = 0; i < kept.size(); ++i) CHECK_FALSE(fails(without(kept, i)));
  }
}

TEST_CASE("what fails without any input shrinks to nothing") {
  CHECK(explore::ddmin(7, [](const Subset&) { return true; }).kept.empty());
  CHECK(explore::ddmin(0, [](const Subset&) { return true; }).kept.empty());
}
