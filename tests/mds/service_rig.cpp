#include "service_rig.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace rehearse::test {

using namespace mds;

ServiceConfig service_config(const std::vector<std::string>& sources) {
  ServiceConfig config;
  for (const std::string& source : sources) config.providers.push_back(*shipped_provider(source));
  config.rules = shipped_rules();
  return config;
}

ServiceRig::ServiceRig(ServiceConfig settings)
    : config(std::move(settings)),
      store(std::make_unique<Store>(config.store, make_schema(config.providers, config.rules))),
      service(std::make_unique<Service>(config, *store, Time{})) {}

EventId ServiceRig::event(const std::string& body, std::size_t source) {
  const EventId id{++events_};
  service->on_event({id, SourceIndex{static_cast<std::uint16_t>(source)}, body}, now);
  collect();
  return id;
}

EventId ServiceRig::event(const std::string& type, const std::string& key, const std::string& id,
                          std::size_t source) {
  return event(nlohmann::json{{"event_type", type}, {key, id}}.dump(), source);
}

void ServiceRig::collect() {
  for (SourceRequest& request : service->take_requests()) {
    sent.push_back({now, request});
    open_.push_back({now, std::move(request)});
  }
  for (const EventId id : service->take_acks()) acked.push_back(id);
  for (Notice& notice : service->take_notices()) notices.push_back(std::move(notice));
}

void ServiceRig::run_until(Time end) {
  for (;;) {
    const Time answer_due = open_.empty() ? Time::never() : open_.front().at + latency;
    const Time wake = service->next_wakeup().value_or(Time::never());
    if (std::min(answer_due, wake) > end) break;
    now = std::max(now, std::min(answer_due, wake));
    if (answer_due <= wake) {
      answer(0);
    } else {
      service->on_timer(now);
      collect();
    }
  }
  now = end;
}

void ServiceRig::answer(std::size_t which) { answer(which, reply(open_[which].request)); }

void ServiceRig::answer(std::size_t which, const Response& response) {
  const RequestId id = open_[which].request.id;
  open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(which));
  service->on_response(id, response, now);
  collect();
}

void ServiceRig::crash() {
  const RequestId next = service->next_request();
  open_.clear();
  service = std::make_unique<Service>(config, *store, now, next);
}

Response ServiceRig::reply(const SourceRequest& request) const {
  if (answers) {
    if (auto special = answers(request)) return *special;
  }
  Response response;
  const auto query = request.path.find("?limit=");
  if (query == std::string::npos) {
    const auto known = payloads.find(request.path);
    response.status = known == payloads.end() ? 404 : 200;
    if (known != payloads.end()) response.body = known->second;
    return response;
  }
  const std::string prefix = request.path.substr(0, query) + "/";
  const auto cursor = request.path.find("&cursor=");
  const std::string after =
      cursor == std::string::npos ? prefix : prefix + request.path.substr(cursor + 8);
  const auto limit = static_cast<std::size_t>(std::stoul(request.path.substr(query + 7)));
  nlohmann::json page{{"items", nlohmann::json::array()}};
  for (auto at = payloads.upper_bound(after); at != payloads.end(); ++at) {
    if (at->first.compare(0, prefix.size(), prefix) != 0) break;
    if (page["items"].size() == limit) {
      page["next_cursor"] = page["items"].back()["id"];
      break;
    }
    page["items"].push_back({{"id", at->first.substr(prefix.size())}});
  }
  response.body = page.dump();
  return response;
}

void ServiceRig::put_model(const std::string& id, int version) {
  payloads["/api/v1/models/" + id] = payload("id", id, version);
}

std::size_t ServiceRig::count(Notice::Kind kind) const {
  return static_cast<std::size_t>(std::count_if(
      notices.begin(), notices.end(), [&](const Notice& notice) { return notice.kind == kind; }));
}

std::string ServiceRig::fact(const std::string& uri, const std::string& attribute) const {
  for (const StoredFact& fact : Graph(*store).facts(uri)) {
    if (fact.uri == uri && fact.attribute == attribute) return fact.text;
  }
  return {};
}

std::string payload(const std::string& id_key, const std::string& id, int version,
                    const std::string& more) {
  return "{\"" + id_key + "\":\"" + id + "\",\"version\":" + std::to_string(version) +
         (more.empty() ? "" : "," + more) + "}";
}

Time seconds(double s) { return Time{} + Duration::from_seconds(s); }

Response status(int code, std::optional<Duration> retry_after) {
  Response response;
  response.status = code;
  response.retry_after = retry_after;
  return response;
}

Response timed_out() {
  Response response;
  response.outcome = Response::Outcome::timed_out;
  return response;
}

std::string model_uri(const std::string& id) { return "aip://model/registry/" + id; }

}  // namespace rehearse::test
