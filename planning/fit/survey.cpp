#include "planning/fit/survey.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "stats/distributions.hpp"
#include "stats/moments.hpp"

namespace rehearse::planning {
namespace {

constexpr double kMostScore = 10;
// Of the runs that may break a promised share, the search aims at this part, so that the trial has
// something to find.
constexpr double kAimedBreaches = 0.25;

// Mean and deviation, of logarithms where all values are above 0.
struct Fit {
  bool logarithmic = false;
  double mean = 0;
  double deviation = 0;
};

Fit fit(const std::vector<double>& y) {
  Fit fit;
  fit.logarithmic = std::all_of(y.begin(), y.end(), [](double v) { return v > 0; });
  stats::Moments moments;
  for (const double value : y) moments.add(fit.logarithmic ? std::log(value) : value);
  fit.mean = moments.mean();
  fit.deviation = moments.sample_deviation();
  return fit;
}

// How far `aim` is beyond `limit`: relative where both have a sign in common.
double distance(double aim, double limit) {
  double score = 0;
  if (aim > 0 && limit > 0) {
    score = std::log(aim / limit);
  } else if (aim < 0 && limit < 0) {
    score = std::log(limit / aim);
  } else {
    score = (aim - limit) / (limit == 0 ? 1 : std::abs(limit));
  }
  return std::clamp(score, -kMostScore, kMostScore);
}

double relative(double deviation, double mean, double limit) {
  const double size = mean * limit > 0 ? std::abs(mean) : limit == 0 ? 1 : std::abs(limit);
  return deviation / size;
}

}  // namespace

std::pair<double, double> score_of(const Constraint& constraint, stats::Sample values,
                                   double allowance, std::size_t trial_runs) {
  std::vector<double> y;
  for (const double value : values) y.push_back(constraint.turned(value));
  const double n = static_cast<double>(y.size());
  const double limit = constraint.turned_limit();
  if (constraint.share) {
    const Fit of = fit(y);
    const double z = stats::normal_quantile(1 - (1 - *constraint.share) * kAimedBreaches);
    const double aim = of.mean + z * of.deviation;
    const double deviation = of.logarithmic ? of.deviation : relative(of.deviation, of.mean, limit);
    return {distance(of.logarithmic ? std::exp(aim) : aim, limit),
            deviation * std::sqrt((1 + z * z / 2) / n)};
  }
  const stats::Moments moments = stats::moments(y);
  const double deviation = moments.sample_deviation();
  return {distance(moments.mean() + allowance * deviation, limit),
          relative(deviation, moments.mean(), limit) *
              std::sqrt(1 / n + 1 / static_cast<double>(trial_runs))};
}

Survey::Survey(const Space& space, const std::vector<Constraint>& constraints, Trials& trials,
               const SurveyRule& rule)
    : space_(space), constraints_(constraints), trials_(trials), rule_(rule) {
  assert(!constraints.empty() && rule.pilot >= 2);
}

Look Survey::scored(const Point& point, Observed values) const {
  Look look;
  look.point = point;
  look.values = std::move(values);
  const double allowance = tolerance_in_deviations(rule_.trial);
  for (std::size_t c = 0; c < constraints_.size(); ++c) {
    const auto [score, noise] =
        score_of(constraints_[c], look.values[c], allowance, rule_.trial.runs);
    look.scores.push_back(score);
    if (c == 0 || score > look.score) {
      look.score = score;
      look.noise = noise;
      look.worst = c;
    }
  }
  return look;
}

// Far on the good side when every run keeps every limit by a margin, far on the bad one when every
// run breaks the same limit by that margin.
bool Survey::is_far(const Look& look) const {
  bool good = true;
  for (std::size_t c = 0; c < constraints_.size(); ++c) {
    double least = kMostScore;
    double most = -kMostScore;
    for (const double value : look.values[c]) {
      const double score = distance(constraints_[c].turned(value), constraints_[c].turned_limit());
      least = std::min(least, score);
      most = std::max(most, score);
    }
    if (least > rule_.far) return true;
    good &= most < -rule_.far && look.scores[c] < -rule_.far;
  }
  return good;
}

std::vector<Observed> Survey::ask(const std::vector<Request>& requests) {
  const std::uint64_t before = trials_.runs();
  std::vector<Observed> answers = trials_.run(requests);
  runs_made_ += trials_.runs() - before;
  return answers;
}

void Survey::look_at(const std::vector<Point>& points) {
  std::vector<Point> fresh;
  std::vector<Request> requests;
  for (const Point& point : points) {
    if (looks_.contains(point) || std::find(fresh.begin(), fresh.end(), point) != fresh.end()) {
      continue;
    }
    fresh.push_back(point);
    requests.push_back({point, 0, rule_.pilot});
  }
  std::vector<Observed> answers = ask(requests);
  assert(answers.size() == requests.size());
  std::vector<Point> near;
  for (std::size_t i = 0; i < fresh.size(); ++i) {
    Look look = scored(fresh[i], std::move(answers[i]));
    if (!is_far(look)) near.push_back(fresh[i]);
    order_.emplace_back(phase_, fresh[i]);
    looks_.emplace(fresh[i], std::move(look));
  }
  extend(near, rule_.runs);
  std::erase_if(near, [&](const Point& point) { return !is_noisy(looks_.at(point)); });
  extend(near, rule_.noisy_runs);
}

bool Survey::is_noisy(const Look& look) const {
  return look.noise > rule_.noisy ||
         std::any_of(constraints_.begin(), constraints_.end(),
                     [](const Constraint& c) { return c.share.has_value(); });
}

void Survey::extend(const std::vector<Point>& points, std::size_t runs) {
  std::vector<Request> requests;
  for (const Point& point : points) requests.push_back({point, 0, runs});
  std::vector<Observed> answers = ask(requests);
  for (std::size_t i = 0; i < points.size(); ++i) {
    looks_.at(points[i]) = scored(points[i], std::move(answers[i]));
  }
}

const Look& Survey::look(const Point& point) {
  look_at({point});
  return looks_.at(point);
}

const Look& Survey::look_closer(const Point& point) {
  const std::size_t runs = look(point).runs();
  if (runs < rule_.design_runs) extend({point}, rule_.design_runs);
  return looks_.at(point);
}

}  // namespace rehearse::planning
