#include "measure/metrics.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/config.hpp"
#include "base/text/utf8.hpp"
#include "measure/lifecycle_catalogue.hpp"

namespace rehearse::measure {
namespace {

// The five figures of a lag; `of` says from what until what.
void add_lag(std::vector<MetricInfo>& list, const std::string& name, const std::string& of) {
  list.push_back({name + ".p50", Unit::seconds, "median time " + of});
  list.push_back({name + ".p99", Unit::seconds, "99th percentile of the same"});
  list.push_back({name + ".max", Unit::seconds, "longest of the same"});
  list.push_back({name + ".count", Unit::count, "how many started in the window"});
  list.push_back({name + ".censored", Unit::count,
                  "those of them unfinished at the end, counted with their length so far"});
}

void add_entities(std::vector<MetricInfo>& list) {
  list.insert(list.end(),
              {{"entity.freshness.mean", Unit::share,
                "share of existence during which copies equalled the truth, pooled over entities"},
               {"entity.age.mean", Unit::seconds,
                "mean time since the first version that a copy misses; 0 while it is fresh"},
               {"entity.age.p50", Unit::seconds, "median of the pooled time-weighted age"},
               {"entity.age.p90", Unit::seconds, "90th percentile of the same"},
               {"entity.age.p99", Unit::seconds, "99th percentile of the same"},
               {"entity.age.max", Unit::seconds, "greatest age of any copy"}});
}

void add_edges(std::vector<MetricInfo>& list) {
  list.insert(
      list.end(),
      {{"edge.precision.mean", Unit::share,
        "share of the graph's derived edges that hold in the truth, by time; 1 without edges"},
       {"edge.precision.final", Unit::share, "the same at the end of the run"},
       {"edge.recall.mean", Unit::share,
        "share of the truth's derived edges that the graph has, by time; 1 without edges"},
       {"edge.recall.final", Unit::share, "the same at the end of the run"}});
  add_lag(list, "edge.lag", "from when an edge holds in the truth until the graph has it");
  add_lag(list, "edge.retraction_lag",
          "from when an edge ends in the truth until the graph has dropped it");
  list.push_back({"edge.never_seen", Unit::count, "edges that ended before the graph had them"});
  list.push_back({"edge.phantom", Unit::count,
                  "edges in the graph that held at no time, though each fact under them once did"});
}

void add_paths(std::vector<MetricInfo>& list) {
  add_lag(list, "path.facts.lag",
          "from a change until the entity's facts show that or a later version");
  add_lag(list, "path.index.lag", "from a change until the search index shows it");
  add_lag(list, "path.edges.lag",
          "from a change until the derived edges that it began or ended agree with the truth");
  list.push_back({"index.rows_lost", Unit::count,
                  "index rows that a crash or an outage of the index kept from being written"});
}

void add_answers(std::vector<MetricInfo>& list) {
  list.insert(
      list.end(),
      {{"answers.asked", Unit::count, "questions put to the graph"},
       {"answers.wrong", Unit::count, "answers that missed something or held something outdated"},
       {"answers.missed", Unit::count, "answers in which something true was absent"},
       {"answers.outdated", Unit::count, "answers that held something no longer true"},
       {"answers.misleading", Unit::count,
        "wrong answers whose every entity was verified within `acceptable_staleness`"},
       {"answers.cached", Unit::count, "answers that the query cache served"},
       {"answers.<occasion>.asked", Unit::count, "those of the questions that models asked on it"},
       {"answers.<occasion>.wrong", Unit::count, "of the same, as `answers.wrong`"},
       {"answers.<occasion>.missed", Unit::count, "of the same, as `answers.missed`"},
       {"answers.<occasion>.outdated", Unit::count, "of the same, as `answers.outdated`"},
       {"answers.<occasion>.misleading", Unit::count, "of the same, as `answers.misleading`"}});
}

void add_bus(std::vector<MetricInfo>& list) {
  list.insert(list.end(),
              {{"bus.published", Unit::count, "thin events that sources published"},
               {"bus.delivered", Unit::count, "deliveries to the service"},
               {"bus.dropped", Unit::count, "events lost on the bus"},
               {"bus.duplicated", Unit::count, "events delivered once more than published"},
               {"bus.reordered", Unit::count, "events held back so that later ones overtook them"},
               {"bus.held", Unit::count, "events kept back by an outage or a pause"},
               {"bus.expired", Unit::count, "events older than the bus's retention"},
               {"bus.redelivered", Unit::count, "deliveries repeated for want of acknowledgement"},
               {"events.dead_lettered", Unit::count, "events and payloads refused as invalid"}});
}

void add_hydration(std::vector<MetricInfo>& list) {
  list.push_back({"hydration.wait.mean", Unit::seconds,
                  "mean time from an event's arrival to the first call begun at or after it"});
  add_lag(list, "hydration.wait", "of the same");
  list.insert(
      list.end(),
      {{"hydration.coalesced", Unit::count, "events that found their entity queued or in flight"},
       {"hydration.requests", Unit::count, "calls sent, retries included"},
       {"hydration.throttled", Unit::count,
        "429 answers; one with Retry-After is waited out and uses up no attempt, unless "
        "`retry.throttled` is `\"fail\"`"},
       {"hydration.retries", Unit::count, "calls repeated after a failure"},
       {"hydration.errors", Unit::count, "calls that failed otherwise than by 429 or timeout"},
       {"hydration.timeouts", Unit::count, "calls that were not answered in time"},
       {"hydration.cache_hits", Unit::count, "hydrations answered from the response cache"},
       {"hydration.gave_up", Unit::count, "hydrations given up after the last attempt"},
       {"hydration.queue.max", Unit::count, "most entities waiting for a call at once"},
       {"hydration.queue.refused", Unit::count,
        "work refused because the queue was full, events included"}});
}

void add_sources(std::vector<MetricInfo>& list) {
  list.insert(list.end(),
              {{"source.<name>.requests", Unit::count, "calls sent to the source"},
               {"source.<name>.rate.mean", Unit::per_second, "calls a second over the window"},
               {"source.<name>.rate.peak_1m", Unit::per_second,
                "calls a second in the busiest whole minute (counted from 0) inside the window"},
               {"source.<name>.utilization", Unit::share, "busy share of its API's servers"},
               {"source.<name>.throttled", Unit::count, "429 answers of the source"},
               {"source.<name>.api.wait.mean", Unit::seconds,
                "mean time that calls queue for one of its servers"}});
}

void add_rest(std::vector<MetricInfo>& list) {
  list.insert(
      list.end(),
      {{"enrichment.runs", Unit::count, "enrichment passes"},
       {"enrichment.edges_materialized", Unit::count, "derived edges written"},
       {"enrichment.edges_retracted", Unit::count, "derived edges retracted"},
       {"store.datoms", Unit::count, "datoms in the store at the end"},
       {"store.entities", Unit::count, "live entities at the end, parts included"},
       {"store.edges", Unit::count, "live derived edges at the end"},
       {"store.transactions", Unit::count, "transactions in the store at the end"},
       {"truth.changes", Unit::count, "changes at the sources"},
       {"trace.skipped", Unit::count, "trace rows skipped because their time cell is empty"},
       {"trace.past_end", Unit::count, "changes of traces left out, being due after the duration"},
       {"ties", Unit::count, "simulation events that had the date of the one before them"},
       {"converged", Unit::flag, "1 when graph and truth are equal at the end, else 0"},
       {"divergent.entities", Unit::count, "entities whose copy differs from the truth at the end"},
       {"divergent.edges", Unit::count,
        "derived edges in which graph and truth differ at the end"}});
}

std::string group_of(const std::string& name) {
  const std::string group = name.substr(0, name.find('.'));
  for (const char* rest : {"truth", "trace", "ties", "converged", "divergent"}) {
    if (group == rest) return "run";
  }
  return group == "events" ? "bus" : group;
}

// Whose names stand in the slot after this beginning of a name.
struct Slot {
  std::string_view before;
  std::string_view slot;
  std::vector<std::string> Subjects::*subjects;
};
constexpr Slot kSlots[] = {{"source.", "<name>", &Subjects::sources},
                           {"model.", "<name>", &Subjects::models},
                           {"answers.", "<occasion>", &Subjects::occasions}};

bool contains(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

// What an entry is called: its name, or one for each of its subjects.
std::vector<std::string> names_of(const MetricInfo& info, const Subjects& subjects) {
  if (!info.section.empty() && !contains(subjects.sections, info.section)) return {};
  for (const auto& [before, slot, names] : kSlots) {
    if (!info.name.starts_with(std::string(before) += slot)) continue;
    std::vector<std::string> all;
    for (const std::string& subject : subjects.*names) {
      all.push_back(std::string(info.name).replace(before.size(), slot.size(), subject));
    }
    return all;
  }
  return {info.name};
}

// The catalogue has the same of the run.
bool is_of_each_model(const MetricInfo& info, const std::vector<MetricInfo>& catalogue) {
  constexpr std::string_view kModel = "model.<name>.";
  return info.name.starts_with(kModel) &&
         std::any_of(catalogue.begin(), catalogue.end(), [&](const MetricInfo& of_run) {
           return of_run.name == std::string_view(info.name).substr(kModel.size());
         });
}

// The section that a scenario lacks for a metric which others have.
std::string missing_section(std::string_view name, Subjects subjects,
                            const std::vector<MetricInfo>& catalogue) {
  for (const MetricInfo& info : catalogue) subjects.sections.push_back(info.section);
  const MetricInfo* info = find_metric(name, subjects, catalogue);
  return info == nullptr ? "" : info->section;
}

}  // namespace

std::string_view unit_name(Unit unit) {
  switch (unit) {
    case Unit::seconds:
      return "s";
    case Unit::share:
      return "share";
    case Unit::per_second:
      return "1/s";
    case Unit::flag:
      return "0 or 1";
    default:
      return "count";
  }
}

const std::vector<MetricInfo>& metric_catalogue() {
  static const std::vector<MetricInfo> catalogue = [] {
    std::vector<MetricInfo> list;
    add_entities(list);
    add_edges(list);
    add_paths(list);
    add_answers(list);
    add_bus(list);
    add_hydration(list);
    add_sources(list);
    add_rest(list);
    const std::vector<MetricInfo> lifecycle = lifecycle_catalogue();
    list.insert(list.end(), lifecycle.begin(), lifecycle.end());
    return list;
  }();
  return catalogue;
}

const MetricInfo* find_metric(std::string_view name, const Subjects& subjects,
                              const std::vector<MetricInfo>& catalogue) {
  for (const MetricInfo& info : catalogue) {
    if (contains(names_of(info, subjects), std::string(name))) return &info;
  }
  return nullptr;
}

const MetricInfo& known_metric(std::string_view name, const Subjects& subjects, const Where& where,
                               const std::vector<MetricInfo>& catalogue) {
  if (const MetricInfo* info = find_metric(name, subjects, catalogue)) return *info;
  std::string message = "there is no metric \"" + printable(name) + "\"";
  const std::string section = missing_section(name, subjects, catalogue);
  if (!section.empty()) {
    message += " without a section \"" + section + "\"";
  } else if (const auto near = config::nearest(name, metric_names(subjects, catalogue))) {
    message += "; did you mean \"" + *near + "\"?";
  } else {
    message += "; docs/metrics.md lists them";
  }
  throw InputError(where, message);
}

double parse_amount(std::string_view text, Unit unit, const Where& where) {
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc() && stop == end && std::isfinite(number)) return number;
  config::Node node;
  node.kind = config::Kind::string;
  node.text = text;
  node.where = where;
  if (unit == Unit::seconds) return config::to_duration(node).to_seconds();
  if (unit == Unit::per_second) return config::to_rate(node).per_second();
  throw InputError(where, "found \"" + printable(text) + "\"; a number is allowed");
}

std::vector<std::string> metric_names(const Subjects& subjects,
                                      const std::vector<MetricInfo>& catalogue) {
  std::vector<std::string> names;
  for (const MetricInfo& info : catalogue) {
    const std::vector<std::string> of_info = names_of(info, subjects);
    names.insert(names.end(), of_info.begin(), of_info.end());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string metrics_markdown(const std::vector<MetricInfo>& catalogue) {
  std::string text;
  std::string last;
  for (const MetricInfo& info : catalogue) {
    if (is_of_each_model(info, catalogue)) continue;
    std::string group = group_of(info.name);
    if (!info.section.empty()) group += ", with a section `" + info.section + "`";
    if (group != last) {
      last = group;
      text += "\n### " + group + "\n\n| metric | unit | meaning |\n|---|---|---|\n";
    }
    text += "| `" + info.name + "` | " + std::string(unit_name(info.unit)) + " | " + info.meaning +
            " |\n";
  }
  return text;
}

}  // namespace rehearse::measure
