// Running many independent pieces of work, each in a forked process of its own.
//
// What a piece needs may exist once in a process (SimGrid's engine, whose clock goes on from run to
// run), so every piece gets a process. A piece returns text, which comes back through a pipe;
// results are handed over in the order of their index, whatever the order in which they end, so
// nothing that is made of them depends on the number of jobs. A piece whose process dies is tried
// once more. Workers die with their parent; an interrupt (SIGINT, SIGTERM) ends the workers and
// returns what is complete up to the first gap: long pieces are not left out more often than short
// ones, and what came of n pieces is what n pieces give. Who remembers pieces one by one, and goes
// on with the others later, can have them as they end, so that an interrupt loses none.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace rehearse::os {

/// How a piece of work ended.
struct ForkedOutcome {
  std::optional<std::string> text;  ///< what it returned
  std::string error;                ///< why there is no text: an exception's words or a signal
  bool input_error = false;         ///< the exception was an InputError
  int attempts = 0;
  std::string first_end;  ///< how the first attempt's process died; empty when it did not
};

enum class Delivery {
  by_index,     ///< without gaps
  as_they_end,  ///< in an order that depends on the jobs and the machine
};

struct ForkedOptions {
  int jobs = 1;
  /// Called in the parent after each delivery, with the number delivered so far: those that an
  /// interrupt from then on does not lose.
  std::function<void(std::size_t done)> progress;
  /// Called in the parent with each piece's outcome; it may take the text away, so that many pieces
  /// need little memory. Returning false means that no further pieces are wanted (those running are
  /// ended, those after are not started).
  std::function<bool(std::size_t index, ForkedOutcome&)> deliver;
  Delivery delivery = Delivery::by_index;
};

struct ForkedResult {
  std::vector<ForkedOutcome> outcomes;  ///< as delivered; fewer than asked for when stopped
  bool interrupted = false;
};

/// Runs work(0) ... work(count-1), at most `jobs` at a time. REQUIRES: no open SQLite handle and no
/// SimGrid engine in this process, since neither may cross a fork.
ForkedResult run_forked(std::size_t count, const std::function<std::string(std::size_t)>& work,
                        const ForkedOptions& options);

}  // namespace rehearse::os
