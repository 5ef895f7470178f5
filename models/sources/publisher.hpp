// Numbers the thin events of a run and puts them on the bus of their source.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/host/happening.hpp"
#include "models/transport/bus.hpp"
#include "sim/calendar.hpp"

namespace rehearse::models {

class Publisher {
 public:
  struct Route {
    Bus* bus = nullptr;
    mds::SourceIndex source;  ///< as the service numbers it
  };

  /// `routes` are by index of the source in the world. REQUIRES: all references outlive this.
  Publisher(std::vector<Route> routes, sim::Calendar& calendar, const Happenings& happenings)
      : routes_(std::move(routes)), calendar_(calendar), happenings_(happenings) {}

  /// `change` is the number of the change behind it, 0 when there is none; `key` names the entity.
  void publish(std::size_t source, std::uint64_t change, std::string body, std::string_view key) {
    const Route& route = routes_.at(source);
    const mds::EventId id{++published_};
    happenings_.tell(Published{id, change}, calendar_.now());
    route.bus->publish({id, route.source, std::move(body)}, key);
  }

 private:
  std::vector<Route> routes_;
  sim::Calendar& calendar_;
  const Happenings& happenings_;
  std::uint64_t published_ = 0;
};

}  // namespace rehearse::models
