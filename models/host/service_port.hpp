// What the simulation needs of a metadata service, whichever it is. The one in process is
// models/host/built_in_service.hpp; one behind another program's input and output is another.
//
// A service is sans-I/O, as mds::Service: it never waits, and time is passed in. Its driver
// (models/host/mds_host.hpp) polls it after every input and carries out what it wants: calls are
// sent and every one is answered or times out, acknowledged events are not delivered again. Between
// a crash and the next start it is asked questions and nothing else.
//
// Sources are numbered in the order of ServiceConfig::providers.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "mds/contract/event.hpp"
#include "mds/service/service.hpp"
#include "mds/service/service_counters.hpp"
#include "mds/store/store.hpp"

namespace rehearse::models {

/// What a service has to say since it was polled last, each in the order in which it came about.
struct ServiceOutput {
  std::vector<mds::TxReport> written;
  std::vector<mds::Notice> notices;
  std::vector<mds::EventId> acknowledged;    ///< events that are safely processed
  std::vector<mds::SourceRequest> requests;  ///< calls to make on sources now
  std::size_t waiting = 0;                   ///< documents that wait for a call, as of now
};

class ServicePort {
 public:
  virtual ~ServicePort() = default;

  /// Comes to life, and takes up what the graph says is unfinished: once before anything else, and
  /// after each crash.
  virtual void start(Time now) = 0;
  /// Ends without a word; what is not written is lost. Calls of the next life have other numbers.
  virtual void crash() = 0;

  /// How much of its notices is wanted from now on, in this life.
  virtual void set_notices(mds::NoticeLevel wanted) = 0;

  /// Takes a payload as known since before the run, without event or budget.
  virtual void bootstrap(mds::SourceIndex source, const std::string& path,
                         const std::string& payload, Time now) = 0;
  /// No more of them come: what can be derived from them is.
  virtual void end_bootstrap(Time now) = 0;

  /// The bus delivers an event.
  virtual void on_event(const mds::ThinEvent& event, Time now) = 0;
  /// The end of a call, one for each that was asked for in this life.
  virtual void on_response(mds::RequestId request, const mds::Response& response, Time now) = 0;
  /// A wake-up asked for has come; at any other moment without effect.
  virtual void on_timer(Time now) = 0;
  /// The search index is away, or back.
  virtual void set_index_up(bool up, Time now) = 0;

  virtual ServiceOutput poll() = 0;
  /// When on_timer must be called at the latest; nullopt when nothing is pending.
  virtual std::optional<Time> next_wakeup() const = 0;

  /// Answers a question (mds::Graph::answer), while it is down from what is written. Throws
  /// InputError for a question that is not known.
  virtual mds::QueryAnswer ask(const std::string& question, const std::string& uri, Time now) = 0;

  /// When the call was sent whose answer it holds of a document; nullopt when it holds none.
  virtual std::optional<Time> last_verified(const std::string& uri) const = 0;

  /// What it counted of its own work, over all its lives.
  virtual mds::ServiceCounters counters() const = 0;
};

}  // namespace rehearse::models
