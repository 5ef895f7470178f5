#include "service_under_fuzz.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "mds/contract/normaliser.hpp"
#include "mds/contract/untrusted.hpp"
#include "mds/graph/graph.hpp"
#include "mds/hydration/announcement.hpp"
#include "mds/service/probe.hpp"
#include "mds/service/service.hpp"
#include "mds/store/consistency.hpp"
#include "mds/store/store_core.hpp"

namespace rehearse::fuzz {
namespace {

using namespace mds;

constexpr const char* kGoodUri = "aip://user/identity/good";
constexpr const char* kGoodPath = "/api/v1/users/good";
constexpr const char* kGoodEvent = R"({"event_type":"user_updated","user_id":"good"})";
constexpr const char* kGoodPayload = R"({"user_id":"good","version":7,"name":"Good"})";
constexpr int kMostCalls = 100'000;  // a payload may refer to 10 000 entities, five attempts each

void require(bool holds) {
  if (!holds) std::abort();
}

ServiceConfig make_config() {
  ServiceConfig config;
  for (const std::string& name : shipped_provider_names()) {
    config.providers.push_back(*shipped_provider(name));
  }
  config.rules = shipped_rules();
  config.enrichment.every = std::nullopt;  // ticks when this file says so
  return config;
}

const ServiceConfig& config() {
  static const ServiceConfig made = make_config();
  return made;
}

Store& shared_store() {
  static Store store({}, make_schema(config().providers, config().rules));
  return store;
}

// The text of all tables and indexes.
std::string tables(const Store& store) {
  std::string text;
  Statement rows(store.core().db, "SELECT name, sql FROM sqlite_schema ORDER BY name");
  while (rows.step()) text.append(rows.bytes(0)).append(rows.bytes(1));
  return text;
}

// One life of the service, from an empty store that it leaves empty.
class Episode {
 public:
  Episode() : store_(shared_store()), tables_(tables(store_)), dead_before_(dead_letters()) {
    store_.savepoint();
    service_.emplace(config(), store_, now_);
  }

  void event(SourceIndex source, std::string_view body) {
    service_->on_event({EventId{++events_}, source, std::string(body)}, now_);
  }

  /// Answers calls until nothing is left to do: `path` with `payload`, all others with 404.
  void run(const std::string& path = {}, std::string_view payload = {}) {
    drain(path, payload);
    ServiceStepper(*service_).enrich(now_);
    drain(path, payload);
  }

  /// What must hold at the end; `refused`: events whose body or payload is bad.
  void finish(std::uint64_t refused) {
    require(service_->idle());
    std::sort(acked_.begin(), acked_.end());
    require(acked_.size() == events_);
    require(std::adjacent_find(acked_.begin(), acked_.end()) == acked_.end());
    require(dead_letters() - dead_before_ == refused);
    check_reasons();
    const std::vector<StoredFact> good = Graph(store_).facts(kGoodUri);
    require(std::any_of(good.begin(), good.end(), [](const StoredFact& fact) {
      return fact.attribute == kVersion && fact.text == "7";
    }));
    require(tables(store_) == tables_);
    require(check_consistency(store_).empty());
    store_.take_reports();
    store_.rollback_to_savepoint();
  }

 private:
  std::uint64_t dead_letters() const { return store_.counts().dead_letters; }

  void drain(const std::string& path, std::string_view payload) {
    for (int calls = 0; calls < kMostCalls;) {
      std::vector<SourceRequest> requests = service_->take_requests();
      for (const SourceRequest& request : requests) {
        ++calls;
        answer(request, path, payload);
      }
      for (const EventId id : service_->take_acks()) acked_.push_back(id);
      service_->take_notices();
      if (!requests.empty()) continue;
      const std::optional<Time> wake = service_->next_wakeup();
      if (!wake) return;
      now_ = std::max(now_, *wake);
      service_->on_timer(now_);
    }
    std::abort();
  }

  void answer(const SourceRequest& request, const std::string& path, std::string_view payload) {
    require(catalogue().document_at(request.source, request.path).has_value());
    for (const char c : request.path) require(c > ' ' && c <= '~');
    Response response;
    if (request.path == kGoodPath) {
      response.body = kGoodPayload;
    } else if (request.path == path) {
      response.body = payload;
    } else {
      response.status = 404;
    }
    service_->on_response(request.id, response, now_);
  }

  void check_reasons() const {
    Statement rows(store_.core().db, "SELECT reason FROM dead_letter");
    while (rows.step()) {
      require(!rows.bytes(0).empty());
      for (const char c : rows.bytes(0)) require(c >= ' ' && c <= '~');
    }
  }

  Store& store_;
  std::string tables_;
  std::uint64_t dead_before_;
  Time now_;
  std::uint64_t events_ = 0;
  std::vector<EventId> acked_;
  std::optional<Service> service_;
};

SourceIndex identity() { return config().source("identity"); }

// What the reader of events and the normaliser say by themselves, which is what must come of it.
bool refuses_event(SourceIndex source, std::string_view body) {
  try {
    const Announcement announced = read_announcement(catalogue(), source, body);
    require(bad_id(announced.document.id) == nullptr);
    return false;
  } catch (const Refusal&) {
    return true;
  }
}

bool refuses_payload(const Contract& contract, std::string_view payload) {
  try {
    normalise(*contract.provider, *contract.type, "a", payload);
    return false;
  } catch (const Refusal&) {
    return true;
  }
}

}  // namespace

const Catalogue& catalogue() {
  static const Catalogue made(config().providers);
  return made;
}

void deliver_event(SourceIndex source, std::string_view body) {
  Episode episode;
  episode.event(source, body);
  episode.event(identity(), kGoodEvent);
  episode.run();
  episode.finish(refuses_event(source, body) ? 1 : 0);
}

void deliver_payload(std::size_t index, std::string_view payload) {
  const Contract& contract = catalogue().contracts()[index];
  const TypeDeclaration& type = *contract.type;
  const auto update = std::find_if(type.events.begin(), type.events.end(),
                                   [](const auto& e) { return e.second == EventOp::update; });
  require(update != type.events.end());
  nlohmann::json event;
  event[nlohmann::json::json_pointer(contract.provider->event_type.text())] = update->first;
  event[nlohmann::json::json_pointer(type.event_id.text())] = "a";
  Episode episode;
  episode.event(contract.source, event.dump());
  episode.event(identity(), kGoodEvent);
  episode.run(type.path_of("a"), payload);
  episode.finish(refuses_payload(contract, payload) ? 1 : 0);
}

}  // namespace rehearse::fuzz
