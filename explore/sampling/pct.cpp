#include "explore/sampling/pct.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace rehearse::explore {

PctScheduler::PctScheduler(std::size_t depth, std::size_t messages, stats::Stream& draw)
    : draw_(&draw) {
  assert(depth >= 1 && messages >= 1);
  for (std::size_t i = 1; i < depth; ++i) {
    const std::size_t at = static_cast<std::size_t>(draw.below(messages));
    changes_.emplace(at, static_cast<std::int64_t>(i));
  }
}

PctScheduler::Message PctScheduler::add(const std::vector<Message>& causes) {
  const Message message = order_.add(causes);
  while (ranking_.size() < order_.chains()) {
    const auto place = static_cast<std::ptrdiff_t>(draw_->below(ranking_.size() + 1));
    ranking_.insert(ranking_.begin() + place, ranking_.size());
    put_down_.push_back(0);
  }
  // Of two changes at one message the later number counts, as if they came one after the other.
  const auto [first, last] = changes_.equal_range(message);
  for (auto change = first; change != last; ++change) {
    marked_[message] = std::max(marked_[message], change->second);
  }
  return message;
}

std::int64_t PctScheduler::priority(std::size_t chain) const {
  if (put_down_[chain] < 0) return put_down_[chain];
  return std::find(ranking_.begin(), ranking_.end(), chain) - ranking_.begin() + 1;
}

PctScheduler::Message PctScheduler::choose(const std::vector<Message>& pending) {
  assert(!pending.empty());
  for (;;) {
    const Message best =
        *std::max_element(pending.begin(), pending.end(), [&](Message a, Message b) {
          const std::int64_t first = priority(order_.chain_of(a));
          const std::int64_t second = priority(order_.chain_of(b));
          return first != second ? first < second : a > b;
        });
    const auto change = marked_.find(best);
    if (change == marked_.end()) return best;
    put_down_[order_.chain_of(best)] = -change->second;
    marked_.erase(change);
  }
}

double pct_bound(std::size_t width, std::size_t messages, std::size_t depth) {
  const auto w = static_cast<double>(width);
  return 1 / (w * w * std::pow(static_cast<double>(messages), static_cast<double>(depth - 1)));
}

}  // namespace rehearse::explore
