// What the threads of an exhaustive search share, and what each of them does: take a branch, search
// it depth first, give parts of it away when others have nothing to do.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "explore/search/effects.hpp"
#include "explore/search/exhaustive.hpp"
#include "explore/search/settled.hpp"
#include "explore/search/state_graph.hpp"
#include "explore/search/state_table.hpp"

namespace rehearse::explore {

/// Why a search ended that was to end when there are more states than so many.
inline constexpr const char* kTooManyStates = "there were too many states";

/// A branch to be searched: the choices of a state that nobody has made yet.
struct Branching {
  std::vector<Choice> schedule;  ///< leads to the state
  StateNumber state = 0;
  std::vector<Choice> choices;
};

class SharedSearch {
 public:
  explicit SharedSearch(const ExhaustiveOptions& options);

  StateTable table;
  EffectTable effects;
  SettledTable settled;

  /// The number of a state; true when it is to be entered.
  std::pair<StateNumber, bool> enter(const Fingerprint& state);
  std::size_t states() const;

  void give(Branching branching);
  /// Waits for a branch; nullopt when the search is over.
  std::optional<Branching> take();
  bool others_wait() const { return waiting_.load(std::memory_order_relaxed) > 0; }

  /// To be called now and then, with what the caller has made since: true when the search is to
  /// end.
  bool check(std::uint64_t steps, std::uint64_t edges);
  void stop(const std::string& why);
  void stop_for_violation();
  /// A worker failed: the others end too, those that wait among them.
  void abort();
  bool stopped() const { return stopped_.load(std::memory_order_relaxed); }
  std::string why() const;

 private:
  const ExhaustiveOptions& options_;
  std::chrono::steady_clock::time_point start_;
  std::atomic<StateNumber> unpruned_{0};
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Branching> branches_;
  std::atomic<std::size_t> waiting_{0};
  std::atomic<bool> stopped_{false};
  std::atomic<std::uint64_t> steps_{0}, edges_{0};
  std::string why_;
  bool over_ = false;
};

/// A step that violates properties.
struct ViolatingStep {
  StateNumber state = 0;
  std::set<Property> properties;
};

/// A state in which a schedule ends, with the graph it ends in.
struct EndState {
  StateNumber state = 0;
  std::uint64_t digest = 0;
};

class SearchWorker {
 public:
  SearchWorker(const Setup& setup, const ScriptedTruth& truth, const ExhaustiveOptions& options,
               SharedSearch& shared);

  /// Enters the start. To be called by one worker, before any runs.
  void enter_start();
  /// Searches until nothing is left.
  void run();

  // What was found.
  std::vector<StateGraph::Step> edges;
  std::vector<ViolatingStep> violating;
  std::vector<EndState> ends;
  std::uint64_t executed() const { return system_.steps(); }
  const std::set<world::Edge>& phantoms() const { return system_.phantoms(); }
  bool settled() const { return settled_.used(); }

 private:
  struct Frame {
    StateNumber state = 0;
    Fingerprint print;
    std::vector<Choice> choices;
    std::size_t next = 0;
    std::vector<std::optional<Fingerprint>> keys;  // of the choices' effects (effects.hpp)
  };
  void search(Branching branching);
  Frame make_frame(StateNumber state, std::vector<Choice> choices, const Vantage& here) const;
  bool leave_out(std::size_t choice);
  void learn(const Frame& frame, std::size_t choice, const Fingerprint& print);
  std::vector<Choice> choices(const Vantage& here);
  void go_to(const std::vector<Choice>& schedule);
  void step(std::size_t choice);
  void back();
  void share();

  const ExhaustiveOptions& options_;
  SharedSearch& shared_;
  System system_;
  Effects effects_;
  Settled settled_;
  std::vector<Choice> schedule_;  // to where the system stands
  std::vector<Frame> frames_;
  std::uint64_t reported_steps_ = 0, reported_edges_ = 0;
};

}  // namespace rehearse::explore
