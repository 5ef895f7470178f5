// The invariants of a lifecycle, looked at from outside.
//
//   I1  The pointer names one released version, the registry shows it and no other as PRODUCTION,
//       and it has changed on evidence alone: a canary that passed or that a person approved, or a
//       rollback.
//   I2  Members are served by versions under analysis or released, and by one in rollback until its
//       routers have left it; no rollback is forgotten.
//   I3  What got traffic has passed its gates, what served has passed its canary.
//   I4  An idempotent workflow runs once on a signal.
//   I5  Requests are the sum of those to arms; errors, slow answers and clicks are among them.
//   I6  No more trainings run than there are slots.
//
// It reads deeds, facts, records and counts, and nothing that the operations decide by.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "lifecycle/lifecycle.hpp"

namespace rehearse::lifecycle {

class Audit {
 public:
  explicit Audit(Consumption consumption) : consumption_(consumption) {}

  /// Everything that has been done since the last call, from the start on, in its order.
  void see(const Deeds& deeds);
  void see(const Facts& facts);
  /// What is broken now, a sentence each.
  std::vector<std::string> violations(const Lifecycle& life, Time now);

 private:
  void check_pointer(const ModelLife& model, std::vector<std::string>& found) const;
  void check_new_records(const Lifecycle& life, std::vector<std::string>& found);
  static void check_arms(const ModelLife& model, Time now, std::vector<std::string>& found);
  void check_rollbacks(const Lifecycle& life, Time now, std::vector<std::string>& found) const;
  static void check_proofs(const ModelLife& model, std::vector<std::string>& found);
  void check_workflows(const ModelLife& model, std::vector<std::string>& found);
  static void check_counts(const ModelLife& model, std::vector<std::string>& found);

  Consumption consumption_;
  std::map<std::string, std::string> state_;    ///< of each instance that a deed was about
  std::map<std::string, std::string> pointer_;  ///< current_instance, likewise
  /// Rollbacks that have not ended, since when, by model and version.
  std::map<std::pair<std::size_t, std::int64_t>, Time> rolling_back_;
  std::map<std::string, std::map<std::string, int>> runs_;  ///< workflow and signal, of each model
  std::map<std::string, std::size_t> workflows_seen_;
  std::size_t records_seen_ = 0;
};

}  // namespace rehearse::lifecycle
