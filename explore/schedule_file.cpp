#include "explore/schedule_file.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/utf8.hpp"
#include "explore/story.hpp"

namespace rehearse::explore {
namespace {

constexpr const char* kFormat = "rehearse-schedule";
constexpr std::int64_t kVersion = 1;

void check_format(config::Object& object) {
  const config::Node& format = object.require("format");
  if (format.kind != config::Kind::string || format.text != kFormat) {
    config::fail(format, "found " + config::shown(format) + "; a schedule has \"" + kFormat + "\"");
  }
  const config::Node& version = object.require("version");
  if (config::to_integer(version, 1, 1'000'000) != kVersion) {
    config::fail(version, "found " + config::shown(version) + "; this version of Rehearse reads " +
                              std::to_string(kVersion));
  }
}

void check_scenario(config::Object& object, const Setup& setup) {
  const config::Node& scenario = object.require("scenario");
  if (config::to_string(scenario) != setup.name) {
    config::fail(scenario, "this schedule is of the scenario " + config::shown(scenario) +
                               ", and the one given is \"" + printable(setup.name) + "\"");
  }
  const config::Node& world = object.require("world");
  if (config::to_string(world) != world_print(setup).text()) {
    config::fail(world, "this schedule is of a scenario \"" + printable(setup.name) +
                            "\" with other entities, another script or other rules");
  }
}

std::vector<std::size_t> parse_changes(const config::Node& node, std::size_t length) {
  if (node.kind != config::Kind::array) {
    config::fail(node, "found " + config::shown(node) + "; places in the script are allowed");
  }
  std::vector<std::size_t> changes;
  for (const config::Node& item : node.items) {
    const auto place = config::to_integer(item, 1, static_cast<std::int64_t>(length));
    if (!changes.empty() && static_cast<std::size_t>(place - 1) <= changes.back()) {
      config::fail(item, "found " + config::shown(item) + "; places ascend");
    }
    changes.push_back(static_cast<std::size_t>(place - 1));
  }
  return changes;
}

/// Step by step, so that one that is not possible is an error at its place in the file.
Trial run_strictly(const Excerpt& excerpt, const std::vector<Choice>& steps,
                   const config::Node& nodes) {
  System system(excerpt.setup(), excerpt.truth());
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (!system.is_enabled(steps[i])) {
      config::fail(nodes.items[i], "step " + std::to_string(i + 1) + " (" + text_of(steps[i]) +
                                       ") is not possible there: the settings are not those that "
                                       "the schedule was found with");
    }
    if (!system.apply(steps[i]).empty()) break;
  }
  TrialOptions options;
  options.record = true;
  return excerpt.run(steps, options);
}

}  // namespace

Fingerprint world_print(const Setup& setup) {
  const Excerpt whole(setup);
  const Truth& truth = whole.truth();
  PartHasher hash(1);
  for (const world::SourceShape& shape : setup.shapes) hash.add(shape.name).add(shape.platform);
  for (const Announcement& event : truth.announcements()) {
    // The payload that state-carrying events have depends on settings, so it is left out.
    hash.add(event.source).add(truth.documents()[event.document]);
    hash.add(static_cast<std::uint64_t>(event.op));
  }
  for (std::size_t position = 0; position <= truth.length(); ++position) {
    for (const std::string& uri : truth.documents()) {
      const auto there = truth.world(position).find(uri);
      const bool exists = there && there->exists;
      hash.add(uri).add(exists ? there->facts : 0).add(exists ? 1 : 0);
    }
    for (const world::Edge& edge : truth.edges(position)) {
      hash.add(edge.from).add(edge.relation).add(edge.to);
    }
  }
  return hash.value();
}

std::string schedule_text(const Shrunk& example) {
  using Json = nlohmann::ordered_json;
  Json changes = Json::array();
  for (const std::size_t place : example.excerpt->changes()) changes.push_back(place + 1);
  Json head{{"format", kFormat},
            {"version", kVersion},
            {"scenario", example.excerpt->whole().name},
            {"world", world_print(example.excerpt->whole()).text()},
            {"changes", std::move(changes)},
            {"violates", name_of(example.violation.property)},
            {"what", example.violation.what},
            {"critical", nullptr},
            {"end", example.excerpt->run(example.steps).fingerprint.text()}};
  if (example.critical) head["critical"] = *example.critical;
  std::string text = "{\n";
  for (const auto& [key, value] : head.items()) {
    text += "  " + Json(key).dump() + ": " + value.dump() + ",\n";
  }
  text += "  \"steps\": [";
  for (std::size_t i = 0; i < example.steps.size(); ++i) {
    text += (i == 0 ? "\n    " : ",\n    ") + json_of(example.steps[i]);
  }
  return text + "\n  ]\n}\n";
}

Replay replay(const Setup& setup, const config::Node& file) {
  config::Object object(file);
  check_format(object);
  check_scenario(object, setup);
  Replay result;
  result.excerpt = std::make_unique<const Excerpt>(
      setup, parse_changes(object.require("changes"), setup.script.size()));
  const std::string property = config::to_string(object.require("violates"));
  const std::string what = config::to_string(object.require("what"));
  const std::string end = config::to_string(object.require("end"));
  const config::Node& steps = object.require("steps");
  result.steps = parse_choices(steps);
  const config::Node& critical = object.require("critical");
  if (critical.kind != config::Kind::null) {
    result.critical = static_cast<std::size_t>(
        config::to_integer(critical, 0, static_cast<std::int64_t>(result.steps.size())));
  }
  object.done();
  result.recorded = property + ": " + what;
  result.trial = run_strictly(*result.excerpt, result.steps, steps);
  const std::vector<Violation>& found = result.trial.violations;
  result.exact = !found.empty() && name_of(found.front().property) == property &&
                 found.front().what == what && result.trial.fingerprint.text() == end;
  return result;
}

Shrunk Replay::shrunk() && {
  Shrunk example;
  example.steps = std::move(trial.taken);
  example.violation = trial.violations.front();
  example.critical = critical;
  example.excerpt = std::move(excerpt);
  return example;
}

}  // namespace rehearse::explore
