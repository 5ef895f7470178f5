// The rows of a file as a population: nothing is drawn but which rows a request offers.
//
// A request offers K of the hour's rows, drawn without replacement, every subset being as likely as
// any other. An hour of fewer rows than K offers all of them, repeated in their order up to K. What
// is shown is clicked if its row is; the best ranking shows a clicked row wherever one is offered.
// So the chance of a click, and the bound, are exact (best_of_rows.hpp). An absent feature is that
// of a row, and stands at the version's training mean. A monitor's candidate is a uniform row of
// the hour. An hour without rows has no requests. Drift is what the rows hold: anything may change
// from one hour to the next.
#pragma once

#include <memory>

#include "learning/population.hpp"
#include "learning/recorded_rows.hpp"

namespace rehearse::learning {

class RecordedPopulation : public Population {
 public:
  /// The rows are shared, as they are many: by models on the same rows, and by replications.
  explicit RecordedPopulation(std::shared_ptr<const RecordedRows> rows) : rows_(std::move(rows)) {}

  std::size_t features() const override { return rows_->features(); }
  bool offers(Hour hour) const override { return rows_->of(hour).size() > 0; }
  std::optional<Hour> next_change(Hour hour) const override;
  bool drawn() const override { return false; }
  Worlds at(Hour) const override { return {}; }

  double engagement(Hour hour, const LinearModel& model,
                    const ServingPolicy& serving) const override;
  Reach reach(Hour hour, std::size_t candidates) const override;
  std::vector<ServedValues> served_features(Hour hour,
                                            std::span<const std::size_t> which) const override;
  ServedValues served_score(Hour hour, const LinearModel& model) const override;
  void sample(stats::Stream& stream, Hour hour, std::size_t count,
              CandidateColumns& columns) const override;
  void log(const HourLog& hour, LoggedRows& rows) const override;

 private:
  std::shared_ptr<const RecordedRows> rows_;
};

}  // namespace rehearse::learning
