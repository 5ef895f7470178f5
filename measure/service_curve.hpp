// What a model served over a run, as sums between checkpoints.
//
// A span that a checkpoint cuts counts on each side in proportion to its length there: exactly for
// expected clicks, since nothing changes within a span; counts that were drawn are cut at whole
// requests, so that no sum loses any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "lifecycle/fact.hpp"
#include "measure/checkpoints.hpp"

namespace rehearse::measure {

struct ServiceSums {
  learning::ArmCounts counts;        ///< of all arms
  std::uint64_t off_production = 0;  ///< requests to other arms than production
  // Exact, not drawn.
  double expected_clicks = 0;
  double bound_clicks = 0;             ///< of the best ranking, without errors and slow answers
  double bound_clicks_unexplored = 0;  ///< likewise, if nothing were explored

  ServiceSums& operator+=(const ServiceSums& other);

  double engagement() const;  ///< clicks a request; 0 without requests, as the shares that follow
  double bound() const;       ///< clicks of the bound a request
  double error_share() const;
  double slow_share() const;
  double off_production_share() const;
  double lost() const;      ///< share of the bound that was not earned; 0 without a bound
  double explored() const;  ///< share of the bound that exploration costs; 0 without a bound
};

class ServiceCurve {
 public:
  /// REQUIRES: `checkpoints` outlive this.
  explicit ServiceCurve(const Checkpoints& checkpoints);

  void add(const lifecycle::Served& served);
  /// From the checkpoint at place `first` to that at place `last`.
  ServiceSums between(std::size_t first, std::size_t last) const;

 private:
  const Checkpoints* checkpoints_;
  std::vector<ServiceSums> sums_;  // each from a checkpoint to the next
};

}  // namespace rehearse::measure
