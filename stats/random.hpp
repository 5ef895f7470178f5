// Named random streams.
//
// Every random process of a run draws from a stream of its own, derived from (seed, replication,
// name), so that changing one part of a scenario does not change the draws of another (common
// random numbers). The generator is pcg64 (O'Neill 2014); its output and that of Boost.Random's
// distributions do not depend on the compiler's library.
#pragma once

#include <cstdint>
#include <pcg_random.hpp>
#include <string_view>

namespace rehearse::stats {

class Stream {
 public:
  using result_type = pcg64::result_type;

  Stream(std::uint64_t seed, std::uint64_t replication, std::string_view name);

  static constexpr result_type min() { return pcg64::min(); }
  static constexpr result_type max() { return pcg64::max(); }
  result_type operator()() { return engine_(); }

  /// Uniform on [0, 1) with 53 bits.
  double uniform();
  /// Uniform on {0, ..., n-1}. REQUIRES: n > 0.
  std::uint64_t below(std::uint64_t n);
  /// True with probability p; draws nothing when p is 0 or 1.
  bool chance(double p);
  /// Exponential with the given mean.
  double exponential(double mean);
  double normal();

 private:
  pcg64 engine_;
};

}  // namespace rehearse::stats
