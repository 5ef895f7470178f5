// The documents that are being fetched or waiting for it, and the listings.
//
// A job lives from the first demand for its document until nobody waits for it any more: queued,
// calling, and, when a call fails, waiting for its next attempt. With safe coalescing a document
// has at most one job. Jobs stand in a slab and name each other by index, so that the table is a
// plain value.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <unordered_map>
#include <vector>

#include "mds/contract/catalogue.hpp"
#include "mds/contract/event.hpp"

namespace rehearse::mds {

using JobIndex = std::uint32_t;
inline constexpr JobIndex kNoJob = std::numeric_limits<JobIndex>::max();

/// An event that is to be acknowledged when a call begun after its arrival has been stored.
struct PendingEvent {
  EventId id;
  Time arrived;
};

struct Job {
  enum class Phase : std::uint8_t { closed, queued, calling, backing_off };

  DocumentKey document;  ///< of a listing: its contract, and the cursor in place of the id
  bool listing = false;
  bool indexed = false;         ///< JobTable::find finds it
  bool for_enrichment = false;  ///< an enrichment pass waits for it
  bool for_round = false;       ///< a round of reconciliation waits for it
  bool trial = false;           ///< the call in flight is the circuit breaker's trial
  Phase phase = Phase::closed;
  WorkClass work = WorkClass::event;
  int attempt = 0;    ///< calls begun for the current fetch
  int throttled = 0;  ///< of those, how many the source answered with when to come again
  RequestId request;
  Time sent;                            ///< when the call in flight began
  Time due;                             ///< while backing off
  std::uint64_t place = 0;              ///< order of queueing
  std::vector<PendingEvent> arrived;    ///< since the last call began: the document is dirty
  std::vector<PendingEvent> answered;   ///< those that the current fetch will answer
  std::vector<std::string> part_stubs;  ///< parts known by reference that this fetch should find
  JobIndex next = kNoJob;               ///< neighbours in the queue
  JobIndex previous = kNoJob;

  /// A fetch that has all its attempts before it.
  void renew() { attempt = throttled = 0; }
  /// Attempts used up: throttling says nothing against the fetch.
  int failures() const { return attempt - throttled; }
};

class JobTable {
 public:
  explicit JobTable(std::size_t contracts) : by_document_(contracts) {}

  Job& operator[](JobIndex job) { return slots_[job]; }
  const Job& operator[](JobIndex job) const { return slots_[job]; }

  /// kNoJob when the document has none.
  JobIndex find(const DocumentKey& document) const;
  /// A new job. `indexed`: find will find it. REQUIRES: then, that the document has none yet.
  JobIndex open(DocumentKey document, WorkClass work, bool indexed);
  void close(JobIndex job);
  std::size_t size() const { return slots_.size() - free_.size(); }
  /// Slots ever used; jobs are below it, closed ones among them.
  std::size_t slots() const { return slots_.size(); }

 private:
  std::vector<Job> slots_;
  std::vector<JobIndex> free_;
  std::vector<std::unordered_map<std::string, JobIndex>> by_document_;  // looked up only
};

}  // namespace rehearse::mds
