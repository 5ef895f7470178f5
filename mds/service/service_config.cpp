#include "mds/service/service_config.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

namespace rehearse::mds {
namespace {

/// An object to read from where the section may be left out.
const config::Node& section(config::Object& object, std::string_view key,
                            const config::Node& absent) {
  const config::Node* node = object.find(key);
  return node == nullptr ? absent : *node;
}

bool is_none(const config::Node& node) {
  return node.kind == config::Kind::string && node.text == "none";
}

Budget parse_budget(const config::Node& node) {
  config::Object object(node);
  Budget budget;
  budget.rate = object.rate_or_none("rate", std::nullopt);
  budget.burst = object.number("burst", budget.burst, {1, 1e9});
  object.done();
  return budget;
}

RetryPolicy parse_retry(const config::Node& node) {
  config::Object object(node);
  RetryPolicy retry;
  retry.attempts = static_cast<int>(object.integer("attempts", retry.attempts, 1, 1000));
  retry.base = object.duration("base", retry.base);
  retry.factor = object.number("factor", retry.factor, {1, 1000});
  retry.cap = object.duration("cap", retry.cap);
  retry.count_throttled = object.choice("throttled", "wait", {"wait", "fail"}) == "fail";
  object.done();
  return retry;
}

BreakerPolicy parse_breaker(const config::Node& node) {
  config::Object object(node);
  BreakerPolicy breaker;
  breaker.failures = static_cast<int>(object.integer("failures", breaker.failures, 1, 1'000'000));
  breaker.open_for = object.duration("open_for", breaker.open_for);
  object.done();
  return breaker;
}

void parse_budgets(const config::Node& node, const std::vector<std::string>& sources,
                   std::map<std::string, Budget>& budgets) {
  config::Object object(node);
  if (const config::Node* others = object.find("*")) budgets["*"] = parse_budget(*others);
  for (const std::string& source : sources) {
    if (const config::Node* own = object.find(source)) budgets[source] = parse_budget(*own);
  }
  object.done();
}

HydrationConfig parse_hydration(const config::Node& node, const std::vector<std::string>& sources) {
  config::Object object(node);
  HydrationConfig hydration;
  if (const config::Node* budgets = object.find("budgets")) {
    parse_budgets(*budgets, sources, hydration.budgets);
  }
  if (const config::Node* total = object.find("total"); total != nullptr && !is_none(*total)) {
    hydration.total = parse_budget(*total);
  }
  hydration.concurrency =
      static_cast<int>(object.integer("concurrency", hydration.concurrency, 1, 1'000'000));
  hydration.timeout = object.duration("timeout", hydration.timeout);
  if (hydration.timeout <= Duration{}) {
    config::fail(object.require("timeout"), "found 0; a timeout above 0 is allowed");
  }
  if (const config::Node* retry = object.find("retry")) hydration.retry = parse_retry(*retry);
  if (const config::Node* breaker = object.find("breaker");
      breaker != nullptr && !is_none(*breaker)) {
    hydration.breaker = parse_breaker(*breaker);
  }
  hydration.cache_ttl = object.duration("cache_ttl", hydration.cache_ttl);
  hydration.queue_limit = static_cast<std::size_t>(
      object.integer("queue_limit", static_cast<std::int64_t>(hydration.queue_limit), 1));
  hydration.event_payload = object.choice("mode", "source-of-truth",
                                          {"source-of-truth", "event-payload"}) == "event-payload";
  hydration.unguarded = object.choice("coalescing", "safe", {"safe", "unguarded"}) == "unguarded";
  hydration.reject_unknown_references =
      object.choice("unknown_references", "stub", {"stub", "reject"}) == "reject";
  object.done();
  return hydration;
}

EnrichmentConfig parse_enrichment(const config::Node& node) {
  config::Object object(node);
  EnrichmentConfig enrichment;
  enrichment.every = object.duration_or_none("every", enrichment.every);
  if (enrichment.every && *enrichment.every <= Duration{}) {
    config::fail(object.require("every"), "found 0; a duration above 0 or \"none\" is allowed");
  }
  enrichment.batch = static_cast<int>(object.integer("batch", enrichment.batch, 1, 10'000'000));
  enrichment.retraction = object.boolean("retraction", enrichment.retraction);
  object.done();
  return enrichment;
}

ReconciliationConfig parse_reconciliation(const config::Node& node) {
  config::Object object(node);
  ReconciliationConfig reconciliation;
  reconciliation.every = object.duration_or_none("every", reconciliation.every);
  if (reconciliation.every && *reconciliation.every <= Duration{}) {
    config::fail(object.require("every"), "found 0; a duration above 0 or \"none\" is allowed");
  }
  const std::string order =
      object.choice("order", "round-robin", {"round-robin", "oldest-first", "on-idle"});
  if (order == "oldest-first") reconciliation.order = ReconciliationConfig::Order::oldest_first;
  if (order == "on-idle") reconciliation.order = ReconciliationConfig::Order::on_idle;
  reconciliation.delete_guard = object.probability("delete_guard", reconciliation.delete_guard);
  reconciliation.delete_if_unlisted =
      object.boolean("delete_if_unlisted", reconciliation.delete_if_unlisted);
  object.done();
  return reconciliation;
}

std::vector<Provider> parse_declared(const config::Node& files,
                                     const std::vector<std::string>& sources) {
  if (files.kind != config::Kind::array) {
    config::fail(files, "found " + config::shown(files) + "; an array of file names is allowed");
  }
  std::vector<Provider> declared;
  for (const config::Node& file : files.items) {
    declared.push_back(parse_provider(config::load(config::to_path(file))));
    const std::string& name = declared.back().name;
    if (std::find(sources.begin(), sources.end(), name) == sources.end()) {
      const auto near = config::nearest(name, sources);
      config::fail(file, "declares the provider \"" + name + "\", which is no source here" +
                             (near ? "; did you mean \"" + *near + "\"?" : ""));
    }
    const auto same = [&](const Provider& other) { return other.name == name; };
    if (std::count_if(declared.begin(), declared.end(), same) > 1) {
      config::fail(file, "declares the provider \"" + name + "\" a second time");
    }
  }
  return declared;
}

/// A declared provider goes before one that ships under the same name.
std::vector<Provider> connect(const config::Node& node, const std::vector<std::string>& sources,
                              const std::vector<Provider>& declared) {
  std::vector<Provider> connected;
  for (const std::string& source : sources) {
    const auto own = std::find_if(declared.begin(), declared.end(),
                                  [&](const Provider& known) { return known.name == source; });
    if (own != declared.end()) {
      connected.push_back(*own);
    } else if (const Provider* shipped = shipped_provider(source)) {
      connected.push_back(*shipped);
    } else {
      const auto near = config::nearest(source, shipped_provider_names());
      config::fail(node, "no provider is called \"" + source + "\"" +
                             (near ? "; did you mean \"" + *near + "\"?" : "") +
                             " (\"providers\" names the files of others)");
    }
  }
  return connected;
}

}  // namespace

std::optional<std::string> HydrationConfig::budget_name(const std::string& source) const {
  for (const std::string& name : {source, std::string("*")}) {
    if (budgets.contains(name)) return name;
  }
  return std::nullopt;
}

Budget HydrationConfig::budget_of(const std::string& source) const {
  const std::optional<std::string> name = budget_name(source);
  return name ? budgets.at(*name) : Budget{};
}

SourceIndex ServiceConfig::source(const std::string& name) const {
  for (std::size_t i = 0; i < providers.size(); ++i) {
    if (providers[i].name == name) return {static_cast<std::uint16_t>(i)};
  }
  throw std::logic_error("no provider " + name);
}

ServiceConfig parse_service_config(const config::Node& node,
                                   const std::vector<std::string>& sources) {
  config::Node absent;
  absent.kind = config::Kind::object;
  absent.where = node.where;
  config::Object object(node);
  ServiceConfig made;
  made.hydration = parse_hydration(section(object, "hydration", absent), sources);
  made.enrichment = parse_enrichment(section(object, "enrichment", absent));
  made.reconciliation = parse_reconciliation(section(object, "reconciliation", absent));
  made.index = parse_index(section(object, "index", absent), made.store.index_after);
  if (const config::Node* cache = object.find("query_cache")) {
    made.query_cache = parse_query_cache(*cache);
  }
  if (const config::Node* store = object.find("store")) {
    if (config::to_string(*store) != "memory") made.store.path = config::to_path(*store).string();
  }
  std::vector<Provider> declared;
  if (const config::Node* files = object.find("providers")) {
    declared = parse_declared(*files, sources);
  }
  made.providers = connect(node, sources, declared);
  if (const config::Node* rules = object.find("rules")) {
    made.rules = parse_rules(config::load(config::to_path(*rules)));
  } else {
    made.rules = shipped_rules();
  }
  object.done();
  return made;
}

}  // namespace rehearse::mds
