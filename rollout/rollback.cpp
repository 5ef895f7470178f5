#include "rollout/rollback.hpp"

#include <fmt/format.h>

#include <set>

#include "rollout/embedded.hpp"

namespace rehearse::rollout {
namespace {

std::vector<Event> all_events() {
  std::vector<Event> events;
  std::set<Event> seen;
  for (const Transition& transition : transitions()) {
    if (seen.insert(transition.event).second) events.push_back(transition.event);
  }
  return events;
}

Event read_event(const config::Node& node) {
  const std::string name = config::to_string(node);
  if (const auto event = event_named(name)) return *event;
  std::vector<std::string> names;
  for (const Event event : all_events()) names.push_back(to_string(event));
  const auto near = config::nearest(name, names);
  config::fail(node, fmt::format("no event \"{}\"{}", name,
                                 near ? fmt::format("; did you mean \"{}\"?", *near) : ""));
}

State read_state(config::Object& object) {
  std::vector<std::string> names;
  std::vector<State> states;
  for (const Transition& transition : transitions()) {
    names.push_back(to_string(transition.from));
    states.push_back(transition.from);
  }
  const std::string name = object.choice("from", to_string(State::production), names);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return states[i];
  }
  return State::production;
}

/// Checks that the path exists and ends in rollback.
void read_path(const config::Node& node, Procedure& procedure) {
  if (node.kind != config::Kind::array) config::fail(node, "a list of events is due");
  State state = procedure.from;
  for (const config::Node& one : node.items) {
    const Event event = read_event(one);
    const auto next = next_state(state, event);
    if (!next) {
      config::fail(
          one, fmt::format("{} does not know the event {}", to_string(state), to_string(event)));
    }
    state = *next;
    procedure.path.push_back(event);
  }
  if (!procedure.path.empty() && state != State::rollback) {
    config::fail(node, fmt::format("the path ends in {}, not in rollback", to_string(state)));
  }
}

Procedure read_procedure(const config::Node& node) {
  config::Object object(node);
  Procedure procedure;
  procedure.name = config::to_string(object.require("name"));
  procedure.scenario = object.string("scenario", "");
  procedure.mechanism = object.string("mechanism", "");
  if (object.has("above")) procedure.above = object.probability("above", 0);
  object.require("recovery_limit");
  procedure.recovery_limit = object.duration("recovery_limit", {});
  procedure.automation = object.choice("automation", "full", {"full", "semi"}) == "full"
                             ? Automation::full
                             : Automation::semi;
  procedure.from = read_state(object);
  if (const config::Node* path = object.find("path")) read_path(*path, procedure);
  object.done();
  return procedure;
}

}  // namespace

std::vector<Procedure> read_procedures(const config::Node& node) {
  config::Object object(node);
  const config::Node& list = object.require("procedures");
  if (list.kind != config::Kind::array) config::fail(list, "a list of procedures is due");
  std::vector<Procedure> procedures;
  std::set<std::string> names;
  for (const config::Node& one : list.items) {
    procedures.push_back(read_procedure(one));
    if (!names.insert(procedures.back().name).second) {
      config::fail(
          one, fmt::format("a second procedure \"{}\"; names are unique", procedures.back().name));
    }
  }
  object.done();
  return procedures;
}

std::vector<Procedure> shipped_procedures() {
  std::vector<Procedure> all;
  for (const EmbeddedFile& file : embedded_files()) {
    for (Procedure& procedure : read_procedures(config::parse(file.text, file.path))) {
      all.push_back(std::move(procedure));
    }
  }
  return all;
}

bool triggered(const Procedure& procedure, double share) {
  return procedure.above && share > *procedure.above;
}

void start(const Procedure& procedure, Release& release, Time now) {
  if (release.state() != procedure.from) {
    throw IllegalTransition(fmt::format("procedure {} starts from {}; version {} is in {}",
                                        procedure.name, to_string(procedure.from),
                                        release.version(), to_string(release.state())));
  }
  for (std::size_t i = 0; i < procedure.path.size(); ++i) {
    const bool last = i + 1 == procedure.path.size();
    if (last && procedure.automation == Automation::semi) {
      release.ask_person(procedure.path[i], now);
    } else {
      release.decide_automatically(procedure.path[i], now);
    }
  }
}

bool within_limit(const Procedure& procedure, Time triggered_at, Time recovered_at) {
  return recovered_at - triggered_at < procedure.recovery_limit;
}

}  // namespace rehearse::rollout
