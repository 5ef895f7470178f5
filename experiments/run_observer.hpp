// Stands between a simulation and its recorder: holds back what fills the graph before time 0,
// which the recorder wants in one piece, and tells how far the run has come.
#pragma once

#include <functional>
#include <vector>

#include "models/observer.hpp"
#include "reports/recorder.hpp"

namespace rehearse::experiments {

class RunObserver final : public models::Observer {
 public:
  /// `progress` may be empty; it is told the share of `length` that has passed.
  RunObserver(reports::Recorder& recorder, Duration length,
              const std::function<void(double)>& progress)
      : recorder_(recorder), length_(length), progress_(progress) {}

  /// Ends the time before the run: what is known and true now is what the recorder starts from.
  void start(const world::World& world, const world::Oracle& oracle);

  void on_change(const world::Change& change, const world::EdgeDelta& edges) override;
  void on_publish(mds::EventId event, std::uint64_t change, Time now) override;
  void on_fate(mds::EventId event, models::Fate fate, Time now) override;
  void on_request(const mds::SourceRequest& request, Time now) override;
  void on_service_start(mds::RequestId request, std::size_t source, Duration waited,
                        Duration service, Time now) override;
  void on_response(mds::RequestId request, const mds::Response& response, std::int64_t version,
                   Time now) override;
  void on_notice(const mds::Notice& notice, Time now) override;
  void on_transaction(const mds::TxReport& report, Time now) override;
  void on_queue(std::size_t length, Time now) override;
  void on_ack(mds::EventId event, Time now) override;

 private:
  void tell_progress(Time now);

  reports::Recorder& recorder_;
  Duration length_;
  const std::function<void(double)>& progress_;
  bool started_ = false;
  std::vector<mds::TxReport> bootstrap_;
  std::uint64_t calls_ = 0;
};

}  // namespace rehearse::experiments
