// Stands between a simulation and those who listen to it, the recorder and (where one is wanted)
// the trace: holds back what fills the graph before time 0, which both want in one piece, and tells
// how far the run has come.
#pragma once

#include <functional>
#include <vector>

#include "measure/recorder.hpp"
#include "measure/trace_writer.hpp"
#include "models/host/observer.hpp"

namespace rehearse::experiments {

class RunObserver final : public models::Observer {
 public:
  /// `trace` may be nullptr. `progress` may be empty; it is told the share of `length` that has
  /// passed.
  RunObserver(measure::Recorder& recorder, measure::TraceWriter* trace, Duration length,
              const std::function<void(double)>& progress)
      : recorder_(recorder), trace_(trace), length_(length), progress_(progress) {}

  /// Ends the time before the run: what is known and true now is what the recorder starts from.
  void start(const world::World& world, const world::Oracle& oracle);

  mds::NoticeLevel notices() const override {
    return trace_ != nullptr ? mds::NoticeLevel::all : mds::NoticeLevel::measures;
  }
  void expect_change(world::Slot entity) const override { recorder_.expect_change(entity); }
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
  void on_lost_page(mds::RequestId request, const std::vector<std::string>& uris,
                    Time now) override;
  void on_condition(models::Condition condition, Time now) override;
  void on_question(const models::AskedQuestion& question, Time now) override;

 private:
  void tell_progress(Time now);

  measure::Recorder& recorder_;
  measure::TraceWriter* trace_;
  Duration length_;
  const std::function<void(double)>& progress_;
  bool started_ = false;
  std::vector<mds::TxReport> bootstrap_;
  std::uint64_t calls_ = 0;
};

}  // namespace rehearse::experiments
