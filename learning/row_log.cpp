#include "learning/row_log.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

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
    const double best = *std::max_element(scores_.begin(), scores_.end());
    const auto ties = std::count(scores_.begin(), scores_.end(), best);
    auto pick = ties == 1 ? 0 : stream_.below(static_cast<std::uint64_t>(ties));
    std::size_t i = 0;
    while (scores_[i] != best || pick-- > 0) ++i;
    return i;
  }

  const Served& served_;
  stats::Stream stream_;
  std::size_t features_;
  std::vector<double> values_;
  std::vector<char> absent_;
  std::vector<double> scores_;
};

void append_values(std::vector<double>& all, std::span<const double> values) {
  all.insert(all.end(), values.begin(), values.end());
}

std::span<const double> values_of(const std::vector<double>& all, std::size_t row,
                                  std::size_t features) {
  return {all.data() + row * features, features};
}

}  // namespace

std::span<const double> LoggedRows::truth_of(std::size_t row) const {
  return values_of(truth, row, features);
}

std::span<const double> LoggedRows::served_of(std::size_t row) const {
  return values_of(served, row, features);
}

RowLog::RowLog(const ChangingWorld& world, Traffic traffic, RequestSettings requests,
               Streams streams)
    : world_(world),
      traffic_(traffic),
      requests_(std::move(requests)),
      streams_(std::move(streams)) {}

std::size_t RowLog::append(Hour hour, const Served& served, std::size_t most,
                           LoggedRows& rows) const {
  const std::size_t in_hour = logged_rows(traffic_, hour);
  const std::size_t count = std::min(in_hour, most);
  const Worlds worlds = world_.at(hour);
  rows.features = world_.features();
  RequestSource source(streams_.rows(hour), worlds, requests_);
  Server server(served, rows.features, requests_.serving.candidates, streams_.serving(hour));
  for (std::size_t i = 0; i < count; ++i) {
    const Request& request = source.next();
    const std::size_t shown = server.show(request);
    LoggedRow row;
    row.at = middle_of_part(hour.start(), Duration::hours(1), i, in_hour);
    row.label_known = row.at + request.label_delay;
    row.member = request.member;
    row.moved_by = request.part->moved_by;
    row.explored = request.explored.has_value();
    row.click_chance = click_probability(logit(request.part->world, request.candidate(shown)));
    row.clicked = request.luck < row.click_chance;
    rows.rows.push_back(row);
    append_values(rows.truth, request.candidate(shown));
    append_values(rows.served, server.seen(shown));
  }
  return count;
}

}  // namespace rehearse::learning
