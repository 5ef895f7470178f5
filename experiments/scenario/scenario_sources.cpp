#include "experiments/scenario/scenario_sources.hpp"

#include <algorithm>
#include <utility>

#include "base/text/utf8.hpp"
#include "experiments/scenario/scenario_lifecycle.hpp"
#include "experiments/scenario/trace_window.hpp"
#include "mds/contract/untrusted.hpp"

namespace rehearse::experiments {
namespace {

using config::Node;
using config::Object;

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

// The shapes of sources that do not ship: the world reads their provider files by itself.
std::vector<world::SourceShape> declared_shapes(const Node* mds) {
  std::vector<world::SourceShape> shapes;
  const Node* files = mds == nullptr ? nullptr : mds->find("providers");
  if (files == nullptr) return shapes;
  for (const Node& file : files->items) {
    shapes.push_back(world::declared_shape(config::load(config::to_path(file))));
  }
  return shapes;
}

world::SourceShape shape_of(const std::string& name, const Node& node,
                            const std::vector<world::SourceShape>& declared) {
  for (const world::SourceShape& shape : declared) {
    if (shape.name == name) return shape;
  }
  if (const world::SourceShape* shipped = world::shipped_shape(name)) return *shipped;
  std::vector<std::string> known = world::shipped_shape_names();
  for (const world::SourceShape& shape : declared) known.push_back(shape.name);
  const auto near = config::nearest(name, known);
  config::fail(node, "there is no source \"" + printable(name) + "\"" +
                         (near ? "; did you mean \"" + *near + "\"?" : "") + "; known: " +
                         joined(known) + "; others are declared by files named in /mds/providers");
}

std::string parse_bus_name(Object& object, const std::vector<std::string>& buses) {
  if (object.find("bus") != nullptr) return object.choice("bus", "", buses);
  if (buses.size() == 1) return buses.front();
  if (std::find(buses.begin(), buses.end(), models::kMainBus) != buses.end()) {
    return models::kMainBus;
  }
  config::fail(object.node(),
               "there are several buses, so \"bus\" must name one: " + joined(buses));
}

void check_script(const world::SourceContent& content, Duration duration) {
  for (const world::ScriptEntry& entry : content.script) {
    if (entry.at < Time{} + duration) continue;
    throw InputError(entry.where, "this entry is due when the run's duration is over");
  }
}

void check_id(const std::string& id, const Where& where, const std::string& what) {
  if (id.empty()) return;  // generated ones are in order
  if (const char* problem = mds::bad_id(id)) {
    throw InputError(where, what + ": " + problem + ", which the service refuses");
  }
}

// What the service would dead-letter is no scenario that anybody means.
void check_ids(const world::Operation& operation, Where where) {
  for (const auto& [attribute, ids] : operation.refs) {
    for (const std::string& id : ids) check_id(id, where, attribute);
  }
  if (!where.pointer.empty()) where.pointer += "/id";
  check_id(operation.id, where, operation.type);
}

void check_ids(const world::SourceContent& content) {
  for (const world::EntityGroup& group : content.entities) check_ids(group.pattern, group.where);
  for (const world::ScriptEntry& entry : content.script) check_ids(entry.operation, entry.where);
  for (const world::Trace& trace : content.traces) {
    for (const world::TracedOperation& traced : trace.operations) {
      check_ids(traced.operation, {trace.file, "", traced.line, 1});
    }
  }
}

void add_population(const models::Declaration& declared, world::SourceContent& content) {
  for (const world::SourceContent& more : declared.population) {
    if (more.source != content.source) continue;
    content.entities.insert(content.entities.end(), more.entities.begin(), more.entities.end());
  }
}

models::SourceConfig parse_source(const std::string& name, const Node& node, std::size_t index,
                                  const std::vector<std::string>& buses, Scenario& scenario) {
  Object object(node);
  models::SourceConfig source;
  source.name = name;
  scenario.contents.push_back(world::parse_content(object, scenario.shapes[index]));
  check_script(scenario.contents.back(), scenario.simulation.duration);
  check_ids(scenario.contents.back());
  if (const Node* changes = object.find("changes")) {
    source.changes = models::parse_changes(*changes, scenario.shapes[index], scenario.shapes);
  }
  if (const Node* api = object.find("api")) source.api = models::parse_api(*api);
  source.bus = parse_bus_name(object, buses);
  object.done();
  check_apart(scenario.declared, node, scenario.contents.back(), source);
  add_population(scenario.declared, scenario.contents.back());
  return source;
}

std::uint64_t late_operations(const world::Trace& trace, Duration duration) {
  return static_cast<std::uint64_t>(
      std::count_if(trace.operations.begin(), trace.operations.end(),
                    [duration](const auto& traced) { return traced.at >= Time{} + duration; }));
}

void add_random_creations(Scenario& scenario) {
  for (const models::SourceConfig& source : scenario.simulation.sources) {
    for (const models::ChangeConfig& change : source.changes) {
      if (change.op == world::Op::create) {
        scenario.footprint.add(world::random_creation(source.name, change.type));
      }
    }
  }
}

// Puts scripts and traces in order and leaves the entities, which are small.
void make_timeline(Scenario& scenario) {
  std::vector<world::SourceContent> whole = std::move(scenario.contents);
  scenario.contents.clear();
  for (const world::SourceContent& content : whole) {
    scenario.contents.push_back({content.source, content.entities, {}, {}});
    for (const world::Trace& trace : content.traces) {
      scenario.skipped_rows += trace.skipped;
      scenario.late_rows += late_operations(trace, scenario.simulation.duration);
      if (auto hint = check_window(trace, scenario.simulation.duration)) {
        scenario.hints.push_back(*std::move(hint));
      }
    }
  }
  scenario.timeline = world::timeline(scenario.shapes, std::move(whole), scenario.footprint);
}

}  // namespace

void parse_sources(const Node& node, const Node* mds, Scenario& scenario) {
  Object check(node);
  if (node.members.empty()) config::fail(node, "found no source; at least one is needed");
  const std::vector<world::SourceShape> declared = declared_shapes(mds);
  for (const auto& [name, member] : node.members) {
    scenario.shapes.push_back(shape_of(name, member, declared));
  }
  const world::World together(scenario.shapes);  // refuses sources that do not go together
  std::vector<std::string> buses;
  for (const auto& bus : scenario.simulation.buses) buses.push_back(bus.first);
  for (std::size_t i = 0; i < node.members.size(); ++i) {
    const auto& [name, member] = node.members[i];
    scenario.simulation.sources.push_back(parse_source(name, member, i, buses, scenario));
  }
  world::check_footprint(scenario.shapes, scenario.footprint);
  add_random_creations(scenario);
  make_timeline(scenario);
}

}  // namespace rehearse::experiments
