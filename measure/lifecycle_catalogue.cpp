#include "measure/lifecycle_catalogue.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "measure/lifecycle_measures.hpp"

namespace rehearse::measure {
namespace {

constexpr const char* kSection = "lifecycle";

/// A list in which metrics stand by their first word.
class Groups {
 public:
  void add(std::string name, Unit unit, std::string meaning) {
    const std::string group = name.substr(0, name.find('.'));
    const auto after = std::find_if(list_.rbegin(), list_.rend(), [&](const MetricInfo& info) {
      return info.name.starts_with(group + ".");
    });
    const auto place = after == list_.rend() ? list_.end() : after.base();
    list_.insert(place, {std::move(name), unit, std::move(meaning), kSection});
  }
  void add(const LifecycleLagInfo& lag) {
    const std::string name(lag.name), of(lag.of);
    if (lag.mean) add(name + ".mean", Unit::seconds, "mean time " + of);
    if (lag.p99) add(name + ".p99", Unit::seconds, "99th percentile of the time " + of);
    add(name + ".max", Unit::seconds, "longest time " + of);
    add(name + ".count", Unit::count, "how many began in the window");
    if (!lag.censored) return;
    add(name + ".censored", Unit::count,
        "those of them unfinished at the end, counted with their length so far");
  }
  std::vector<MetricInfo> take() { return std::move(list_); }

 private:
  std::vector<MetricInfo> list_;
};

void add_service(Groups& groups) {
  groups.add("engagement.mean", Unit::share, "clicks a request, as they were drawn");
  groups.add("engagement.lost", Unit::share,
             "share of the clicks of the best possible ranking that were not to be expected of "
             "what served; exact, without noise; errors and slow answers earn nothing");
  groups.add("engagement.explored", Unit::share,
             "share of the clicks of the best possible ranking that exploration costs");
}

void add_shares(Groups& groups) {
  groups.add("serving.requests", Unit::count, "requests to all models");
  groups.add("serving.errors.share", Unit::share, "share of them that were answered by an error");
  groups.add("serving.slow.share", Unit::share,
             "share of them that were answered past the deadline");
}

void add_registry(Groups& groups) {
  groups.add("release.registry.none", Unit::seconds,
             "time in which the registry showed no PRODUCTION instance of a model");
  groups.add("release.registry.double", Unit::seconds, "time in which it showed two or more");
}

/// What there is of each model, too.
std::vector<MetricInfo> of_each() {
  Groups groups;
  add_service(groups);
  for (const LifecycleCountInfo& info : kLifecycleCounts) {
    groups.add(std::string(info.name), Unit::count, std::string(info.meaning));
  }
  for (const LifecycleLagInfo& info : kLifecycleLags) groups.add(info);
  add_registry(groups);
  add_shares(groups);
  return groups.take();
}

}  // namespace

std::vector<MetricInfo> lifecycle_catalogue() {
  const std::vector<MetricInfo> each = of_each();
  Groups groups;
  for (const MetricInfo& info : each) groups.add(info.name, info.unit, info.meaning);
  groups.add("retraining.utilization", Unit::share, "busy share of the cluster's slots");
  for (const std::string_view procedure : kMeasuredProcedures) {
    const std::string name = "rollback." + std::string(procedure);
    groups.add(name + ".count", Unit::count, "rollbacks by this procedure");
    groups.add(name + ".recovery.max", Unit::seconds, "`rollback.recovery.max` of them");
    groups.add(name + ".detection.max", Unit::seconds, "`rollback.detection.max` of them");
  }
  for (const MetricInfo& info : each) {
    groups.add("model.<name>." + info.name, info.unit, "`" + info.name + "` of the model");
  }
  return groups.take();
}

}  // namespace rehearse::measure
