#include "models/host/built_in_service.hpp"

#include <cassert>

#include "mds/graph/graph.hpp"

namespace rehearse::models {

void BuiltInService::start(Time now) {
  assert(!service_);
  service_ = std::make_unique<mds::Service>(config_, store_, now, next_request_);
}

void BuiltInService::crash() {
  past_lives_ = counters();
  next_request_ = service_->next_request();
  service_.reset();
}

void BuiltInService::bootstrap(mds::SourceIndex source, const std::string& path,
                               const std::string& payload, Time now) {
  service_->bootstrap(source, path, payload, now);
}

void BuiltInService::end_bootstrap(Time now) { service_->enrich_all(now); }

void BuiltInService::on_event(const mds::ThinEvent& event, Time now) {
  service_->on_event(event, now);
}

void BuiltInService::on_response(mds::RequestId request, const mds::Response& response, Time now) {
  service_->on_response(request, response, now);
}

void BuiltInService::on_timer(Time now) { service_->on_timer(now); }
void BuiltInService::set_index_up(bool up, Time now) { service_->set_index_up(up, now); }

ServiceOutput BuiltInService::poll() {
  return {store_.take_reports(), service_->take_notices(), service_->take_acks(),
          service_->take_requests(), service_->queue_length()};
}

std::optional<Time> BuiltInService::next_wakeup() const { return service_->next_wakeup(); }

mds::QueryAnswer BuiltInService::ask(const std::string& question, const std::string& uri,
                                     Time now) {
  if (service_) return service_->ask(question, uri, now);
  return {mds::Graph(store_).answer(question, uri), now, false};
}

mds::ServiceCounters BuiltInService::counters() const {
  mds::ServiceCounters all = past_lives_;
  if (service_) all += service_->counters();
  return all;
}

}  // namespace rehearse::models
