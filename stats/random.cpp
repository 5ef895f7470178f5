#include "stats/random.hpp"

#include <boost/random/exponential_distribution.hpp>
#include <boost/random/normal_distribution.hpp>
#include <boost/random/uniform_01.hpp>
#include <boost/random/uniform_int_distribution.hpp>
#include <cassert>

#include "base/fact_hash.hpp"

namespace rehearse::stats {
namespace {

pcg64 make_engine(std::uint64_t seed, std::uint64_t replication, std::string_view name) {
  const std::uint64_t high = stable_hash(name, seed);
  const std::uint64_t low = stable_hash(name, high ^ replication);
  const pcg_extras::pcg128_t state = (static_cast<pcg_extras::pcg128_t>(high) << 64) | low;
  return pcg64(state, static_cast<pcg_extras::pcg128_t>(stable_hash(name)));
}

}  // namespace

Stream::Stream(std::uint64_t seed, std::uint64_t replication, std::string_view name)
    : engine_(make_engine(seed, replication, name)) {}

double Stream::uniform() { return static_cast<double>(engine_() >> 11) * 0x1.0p-53; }

std::uint64_t Stream::below(std::uint64_t n) {
  assert(n > 0);
  return boost::random::uniform_int_distribution<std::uint64_t>(0, n - 1)(engine_);
}

bool Stream::chance(double p) {
  assert(p >= 0 && p <= 1);
  if (p <= 0) return false;
  return p >= 1 || uniform() < p;
}

double Stream::exponential(double mean) {
  assert(mean >= 0);
  return mean * boost::random::exponential_distribution<double>(1.0)(engine_);
}

double Stream::normal() { return boost::random::normal_distribution<double>()(engine_); }

}  // namespace rehearse::stats
