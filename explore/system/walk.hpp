// One random schedule, step by step: who chooses the next step.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "explore/sampling/pct.hpp"
#include "explore/system/system.hpp"
#include "stats/random.hpp"

namespace rehearse::explore {

/// Chooses the next step of a walk by PCTCP.
class PctWalk {
 public:
  /// `messages` is n. REQUIRES: `system` is at the start; both outlive this.
  PctWalk(const System& system, std::size_t depth, std::size_t messages, stats::Stream& draw);

  /// REQUIRES: the schedule is not complete.
  Choice next();
  /// To be called when the choice has been applied.
  void taken();

  const ChainPartition& order() const { return scheduler_.order(); }

 private:
  using Message = PctScheduler::Message;
  /// What a message is, as long as it is pending.
  struct Pending {
    Message message = 0;
    Action action = Action::deliver;
    std::size_t event = 0;   ///< of deliver and change
    mds::RequestId request;  ///< of answer
    auto operator<=>(const Pending&) const = default;
  };

  void draw_faults(std::size_t messages);
  void find_messages();
  void expect(const Pending& what, std::size_t copies);
  bool possible(const Pending& pending) const;
  Choice choice_for(const Pending& pending) const;
  std::optional<Choice> fault_at(const Pending& pending);

  const System& system_;
  stats::Stream& draw_;
  PctScheduler scheduler_;
  std::vector<Message> cause_;  // the step that was taken last; none at the start
  std::vector<Pending> pending_;
  std::vector<Pending> wanted_;               // while messages are found
  std::map<mds::RequestId, bool> reads_old_;  // which calls read their source when they are sent
  std::map<Message, std::set<Action>> faults_;
  bool early_round_ = false;
  std::optional<Message> handled_;
};

}  // namespace rehearse::explore
