#include "learning/row_log.hpp"

#include <algorithm>
#include <utility>

namespace rehearse::learning {

RowLog::RowLog(const Population& population, Traffic traffic, RequestSettings requests,
               Streams streams)
    : population_(population),
      traffic_(traffic),
      requests_(std::move(requests)),
      streams_(std::move(streams)) {}

std::size_t RowLog::append(Hour hour, const Served& served, std::size_t most,
                           LoggedRows& rows) const {
  rows.features = population_.features();
  if (!population_.offers(hour)) return 0;
  const std::size_t in_hour = logged_rows(traffic_, hour);
  const std::size_t count = std::min(in_hour, most);
  population_.log({hour, in_hour, count, served, requests_, streams_}, rows);
  return count;
}

}  // namespace rehearse::learning
