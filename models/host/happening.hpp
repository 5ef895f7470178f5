// What happens in a run: one struct a kind, and the variant of them all. Models tell of it in the
// order in which it happens and never look at who hears it (subscribers.hpp); every telling carries
// simulated time. What the service itself reports (its calls, notices and transactions) is told in
// the structs in which it reports it; so is what operations do (lifecycle/lineage.hpp and
// fact.hpp).
//
// Those who hear: measure/recorder.hpp (all of it), measure/trace_writer.hpp (what has a line in
// measure/trace_table.hpp), experiments/run.cpp (changes, for progress) and experiments/filling.hpp
// (the transactions before time 0).
//
// A new kind is a struct, its place in the variant and in measure/trace_table.hpp, and the
// overloads `on(const Kind&, Time)` of those that want it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/time.hpp"
#include "lifecycle/fact.hpp"
#include "lifecycle/lineage.hpp"
#include "mds/contract/event.hpp"
#include "mds/contract/notice.hpp"
#include "mds/store/store.hpp"
#include "models/host/subscribers.hpp"
#include "world/oracle.hpp"
#include "world/question.hpp"
#include "world/world.hpp"

namespace rehearse::models {

/// A change of this entity is about to be made (base/prefetch.hpp).
struct ChangeAhead {
  world::Slot entity = world::kNoSlot;
};

/// A source changed; `edges` are the derived edges that this began or ended in the truth.
struct Changed {
  world::Change change;
  world::EdgeDelta edges;
};

/// A thin event for a change was published.
struct Published {
  mds::EventId event;
  std::uint64_t change = 0;  ///< its number; 0 where no change is behind it
};

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

struct EventFate {
  mds::EventId event;
  Fate fate = Fate::delivered;
};

/// A server of a source's API starts on a call.
struct CallServed {
  mds::RequestId request;
  std::size_t source = 0;  ///< index in the world
  Duration waited;         ///< in the API's queue
  Duration takes;          ///< how long the server will be busy with it
  /// Documents that the page of a listing to come has lost.
  std::vector<std::string> lost = {};
};

/// The answer to a call, or its failure or timeout, is given to the service.
struct CallEnded {
  mds::RequestId request;
  mds::Response response;
  std::int64_t version = 0;  ///< of the state read, 0 when none was
};

/// The service acknowledged an event.
struct Acknowledged {
  mds::EventId event;
};

/// After each step of the service: how many documents wait for a call (Service::queue_length).
struct QueueLength {
  std::size_t length = 0;
};

/// What befalls the metadata service as a whole.
enum class Condition : std::uint8_t { paused, resumed, crashed, restarted, index_down, index_up };

struct ConditionChanged {
  Condition condition = Condition::paused;
};

/// A question that was put to the graph, and how its answer compared with the truth.
struct AskedQuestion {
  world::Question question;
  world::Verdict verdict;
  /// When the answer was made that the query cache served.
  std::optional<Time> cached = std::nullopt;
  /// What a model asked it for: one of Declaration::occasions. Empty where a scenario's `questions`
  /// asked.
  std::string occasion = {};
};

using Happening =
    std::variant<ChangeAhead, Changed, Published, EventFate, mds::SourceRequest, CallServed,
                 CallEnded, mds::Notice, mds::TxReport, Acknowledged, QueueLength, ConditionChanged,
                 AskedQuestion, lifecycle::Record, lifecycle::Fact, lifecycle::Served>;

/// Those who hear what happens in a run.
class Happenings final : public Subscribers<Happening> {
 public:
  /// Notices with texts cost what they are made of: a subscriber that needs fewer says so in a
  /// member `kNotices`.
  template <class Subscriber>
  void subscribe(Subscriber& who) {
    Subscribers::subscribe(who);
    if constexpr (requires { Subscriber::kNotices; }) {
      notices_ = std::max(notices_, Subscriber::kNotices);
    } else if constexpr (Hears<Subscriber, mds::Notice>) {
      notices_ = mds::NoticeLevel::all;
    }
  }

  /// Which notices are heard.
  mds::NoticeLevel notices() const { return notices_; }

 private:
  mds::NoticeLevel notices_ = mds::NoticeLevel::none;
};

}  // namespace rehearse::models
