// The network between the service and the sources' APIs: a delay each way, drawn per message, or a
// link whose bandwidth the messages share. A message without any delay arrives within send().
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/host/streams.hpp"
#include "models/transport/network_config.hpp"
#include "sim/calendar.hpp"
#include "sim/links.hpp"

namespace rehearse::models {

class Network {
 public:
  enum class Way : std::uint8_t { to_source, to_service };

  /// `sources` are the names of the sources, in the order of their indexes. Throws InputError when
  /// links are asked for and the calendar has none. REQUIRES: calendar outlives this.
  Network(const NetworkConfig& config, const std::vector<std::string>& sources,
          const Streams& streams, sim::Calendar& calendar);

  /// Runs `arrived` when a message with `bytes` of content has come.
  template <class F>
  void send(Way way, std::size_t source, std::uint64_t bytes, F arrived) {
    if (free_) {
      arrived();
    } else {
      carry(way, source, bytes, sim::Action(std::move(arrived)));
    }
  }

 private:
  void carry(Way way, std::size_t source, std::uint64_t bytes, sim::Action arrived);

  NetworkConfig config_;
  sim::Calendar& calendar_;
  std::vector<stats::Stream> request_streams_;
  std::vector<stats::Stream> answer_streams_;
  std::vector<std::optional<sim::Links::Path>> paths_;  ///< by source
  bool free_ = false;                                   ///< nothing takes any time
};

}  // namespace rehearse::models
