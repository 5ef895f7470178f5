// A store survives its process: whatever ends the writer, the file holds whole transactions that
// agree with each other, and the effects of all acknowledged events.
#include <catch2/catch.hpp>
#include <iostream>
#include <random>

#include "crash_writer.hpp"
#include "fixtures.hpp"
#include "mds/store/consistency.hpp"
#include "mds/store/store_core.hpp"
#include "service_rig.hpp"
#include "skip.hpp"
#include "stats/random.hpp"
#include "store_fixture.hpp"

using namespace rehearse;
using namespace rehearse::mds;
using namespace rehearse::test;

namespace {

using Problems = std::vector<std::string>;

/// A seed for this run, printed; REHEARSE_SEED replays one.
std::uint64_t seed_of_run() {
  const char* given = std::getenv("REHEARSE_SEED");
  const std::uint64_t seed = given != nullptr ? std::stoull(given) : std::random_device{}();
  std::cout << "REHEARSE_SEED=" << seed << " replays this run" << std::endl;
  return seed;
}

std::string file_in(const TemporaryFolder& folder, int i) {
  return (folder.path() / ("graph" + std::to_string(i) + ".db")).string();
}

}  // namespace

TEST_CASE("a writer that is killed at any of 50 random moments leaves a whole store") {
  const std::uint64_t seed = seed_of_run();
  const TemporaryFolder folder;
  const WriterResult whole = run_writer(file_in(folder, 0), seed, Fault::none, 0);
  REQUIRE(whole.clean);
  REQUIRE(whole.operations > 200);
  CHECK(whole.acked.size() > 200);
  CHECK(problems_after(file_in(folder, 0), seed, whole) == Problems{});
  {
    const Store store(file_in(folder, 0));
    CHECK(store.counts().entities >= 20);
    CHECK(store.counts().edges > 0);
    CHECK(store.counts().dead_letters == 0);
  }
  stats::Stream draw(seed, 0, "moments");
  std::size_t acked = 0;
  for (int i = 1; i <= 50; ++i) {
    const auto moment =
        1 + static_cast<std::int64_t>(draw.below(static_cast<std::size_t>(whole.operations)));
    INFO("seed " << seed << ", killed at file operation " << moment);
    const WriterResult result = run_writer(file_in(folder, i), seed, Fault::killed, moment);
    CHECK(result.killed);
    CHECK(problems_after(file_in(folder, i), seed, result) == Problems{});
    acked += result.acked.size();
  }
  CHECK(acked > 0);
}

TEST_CASE("a disk that is full at random moments gives one error and leaves a whole store") {
  const std::uint64_t seed = seed_of_run();
  const TemporaryFolder folder;
  const WriterResult whole = run_writer(file_in(folder, 0), seed, Fault::none, 0);
  stats::Stream draw(seed, 0, "moments");
  for (int i = 1; i <= 10; ++i) {
    const auto moment =
        1 + static_cast<std::int64_t>(draw.below(static_cast<std::size_t>(whole.operations - 20)));
    INFO("seed " << seed << ", full from file operation " << moment);
    const WriterResult result = run_writer(file_in(folder, i), seed, Fault::disk_full, moment);
    CHECK(result.clean);
    CHECK(result.error.find(file_in(folder, i) + ": the disk is full") == 0);
    CHECK(result.error.find(';', result.error.find(';') + 1) == std::string::npos);
    CHECK(problems_after(file_in(folder, i), seed, result) == Problems{});
  }
}

TEST_CASE("a writer on a small file system says that the disk is full and leaves a whole store") {
  const TemporaryFolder folder;
  bool mounted = false;
  const WriterResult result =
      run_writer_on_small_disk(folder.path().string(), 1, 300 << 10U, mounted);
  if (!mounted) skip("no right to mount a small file system here");
  CHECK(result.clean);
  CHECK(result.error.find("the disk is full") != std::string::npos);
  CHECK(problems_after((folder.path() / "graph.db").string(), 1, result) == Problems{});
}

TEST_CASE("with a file an event is acknowledged when the file has its facts and not before") {
  const TemporaryFolder folder;
  ServiceConfig config = service_config({"model-registry"});
  config.store.path = file_in(folder, 0);
  config.store.commit_every = 3;
  ServiceRig rig(config);
  rig.put_model("a", 1);
  const EventId first = rig.event("model_created", "model_id", "a");
  rig.answer(0);
  CHECK(rig.fact(model_uri("a"), "version") == "1");
  CHECK(rig.acked.empty());
  CHECK(rig.store->durable() == 0);
  CHECK(!rig.service->idle());
  // A refused event waits as well, for its dead letter.
  const EventId refused = rig.event("not even JSON");
  CHECK(rig.acked.empty());
  SECTION("when enough transactions have come together") {
    rig.put_model("b", 1);
    const EventId third = rig.event("model_created", "model_id", "b");
    rig.answer(0);
    CHECK(rig.acked == std::vector<EventId>{first, refused, third});
  }
  SECTION("when it has waited for the longest time allowed") {
    const auto wake = rig.service->next_wakeup();
    REQUIRE(wake);
    CHECK(*wake == rig.now + config.store.commit_within);
    rig.run_until(*wake);
    CHECK(rig.acked == std::vector<EventId>{first, refused});
  }
  SECTION("and a crash of the service leaves it to be delivered again") {
    rig.crash();
    rig.run_for(Duration::seconds(1));
    CHECK(rig.acked.empty());
  }
}
