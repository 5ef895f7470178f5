#include "base/os/forked.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <stdexcept>

#include "base/error.hpp"
#include "fixtures.hpp"
#include "processes.hpp"

using namespace rehearse::os;
using rehearse::test::no_children;

namespace {

std::string square(std::size_t i) { return std::to_string(i * i); }

}  // namespace

TEST_CASE("forked pieces come back in index order whatever the number of jobs") {
  for (const int jobs : {1, 2, 7}) {
    ForkedOptions options;
    options.jobs = jobs;
    std::vector<std::size_t> order;
    options.deliver = [&](std::size_t index, const ForkedOutcome&) {
      order.push_back(index);
      return true;
    };
    const ForkedResult result = run_forked(20, square, options);
    REQUIRE(result.outcomes.size() == 20);
    for (std::size_t i = 0; i < 20; ++i) {
      REQUIRE(result.outcomes[i].text == square(i));
      REQUIRE(order[i] == i);
    }
    REQUIRE(no_children());
  }
}

TEST_CASE("what ends early is handed over early where the order does not matter") {
  // The first piece ends when it hears that the three others have been handed over.
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const auto first_waits = [&](std::size_t i) {
    char heard = 0;
    if (i == 0 && read(ends[0], &heard, 1) != 1) return std::string("cut off");
    return square(i);
  };
  std::vector<std::size_t> order;
  std::vector<std::size_t> counts;
  ForkedOptions options;
  options.jobs = 2;
  options.delivery = Delivery::as_they_end;
  options.deliver = [&](std::size_t index, const ForkedOutcome& outcome) {
    CHECK(outcome.text == square(index));
    order.push_back(index);
    return order.size() != 3 || write(ends[1], "x", 1) == 1;
  };
  options.progress = [&](std::size_t done) { counts.push_back(done); };
  const ForkedResult result = run_forked(4, first_waits, options);
  CHECK(order == std::vector<std::size_t>{1, 2, 3, 0});
  CHECK(counts == std::vector<std::size_t>{1, 2, 3, 4});
  CHECK(result.outcomes.size() == 4);
  for (const int end : ends) close(end);
}

TEST_CASE("a result of many megabytes passes the pipe whole") {
  const auto big = [](std::size_t i) { return std::string(5'000'000, static_cast<char>('a' + i)); };
  const ForkedResult result = run_forked(2, big, {.jobs = 2, .progress = {}, .deliver = {}});
  REQUIRE(result.outcomes.at(1).text == std::string(5'000'000, 'b'));
}

TEST_CASE("a killed worker is tried once more and does not lose the others") {
  const rehearse::test::TemporaryFolder folder;
  const std::string mark = (folder.path() / "second-attempt").string();
  const auto dies_once = [&](std::size_t i) {
    if (i == 1 && !std::ifstream(mark)) {
      std::ofstream(mark) << "x";
      kill(getpid(), SIGKILL);
    }
    return square(i);
  };
  const ForkedResult result = run_forked(3, dies_once, {.jobs = 2, .progress = {}, .deliver = {}});
  REQUIRE(result.outcomes.at(1).text == "1");
  REQUIRE(result.outcomes.at(1).attempts == 2);
  REQUIRE(result.outcomes.at(1).first_end.find("signal 9") != std::string::npos);
  REQUIRE(result.outcomes.at(0).first_end.empty());
  REQUIRE(result.outcomes.at(2).text == "4");
}

TEST_CASE("a worker that dies twice is reported with its signal") {
  const auto dies = [](std::size_t i) {
    if (i == 0) kill(getpid(), SIGKILL);
    return square(i);
  };
  const ForkedResult result = run_forked(2, dies, {.jobs = 1, .progress = {}, .deliver = {}});
  REQUIRE_FALSE(result.outcomes.at(0).text);
  REQUIRE(result.outcomes.at(0).error.find("signal 9") != std::string::npos);
  REQUIRE(result.outcomes.at(1).text == "1");
}

TEST_CASE("an exception's words come back, and are not tried again") {
  const auto throws = [](std::size_t i) -> std::string {
    if (i == 0) throw rehearse::InputError("bad input");
    throw std::runtime_error("a bug");
  };
  const ForkedResult result = run_forked(2, throws, {.jobs = 2, .progress = {}, .deliver = {}});
  REQUIRE(result.outcomes.at(0).error == "bad input");
  REQUIRE(result.outcomes.at(0).input_error);
  REQUIRE(result.outcomes.at(1).error == "a bug");
  REQUIRE_FALSE(result.outcomes.at(1).input_error);
  REQUIRE(result.outcomes.at(1).attempts == 1);
}

TEST_CASE("no further pieces are started once enough are delivered") {
  ForkedOptions options;
  options.jobs = 2;
  options.deliver = [](std::size_t index, const ForkedOutcome&) { return index < 4; };
  const ForkedResult result = run_forked(1'000'000, square, options);
  REQUIRE(result.outcomes.size() == 5);
  REQUIRE(no_children());
}

TEST_CASE("workers die with their parent, however it ends") {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const pid_t parent = fork();
  REQUIRE(parent >= 0);
  if (parent == 0) {
    const auto sleep_for_ever = [&](std::size_t) -> std::string {
      const pid_t self = getpid();
      if (write(ends[1], &self, sizeof self) != sizeof self) _exit(1);
      for (;;) pause();
    };
    run_forked(2, sleep_for_ever, {.jobs = 2, .progress = {}, .deliver = {}});
    _exit(0);
  }
  pid_t workers[2];
  for (pid_t& worker : workers) REQUIRE(read(ends[0], &worker, sizeof worker) == sizeof worker);
  REQUIRE(kill(parent, SIGKILL) == 0);
  REQUIRE(waitpid(parent, nullptr, 0) == parent);
  // Each worker holds the pipe's writing end; reading ends when the last one is gone.
  close(ends[1]);
  char byte = 0;
  REQUIRE(read(ends[0], &byte, 1) == 0);
  close(ends[0]);
}

TEST_CASE("an interrupt ends the workers and keeps what is complete") {
  const pid_t self = getpid();
  const auto slow = [&](std::size_t i) {
    if (i == 3) {
      kill(self, SIGINT);
      pause();
    }
    return square(i);
  };
  const ForkedResult result = run_forked(10, slow, {.jobs = 1, .progress = {}, .deliver = {}});
  REQUIRE(result.interrupted);
  REQUIRE(result.outcomes.size() == 3);
  REQUIRE(no_children());
}
