// Zipf's law: of n things in the order of their ranks 1, 2, ..., n, the k-th is drawn with a
// probability in proportion to 1/k^s (Zipf 1949; the Zipfian or zeta distribution cut at n, with
// the exponent s).
#pragma once

#include <cstddef>
#include <vector>

#include "stats/random.hpp"

namespace rehearse::stats {

class Zipf {
 public:
  explicit Zipf(double exponent) : exponent_(exponent) {}

  /// A place from 0 to n - 1, by one uniform variable. REQUIRES: n > 0. The sums of the weights of
  /// the greatest n asked for so far are kept.
  std::size_t draw(Stream& stream, std::size_t n);
  /// `count` different places, one after the other: each by the law among those that are left.
  /// REQUIRES: count <= n.
  std::vector<std::size_t> draw_different(Stream& stream, std::size_t n, std::size_t count);

 private:
  double weight(std::size_t place) const;
  double weight_beyond(std::size_t taken, std::size_t n);
  void reach(std::size_t n);
  std::vector<std::size_t> draw_again(Stream& stream, std::size_t n, std::size_t count);

  double exponent_;
  std::vector<double> cumulated_;
};

/// `count` different places from 0 to n - 1, every set of them as likely, by `count` draws (Floyd's
/// algorithm, in Bentley 1987, "Programming pearls: a sample of brilliance"). In no special order.
/// REQUIRES: count <= n.
std::vector<std::size_t> draw_different(Stream& stream, std::size_t n, std::size_t count);

}  // namespace rehearse::stats
