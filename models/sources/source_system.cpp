#include "models/sources/source_system.hpp"

#include <cassert>
#include <utility>

#include "base/error.hpp"

namespace rehearse::models {
namespace {

// `text` as it stands between quotes in JSON.
std::string json_escaped(const std::string& text) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (byte < 0x20) {
      result += "\\u00";
      result += kHex[byte >> 4];
      result += kHex[byte & 15];
    } else {
      result += c;
    }
  }
  return result;
}

}  // namespace

std::string api_path(const world::World& world, const world::TypeShape& type,
                     const std::string& id) {
  const std::string uri = world.uri_of(type.type, id);
  const std::string encoded = uri.substr(uri.rfind('/') + 1);
  std::string path = type.path;
  const std::size_t place = path.find("{id}");
  assert(place != std::string::npos);
  return path.replace(place, 4, encoded);
}

SourceSystem::SourceSystem(const SourceConfig& config, std::size_t index, OperationFeed feed,
                           const Streams& streams, const SourceSurroundings& surroundings)
    : index_(index), surroundings_(surroundings), feed_(std::move(feed)) {
  for (std::size_t i = 0; i < config.changes.size(); ++i) {
    const std::string name = config.name + "/changes/" + std::to_string(i);
    const std::string& type = config.changes[i].type;
    next_number_.emplace(type, surroundings.world.count(type));
    processes_.push_back(make_change_process(config.name, config.changes[i], name, streams,
                                             surroundings.calendar, surroundings.world, *this));
  }
}

void SourceSystem::start(Time until) {
  until_ = until;
  for (const auto& process : processes_) process->start(until);
  if (feed_) feed_next();
}

void SourceSystem::feed_next() {
  std::optional<DatedOperation> next = feed_();
  if (!next || next->at >= until_) return;
  // The operation waits on the heap: a calendar event would not hold it in place either.
  auto waiting = std::make_unique<world::Operation>(std::move(next->operation));
  surroundings_.calendar.at(next->at, [this, operation = std::move(waiting)] {
    try_change(*operation);
    feed_next();
  });
}

void SourceSystem::try_change(const world::Operation& operation) {
  const Time now = surroundings_.calendar.now();
  surroundings_.happenings.tell(ChangeAhead{operation.entity}, now);
  std::optional<world::Change> applied = surroundings_.world.apply(operation, now);
  if (!applied) return;
  Changed changed{*std::move(applied), {}};
  spread(changed, operation.id);
}

world::Change SourceSystem::make(const world::Operation& operation) {
  const Time now = surroundings_.calendar.now();
  if (now >= until_) {
    throw InputError(operation.type + " " + operation.id + ": " + operation.source +
                     " changes from the start of the run until its duration, not at " +
                     std::to_string(now.to_seconds()) + "s");
  }
  Changed changed{surroundings_.world.make(operation, now), {}};
  spread(changed, operation.id);
  return std::move(changed.change);
}

void SourceSystem::spread(Changed& changed, const std::string& id) {
  const world::Change& change = changed.change;
  changed.edges = surroundings_.oracle.on_change(change);
  surroundings_.happenings.tell(changed, change.at);
  if (change.op != world::Op::update) {
    for (const auto& process : processes_) process->on_population(change, id);
  }
  if (!silent_) publish(change, change.type, id);
}

void SourceSystem::publish(const world::Change& change, const std::string& type,
                           const std::string& id) {
  std::string body = change.event;
  if (surroundings_.events_carry_state && change.op != world::Op::remove) {
    body = body_with_state(std::move(body), type, id);
  }
  surroundings_.publisher.publish(index_, change.number, std::move(body), change.uri);
}

std::string SourceSystem::body_with_state(std::string body, const std::string& type,
                                          const std::string& id) {
  const world::World& world = surroundings_.world;
  const world::TypeShape& shape = *world::find_type(world.sources()[index_], type);
  const world::ApiAnswer state =
      world.get(index_, api_path(world, shape, id), surroundings_.calendar.now());
  body.pop_back();
  return body + ",\"payload\":" + state.body + "}";
}

void SourceSystem::announce(const world::TypeShape& type, const std::string& id) {
  std::string body = R"({"event_type":")" + type.created_event + R"(",")" + type.event_id_key +
                     R"(":")" + json_escaped(id) + R"("})";
  if (surroundings_.events_carry_state) body = body_with_state(std::move(body), type.type, id);
  surroundings_.publisher.publish(index_, 0, std::move(body),
                                  surroundings_.world.uri_of(type.type, id));
}

}  // namespace rehearse::models
