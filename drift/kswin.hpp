// KSWIN (Raab, Heusinger and Schleif 2020): the newest stat_size values of a sliding window against
// as many drawn from the rest of it, by the exact two-sample Kolmogorov-Smirnov test.
//
// River draws with Python's generator. The same draws are made here (Mersenne Twister seeded by an
// array, rejection by bit length, selection without replacement from a pool), so that one seed
// gives River's indices; unlike River's, the seed is never left to chance.
#pragma once

#include <cstdint>
#include <deque>
#include <random>
#include <vector>

#include "drift/detectors.hpp"

namespace rehearse::drift {

struct KswinParameters {
  double alpha = 0.005;
  std::int64_t window_size = 100;
  std::int64_t stat_size = 30;
  std::int64_t seed = 1;
};

/// REQUIRES: window_size >= 2 * stat_size.
class Kswin : public Detector {
 public:
  explicit Kswin(const KswinParameters& parameters);

 protected:
  void reset() override;
  void step(double value) override;

 private:
  std::vector<std::size_t> draw(std::size_t from, std::size_t count);

  KswinParameters parameters_;
  std::mt19937 engine_;
  std::deque<double> window_;
};

}  // namespace rehearse::drift
