#include "measure/call_log.hpp"

#include <cassert>

namespace rehearse::measure {

CallLog::Document& CallLog::at(std::uint32_t document) {
  if (document >= documents_.size()) documents_.resize(document + 1);
  return documents_[document];
}

void CallLog::sent(mds::RequestId request, mds::SourceIndex source, std::uint32_t document,
                   int attempt, Time now) {
  calls_[request.value] = {source, document, attempt, now};
  if (document != kNoDocument) ++at(document).in_flight;
}

std::optional<mds::SourceIndex> CallLog::ended(mds::RequestId request, const std::string& failure,
                                               std::int64_t version, Time now) {
  const auto found = calls_.find(request.value);
  if (found == calls_.end()) return std::nullopt;
  const Call call = found->second;
  calls_.erase(found);
  if (call.document == kNoDocument) return call.source;
  Document& document = at(call.document);
  assert(document.in_flight > 0);
  --document.in_flight;
  if (!failure.empty()) {
    failed_[call.document] = {call.attempt, now, failure};
    return call.source;
  }
  document.read = {true, version, call.sent, request};
  if (!failures_.empty()) failures_.erase(call.document);
  if (!failed_.empty()) failed_.erase(call.document);
  if (!lost_pages_.empty()) lost_pages_.erase(call.document);
  return call.source;
}

void CallLog::gave_up(std::uint32_t document, const std::string& why) { failures_[document] = why; }

void CallLog::page_lost(mds::RequestId request, std::uint32_t document, Time now) {
  lost_pages_[document] = {request, now};
}

std::optional<LostPage> CallLog::lost_page(std::uint32_t document) const {
  const auto lost = lost_pages_.find(document);
  if (lost == lost_pages_.end()) return std::nullopt;
  return lost->second;
}

LastRead CallLog::last_read(std::uint32_t document) const {
  return document < documents_.size() ? documents_[document].read : LastRead{};
}

std::size_t CallLog::in_flight(std::uint32_t document) const {
  return document < documents_.size() ? documents_[document].in_flight : 0;
}

std::optional<FailedCalls> CallLog::failed_calls(std::uint32_t document) const {
  const auto failed = failed_.find(document);
  if (failed == failed_.end()) return std::nullopt;
  return failed->second;
}

std::optional<std::string> CallLog::failure(std::uint32_t document) const {
  const auto failed = failures_.find(document);
  if (failed == failures_.end()) return std::nullopt;
  return failed->second;
}

}  // namespace rehearse::measure
