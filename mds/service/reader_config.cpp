#include "mds/service/reader_config.hpp"

#include <string>

namespace rehearse::mds {

using config::Node;
using config::Object;

IndexConfig parse_index(const Node& node, bool& after) {
  Object object(node);
  IndexConfig index;
  after = object.choice("mode", "same-transaction", {"same-transaction", "after"}) == "after";
  if (!after) {
    for (const char* key : {"lag", "recovery", "rate"}) {
      if (const Node* setting = object.find(key)) {
        config::fail(*setting, "an index that is written with the facts has no " +
                                   std::string(key) + "; allowed with \"mode\": \"after\"");
      }
    }
  }
  index.lag = stats::distribution_of(object, "lag", index.lag);
  const std::string recovery =
      object.choice("recovery", "replay", {"replay", "none", "reindex", "rebuild"});
  using Recovery = IndexConfig::Recovery;
  index.recovery = recovery == "none"      ? Recovery::none
                   : recovery == "reindex" ? Recovery::reindex
                   : recovery == "rebuild" ? Recovery::rebuild
                                           : Recovery::replay;
  index.rate = object.rate_or_none("rate", index.rate);
  if (index.rate && index.rate->count <= 0) {
    config::fail(object.require("rate"), "found 0; a rate above 0 or \"none\" is allowed");
  }
  object.done();
  return index;
}

std::optional<QueryCacheConfig> parse_query_cache(const Node& node) {
  if (node.kind == config::Kind::string && node.text == "none") return std::nullopt;
  Object object(node);
  QueryCacheConfig cache;
  cache.ttl = config::to_duration(object.require("ttl"));
  if (cache.ttl <= Duration{}) {
    config::fail(object.require("ttl"), "found 0; a duration above 0 is allowed, or \"none\" " +
                                            std::string("in place of the whole query_cache"));
  }
  cache.empty = object.boolean("empty", cache.empty);
  cache.invalidate = object.choice("invalidate", "never", {"never", "on-write"}) == "on-write";
  object.done();
  return cache;
}

}  // namespace rehearse::mds
