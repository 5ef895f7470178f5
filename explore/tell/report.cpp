#include "explore/tell/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text/json_tree.hpp"
#include "base/text/wrap.hpp"
#include "base/text/xml.hpp"
#include "explore/tell/schedule_file.hpp"
#include "explore/tell/story.hpp"

namespace rehearse::explore {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kAssumed =
    "taken as given: a last round of reconciliation (mds.reconciliation.every: none)";

constexpr const char* kSettled =
    "taken as given: a document that is up to date disturbs no other (too many\n"
    "  states otherwise: --settle-above)";

/// 1,234,567; words stay as they are.
std::string grouped(const std::string& digits) {
  if (digits.find_first_not_of("0123456789") != std::string::npos) return digits;
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

template <class Number>
std::string grouped(Number number) {
  return grouped(std::to_string(number));
}

std::string plural(const std::string& count, const char* noun) {
  return count + " " + noun + (count == "1" ? "" : "s");
}

std::string exhaustive_text(const Exhaustive& found) {
  std::string text = fmt::format("{}, {} between them", plural(grouped(found.states), "state"),
                                 plural(grouped(found.steps), "step"));
  if (!found.complete) return text + fmt::format("; not all: {}\n", found.cut);
  text += fmt::format(";\n{}, the longest of {}; all explored\n",
                      plural(grouped(found.schedules.text()), "schedule"),
                      plural(grouped(found.longest), "step"));
  return text;
}

std::string sampled_text(const Sampled& found, Method method) {
  std::string text = fmt::format("{} drawn {}, {} in all, the longest of {}\n",
                                 plural(grouped(found.schedules), "schedule"),
                                 method == Method::pct ? "by PCTCP" : "uniformly, step by step",
                                 plural(grouped(found.steps), "step"), found.longest);
  if (!found.guarantee) return text;
  const Guarantee& g = *found.guarantee;
  text += fmt::format(
      "depth {}, at most {} messages (n), width {} (w): a bug of that depth that needs no\n"
      "fault is shown by one schedule with a chance of at least {:.2g}, by ",
      g.depth, g.messages, g.width, g.per_schedule);
  if (g.longer == 0) return text + fmt::format("all of them\nwith at least {:.2g}\n", g.in_all);
  return text + fmt::format("all that\nhad at most n messages, {} of {}, with at least {:.2g}\n",
                            grouped(found.schedules - g.longer), grouped(found.schedules),
                            g.in_all);
}

const std::set<world::Edge>& phantoms_of(const Exploration& e) {
  return e.exhaustive ? e.exhaustive->phantoms : e.sampled->phantoms;
}

const std::set<std::uint64_t>& digests_of(const Exploration& e) {
  return e.exhaustive ? e.exhaustive->digests : e.sampled->digests;
}

template <class Properties>
std::string listed(const std::string& head, const Properties& properties) {
  std::string names;
  for (const Property property : properties) {
    names += (names.empty() ? "" : ", ") + std::string(name_of(property));
  }
  return wrapped(names.empty() ? head : head + " ", names, 2);
}

std::string unjudged_text(Property violated) {
  return fmt::format("order (the undisturbed schedule itself violates {})", name_of(violated));
}

std::string properties_text(const Exploration& e) {
  std::string text = listed("checked:", e.checked);
  if (!e.ignored.empty()) text += listed("switched off:", e.ignored);
  if (e.no_order) text += fmt::format("not judged: {}\n", unjudged_text(*e.no_order));
  return text;
}

const Shrunk* example_of(const Exploration& e, Property property) {
  for (const Shrunk& example : e.examples) {
    if (example.violation.property == property) return &example;
  }
  return nullptr;
}

std::string example_stem(Property property) {
  return "counterexample-" + std::string(name_of(property));
}

Json metrics_of(const Exploration& e) {
  Json metrics;
  if (e.exhaustive) {
    metrics["explore.states"] = e.exhaustive->states;
    metrics["explore.steps"] = e.exhaustive->steps;
    metrics["explore.longest"] = e.exhaustive->longest;
    metrics["explore.complete"] = e.exhaustive->complete ? 1 : 0;
  } else {
    metrics["explore.schedules"] = e.sampled->schedules;
    metrics["explore.steps"] = e.sampled->steps;
    metrics["explore.longest"] = e.sampled->longest;
    if (const auto& g = e.sampled->guarantee) {
      metrics["explore.pct.depth"] = g->depth;
      metrics["explore.pct.messages"] = g->messages;
      metrics["explore.pct.width"] = g->width;
      metrics["explore.pct.longer"] = g->longer;
      metrics["explore.pct.chance"] = g->per_schedule;
      metrics["explore.pct.chance_in_all"] = g->in_all;
    }
  }
  metrics["explore.digests"] = digests_of(e).size();
  metrics["explore.violations"] = e.examples.size();
  metrics["edge.phantom"] = phantoms_of(e).size();
  return metrics;
}

}  // namespace

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::holds:
      return "holds";
    case Outcome::violated:
      return "violated";
    case Outcome::not_exhausted:
      break;
  }
  return "not exhausted";
}

Outcome Exploration::outcome() const {
  if (!examples.empty()) return Outcome::violated;
  return exhaustive && exhaustive->complete ? Outcome::holds : Outcome::not_exhausted;
}

std::vector<Property> checked_properties(const Setup& setup) {
  const mds::ServiceConfig& service = setup.service;
  const auto there = [&](Property property) {
    if (property == Property::index) return service.store.index;
    if (property == Property::stubs) return service.enrichment.every.has_value();
    if (property == Property::answers) return service.query_cache && !setup.questions.empty();
    return true;
  };
  std::vector<Property> checked;
  for (std::size_t i = 0; i < kProperties; ++i) {
    const auto property = static_cast<Property>(i);
    if (setup.settings.checks(property) && there(property)) checked.push_back(property);
  }
  return checked;
}

std::optional<Property> order_cannot_be_judged(const Setup& setup, const Trial& undisturbed) {
  if (undisturbed.violations.empty() || !setup.settings.checks(Property::order)) return {};
  return undisturbed.violations.front().property;
}

bool assumes_round(const Setup& setup) {
  return setup.settings.reconciliation != Reconciliation::none &&
         !setup.service.reconciliation.every;
}

std::string report_text(const Exploration& e, const std::string& replay) {
  std::string text = fmt::format("{}: {}\n\n", e.scenario, name_of(e.outcome()));
  text += e.exhaustive ? exhaustive_text(*e.exhaustive) : sampled_text(*e.sampled, e.method);
  text += properties_text(e);
  if (e.round_assumed) text += std::string(kAssumed) + "\n";
  if (e.exhaustive && e.exhaustive->settled) text += std::string(kSettled) + "\n";
  if (digests_of(e).empty()) {
    text += e.examples.empty() ? "no schedule was completed\n"
                               : "no schedule was completed without a violation\n";
  } else if (digests_of(e).size() == 1) {
    text += e.examples.empty()
                ? "every complete schedule ends in the same graph\n"
                : "every complete schedule that violates nothing ends in the same graph\n";
  } else {
    text += fmt::format("complete schedules end in {} different graphs\n", digests_of(e).size());
  }
  if (!phantoms_of(e).empty()) {
    text += fmt::format("{} seen that held at no single time (edge.phantom)\n",
                        plural(grouped(phantoms_of(e).size()), "edge"));
  }
  for (const Shrunk& example : e.examples) {
    text += "\n" + story(example);
    if (replay.empty()) continue;
    std::string command = replay;
    const std::size_t place = command.find("{}");
    if (place != command.npos) command.replace(place, 2, example_file(example));
    text += "Run it again:\n  " + command + "\n";
  }
  if (replay.empty() && !e.examples.empty()) {
    text += "\n--out DIR keeps the schedule, for --replay and as a diagram.\n";
  }
  return text;
}

std::string report_summary(const Exploration& e) {
  Json summary{{"scenario", e.scenario},
               {"seed", e.seed},
               {"version", e.version},
               {"verdict", name_of(e.outcome())},
               {"method", e.exhaustive              ? "exhaustive"
                          : e.method == Method::pct ? "pct"
                                                    : "random"},
               {"metrics", metrics_of(e)}};
  // Larger than JSON's numbers are read elsewhere.
  if (e.exhaustive) summary["schedules"] = e.exhaustive->schedules.text();
  Json checked = Json::array();
  for (const Property property : e.checked) checked.push_back(name_of(property));
  summary["checked"] = std::move(checked);
  if (e.no_order) summary["not_judged"] = Json::array({unjudged_text(*e.no_order)});
  if (e.round_assumed) summary["assumed"] = kAssumed;
  if (e.exhaustive) summary["settled"] = e.exhaustive->settled;
  Json violations = Json::array();
  for (const Shrunk& example : e.examples) {
    Json violation{{"property", name_of(example.violation.property)},
                   {"what", example.violation.what},
                   {"steps", example.steps.size()},
                   {"critical", nullptr},
                   {"file", example_file(example)}};
    if (example.critical) violation["critical"] = *example.critical;
    violations.push_back(std::move(violation));
  }
  summary["violations"] = std::move(violations);
  Json digests = Json::array();
  for (const std::uint64_t digest : digests_of(e))
    digests.push_back(fmt::format("{:016x}", digest));
  summary["digests"] = std::move(digests);
  return json_document(summary);
}

std::string report_junit(const Exploration& e) {
  const bool incomplete = e.require_complete && e.outcome() == Outcome::not_exhausted;
  const std::size_t skipped = e.no_order ? 1 : 0;
  const std::size_t tests = e.checked.size() + skipped + (e.require_complete ? 1 : 0);
  const std::size_t failures = e.examples.size() + (incomplete ? 1 : 0);
  const std::string scenario = xml_text(e.scenario);
  std::string text = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites tests=\"{0}\" failures=\"{1}\" errors=\"0\">\n"
      "  <testsuite name=\"{2}\" tests=\"{0}\" failures=\"{1}\" errors=\"0\" skipped=\"{3}\">\n",
      tests, failures, scenario, skipped);
  const auto add = [&](std::string_view name, const std::string& message, const std::string& body) {
    text += fmt::format("    <testcase classname=\"{}\" name=\"{}\"", scenario, name);
    text += message.empty() ? "/>\n"
                            : fmt::format(
                                  ">\n      <failure message=\"{}\">{}</failure>\n"
                                  "    </testcase>\n",
                                  xml_text(message), xml_text(body));
  };
  for (const Property property : e.checked) {
    const Shrunk* example = example_of(e, property);
    if (example == nullptr) {
      add(name_of(property), {}, {});
    } else {
      add(name_of(property), headline(*example), story(*example));
    }
  }
  if (e.no_order) {
    text += fmt::format(
        "    <testcase classname=\"{}\" name=\"order\">\n      <skipped message=\"not judged: "
        "{}\"/>\n"
        "    </testcase>\n",
        scenario, xml_text(unjudged_text(*e.no_order)));
  }
  if (e.require_complete) {
    add("complete", incomplete ? "not every schedule was explored" : "", {});
  }
  return text + "  </testsuite>\n</testsuites>\n";
}

std::string example_file(const Shrunk& example) {
  return example_stem(example.violation.property) + ".json";
}

std::map<std::string, std::string> report_files(const Exploration& e) {
  std::map<std::string, std::string> files = {{"summary.json", report_summary(e)},
                                              {"junit.xml", report_junit(e)}};
  for (const Shrunk& example : e.examples) {
    const std::string stem = example_stem(example.violation.property);
    const Diagram diagram = sequence(example);
    files[stem + ".json"] = schedule_text(example);
    files[stem + ".txt"] = story(example);
    files[stem + ".mmd"] = mermaid(diagram);
    files[stem + ".svg"] = svg(diagram);
  }
  return files;
}

std::set<std::string> report_names() {
  std::set<std::string> names = {"summary.json", "junit.xml"};
  for (std::size_t i = 0; i < kProperties; ++i) {
    const std::string stem = example_stem(static_cast<Property>(i));
    for (const char* suffix : {".json", ".txt", ".mmd", ".svg"}) names.insert(stem + suffix);
  }
  return names;
}

}  // namespace rehearse::explore
