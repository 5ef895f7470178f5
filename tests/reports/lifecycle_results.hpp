// A made-up lifecycle, for the tests of what is written about one.
#pragma once

#include <cmath>
#include <map>
#include <string>

#include "results.hpp"

namespace rehearse::test {

/// Writes records in their order, each with the one before it of its model as its cause.
class Scribe {
 public:
  lifecycle::RecordId write(double day, const std::string& model, std::int64_t version,
                            lifecycle::What what, const std::string& detail = "",
                            const std::string& from = "", const std::string& to = "") {
    const bool origin = lifecycle::is_origin(what) && what != lifecycle::What::person;
    const lifecycle::RecordId cause = origin ? lifecycle::RecordId{} : last_[model];
    const Time at = Time{} + Duration::from_seconds(day * 86400);
    last_[model] = {static_cast<std::int64_t>(records_.size()) + 1};
    records_.push_back({last_[model], cause, at, model, version, what, from, to, detail});
    return last_[model];
  }
  std::vector<lifecycle::Record> take() { return std::move(records_); }

 private:
  std::vector<lifecycle::Record> records_;
  std::map<std::string, lifecycle::RecordId> last_;
};

/// A version that is trained from `day` on, in four hours, and passes its gates.
inline void write_training(Scribe& scribe, double day, const std::string& model,
                           std::int64_t version) {
  using lifecycle::What;
  scribe.write(day, model, version, What::run, "waits for a slot");
  scribe.write(day + 0.15, model, version, What::run, "succeeded");
  scribe.write(day + 0.15, model, version, What::signal, "model_trained");
  scribe.write(day + 0.16, model, version, What::gate, "passed");
  scribe.write(day + 0.16, model, version, What::version, "registered");
  scribe.write(day + 0.16, model, version, What::step, "canary-launched", "candidate",
               "canary-deploy");
  scribe.write(day + 0.17, model, version, What::step, "collecting-metrics", "canary-deploy",
               "kayenta-analysis");
}

inline void write_verdict(Scribe& scribe, double day, const std::string& model,
                          std::int64_t version, bool passes) {
  using lifecycle::What;
  scribe.write(day, model, version, What::verdict, passes ? "pass, score 100" : "fail, score 0");
  scribe.write(day, model, version, What::step, passes ? "canary-passes" : "canary-fails",
               "kayenta-analysis", passes ? "production" : "rollback");
}

inline std::string version_name(std::int64_t number) { return "v" + std::to_string(number); }

/// Versions 2 (promoted), 3 (stopped by its gates), 4 (by its canary), 5 (promoted, rolled back).
inline void write_model(Scribe& scribe, const std::string& model, double later) {
  using lifecycle::What;
  const auto point = [&](double day, std::int64_t from, std::int64_t to, const char* why) {
    scribe.write(day, model, to, What::pointer, why, version_name(from), version_name(to));
  };
  scribe.write(later + 20.9, model, 1, What::held_back, "mdl-rec-data: alert");
  scribe.write(later + 21, model, 1, What::alert, "mdl-rec-data: retrain");
  scribe.write(later + 21, model, 1, What::signal, "drift_detected");
  write_training(scribe, later + 21, model, 2);
  write_verdict(scribe, later + 22, model, 2, true);
  point(later + 22, 1, 2, "");
  scribe.write(later + 27, model, 2, What::schedule, "no trigger for so long");
  scribe.write(later + 27, model, 3, What::run, "waits for a slot");
  scribe.write(later + 28, model, 3, What::run, "succeeded");
  scribe.write(later + 28.2, model, 3, What::gate, "leak: an AUC of 0.97");
  scribe.write(later + 33, model, 2, What::schedule, "no trigger for so long");
  write_training(scribe, later + 33, model, 4);
  write_verdict(scribe, later + 34.5, model, 4, false);
  scribe.write(later + 40, model, 2, What::alert, "mdl-rec-concept: retrain");
  write_training(scribe, later + 40, model, 5);
  scribe.write(later + 41.2, model, 5, What::verdict, "marginal, score 80");
  scribe.write(later + 41.4, model, 5, What::person, "approves the candidate");
  scribe.write(later + 41.4, model, 5, What::step, "canary-passes", "kayenta-analysis",
               "production");
  point(later + 41.4, 2, 5, "");
  scribe.write(later + 48, model, 5, What::alert, "serving-errors: more errors than allowed");
  point(later + 48, 5, 2, "serving-errors");
  write_training(scribe, later + 49, model, 6);
}

/// 60 days of so many models, the last of which has two events more than the others.
inline reports::RunResult made_up_lifecycle(int models) {
  reports::RunResult r = made_up_result();
  r.scenario = "models-that-drift";
  const Duration whole = Duration::days(60);
  r.window = {Time{} + Duration::days(10), Time{} + whole, Time{} + whole};
  for (const std::string& name : measure::metric_names({{}, {}, {}, {"lifecycle"}})) {
    r.metrics.emplace(name, 0);
  }
  r.metrics["engagement.lost"] = 0.0231;
  r.metrics["release.promoted"] = 2 * models;
  Scribe scribe;
  const auto name = [](int i) {
    return i == 0 ? std::string("rec") : "search-" + std::to_string(i);
  };
  for (int i = 0; i < models; ++i) {
    scribe.write(0, name(i), 1, lifecycle::What::start, "trained before the start");
  }
  for (int i = 0; i < models; ++i) write_model(scribe, name(i), i * 0.5);
  for (int i = 0; i < 2; ++i) {
    scribe.write(59, name(models - 1), 2, lifecycle::What::held_back, "mdl-rec-data: alert");
  }
  r.lineage = scribe.take();
  for (std::size_t b = 0; b < r.series.size(); ++b) {
    r.series[b].begin = Time{} + whole / 200 * static_cast<std::int64_t>(b);
    r.series[b].end = Time{} + whole / 200 * static_cast<std::int64_t>(b + 1);
  }
  for (int i = 0; i < models; ++i) {
    measure::SeriesColumn earned{"model." + name(i) + ".engagement", {}};
    measure::SeriesColumn bound{earned.name + "_bound", {}};
    for (std::size_t b = 0; b < r.series.size(); ++b) {
      const double day = r.series[b].begin.to_seconds() / 86400 - i * 0.5;
      const double gap = day < 18 ? 0.01 : day < 22 ? 0.05 : day > 41.4 && day < 48 ? 0.03 : 0.012;
      bound.values.push_back(0.4 + 0.01 * std::sin(day / 5 + i));
      earned.values.push_back(bound.values.back() - gap);
    }
    r.more_series.push_back(std::move(earned));
    r.more_series.push_back(std::move(bound));
  }
  return r;
}

}  // namespace rehearse::test
