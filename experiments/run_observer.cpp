#include "experiments/run_observer.hpp"

namespace rehearse::experiments {
namespace {

constexpr std::uint64_t kCallsPerLook = 1024;

}  // namespace

void RunObserver::start(const world::World& world, const world::Oracle& oracle) {
  const std::vector<world::Truth> truth = world.all();
  const std::vector<world::Edge> edges = oracle.edges();
  recorder_.start(truth, bootstrap_, edges);
  if (trace_ != nullptr) {
    std::vector<world::Route> routes;
    for (const world::Edge& edge : edges) routes.push_back({edge, oracle.route(edge)});
    trace_->start(truth, bootstrap_, routes);
  }
  bootstrap_.clear();
  bootstrap_.shrink_to_fit();
  started_ = true;
}

void RunObserver::tell_progress(Time now) {
  if (progress_ && ++calls_ % kCallsPerLook == 0) {
    progress_(now.to_seconds() / length_.to_seconds());
  }
}

void RunObserver::on_change(const world::Change& change, const world::EdgeDelta& edges) {
  tell_progress(change.at);
  recorder_.on_change(change, edges);
  if (trace_ != nullptr) trace_->on_change(change, edges);
}

void RunObserver::on_publish(mds::EventId event, std::uint64_t change, Time now) {
  recorder_.on_publish(event, change, now);
  if (trace_ != nullptr) trace_->on_publish(event, change, now);
}

void RunObserver::on_fate(mds::EventId event, models::Fate fate, Time now) {
  recorder_.on_fate(event, fate, now);
  if (trace_ != nullptr) trace_->on_fate(event, fate, now);
}

void RunObserver::on_request(const mds::SourceRequest& request, Time now) {
  recorder_.on_request(request, now);
  if (trace_ != nullptr) trace_->on_request(request, now);
}

void RunObserver::on_service_start(mds::RequestId request, std::size_t source, Duration waited,
                                   Duration service, Time now) {
  recorder_.on_service_start(request, source, waited, service, now);
  if (trace_ != nullptr) trace_->on_service_start(request, source, waited, service, now);
}

void RunObserver::on_response(mds::RequestId request, const mds::Response& response,
                              std::int64_t version, Time now) {
  recorder_.on_response(request, response, version, now);
  if (trace_ != nullptr) trace_->on_response(request, response, version, now);
}

void RunObserver::on_notice(const mds::Notice& notice, Time now) {
  if (!started_) return;
  recorder_.on_notice(notice, now);
  if (trace_ != nullptr) trace_->on_notice(notice, now);
}

void RunObserver::on_transaction(const mds::TxReport& report, Time now) {
  if (!started_) {
    bootstrap_.push_back(report);
    return;
  }
  recorder_.on_transaction(report, now);
  if (trace_ != nullptr) trace_->on_transaction(report, now);
}

void RunObserver::on_queue(std::size_t length, Time now) {
  if (started_) recorder_.on_queue(length, now);
}

void RunObserver::on_ack(mds::EventId event, Time now) {
  recorder_.on_ack(event, now);
  if (trace_ != nullptr) trace_->on_ack(event, now);
}

void RunObserver::on_lost_page(mds::RequestId request, const std::vector<std::string>& uris,
                               Time now) {
  recorder_.on_lost_page(request, uris, now);
  if (trace_ != nullptr) trace_->on_lost_page(request, uris, now);
}

void RunObserver::on_condition(models::Condition condition, Time now) {
  recorder_.on_condition(condition, now);
  if (trace_ != nullptr) trace_->on_condition(condition, now);
}

void RunObserver::on_question(const models::AskedQuestion& question, Time now) {
  recorder_.on_question(question, now);
  if (trace_ != nullptr) trace_->on_question(question, now);
}

}  // namespace rehearse::experiments
