#include "measure/checkpoints.hpp"

#include <algorithm>
#include <cassert>

namespace rehearse::measure {

Checkpoints::Checkpoints(const Window& window, int buckets) {
  assert(buckets > 0);
  std::vector<Time> borders;
  for (int i = 0; i <= buckets; ++i) {
    borders.push_back({static_cast<std::int64_t>(Int128{window.end.ns} * i / buckets)});
  }
  times_ = borders;
  times_.push_back(window.begin);
  times_.push_back(window.until);
  std::sort(times_.begin(), times_.end());
  times_.erase(std::unique(times_.begin(), times_.end()), times_.end());
  const auto place = [this](Time t) {
    return static_cast<std::size_t>(std::lower_bound(times_.begin(), times_.end(), t) -
                                    times_.begin());
  };
  for (const Time border : borders) borders_.push_back(place(border));
  begin_ = place(window.begin);
  until_ = place(window.until);
}

}  // namespace rehearse::measure
