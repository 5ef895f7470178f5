#include "stats/zipf.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <set>
#include <utility>

namespace rehearse::stats {
namespace {

// For one place, on average, before drawing again costs more than looking at all.
constexpr double kMostDraws = 8;

}  // namespace

double Zipf::weight(std::size_t place) const {
  return std::pow(static_cast<double>(place + 1), -exponent_);
}

void Zipf::reach(std::size_t n) {
  while (cumulated_.size() < n) {
    const double sum = cumulated_.empty() ? 0 : cumulated_.back();
    cumulated_.push_back(sum + weight(cumulated_.size()));
  }
}

std::size_t Zipf::draw(Stream& stream, std::size_t n) {
  assert(n > 0);
  reach(n);
  const auto end = cumulated_.begin() + static_cast<std::ptrdiff_t>(n);
  const double at = stream.uniform() * cumulated_[n - 1];
  const auto found = std::upper_bound(cumulated_.begin(), end, at);
  return std::min(static_cast<std::size_t>(found - cumulated_.begin()), n - 1);
}

// The share of the weight that is left when the `taken` greatest of n are gone.
double Zipf::weight_beyond(std::size_t taken, std::size_t n) {
  reach(n);
  return (cumulated_[n - 1] - cumulated_[taken - 1]) / cumulated_[n - 1];
}

// What was drawn before is drawn again.
std::vector<std::size_t> Zipf::draw_again(Stream& stream, std::size_t n, std::size_t count) {
  std::vector<std::size_t> places;
  std::set<std::size_t> taken;
  while (places.size() < count) {
    const std::size_t place = draw(stream, n);
    if (taken.insert(place).second) places.push_back(place);
  }
  return places;
}

std::vector<std::size_t> Zipf::draw_different(Stream& stream, std::size_t n, std::size_t count) {
  assert(count <= n);
  if (count == 0) return {};
  if (count == 1) return {draw(stream, n)};
  if (weight_beyond(count - 1, n) * kMostDraws >= 1) return draw_again(stream, n, count);
  // The first arrivals of Poisson processes with the weights as rates: the same law, by n draws
  // however little weight is left (Efraimidis & Spirakis 2006).
  std::vector<std::size_t> places;
  std::vector<std::pair<double, std::size_t>> arrivals;
  for (std::size_t place = 0; place < n; ++place) {
    arrivals.emplace_back(stream.exponential(1 / weight(place)), place);
  }
  std::sort(arrivals.begin(), arrivals.end());
  for (std::size_t i = 0; i < count; ++i) places.push_back(arrivals[i].second);
  return places;
}

std::vector<std::size_t> draw_different(Stream& stream, std::size_t n, std::size_t count) {
  assert(count <= n);
  if (count == 1) return {static_cast<std::size_t>(stream.below(n))};
  std::vector<std::size_t> places;
  std::set<std::size_t> taken;
  for (std::size_t last = n - count; last < n; ++last) {
    const std::size_t place = stream.below(last + 1);
    places.push_back(taken.insert(place).second ? place : last);
    taken.insert(places.back());
  }
  return places;
}

}  // namespace rehearse::stats
