#include "explore/system/walk.hpp"

#include <algorithm>
#include <cassert>

namespace rehearse::explore {
namespace {

/// A fault that handles no message.
bool of_nobody(Action action) { return action == Action::crash || action == Action::rebalance; }

}  // namespace

PctWalk::PctWalk(const System& system, std::size_t depth, std::size_t messages, stats::Stream& draw)
    : system_(system), draw_(draw), scheduler_(depth, messages, draw) {
  draw_faults(messages);
  find_messages();
}

void PctWalk::draw_faults(std::size_t messages) {
  const Settings& settings = system_.setup().settings;
  const auto place = [&](std::size_t budget, Action action, Action other) {
    for (std::uint64_t left = budget == 0 ? 0 : draw_.below(budget + 1); left > 0; --left) {
      const auto at = static_cast<Message>(draw_.below(messages));
      faults_[at].insert(other == action || draw_.chance(0.5) ? action : other);
    }
  };
  place(settings.drops, Action::drop, Action::drop);
  place(settings.duplicates, Action::duplicate, Action::duplicate);
  place(settings.failures, Action::fail, Action::time_out);
  place(settings.crashes, Action::crash, Action::crash);
  place(settings.rebalances, Action::rebalance, Action::rebalance);
  if (settings.reconciliation == Reconciliation::any) early_round_ = draw_.chance(0.5);
}

void PctWalk::expect(const Pending& what, std::size_t copies) {
  for (; copies > 0; --copies) wanted_.push_back(what);
}

// Messages that are pending now: those known stay, the others are new and caused by the last step.
void PctWalk::find_messages() {
  const Branch& branch = system_.branch();
  wanted_.clear();
  for (const std::size_t event : branch.on_bus) {
    // One that waits for others of its partition becomes a message when they are handled.
    if (!system_.waits_in_partition(event)) expect({0, Action::deliver, event, {}}, 1);
  }
  for (const OpenCall& call : branch.calls) expect({0, Action::answer, 0, call.id}, 1);
  for (const Choice& choice : system_.enabled()) {
    const bool single = choice.action == Action::enrich || choice.action == Action::index ||
                        choice.action == Action::ask || choice.action == Action::wake ||
                        choice.action == Action::close || choice.action == Action::change ||
                        (choice.action == Action::reconcile && early_round_);
    if (single) expect({0, choice.action, choice.event, {}}, 1);
  }
  std::vector<Pending> now;
  for (const Pending& want : wanted_) {
    const auto known = std::find_if(pending_.begin(), pending_.end(), [&](const Pending& p) {
      return p.action == want.action && p.event == want.event && p.request == want.request;
    });
    if (known != pending_.end()) {
      now.push_back(*known);
      pending_.erase(known);
      continue;
    }
    now.push_back(want);
    now.back().message = scheduler_.add(cause_);
    if (want.action == Action::answer) reads_old_[want.request] = draw_.chance(0.5);
  }
  pending_ = std::move(now);
}

Choice PctWalk::choice_for(const Pending& pending) const {
  Choice choice;
  choice.action = pending.action;
  choice.event = pending.event;
  if (pending.action != Action::answer) return choice;
  for (const OpenCall& call : system_.branch().calls) {
    const std::string& source = system_.setup().shapes[call.source].name;
    if (call.id == pending.request) {
      choice.source = source;
      choice.path = call.path;
      break;
    }
  }
  for (const OpenCall& call : system_.branch().calls) {
    if (call.id == pending.request) break;
    if (call.path == choice.path && system_.setup().shapes[call.source].name == choice.source) {
      ++choice.nth;
    }
  }
  if (reads_old_.at(pending.request)) {
    choice.action = Action::answer_old;
    if (!system_.is_enabled(choice)) choice.action = Action::answer;
  }
  return choice;
}

/// The fault that was drawn for this message, where it is possible.
std::optional<Choice> PctWalk::fault_at(const Pending& pending) {
  const auto drawn = faults_.find(pending.message);
  if (drawn == faults_.end()) return std::nullopt;
  std::set<Action>& actions = drawn->second;
  while (!actions.empty()) {
    Choice choice = choice_for(pending);
    choice.action = *actions.begin();
    actions.erase(actions.begin());
    if (of_nobody(choice.action)) choice = {choice.action, 0, {}, {}, 0};
    if (choice.action == Action::rebalance) {
      for (const Choice& possible : system_.enabled()) {
        if (possible.action == Action::rebalance) choice = possible;
      }
    }
    if (system_.is_enabled(choice)) return choice;
  }
  return std::nullopt;
}

Choice PctWalk::next() {
  assert(!pending_.empty());
  std::vector<Message> messages;
  for (const Pending& pending : pending_) messages.push_back(pending.message);
  const Message chosen = scheduler_.choose(messages);
  const auto at = std::find_if(pending_.begin(), pending_.end(),
                               [&](const Pending& p) { return p.message == chosen; });
  if (auto fault = fault_at(*at)) {
    // It is nobody's handling: the message stays where it was.
    handled_ = of_nobody(fault->action) ? std::nullopt : std::optional(chosen);
    if (of_nobody(fault->action)) cause_ = {chosen};
    return *std::move(fault);
  }
  handled_ = chosen;
  return choice_for(*at);
}

void PctWalk::taken() {
  if (handled_) {
    cause_ = {*handled_};
    std::erase_if(pending_, [&](const Pending& p) { return p.message == *handled_; });
  }
  find_messages();
}

}  // namespace rehearse::explore
