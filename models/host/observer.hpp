// What a running simulation tells those who measure or trace it, in the order in which it happens.
// Models call it and never look at what it does. Every call carries simulated time.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "mds/service/event.hpp"
#include "mds/service/service.hpp"
#include "mds/store/store.hpp"
#include "world/oracle.hpp"
#include "world/world.hpp"

namespace rehearse::models {

/// What became of an event on the bus.
enum class Fate : std::uint8_t {
  delivered,
  dropped,
  duplicated,
  reordered,
  held,
  expired,
  redelivered
};

/// What befalls the metadata service as a whole.
enum class Condition : std::uint8_t { paused, resumed, crashed, restarted, index_down, index_up };

/// A question that was put to the graph, and what its answer had wrong.
struct AskedQuestion {
  std::string ask;
  std::string entity;
  std::vector<std::string> missed;
  std::vector<std::string> outdated;
  bool cached = false;  ///< the query cache served it
  Time made;            ///< when the graph was read for it
};

class Observer {
 public:
  virtual ~Observer() = default;

  /// Which notices it wants: those with texts cost what they are made of. Always the same.
  virtual mds::NoticeLevel notices() const { return mds::NoticeLevel::all; }

  /// A change of this entity is being made (base/prefetch.hpp).
  virtual void expect_change(world::Slot) const {}
  /// A source changed; `edges` are the derived edges that this began or ended in the truth.
  virtual void on_change(const world::Change& change, const world::EdgeDelta& edges) = 0;
  /// A thin event for a change was published (0 where no change is behind it).
  virtual void on_publish(mds::EventId event, std::uint64_t change, Time now) = 0;
  virtual void on_fate(mds::EventId event, Fate fate, Time now) = 0;
  virtual void on_request(const mds::SourceRequest& request, Time now) = 0;
  /// A server of source `source` starts on a request that waited `waited` in its queue, and will be
  /// busy with it for `service`.
  virtual void on_service_start(mds::RequestId request, std::size_t source, Duration waited,
                                Duration service, Time now) = 0;
  /// `version` is the version of the state read, 0 when none was.
  virtual void on_response(mds::RequestId request, const mds::Response& response,
                           std::int64_t version, Time now) = 0;
  /// The answer to come is a page of a listing that has lost its items, these documents.
  virtual void on_lost_page(mds::RequestId, const std::vector<std::string>& /*uris*/, Time) {}
  virtual void on_notice(const mds::Notice& notice, Time now) = 0;
  virtual void on_transaction(const mds::TxReport& report, Time now) = 0;
  /// The service acknowledged an event.
  virtual void on_ack(mds::EventId, Time) {}
  /// After each step of the service: how many documents wait for a call (Service::queue_length).
  virtual void on_queue(std::size_t, Time) {}
  virtual void on_condition(Condition, Time) {}
  virtual void on_question(const AskedQuestion&, Time) {}
};

}  // namespace rehearse::models
