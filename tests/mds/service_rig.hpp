// A small driver for tests of the service: sources that answer from a table of payloads after a
// fixed latency, and a log of what the service did.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mds/contract/provider.hpp"
#include "mds/graph/graph.hpp"
#include "mds/service/service.hpp"
#include "mds/store/store.hpp"

namespace rehearse::test {

/// The shipped providers of these names, with the shipped rules and no budgets.
mds::ServiceConfig service_config(const std::vector<std::string>& sources);

class ServiceRig {
 public:
  explicit ServiceRig(mds::ServiceConfig settings);

  mds::ServiceConfig config;
  std::unique_ptr<mds::Store> store;
  std::unique_ptr<mds::Service> service;
  Time now;
  Duration latency = Duration::milliseconds(10);
  /// What a GET of a path gives; absent: 404. Listings are made from it.
  std::map<std::string, std::string> payloads;
  /// Looked at before the table, when set.
  std::function<std::optional<mds::Response>(const mds::SourceRequest&)> answers;

  struct Sent {
    Time at;
    mds::SourceRequest request;
  };
  std::vector<Sent> sent;  ///< all calls so far
  std::vector<mds::EventId> acked;
  std::vector<mds::Notice> notices;

  /// Delivers an event at `now`; its number.
  mds::EventId event(const std::string& body, std::size_t source = 0);
  /// {"event_type": type, key: id}
  mds::EventId event(const std::string& type, const std::string& key, const std::string& id,
                     std::size_t source = 0);
  /// Runs timers and answers until `end`, then stands there.
  void run_until(Time end);
  void run_for(Duration span) { run_until(now + span); }
  /// Calls sent and not answered yet, oldest first.
  const std::deque<Sent>& open() const { return open_; }
  /// Answers an open call now with what its source says now.
  void answer(std::size_t which);
  void answer(std::size_t which, const mds::Response& response);
  /// Takes what the service has put out; done by all of the above.
  void collect();
  /// Loses the service's state and starts another on the same store.
  void crash();

  /// A model of that id at that version.
  void put_model(const std::string& id, int version);

  std::size_t count(mds::Notice::Kind kind) const;
  std::vector<std::string> live() const { return mds::Graph(*store).live_documents(); }
  /// Value of an attribute of a live document as text; empty when there is none.
  std::string fact(const std::string& uri, const std::string& attribute) const;

 private:
  mds::Response reply(const mds::SourceRequest& request) const;

  std::deque<Sent> open_;
  std::uint64_t events_ = 0;
};

/// {"id": id, "version": version, "name": name, more}
std::string payload(const std::string& id_key, const std::string& id, int version,
                    const std::string& more = {});

Time seconds(double s);
mds::Response status(int code, std::optional<Duration> retry_after = std::nullopt);
mds::Response timed_out();
std::string model_uri(const std::string& id);

}  // namespace rehearse::test
