// Random worlds and schedules: whatever order, loss, failure or crash, nothing is lost silently,
// nothing is done twice, and the graph converges when it is left in peace.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "service_rig.hpp"
#include "stats/random.hpp"

using namespace rehearse;
using namespace rehearse::mds;
using namespace rehearse::test;

namespace {

/// One run: a few models that change, with random deliveries, answers and crashes in between.
class RandomRun {
 public:
  explicit RandomRun(std::uint64_t seed) : draw_(seed, 0, "service"), rig_(settings(seed)) {
    rig_.service->set_notices(NoticeLevel::measures);
  }

  void run() {
    for (int step = 0; step < 120; ++step) {
      rig_.now = rig_.now + Duration::from_seconds(draw_.exponential(0.4));
      act();
      check_always();
    }
    settle();
  }

 private:
  ServiceConfig settings(std::uint64_t seed) {
    ServiceConfig config = service_config({"model-registry"});
    config.seed = seed;
    config.hydration.retry.attempts = 2 + static_cast<int>(draw_.below(3));
    if (draw_.chance(0.5)) config.hydration.budgets["*"] = {Rate{3, Duration::seconds(1)}, 2};
    if (draw_.chance(0.3)) config.hydration.breaker = BreakerPolicy{2, Duration::seconds(3)};
    if (draw_.chance(0.3)) config.hydration.concurrency = 1;
    if (draw_.chance(0.3)) config.hydration.queue_limit = 3;
    if (draw_.chance(0.5)) config.reconciliation.every = Duration::seconds(20);
    config.enrichment.every = Duration::seconds(7);
    return config;
  }

  void act() {
    const std::uint64_t what = draw_.below(100);
    const std::string id = std::to_string(draw_.below(5));
    if (what < 30) {
      change(id);
      if (draw_.chance(0.8)) deliver("model_updated", id);
    } else if (what < 35) {
      deliver("model_updated", id);  // a duplicate, or about nothing
    } else if (what < 40) {
      rig_.event("{\"event_type\":");
      ++delivered_;
    } else if (what < 42) {
      delivered_ = rig_.acked.size();  // the others are redelivered by nobody here
      rig_.crash();
    } else if (what < 90 && !rig_.open().empty()) {
      respond(draw_.below(rig_.open().size()));
    } else if (rig_.service->next_wakeup().value_or(Time::never()) <= rig_.now) {
      rig_.service->on_timer(rig_.now);
      rig_.collect();
    }
  }

  void change(const std::string& id) {
    if (versions_[id] > 0 && draw_.chance(0.2)) {
      rig_.payloads.erase("/api/v1/models/" + id);
      ++versions_[id];
    } else {
      const std::string instance = std::to_string(draw_.below(3));
      rig_.payloads["/api/v1/models/" + id] =
          payload("id", id, ++versions_[id], "\"current_instance_id\":\"i" + instance + "\"");
    }
  }

  void deliver(const std::string& type, const std::string& id) {
    rig_.event(type, "model_id", id);
    ++delivered_;
  }

  void respond(std::size_t which) {
    const std::uint64_t how = draw_.below(10);
    if (how < 6) {
      rig_.answer(which);
    } else if (how == 6) {
      rig_.answer(which, timed_out());
    } else if (how == 7) {
      rig_.answer(which, status(429, Duration::seconds(2)));
    } else if (how == 8) {
      Response garbage;
      garbage.body = "{\"id\":";
      rig_.answer(which, garbage);
    } else {
      rig_.answer(which, status(500));
    }
  }

  void check_always() {
    std::set<std::string> paths;
    for (const auto& sent : rig_.open()) {
      REQUIRE(paths.insert(sent.request.path).second);  // one call per document at most
    }
    REQUIRE(rig_.acked.size() <= delivered_);  // each delivery is acknowledged once at most
  }

  /// Faults end; each entity's last change is announced once more; then everything is right.
  void settle() {
    rig_.run_for(Duration::minutes(2));
    for (const auto& [id, version] : versions_) {
      deliver("model_updated", id);
      rig_.run_for(Duration::seconds(30));
    }
    rig_.run_for(Duration::minutes(30));
    REQUIRE(rig_.acked.size() == delivered_);
    // A call of reconciliation may be under way at just this moment, but it comes to its end.
    for (int i = 0; i < 10 && !rig_.service->idle(); ++i) rig_.run_for(Duration::seconds(1));
    REQUIRE(rig_.service->idle());
    std::vector<std::string> expected;
    for (const auto& [id, version] : versions_) {
      if (rig_.payloads.count("/api/v1/models/" + id) == 0) continue;
      expected.push_back(model_uri(id));
      CHECK(rig_.fact(model_uri(id), "version") == std::to_string(version));
    }
    CHECK(rig_.live() == expected);
  }

  stats::Stream draw_;
  ServiceRig rig_;
  std::map<std::string, int> versions_;
  std::size_t delivered_ = 0;
};

/// Hostile text: valid bodies with random bytes changed, cut, doubled or wrapped.
std::string mangle(std::string text, stats::Stream& draw) {
  for (std::uint64_t i = 1 + draw.below(4); i > 0 && !text.empty(); --i) {
    const auto at = static_cast<std::size_t>(draw.below(text.size()));
    switch (draw.below(6)) {
      case 0:
        text[at] = static_cast<char>(draw.below(256));
        break;
      case 1:
        text.erase(at);
        break;
      case 2:
        text.insert(at, text.substr(0, at));
        break;
      case 3:
        text.insert(at, 1, "\"{}[]:,\\"[draw.below(8)]);
        break;
      case 4:
        text.insert(at, std::string(draw.below(300), '['));
        break;
      default:
        text.insert(at, "'; DROP TABLE datom; --");
    }
  }
  return text;
}

}  // namespace

TEST_CASE("random schedules with failures and crashes lose nothing silently and converge") {
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    INFO("seed " << seed);
    RandomRun(seed).run();
  }
}

TEST_CASE("hostile events and payloads are dead letters and what is valid beside them is stored") {
  const std::uint64_t seed = 5;
  stats::Stream draw(seed, 0, "hostile");
  ServiceConfig config = service_config({"model-registry"});
  config.enrichment.every = std::nullopt;
  ServiceRig rig(config);
  rig.put_model("good", 1);
  std::size_t delivered = 0;
  const std::string valid = payload(
      "id", "bad", 1, R"("owner_emails":["a@netflix.com"],"labels":[{"key":"k","value":"v"}])");
  for (int i = 0; i < 3000; ++i) {
    rig.event(mangle(R"({"event_type":"model_updated","model_id":"bad"})", draw));
    rig.payloads["/api/v1/models/bad"] = mangle(valid, draw);
    rig.event("model_updated", "model_id", "bad");
    delivered += 2;
    rig.run_for(Duration::milliseconds(20));
  }
  rig.event("model_created", "model_id", "good");
  rig.run_for(Duration::seconds(1));
  CHECK(rig.acked.size() == delivered + 1);
  CHECK(rig.store->counts().dead_letters == rig.service->counters().dead_lettered);
  CHECK(rig.service->counters().dead_lettered > 2500);
  CHECK(rig.fact(model_uri("good"), "version") == "1");
  for (const Notice& notice : rig.notices) {
    if (notice.kind != Notice::Kind::dead_lettered) continue;
    for (const char c : notice.detail) REQUIRE((c >= 0x20 && c < 0x7f));
  }
}
