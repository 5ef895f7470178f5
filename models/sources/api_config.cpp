#include "models/sources/api_config.hpp"

#include <string>

namespace rehearse::models {
namespace {

using config::Object;

constexpr std::int64_t kMost = 1'000'000;  // servers, burst, page size: a typing error beyond it

world::Listing parse_list(const config::Node& node) {
  Object object(node);
  world::Listing list;
  list.page_size = static_cast<std::size_t>(
      object.integer("page_size", static_cast<std::int64_t>(list.page_size), 1, kMost));
  const std::string paging = object.choice("paging", "cursor", {"cursor", "offset"});
  list.paging = paging == "cursor" ? world::Paging::cursor : world::Paging::offset;
  object.done();
  return list;
}

}  // namespace

ApiConfig parse_api(const config::Node& node) {
  Object object(node);
  ApiConfig api;
  api.servers = static_cast<int>(object.integer("servers", api.servers, 1, kMost));
  api.service_time = sim::distribution_of(object, "service_time", api.service_time);
  api.rate_limit = object.rate_or_none("rate_limit", api.rate_limit);
  if (api.rate_limit && api.rate_limit->count <= 0) {
    config::fail(object.require("rate_limit"),
                 "a rate limit of 0 refuses every call; allowed is a rate above 0 or \"none\"");
  }
  api.rate_limit_burst = object.integer("rate_limit_burst", api.rate_limit_burst, 1, kMost);
  api.error_rate = object.probability("error_rate", api.error_rate);
  api.timeout_rate = object.probability("timeout_rate", api.timeout_rate);
  api.replica_lag = sim::distribution_of(object, "replica_lag", api.replica_lag);
  if (const config::Node* list = object.find("list")) api.list = parse_list(*list);
  object.done();
  return api;
}

}  // namespace rehearse::models
