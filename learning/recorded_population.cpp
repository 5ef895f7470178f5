#include "learning/recorded_population.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "learning/best_of_rows.hpp"
#include "learning/logged_rows.hpp"

namespace rehearse::learning {
namespace {

using Range = RecordedRows::Range;

/// The rows that requests of so many candidates are offered from.
std::vector<std::size_t> offered_from(Range rows, std::size_t candidates) {
  std::vector<std::size_t> pool(std::max(rows.size(), candidates));
  for (std::size_t i = 0; i < pool.size(); ++i) pool[i] = rows.begin + i % rows.size();
  return pool;
}

std::size_t clicked(const RecordedRows& rows, const std::vector<std::size_t>& pool) {
  return static_cast<std::size_t>(
      std::count_if(pool.begin(), pool.end(), [&](std::size_t row) { return rows.clicked(row); }));
}

double share(std::size_t part, std::size_t whole) {
  return static_cast<double>(part) / static_cast<double>(whole);
}

/// Moves `count` of the rows, a uniform subset of them in uniform order, to the front.
void shuffle_front(std::vector<std::size_t>& rows, std::size_t count, stats::Stream& stream) {
  for (std::size_t i = 0; i < count; ++i) {
    std::swap(rows[i], rows[i + static_cast<std::size_t>(stream.below(rows.size() - i))]);
  }
}

}  // namespace

std::optional<Hour> RecordedPopulation::next_change(Hour hour) const {
  if (hour < rows_->first()) return rows_->first();
  if (rows_->last() < hour) return std::nullopt;
  return hour.next();
}

double RecordedPopulation::engagement(Hour hour, const LinearModel& model,
                                      const ServingPolicy& serving) const {
  if (!offers(hour)) return 0;
  const std::vector<std::size_t> pool = offered_from(rows_->of(hour), serving.candidates);
  std::vector<ScoredRow> scored;
  for (const std::size_t row : pool) {
    scored.push_back({model.score(rows_->values(row)), rows_->clicked(row)});
  }
  return (1 - serving.exploration) * clicks_of_best(scored, serving.candidates) +
         serving.exploration * share(clicked(*rows_, pool), pool.size());
}

Reach RecordedPopulation::reach(Hour hour, std::size_t candidates) const {
  if (!offers(hour)) return {};
  const std::vector<std::size_t> pool = offered_from(rows_->of(hour), candidates);
  const std::size_t clicks = clicked(*rows_, pool);
  return {offers_click(pool.size(), clicks, candidates), share(clicks, pool.size())};
}

std::vector<ServedValues> RecordedPopulation::served_features(
    Hour hour, std::span<const std::size_t> which) const {
  const Range rows = rows_->of(hour);
  const double each = 1 / static_cast<double>(rows.size());
  std::vector<ServedValues> all;
  for (const std::size_t feature : which) {
    ServedValues& values = all.emplace_back();
    for (std::size_t row = rows.begin; row < rows.end; ++row) {
      const double value = rows_->values(row)[feature];
      if (std::isnan(value)) {
        values.absent += each;
      } else {
        values.parts.push_back({each, value, 0});
      }
    }
  }
  return all;
}

ServedValues RecordedPopulation::served_score(Hour hour, const LinearModel& model) const {
  const Range rows = rows_->of(hour);
  ServedValues values;
  for (std::size_t row = rows.begin; row < rows.end; ++row) {
    values.parts.push_back(
        {1 / static_cast<double>(rows.size()), model.score(rows_->values(row)), 0});
  }
  return values;
}

void RecordedPopulation::sample(stats::Stream& stream, Hour hour, std::size_t count,
                                CandidateColumns& columns) const {
  assert(columns.size() == features());
  const Range rows = rows_->of(hour);
  for (std::size_t i = 0; i < count && rows.size() > 0; ++i) {
    const auto row = rows.begin + static_cast<std::size_t>(stream.below(rows.size()));
    const std::span<const double> values = rows_->values(row);
    for (std::size_t j = 0; j < values.size(); ++j) columns[j].push_back(values[j]);
  }
}

void RecordedPopulation::log(const HourLog& hour, LoggedRows& rows) const {
  if (!offers(hour.hour)) return;
  stats::Stream stream = hour.streams.rows(hour.hour), serving = hour.streams.serving(hour.hour);
  const ServingPolicy& policy = hour.requests.serving;
  std::vector<std::size_t> pool = offered_from(rows_->of(hour.hour), policy.candidates);
  std::vector<double> scores(policy.candidates);
  for (std::size_t i = 0; i < hour.count; ++i) {
    LoggedRow row;
    row.member = stream.below(hour.requests.members);
    shuffle_front(pool, policy.candidates, stream);
    for (std::size_t k = 0; k < policy.candidates && hour.served.production; ++k) {
      scores[k] = hour.served.production->score(rows_->values(pool[k]));
    }
    std::size_t shown = pool[draw_best(serving, scores)];
    row.explored = stream.chance(policy.exploration);
    if (row.explored) shown = pool[stream.below(policy.candidates)];
    row.at = hour.at(i);
    row.label_known = row.at + hour.requests.label_delay.sample(stream);
    row.clicked = rows_->clicked(shown);
    row.click_chance = row.clicked ? 1 : 0;
    rows.add(row, rows_->values(shown), rows_->values(shown));
  }
}

}  // namespace rehearse::learning
