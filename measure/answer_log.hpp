// The answers to the questions that were put to the graph, by whomever: the last one to each, and
// how many had what wrong, which are the metrics answers.*, and for those of a model the metrics
// answers.<occasion>.* beside them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "measure/metrics.hpp"
#include "models/host/happening.hpp"

namespace rehearse::measure {

class AnswerLog {
 public:
  struct Answer {
    models::AskedQuestion asked;
    Time at;
  };
  using Key = std::pair<std::string, std::string>;  ///< entity, question

  /// `occasions` have metrics though nothing was asked on them.
  explicit AnswerLog(const std::vector<std::string>& occasions = {});

  void asked(const models::AskedQuestion& asked, Time now);
  /// Answers from now on are kept and not counted.
  void stop_counting() { counting_ = false; }
  void add_to(Metrics& metrics) const;
  const std::map<Key, Answer>& last() const { return last_; }

 private:
  struct Tally {
    std::uint64_t asked = 0;
    std::uint64_t wrong = 0;
    std::uint64_t missed = 0;
    std::uint64_t outdated = 0;
    std::uint64_t misleading = 0;
    void count(const world::Verdict& verdict);
    void add_to(Metrics& metrics, const std::string& prefix) const;
  };

  std::map<Key, Answer> last_;
  bool counting_ = true;
  Tally all_;
  std::map<std::string, Tally> by_occasion_;
  std::uint64_t cached_ = 0;
};

}  // namespace rehearse::measure
