#include "rollout/rollback.hpp"

#include <fmt/format.h>

#include <cassert>
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

/// A state in which a version takes traffic.
State read_state(const config::Node& path, const std::string& name) {
  std::vector<std::string> names;
  for (const Transition& transition : transitions()) {
    if (!takes_traffic(transition.from)) continue;
    if (name == to_string(transition.from)) return transition.from;
    if (names.empty() || names.back() != to_string(transition.from)) {
      names.push_back(to_string(transition.from));
    }
  }
  const auto near = config::nearest(name, names);
  config::fail(
      path, fmt::format("\"{}\" is no state in which a version takes traffic; there are {}{}", name,
                        fmt::join(names, ", "),
                        near ? fmt::format("; did you mean \"{}\"?", *near) : ""));
}

/// Checks that the path exists and ends in rollback.
std::vector<Event> read_path(const config::Node& node, State from) {
  if (node.kind != config::Kind::array || node.items.empty()) {
    config::fail(node, "a list of events is due");
  }
  std::vector<Event> path;
  State state = from;
  for (const config::Node& one : node.items) {
    const Event event = read_event(one);
    const auto next = next_state(state, event);
    if (!next) {
      config::fail(
          one, fmt::format("{} does not know the event {}", to_string(state), to_string(event)));
    }
    state = *next;
    path.push_back(event);
  }
  if (state != State::rollback) {
    config::fail(node, fmt::format("the path ends in {}, not in rollback", to_string(state)));
  }
  return path;
}

void read_paths(const config::Node& node, Procedure& procedure) {
  const config::Object object(node);  // an error when it is none
  for (const auto& [name, path] : object.node().members) {
    const State from = read_state(path, name);
    procedure.paths[from] = read_path(path, from);
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
  if (const config::Node* paths = object.find("paths")) read_paths(*paths, procedure);
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
  const auto found = procedure.paths.find(release.state());
  if (found == procedure.paths.end() || release.untrained()) {
    std::vector<std::string> from;
    for (const auto& [state, path] : procedure.paths) from.push_back(to_string(state));
    throw IllegalTransition(fmt::format(
        "procedure {} starts from {}; version {} is in {}{}", procedure.name,
        from.empty() ? "no state" : fmt::format("{}", fmt::join(from, ", ")), release.version(),
        to_string(release.state()), release.untrained() ? ", still to be trained" : ""));
  }
  const std::vector<Event>& path = found->second;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const bool last = i + 1 == path.size();
    if (last && procedure.automation == Automation::semi) {
      release.ask_person(path[i], now);
    } else {
      release.decide_automatically(path[i], now);
    }
  }
}

bool within_limit(const Procedure& procedure, Time triggered_at, Time recovered_at) {
  assert(triggered_at <= recovered_at);
  return recovered_at - triggered_at < procedure.recovery_limit;
}

}  // namespace rehearse::rollout
