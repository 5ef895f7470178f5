#include "reports/call_log.hpp"

#include <algorithm>

namespace rehearse::reports {

LastRead& CallLog::read_at(std::uint32_t document) {
  if (document >= reads_.size()) reads_.resize(document + 1);
  return reads_[document];
}

void CallLog::sent(mds::RequestId request, mds::SourceIndex source, std::uint32_t document,
                   Time now) {
  calls_[request.value] = {source, document, now};
}

std::optional<mds::SourceIndex> CallLog::ended(mds::RequestId request, bool described,
                                               std::int64_t version) {
  const auto found = calls_.find(request.value);
  if (found == calls_.end()) return std::nullopt;
  const Call call = found->second;
  calls_.erase(found);
  if (described && call.document != kNoDocument) {
    read_at(call.document) = {true, version, call.sent};
    if (!failures_.empty()) failures_.erase(call.document);
  }
  return call.source;
}

void CallLog::gave_up(std::uint32_t document, const std::string& why) { failures_[document] = why; }

LastRead CallLog::last_read(std::uint32_t document) const {
  return document < reads_.size() ? reads_[document] : LastRead{};
}

std::size_t CallLog::in_flight(std::uint32_t document) const {
  return static_cast<std::size_t>(
      std::count_if(calls_.begin(), calls_.end(),
                    [document](const auto& entry) { return entry.second.document == document; }));
}

std::optional<std::string> CallLog::failure(std::uint32_t document) const {
  const auto failed = failures_.find(document);
  if (failed == failures_.end()) return std::nullopt;
  return failed->second;
}

}  // namespace rehearse::reports
