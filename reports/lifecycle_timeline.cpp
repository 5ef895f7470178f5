#include "reports/lifecycle_timeline.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <string_view>
#include <utility>

namespace rehearse::reports {
namespace {

using lifecycle::Record;
using lifecycle::What;
using Kind = LifecycleMark::Kind;

/// The number in "v7"; 0 where there is none.
std::int64_t number_of(std::string_view version) {
  std::int64_t number = 0;
  if (version.starts_with('v')) {
    std::from_chars(version.data() + 1, version.data() + version.size(), number);
  }
  return number;
}

class Drawer {
 public:
  void take(const Record& record) {
    ++timeline_.events;
    switch (record.what) {
      case What::start:
        begin(VersionRole::production, record.version, record.at);
        break;
      case What::alert:
        mark(Kind::alert, VersionRole::production, record.at);
        break;
      case What::held_back:
        mark(Kind::held_back, VersionRole::production, record.at);
        break;
      case What::run:
        trained(record);
        break;
      case What::gate:
        end(VersionRole::training, record.version, record.at);
        if (record.detail != "passed") mark(Kind::failed, VersionRole::training, record.at);
        break;
      case What::verdict:
        judged(record);
        break;
      case What::step:
        stepped(record);
        break;
      case What::pointer:
        moved(record);
        break;
      default:
        break;
    }
  }

  ModelTimeline finish(std::string model, Time end) {
    timeline_.model = std::move(model);
    for (const auto& [key, from] : open_) {
      timeline_.spans.push_back({key.first, key.second, from, end});
    }
    return std::move(timeline_);
  }

 private:
  void begin(VersionRole role, std::int64_t version, Time at) {
    open_.emplace(std::pair(role, version), at);
  }
  void end(VersionRole role, std::int64_t version, Time at) {
    const auto span = open_.extract({role, version});
    if (!span.empty()) timeline_.spans.push_back({role, version, span.mapped(), at});
  }
  void mark(Kind kind, VersionRole lane, Time at) { timeline_.marks.push_back({kind, lane, at}); }

  void trained(const Record& record) {
    begin(VersionRole::training, record.version, record.at);
    if (record.detail != "failed") return;
    end(VersionRole::training, record.version, record.at);
    mark(Kind::failed, VersionRole::training, record.at);
  }
  void judged(const Record& record) {
    const Kind kind = record.detail.starts_with("pass")   ? Kind::passed
                      : record.detail.starts_with("fail") ? Kind::failed
                                                          : Kind::marginal;
    mark(kind, VersionRole::canary, record.at);
  }
  void stepped(const Record& record) {
    if (record.to == "canary-deploy") {
      begin(VersionRole::canary, record.version, record.at);
    } else if (record.from == "kayenta-analysis") {
      end(VersionRole::canary, record.version, record.at);
    }
  }
  void moved(const Record& record) {
    end(VersionRole::production, number_of(record.from), record.at);
    begin(VersionRole::production, number_of(record.to), record.at);
    const bool rolled_back = !record.detail.empty();  // it names the procedure
    if (rolled_back) mark(Kind::failed, VersionRole::production, record.at);
  }

  ModelTimeline timeline_;
  std::map<std::pair<VersionRole, std::int64_t>, Time> open_;
};

/// Models by their first record, with how many each has.
std::vector<std::pair<std::string, std::size_t>> counted(const std::vector<Record>& records) {
  std::vector<std::pair<std::string, std::size_t>> models;
  std::map<std::string_view, std::size_t> places;
  for (const Record& record : records) {
    if (record.model.empty()) continue;
    const auto [place, fresh] = places.emplace(record.model, models.size());
    if (fresh) models.emplace_back(record.model, 0);
    ++models[place->second].second;
  }
  return models;
}

}  // namespace

std::size_t models_in(const std::vector<Record>& records) { return counted(records).size(); }

std::vector<ModelTimeline> lifecycle_timelines(const std::vector<Record>& records, Time end,
                                               std::size_t most) {
  const auto models = counted(records);
  std::vector<std::size_t> order(models.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return models[a].second > models[b].second;
  });
  if (order.size() > most) order.resize(most);
  std::sort(order.begin(), order.end());

  std::map<std::string_view, Drawer> drawers;
  for (const std::size_t model : order) drawers[models[model].first];
  for (const Record& record : records) {
    const auto drawer = drawers.find(record.model);
    if (drawer != drawers.end()) drawer->second.take(record);
  }
  std::vector<ModelTimeline> timelines;
  for (const std::size_t model : order) {
    const std::string& name = models[model].first;
    timelines.push_back(drawers.at(name).finish(name, end));
  }
  return timelines;
}

}  // namespace rehearse::reports
