// The answers to the questions that were put to the graph, by whomever: the last one to each, and
// how many had what wrong, which are the metrics answers.*.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "base/time.hpp"
#include "measure/metrics.hpp"
#include "models/host/happening.hpp"

namespace rehearse::measure {

class AnswerLog {
 public:
  struct Answer {
    models::AskedQuestion question;
    Time at;
    bool wrong() const { return !question.missed.empty() || !question.outdated.empty(); }
  };
  using Key = std::pair<std::string, std::string>;  ///< entity, question

  void asked(const models::AskedQuestion& question, Time now) {
    last_[{question.entity, question.ask}] = {question, now};
    if (counting_) count({question, now});
  }
  /// Answers from now on are kept and not counted.
  void stop_counting() { counting_ = false; }
  void add_to(Metrics& metrics) const;
  const std::map<Key, Answer>& last() const { return last_; }

 private:
  void count(const Answer& answer);

  std::map<Key, Answer> last_;
  bool counting_ = true;
  std::uint64_t asked_ = 0;
  std::uint64_t wrong_ = 0;
  std::uint64_t missed_ = 0;
  std::uint64_t outdated_ = 0;
  std::uint64_t misleading_ = 0;
  std::uint64_t cached_ = 0;
};

}  // namespace rehearse::measure
