#include "learning/training_window.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

namespace rehearse::learning {
namespace {

/// The world at the cut that a row's features go on in: its own, while that still holds.
const World& world_of(const Worlds& worlds, std::size_t moved_by) {
  for (const WorldPart& part : worlds) {
    if (part.moved_by == moved_by) return part.world;
  }
  return worlds.back().world;
}

/// The rows of a window with their features as the join has them.
class Gatherer {
 public:
  Gatherer(const RowLog& log, const ServedAt& served_at, Time cut, const TrainingSettings& settings)
      : log_(log), served_at_(served_at), cut_(cut), settings_(settings) {
    assert(settings.rows > 0 && settings.window > Duration{});
    assert(settings.holdout >= 0 && settings.holdout < 1);
    assert(settings.features.empty() || settings.features.size() == log.population().features());
    assert(settings.join != Join::latest || log.population().drawn());
    if (settings.join == Join::latest) at_cut_ = log.population().at(Hour::of(cut));
  }

  TrainingData gather() {
    const Time end = cut_ - settings_.stale, begin = end - settings_.window;
    const Duration hour = Duration::hours(1);
    const auto hours = static_cast<std::size_t>((settings_.window.ns + hour.ns - 1) / hour.ns);
    const std::size_t of_hour = (settings_.rows + hours - 1) / hours;
    for (Hour at = Hour::of(begin); at.start() < end; at = at.next()) add_hour(at, of_hour);
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < rows_.rows.size(); ++i) {
      if (rows_.rows[i].at >= begin && rows_.rows[i].at < end) kept.push_back(i);
    }
    if (kept.size() > settings_.rows) {
      kept.erase(kept.begin(), kept.end() - static_cast<std::ptrdiff_t>(settings_.rows));
    }
    return split(std::move(kept));
  }

 private:
  void add_hour(Hour hour, std::size_t most) {
    const std::size_t first = rows_.rows.size();
    const Served served = served_at_(hour);
    log_.append(hour, served, most, rows_);
    if (settings_.join == Join::latest) {
      join_latest(hour, first);
      return;
    }
    for (std::size_t i = first; i < rows_.rows.size(); ++i) {
      const bool as_served = settings_.join == Join::as_served;
      const std::span<const double> values = as_served ? rows_.served_of(i) : rows_.truth_of(i);
      for (std::size_t j = 0; j < values.size(); ++j) {
        // Only a version has a mean to put in; before the first one nothing was scored.
        const bool absent = std::isnan(values[j]);
        const double instead = served.production ? served.production->training_mean[j] : 0;
        joined_.push_back(absent ? instead : values[j]);
      }
    }
  }

  void join_latest(Hour hour, std::size_t first) {
    stats::Stream stream = log_.streams().latest(hour);
    const Worlds then = log_.population().at(hour);
    for (std::size_t i = first; i < rows_.rows.size(); ++i) {
      const LoggedRow& row = rows_.rows[i];
      const World& old = world_of(then, row.moved_by);
      const World& now = world_of(at_cut_, row.moved_by);
      const std::span<const double> values = rows_.truth_of(i);
      for (std::size_t j = 0; j < values.size(); ++j) {
        const FeatureTraits traits =
            settings_.features.empty() ? FeatureTraits{} : settings_.features[j];
        double value = values[j] - old.mean[j];
        if (traits.memory > Duration{}) {
          const double age = (cut_ - row.at).to_seconds() / traits.memory.to_seconds();
          const double decay = std::exp(-age);
          value = decay * value + now.deviation[j] * std::sqrt(1 - decay * decay) * stream.normal();
        }
        joined_.push_back(now.mean[j] + value +
                          traits.reacts * ((row.clicked ? 1 : 0) - row.click_chance));
      }
    }
  }

  TrainingData split(std::vector<std::size_t> kept) const {
    TrainingData data;
    for (const std::size_t i : kept) data.unlabelled += labelled(i) ? 0 : 1;
    if (!settings_.unlabelled_negative) {
      std::erase_if(kept, [&](std::size_t i) { return !labelled(i); });
    }
    for (const std::size_t i : kept) ++data.of_class[label(i) ? 1 : 0];
    // A share such as 0.29 of 100 is 28.999.. as doubles.
    const double wanted = settings_.holdout * static_cast<double>(kept.size());
    const auto held = static_cast<std::size_t>(wanted + 1e-9);
    const auto border = kept.end() - static_cast<std::ptrdiff_t>(held);
    const std::vector<std::size_t> train(kept.begin(), border), holdout(border, kept.end());
    data.train = examples(train);
    data.holdout = examples(holdout);
    data.mean = column_means(data.train);
    data.absent = worst_absence(holdout);
    for (const std::size_t i : train) ++data.moved_by[rows_.rows[i].moved_by];
    if (!train.empty()) data.median = rows_.rows[train[train.size() / 2]].at;
    return data;
  }

  bool labelled(std::size_t i) const { return rows_.rows[i].label_known <= cut_; }
  bool label(std::size_t i) const { return labelled(i) && rows_.rows[i].clicked; }

  Examples examples(const std::vector<std::size_t>& rows) const {
    Examples result;
    result.columns = rows_.features;
    result.x.reserve(rows.size() * rows_.features);
    for (const std::size_t i : rows) {
      const auto from = joined_.begin() + static_cast<std::ptrdiff_t>(i * rows_.features);
      result.x.insert(result.x.end(), from, from + static_cast<std::ptrdiff_t>(rows_.features));
      result.y.push_back(label(i) ? 1 : 0);
    }
    return result;
  }

  static std::vector<double> column_means(const Examples& examples) {
    std::vector<double> means(examples.columns, 0);
    for (std::size_t i = 0; i < examples.rows(); ++i) {
      const std::span<const double> row = examples.row(i);
      for (std::size_t j = 0; j < row.size(); ++j) means[j] += row[j];
    }
    for (double& mean : means)
      mean /= static_cast<double>(std::max<std::size_t>(1, examples.rows()));
    return means;
  }

  double worst_absence(const std::vector<std::size_t>& rows) const {
    std::vector<std::size_t> absent(rows_.features, 0);
    for (const std::size_t i : rows) {
      const std::span<const double> served = rows_.served_of(i);
      for (std::size_t j = 0; j < served.size(); ++j) absent[j] += std::isnan(served[j]) ? 1 : 0;
    }
    if (rows.empty()) return 0;
    const std::size_t worst = *std::max_element(absent.begin(), absent.end());
    return static_cast<double>(worst) / static_cast<double>(rows.size());
  }

  const RowLog& log_;
  const ServedAt& served_at_;
  Time cut_;
  const TrainingSettings& settings_;
  Worlds at_cut_;
  LoggedRows rows_;
  std::vector<double> joined_;
};

}  // namespace

TrainingData gather(const RowLog& log, const ServedAt& served_at, Time cut,
                    const TrainingSettings& settings) {
  return Gatherer(log, served_at, cut, settings).gather();
}

std::variant<LinearModel, FitRefused> train(const TrainingData& data, const FitSettings& settings) {
  const auto fit = fit_logistic(data.train, settings);
  if (const auto* refused = std::get_if<FitRefused>(&fit)) return *refused;
  const std::vector<double>& b = std::get<Fit>(fit).coefficients;
  return LinearModel{b[0], {b.begin() + 1, b.end()}, data.mean};
}

std::vector<double> warm_start(const LinearModel& model) {
  std::vector<double> start = {model.intercept};
  start.insert(start.end(), model.weights.begin(), model.weights.end());
  return start;
}

}  // namespace rehearse::learning
