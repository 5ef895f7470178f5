// The moments of a run at which running totals are written down: the edges of the measured window
// and of the time series' buckets. What happened between two of them is a difference of two totals,
// so no measurement has to cut its intervals at these edges itself.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "base/time.hpp"
#include "measure/window.hpp"

namespace rehearse::measure {

class Checkpoints {
 public:
  /// `buckets` equal parts of [0, window.end]. REQUIRES: buckets > 0.
  Checkpoints(const Window& window, int buckets);

  /// All moments in rising order; the first is 0, the last is the end of the run.
  const std::vector<Time>& times() const { return times_; }
  /// The places in times() where buckets begin and end: one more than there are buckets.
  const std::vector<std::size_t>& bucket_borders() const { return borders_; }
  std::size_t window_begin() const { return begin_; }
  std::size_t window_until() const { return until_; }

  /// Cuts a span where moments lie: calls part(i, begin, end) for each piece, i being the place of
  /// the last moment at or before it. What lies after the last moment belongs to no piece.
  /// REQUIRES: 0 <= from.
  template <class Part>
  void cut(Time from, Time until, Part part) const {
    const auto after = std::upper_bound(times_.begin(), times_.end(), from);
    auto next = static_cast<std::size_t>(after - times_.begin());
    for (; from < until && next < times_.size(); ++next) {
      const Time end = std::min(until, times_[next]);
      part(next - 1, from, end);
      from = end;
    }
  }

 private:
  std::vector<Time> times_;
  std::vector<std::size_t> borders_;
  std::size_t begin_ = 0;
  std::size_t until_ = 0;
};

}  // namespace rehearse::measure
