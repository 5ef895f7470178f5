#include "models/transport/network.hpp"

#include <cassert>
#include <utility>

#include "base/error.hpp"

namespace rehearse::models {
namespace {

std::vector<std::optional<sim::Links::Path>> make_paths(const NetworkConfig& config,
                                                        const std::vector<std::string>& sources,
                                                        sim::Calendar& calendar) {
  std::vector<std::optional<sim::Links::Path>> paths(sources.size());
  if (config.links.empty()) return paths;
  sim::Links* links = calendar.links();
  if (links == nullptr) throw InputError("links need the simulator's own calendar");
  std::vector<sim::Links::Link> shared;
  if (config.shared) {
    shared.push_back(
        links->add_link("shared", config.shared->latency, config.shared->bytes_per_second));
  }
  for (std::size_t i = 0; i < sources.size(); ++i) {
    auto found = config.links.find(sources[i]);
    if (found == config.links.end()) found = config.links.find("*");
    if (found == config.links.end()) continue;
    std::vector<sim::Links::Link> route = shared;
    const LinkConfig& link = found->second;
    route.push_back(links->add_link("to:" + sources[i], link.latency, link.bytes_per_second));
    paths[i] = links->add_path(route);
  }
  return paths;
}

}  // namespace

Network::Network(const NetworkConfig& config, const std::vector<std::string>& sources,
                 const Streams& streams, sim::Calendar& calendar)
    : config_(config), calendar_(calendar), paths_(make_paths(config, sources, calendar)) {
  for (const std::string& source : sources) {
    request_streams_.push_back(streams.named("network/" + source + "/requests"));
    answer_streams_.push_back(streams.named("network/" + source + "/answers"));
  }
  free_ = config.links.empty() && config.delay.always_zero();
}

void Network::carry(Way way, std::size_t source, std::uint64_t bytes, sim::Action arrived) {
  assert(source < paths_.size() && arrived);
  const bool out = way == Way::to_source;
  if (paths_[source]) {
    const auto direction = out ? sim::Links::Direction::there : sim::Links::Direction::back;
    const std::uint64_t size = bytes + (out ? config_.request_size : config_.header_size);
    calendar_.links()->send(*paths_[source], direction, size, std::move(arrived));
    return;
  }
  const Duration delay =
      config_.delay.sample(out ? request_streams_[source] : answer_streams_[source]);
  if (delay == Duration{}) {
    arrived();
  } else {
    calendar_.after(delay, std::move(arrived));
  }
}

}  // namespace rehearse::models
