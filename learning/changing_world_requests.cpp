// A drawn world as a population: what follows from its worlds, hour by hour.
#include <cassert>
#include <cmath>
#include <limits>

#include "learning/candidate_sample.hpp"
#include "learning/changing_world.hpp"
#include "learning/logged_rows.hpp"

namespace rehearse::learning {
namespace {

/// Serves requests as one version does: what it sees of each candidate, and which it shows.
class Server {
 public:
  Server(const Served& served, std::size_t features, std::size_t candidates, stats::Stream stream)
      : served_(served),
        stream_(stream),
        features_(features),
        values_(candidates * features),
        absent_(features),
        scores_(candidates) {
    assert(served.retention.empty() || served.retention.size() == features);
  }

  /// The candidate that is shown.
  std::size_t show(const Request& request) {
    const World& world = request.part->world;
    for (std::size_t j = 0; j < features_; ++j)
      absent_[j] = stream_.chance(world.absent[j]) ? 1 : 0;
    values_ = request.candidates;
    for (std::size_t i = 0; i < scores_.size(); ++i) see(world, values_.data() + i * features_);
    const std::size_t best = best_candidate();
    return request.explored.value_or(best);
  }

  /// What was seen of a candidate of the last request, NaN where a feature was absent.
  std::span<const double> seen(std::size_t candidate) {
    double* values = values_.data() + candidate * features_;
    for (std::size_t j = 0; j < features_; ++j) {
      if (absent_[j] != 0) values[j] = std::numeric_limits<double>::quiet_NaN();
    }
    return {values, features_};
  }

 private:
  void see(const World& world, double* values) {
    for (std::size_t j = 0; j < served_.retention.size(); ++j) {
      const double r = served_.retention[j];
      if (r == 1) continue;
      values[j] = world.mean[j] + r * (values[j] - world.mean[j]) +
                  world.deviation[j] * std::sqrt(1 - r * r) * stream_.normal();
    }
  }

  /// An absent feature is the same for all candidates, so it ranks nothing.
  std::size_t best_candidate() {
    const LinearModel* model = served_.production;
    for (std::size_t i = 0; i < scores_.size(); ++i) {
      scores_[i] = 0;
      for (std::size_t j = 0; model != nullptr && j < features_; ++j) {
        if (absent_[j] == 0) scores_[i] += model->weights[j] * values_[i * features_ + j];
      }
    }
    return draw_best(stream_, scores_);
  }

  const Served& served_;
  stats::Stream stream_;
  std::size_t features_;
  std::vector<double> values_;
  std::vector<char> absent_;
  std::vector<double> scores_;
};

}  // namespace

double ChangingWorld::engagement(Hour hour, const LinearModel& model,
                                 const ServingPolicy& serving) const {
  return expected_engagement(at(hour), {model.weights}, serving);
}

Reach ChangingWorld::reach(Hour hour, std::size_t candidates) const {
  const Worlds worlds = at(hour);
  Reach reach{engagement_bound(worlds, {candidates, 0})};
  for (const WorldPart& part : worlds) reach.random += part.share * random_engagement(part.world);
  return reach;
}

std::vector<ServedValues> ChangingWorld::served_features(Hour hour,
                                                         std::span<const std::size_t> which) const {
  const Worlds worlds = at(hour);
  std::vector<ServedValues> values;
  for (const std::size_t feature : which) values.push_back(served_feature(worlds, feature));
  return values;
}

ServedValues ChangingWorld::served_score(Hour hour, const LinearModel& model) const {
  return learning::served_score(at(hour), model);
}

void ChangingWorld::sample(stats::Stream& stream, Hour hour, std::size_t count,
                           CandidateColumns& columns) const {
  assert(columns.size() == features());
  add_candidates(stream, at(hour), count, columns);
}

void ChangingWorld::log(const HourLog& hour, LoggedRows& rows) const {
  const Worlds worlds = at(hour.hour);
  RequestSource source(hour.streams.rows(hour.hour), worlds, hour.requests);
  Server server(hour.served, features(), hour.requests.serving.candidates,
                hour.streams.serving(hour.hour));
  for (std::size_t i = 0; i < hour.count; ++i) {
    const Request& request = source.next();
    const std::size_t shown = server.show(request);
    LoggedRow row;
    row.at = hour.at(i);
    row.label_known = row.at + request.label_delay;
    row.member = request.member;
    row.moved_by = request.part->moved_by;
    row.explored = request.explored.has_value();
    row.click_chance = click_probability(logit(request.part->world, request.candidate(shown)));
    row.clicked = request.luck < row.click_chance;
    rows.add(row, request.candidate(shown), server.seen(shown));
  }
}

}  // namespace rehearse::learning
