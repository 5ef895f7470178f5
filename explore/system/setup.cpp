#include "explore/system/setup.hpp"

#include <limits>

namespace rehearse::explore {
namespace {

// The one length of all waits that are left: far longer than a schedule of steps of a millisecond.
constexpr Duration kWait = Duration::days(1);

std::size_t count(config::Object& object, const char* key) {
  return static_cast<std::size_t>(object.integer(key, 0, 0, 100));
}

}  // namespace

Settings parse_settings(const config::Node& node) {
  config::Object object(node);
  Settings settings;
  settings.drops = count(object, "drops");
  settings.duplicates = count(object, "duplicates");
  settings.failures = count(object, "failures");
  settings.crashes = count(object, "crashes");
  settings.rebalances = count(object, "rebalances");
  const std::string when =
      object.choice("reconciliation", "at-quiescence", {"at-quiescence", "any", "none"});
  if (when == "any") settings.reconciliation = Reconciliation::any;
  if (when == "none") settings.reconciliation = Reconciliation::none;
  if (const config::Node* ignored = object.find("ignore")) {
    const std::vector<std::string> names = property_names();
    object.strings("ignore");  // checks the kinds
    for (const config::Node& item : ignored->items) {
      bool known = false;
      for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i] != item.text) continue;
        settings.ignored.insert(static_cast<Property>(i));
        known = true;
      }
      if (known) continue;
      std::string list;
      for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
      const auto near = config::nearest(item.text, names);
      config::fail(item, "found " + config::shown(item) + "; allowed: " + list +
                             (near ? "; did you mean \"" + *near + "\"?" : ""));
    }
  }
  object.done();
  return settings;
}

mds::ServiceConfig without_delays(mds::ServiceConfig config) {
  config.hydration.budgets.clear();
  config.hydration.total = {};
  config.hydration.retry.base = {};
  config.hydration.retry.cap = {};
  if (config.hydration.breaker) config.hydration.breaker->open_for = kWait;
  if (config.hydration.cache_ttl > Duration{}) config.hydration.cache_ttl = kWait;
  config.enrichment.every = std::nullopt;
  config.reconciliation.every = std::nullopt;
  config.store.path.clear();
  config.store.index_after = config.store.index_after && config.store.index;
  config.index.lag = stats::Distribution::constant(kWait);
  config.index.rate = std::nullopt;
  if (config.query_cache) config.query_cache->ttl = kWait;
  config.store.fingerprint = true;
  return config;
}

}  // namespace rehearse::explore
