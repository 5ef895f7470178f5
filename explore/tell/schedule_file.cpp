#include "explore/tell/schedule_file.hpp"

#include <cassert>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/text/json_writer.hpp"
#include "base/text/utf8.hpp"
#include "explore/tell/story.hpp"

namespace rehearse::explore {
namespace {

constexpr const char* kFormat = "rehearse-schedule";
constexpr std::int64_t kVersion = 1;
constexpr std::size_t kShownChoices = 6;

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

/// What could be done in place of a step that is not possible.
std::string possible_text(const System& system) {
  const std::vector<Choice> choices = system.enabled();
  if (choices.empty()) return "the schedule is at its end";
  std::string text = "possible: ";
  for (std::size_t i = 0; i < choices.size() && i < kShownChoices; ++i) {
    text += (i == 0 ? "" : ", ") + text_of(choices[i]);
  }
  if (choices.size() <= kShownChoices) return text;
  return text + " and " + std::to_string(choices.size() - kShownChoices) + " more";
}

[[noreturn]] void refuse_step(const config::Node& node, std::size_t number, const Choice& step,
                              const std::string& why) {
  config::fail(node, "step " + std::to_string(number) + " (" + text_of(step) +
                         ") is not possible there with these settings; " + why);
}

/// Step by step, so that one that is not possible is an error at its place in the file.
Trial run_strictly(const Excerpt& excerpt, const std::vector<Choice>& steps,
                   const config::Node& nodes) {
  System system(excerpt.setup(), excerpt.truth());
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (i > 0 && !system.violations().empty()) {
      const Violation& violation = system.violations().front();
      refuse_step(nodes.items[i], i + 1, steps[i],
                  "step " + std::to_string(i) + " violates " +
                      std::string(name_of(violation.property)) + " (" + violation.what +
                      "), which ends the schedule");
    }
    if (!system.is_enabled(steps[i])) {
      refuse_step(nodes.items[i], i + 1, steps[i], possible_text(system));
    }
    system.apply(steps[i]);
  }
  TrialOptions options;
  options.record = true;
  return excerpt.run(steps, options);
}

}  // namespace

Fingerprint world_print(const Setup& setup) {
  const Excerpt whole(setup);
  const ScriptedTruth& truth = whole.truth();
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
  JsonWriter json;
  json.object(JsonWriter::Layout::lines);
  for (const auto& [key, value] : head.items()) json.key(key).json(value.dump());
  json.key("steps").array(JsonWriter::Layout::lines);
  for (const auto& step : example.steps) json.json(json_of(step));
  return json.end().end().take();
}

Replay replay(const Setup& setup, const config::Node& file) {
  config::Object object(file);
  check_format(object);
  check_scenario(object, setup);
  Replay result;
  result.excerpt = std::make_unique<const Excerpt>(
      setup, parse_changes(object.require("changes"), setup.script.size()));
  object.require("violates");
  const std::string property = object.choice("violates", "", property_names());
  const std::string what = config::to_string(object.require("what"));
  const std::string end = config::to_string(object.require("end"));
  const config::Node& steps = object.require("steps");
  result.steps = parse_choices(steps);
  const config::Node& critical = object.require("critical");
  std::optional<std::size_t> recorded_critical;
  if (critical.kind != config::Kind::null) {
    recorded_critical = static_cast<std::size_t>(
        config::to_integer(critical, 0, static_cast<std::int64_t>(result.steps.size())));
  }
  object.done();
  result.recorded = property + ": " + what;
  result.trial = run_strictly(*result.excerpt, result.steps, steps);
  const std::vector<Violation>& found = result.trial.violations;
  if (found.empty()) return result;
  result.shown = found.front();
  for (const Violation& violation : found) {
    if (name_of(violation.property) == property) result.shown = violation;
  }
  result.critical =
      critical_step(*result.excerpt, result.steps, result.shown.property, kCriticalSteps);
  result.exact = name_of(result.shown.property) == property && result.shown.what == what &&
                 result.critical == recorded_critical && result.trial.fingerprint.text() == end;
  return result;
}

Shrunk Replay::shrunk() && {
  assert(!trial.violations.empty());
  Shrunk example;
  example.steps = std::move(trial.taken);
  example.violation = std::move(shown);
  example.critical = critical;
  example.excerpt = std::move(excerpt);
  return example;
}

}  // namespace rehearse::explore
