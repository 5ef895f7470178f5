#include "measure/waiting_order.hpp"

#include <algorithm>
#include <tuple>

namespace rehearse::measure {

WaitingOrder::WaitingOrder(std::vector<WaitingEvent> waiting) {
  std::sort(waiting.begin(), waiting.end(), [](const WaitingEvent& a, const WaitingEvent& b) {
    return std::tie(a.document, a.place) < std::tie(b.document, b.place);
  });
  const auto same_document = [](const WaitingEvent& a, const WaitingEvent& b) {
    return a.document == b.document;
  };
  waiting.erase(std::unique(waiting.begin(), waiting.end(), same_document), waiting.end());
  std::sort(waiting.begin(), waiting.end(), [](const WaitingEvent& a, const WaitingEvent& b) {
    return std::tie(a.queue, a.place) < std::tie(b.queue, b.place);
  });
  std::size_t first = 0;  // of the queue
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    if (waiting[i].queue != waiting[first].queue) first = i;
    ahead_.emplace_back(waiting[i].document, i - first);
  }
  std::sort(ahead_.begin(), ahead_.end());
}

std::size_t WaitingOrder::ahead_of(std::uint32_t document) const {
  const auto place =
      std::lower_bound(ahead_.begin(), ahead_.end(), std::pair{document, std::size_t{0}});
  return place == ahead_.end() || place->first != document ? 0 : place->second;
}

}  // namespace rehearse::measure
