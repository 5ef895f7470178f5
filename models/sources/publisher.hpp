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
  /// `buses` are by source. REQUIRES: all references outlive this.
  Publisher(std::vector<Bus*> buses, sim::Calendar& calendar, const Happenings& happenings)
      : buses_(std::move(buses)), calendar_(calendar), happenings_(happenings) {}

  /// `change` is the number of the change behind it, 0 when there is none; `key` names the entity.
  void publish(std::size_t source, std::uint64_t change, std::string body, std::string_view key) {
    Bus& bus = *buses_.at(source);
    const mds::EventId id{++published_};
    happenings_.tell(Published{id, change}, calendar_.now());
    bus.publish({id, {static_cast<std::uint16_t>(source)}, std::move(body)}, key);
  }

 private:
  std::vector<Bus*> buses_;
  sim::Calendar& calendar_;
  const Happenings& happenings_;
  std::uint64_t published_ = 0;
};

}  // namespace rehearse::models
