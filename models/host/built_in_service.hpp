// The metadata service in process (mds/service/service.hpp) on a store that outlives its crashes.
#pragma once

#include <memory>
#include <string>

#include "models/host/service_port.hpp"

namespace rehearse::models {

class BuiltInService final : public ServicePort {
 public:
  /// REQUIRES: both outlive this.
  BuiltInService(const mds::ServiceConfig& config, mds::Store& store)
      : config_(config), store_(store) {}

  void start(Time now) override;
  void crash() override;
  void set_notices(mds::NoticeLevel wanted) override { service_->set_notices(wanted); }
  void bootstrap(mds::SourceIndex source, const std::string& path, const std::string& payload,
                 Time now) override;
  void end_bootstrap(Time now) override;
  void on_event(const mds::ThinEvent& event, Time now) override;
  void on_response(mds::RequestId request, const mds::Response& response, Time now) override;
  void on_timer(Time now) override;
  void set_index_up(bool up, Time now) override;
  ServiceOutput poll() override;
  std::optional<Time> next_wakeup() const override;
  mds::QueryAnswer ask(const std::string& question, const std::string& uri, Time now) override;
  std::optional<Time> last_verified(const std::string& uri) const override {
    return store_.last_verified(uri);
  }
  mds::ServiceCounters counters() const override;

 private:
  const mds::ServiceConfig& config_;
  mds::Store& store_;
  std::unique_ptr<mds::Service> service_;  ///< nullptr while it is down
  mds::ServiceCounters past_lives_;
  mds::RequestId next_request_{1};  ///< of the next life
};

}  // namespace rehearse::models
