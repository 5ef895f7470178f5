// The last answer to each question that was put to the graph, and whether it was right.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "base/time.hpp"
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
  }
  const std::map<Key, Answer>& last() const { return last_; }

 private:
  std::map<Key, Answer> last_;
};

}  // namespace rehearse::measure
