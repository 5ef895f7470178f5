#include "stats/zipf.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <map>
#include <set>
#include <vector>

using namespace rehearse::stats;

namespace {

using Places = std::vector<std::size_t>;

// Chi-square of observed counts against probabilities that sum to 1.
double chi_square(const std::map<Places, int>& counts, const std::map<Places, double>& expected,
                  int draws) {
  double chi = 0;
  for (const auto& [places, probability] : expected) {
    const auto found = counts.find(places);
    const double mean = probability * draws;
    const double difference = (found == counts.end() ? 0 : found->second) - mean;
    chi += difference * difference / mean;
  }
  return chi;
}

double weight(std::size_t place, double exponent) {
  return std::pow(static_cast<double>(place + 1), -exponent);
}

// Of every sequence of `count` different places below n, drawn one after the other.
std::map<Places, double> sequences(std::size_t n, std::size_t count, double exponent) {
  std::map<Places, double> all;
  const std::function<void(Places&, double)> go_on = [&](Places& before, double probability) {
    if (before.size() == count) {
      all[before] = probability;
      return;
    }
    double left = 0;
    const auto taken = [&](std::size_t place) {
      return std::find(before.begin(), before.end(), place) != before.end();
    };
    for (std::size_t place = 0; place < n; ++place)
      left += taken(place) ? 0 : weight(place, exponent);
    for (std::size_t place = 0; place < n; ++place) {
      if (taken(place)) continue;
      before.push_back(place);
      go_on(before, probability * weight(place, exponent) / left);
      before.pop_back();
    }
  };
  Places none;
  go_on(none, 1);
  return all;
}

}  // namespace

TEST_CASE("the k-th of n is drawn in proportion to 1/k^s, also while n grows and shrinks") {
  constexpr int kDraws = 50'000;
  for (const double exponent : {0.0, 1.0, 1.7}) {
    Zipf zipf(exponent);
    Stream stream(5, 0, "zipf");
    std::map<Places, int> of_ten, of_four;
    for (int i = 0; i < kDraws; ++i) {
      ++of_ten[{zipf.draw(stream, 10)}];
      ++of_four[{zipf.draw(stream, 4)}];
    }
    INFO("exponent " << exponent << ", seed 5");
    // 99.9% quantiles of chi-square with 9 and 3 degrees of freedom.
    CHECK(chi_square(of_ten, sequences(10, 1, exponent), kDraws) < 27.9);
    CHECK(chi_square(of_four, sequences(4, 1, exponent), kDraws) < 16.3);
  }
}

TEST_CASE("different places follow the law among those that are left, few of them or most") {
  constexpr int kDraws = 60'000;
  Zipf zipf(1);
  Stream stream(6, 0, "zipf");
  // 99.9% quantiles of chi-square with 19, 59 and 119 degrees of freedom.
  for (const auto& [count, limit] :
       std::map<std::size_t, double>{{2, 43.9}, {3, 98.4}, {4, 172.5}, {5, 172.5}}) {
    std::map<Places, int> counts;
    for (int i = 0; i < kDraws; ++i) ++counts[zipf.draw_different(stream, 5, count)];
    INFO(count << " of 5, seed 6");
    CHECK(chi_square(counts, sequences(5, count, 1), kDraws) < limit);
  }
  const Places all = zipf.draw_different(stream, 3, 3);
  CHECK(std::map<Places, double>(sequences(3, 3, 1)).contains(all));
  CHECK(zipf.draw_different(stream, 3, 0).empty());
}

// Drawing the same again until something else comes would take 10^30 draws.
TEST_CASE("different places come soon, however little weight is left for the last") {
  Zipf zipf(10);
  Stream stream(8, 0, "zipf");
  const Places places = zipf.draw_different(stream, 1000, 400);
  CHECK(std::set<std::size_t>(places.begin(), places.end()).size() == 400);
  CHECK(places.front() == 0);  // but once in a thousand times
}

TEST_CASE("every set of different places is as likely") {
  constexpr int kDraws = 40'000;
  Stream stream(7, 0, "sets");
  for (const std::size_t count : {1, 2, 3, 4}) {
    std::map<Places, int> counts;
    for (int i = 0; i < kDraws; ++i) {
      Places places = draw_different(stream, 5, count);
      std::sort(places.begin(), places.end());
      ++counts[places];
    }
    const std::size_t sets = count == 1 || count == 4 ? 5 : 10;
    CHECK(counts.size() == sets);
    std::map<Places, double> expected;
    for (const auto& [places, n] : counts) {
      CHECK(places.size() == count);
      CHECK(std::adjacent_find(places.begin(), places.end()) == places.end());
      expected[places] = 1.0 / static_cast<double>(sets);
    }
    INFO(count << " of 5, seed 7");
    CHECK(chi_square(counts, expected, kDraws) < (sets == 5 ? 18.5 : 27.9));
  }
  CHECK(draw_different(stream, 4, 4).size() == 4);
  CHECK(draw_different(stream, 4, 0).empty());
}
