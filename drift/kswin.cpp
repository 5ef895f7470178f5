#include "drift/kswin.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <numeric>
#include <set>
#include <sstream>

#include "stats/kolmogorov.hpp"
#include "stats/two_sample.hpp"

namespace rehearse::drift {
namespace {

/// A statistic this small is never drift, whatever its p-value.
constexpr double kLeastStatistic = 0.1;
constexpr std::size_t kState = 624;

/// The twister's state after seeding by an array of 32-bit keys (Matsumoto and Nishimura 2002).
std::mt19937 seeded(std::uint64_t seed) {
  std::vector<std::uint32_t> keys{static_cast<std::uint32_t>(seed)};
  if (seed >> 32 != 0) keys.push_back(static_cast<std::uint32_t>(seed >> 32));
  std::vector<std::uint32_t> state(kState);
  state[0] = 19650218;
  const auto mixed = [&](std::size_t i) { return state[i - 1] ^ (state[i - 1] >> 30); };
  for (std::uint32_t i = 1; i < kState; ++i) state[i] = 1812433253U * mixed(i) + i;
  std::size_t i = 1, j = 0;
  const auto wrap = [&] {
    if (++i < kState) return;
    state[0] = state[kState - 1];
    i = 1;
  };
  for (std::size_t k = std::max(kState, keys.size()); k > 0; --k) {
    state[i] = (state[i] ^ (mixed(i) * 1664525U)) + keys[j] + static_cast<std::uint32_t>(j);
    wrap();
    j = (j + 1) % keys.size();
  }
  for (std::size_t k = kState - 1; k > 0; --k) {
    state[i] = (state[i] ^ (mixed(i) * 1566083941U)) - static_cast<std::uint32_t>(i);
    wrap();
  }
  state[0] = 0x80000000U;
  // The standard's text form of an engine is the only way to set its state; libstdc++ wants the
  // position after the words.
  std::stringstream text;
  for (const std::uint32_t word : state) text << word << ' ';
  text << kState;
  std::mt19937 engine;
  text >> engine;
  assert(text);
  return engine;
}

std::size_t below(std::mt19937& engine, std::size_t n) {
  assert(n > 0);
  const int bits = static_cast<int>(std::bit_width(n));
  std::size_t value = n;
  while (value >= n) value = engine() >> (32 - bits);
  return value;
}

}  // namespace

Kswin::Kswin(const KswinParameters& parameters)
    : parameters_(parameters), engine_(seeded(static_cast<std::uint64_t>(parameters.seed))) {
  assert(parameters.stat_size > 0 && parameters.window_size >= 2 * parameters.stat_size);
}

void Kswin::reset() {
  window_.clear();
  engine_ = seeded(static_cast<std::uint64_t>(parameters_.seed));
}

std::vector<std::size_t> Kswin::draw(std::size_t from, std::size_t count) {
  assert(count <= from);
  // Python selects from a pool, or, when the pool would be larger than a set of the selected, by
  // rejection from a set.
  std::size_t set_size = 21;
  if (count > 5) {
    const double exponent = std::ceil(std::log(static_cast<double>(count * 3)) / std::log(4.0));
    set_size += static_cast<std::size_t>(std::pow(4.0, exponent));
  }
  std::vector<std::size_t> drawn;
  if (from <= set_size) {
    std::vector<std::size_t> pool(from);
    std::iota(pool.begin(), pool.end(), std::size_t{0});
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t j = below(engine_, from - i);
      drawn.push_back(pool[j]);
      pool[j] = pool[from - i - 1];
    }
    return drawn;
  }
  std::set<std::size_t> seen;
  while (drawn.size() < count) {
    const std::size_t j = below(engine_, from);
    if (seen.insert(j).second) drawn.push_back(j);
  }
  return drawn;
}

void Kswin::step(double value) {
  const auto size = static_cast<std::size_t>(parameters_.window_size);
  const auto newest = static_cast<std::size_t>(parameters_.stat_size);
  window_.push_back(value);
  if (window_.size() > size) window_.pop_front();
  if (window_.size() < size) return;
  std::vector<double> older;
  for (const std::size_t i : draw(size - newest, newest)) older.push_back(window_[i]);
  std::vector<double> recent(window_.end() - static_cast<std::ptrdiff_t>(newest), window_.end());
  std::sort(older.begin(), older.end());
  std::sort(recent.begin(), recent.end());
  const double statistic = stats::kolmogorov_smirnov_statistic_sorted(older, recent);
  if (statistic <= kLeastStatistic) return;
  drift_ = stats::kolmogorov_two_sample_exact_tail(statistic, newest, newest) <= parameters_.alpha;
}

}  // namespace rehearse::drift
