#include "explore/system/choice.hpp"

#include <array>
#include <nlohmann/json.hpp>

namespace rehearse::explore {
namespace {

constexpr std::array<std::string_view, 16> kNames = {
    "deliver",   "answer", "enrich",    "index", "change", "wake",     "close", "answer-old",
    "reconcile", "ask",    "duplicate", "drop",  "fail",   "time-out", "crash", "rebalance"};

bool names_call(Action action) {
  return action == Action::answer || action == Action::answer_old || action == Action::fail ||
         action == Action::time_out;
}

}  // namespace

std::string_view name_of(Action action) { return kNames[static_cast<std::size_t>(action)]; }

std::string text_of(const Choice& choice) {
  std::string text(name_of(choice.action));
  const bool asks = choice.action == Action::ask;
  if (asks || names_event(choice.action)) text += " " + std::to_string(choice.event);
  if (choice.action == Action::rebalance) text += " " + choice.source;
  if (names_call(choice.action)) {
    text += " " + choice.source + " " + choice.path;
    if (choice.nth > 0) text += " #" + std::to_string(choice.nth + 1);
  }
  return text;
}

std::string json_of(const Choice& choice) {
  nlohmann::ordered_json json{{"do", name_of(choice.action)}};
  if (names_event(choice.action)) json["event"] = choice.event;
  if (choice.action == Action::ask) json["question"] = choice.event;
  if (choice.action == Action::rebalance) json["bus"] = choice.source;
  if (names_call(choice.action)) {
    json["source"] = choice.source;
    json["path"] = choice.path;
    if (choice.nth > 0) json["nth"] = choice.nth;
  }
  return json.dump();
}

Choice parse_choice(const config::Node& node) {
  config::Object object(node);
  Choice choice;
  const std::string name =
      object.choice("do", "", std::vector<std::string>(kNames.begin(), kNames.end()));
  if (name.empty()) object.require("do");
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) choice.action = static_cast<Action>(i);
  }
  const bool asks = choice.action == Action::ask;
  if (asks || names_event(choice.action)) {
    choice.event = static_cast<std::size_t>(config::to_integer(
        object.require(asks ? "question" : "event"), 1, std::numeric_limits<std::int32_t>::max()));
  }
  if (choice.action == Action::rebalance) choice.source = config::to_string(object.require("bus"));
  if (names_call(choice.action)) {
    choice.source = config::to_string(object.require("source"));
    choice.path = config::to_string(object.require("path"));
    choice.nth = static_cast<std::size_t>(
        object.integer("nth", 0, 0, std::numeric_limits<std::int32_t>::max()));
  }
  object.done();
  return choice;
}

std::vector<Choice> parse_choices(const config::Node& array) {
  if (array.kind != config::Kind::array) {
    config::fail(array, "found " + config::shown(array) + "; an array of steps is allowed");
  }
  std::vector<Choice> choices;
  for (const config::Node& item : array.items) choices.push_back(parse_choice(item));
  return choices;
}

bool names_event(Action action) {
  return action == Action::deliver || action == Action::change || action == Action::duplicate ||
         action == Action::drop;
}

bool is_fault(Action action) { return action >= Action::duplicate; }

}  // namespace rehearse::explore
