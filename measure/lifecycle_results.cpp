// The end of a lifecycle's measures: what is unfinished, the metrics and the curves.
#include <string>

#include "measure/lifecycle_log.hpp"

namespace rehearse::measure {
namespace {

using Count = LifecycleCount;
using Lag = LifecycleLag;

double ratio(Int128 part, Int128 whole) {
  return whole == 0 ? 0
                    : static_cast<double>(static_cast<long double>(part) /
                                          static_cast<long double>(whole));
}

}  // namespace

void LifecycleLog::finish() {
  for (std::size_t model = 0; model < models_.size(); ++model) {
    finish_drifts(model);
    finish_trainings(model);
  }
  for (const auto& [key, rollback] : rollbacks_) {
    const auto& [model, name, version] = key;
    censored(model, Lag::recovery, rollback.triggered);
    const auto procedure = procedures_.find(name);
    if (procedure != procedures_.end()) {
      procedure->second.recovery.add_censored(rollback.triggered);
    }
    const Duration lasted = window_.end - rollback.triggered;
    if (rollback.limit && lasted > *rollback.limit) count(model, Count::late_rollbacks);
  }
}

void LifecycleLog::finish_drifts(std::size_t model) {
  const Time end = window_.end;
  for (const DriftLedger::Entry& entry : models_[model].drifts.entries()) {
    const Time at = entry.drift.at;
    if (window_.until <= at) continue;  // never came
    count(model, entry.detected ? Count::detections : Count::missed);
    if (entry.detected) {
      lag(model, Lag::detection_delay, at, *entry.detected);
    } else if (entry.open(end)) {
      censored(model, Lag::detection_delay, at);
    }
    if (entry.mended) {
      lag(model, Lag::restored, at, *entry.mended);
    } else if (entry.open(end) && learning::completed(entry.drift)) {
      censored(model, Lag::restored, at);
    }
  }
}

void LifecycleLog::finish_trainings(std::size_t model) {
  const Open& open = models_[model].open;
  if (open.asked) {
    censored(model, Lag::training_wait, *open.asked);
    queued(*open.asked, window_.end);
  }
  for (const auto& running : open.running) occupied(running.second, window_.end);
  for (const auto& trained : open.trained) censored(model, Lag::time_to_canary, trained.second);
  for (const auto& waiting : open.waiting) censored(model, Lag::release_waiting, waiting.second);
}

void LifecycleLog::add_service(Metrics& metrics, const std::string& prefix,
                               const ServiceSums& window, const ServiceSums& run) {
  metrics[prefix + "engagement.mean"] = window.engagement();
  metrics[prefix + "engagement.lost"] = window.lost();
  metrics[prefix + "engagement.explored"] = window.explored();
  metrics[prefix + "serving.requests"] = static_cast<double>(run.counts.requests);
  metrics[prefix + "serving.errors.share"] = window.error_share();
  metrics[prefix + "serving.slow.share"] = window.slow_share();
}

void LifecycleLog::add_to(Metrics& metrics) const {
  ServiceSums window, run;
  for (std::size_t i = 0; i < models_.size(); ++i) {
    const std::string prefix = "model." + config_.models[i].name + ".";
    const ServiceCurve& served = models_[i].served;
    const ServiceSums its_window =
        served.between(checkpoints_.window_begin(), checkpoints_.window_until());
    const ServiceSums its_run = served.between(0, checkpoints_.times().size() - 1);
    add_service(metrics, prefix, its_window, its_run);
    models_[i].tally.add_to(metrics, prefix);
    window += its_window;
    run += its_run;
  }
  add_service(metrics, "", window, run);
  all_.add_to(metrics, "");
  for (const auto& [name, procedure] : procedures_) {
    const std::string prefix = "rollback." + name + ".";
    metrics[prefix + "count"] = static_cast<double>(procedure.count);
    metrics[prefix + "recovery.max"] = procedure.recovery.summary().max;
    metrics[prefix + "detection.max"] = procedure.detection.summary().max;
  }
  const Int128 slots = static_cast<Int128>(window_.length().ns) * config_.slots;
  metrics["retraining.utilization"] = ratio(slot_time_, slots);
}

std::vector<SeriesColumn> LifecycleLog::columns() const {
  std::vector<SeriesColumn> columns;
  const auto add = [&](const std::string& name, const auto& value) {
    SeriesColumn column{name, {}};
    const std::vector<std::size_t>& borders = checkpoints_.bucket_borders();
    for (std::size_t i = 0; i + 1 < borders.size(); ++i) {
      if (borders[i] == borders[i + 1]) continue;  // a run of fewer nanoseconds than buckets
      column.values.push_back(value(borders[i], borders[i + 1]));
    }
    columns.push_back(std::move(column));
  };
  const auto add_served = [&](const std::string& prefix, const auto& between) {
    add(prefix + "engagement", [&](auto... b) { return between(b...).engagement(); });
    add(prefix + "engagement_bound", [&](auto... b) { return between(b...).bound(); });
    add(prefix + "off_production", [&](auto... b) { return between(b...).off_production_share(); });
    add(prefix + "error_share", [&](auto... b) { return between(b...).error_share(); });
  };
  add_served("", [this](std::size_t first, std::size_t last) {
    ServiceSums sums;
    for (const Model& model : models_) sums += model.served.between(first, last);
    return sums;
  });
  const auto sum = [](const Curve& curve, std::size_t first, std::size_t last) {
    Int128 total = 0;
    for (std::size_t i = first; i < last; ++i) total += curve[i];
    return total;
  };
  add("training_queue", [&](std::size_t first, std::size_t last) {
    const std::vector<Time>& times = checkpoints_.times();
    return ratio(sum(queue_, first, last), (times[last] - times[first]).ns);
  });
  add("wrong_answers", [&](std::size_t first, std::size_t last) {
    return static_cast<double>(sum(wrong_, first, last));
  });
  for (std::size_t i = 0; i < models_.size(); ++i) {
    add_served("model." + config_.models[i].name + ".", [&](std::size_t first, std::size_t last) {
      return models_[i].served.between(first, last);
    });
  }
  return columns;
}

}  // namespace rehearse::measure
