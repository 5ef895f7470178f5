#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "stats/random.hpp"
#include "world/uri.hpp"
#include "world/world.hpp"
#include "worlds.hpp"

using namespace rehearse;
using namespace rehearse::world;
using namespace rehearse::test;
using nlohmann::json;

namespace {

std::string dataset(std::size_t k) {
  std::string digits = std::to_string(k);
  return "dataset-" + std::string(6 - digits.size(), '0') + digits;
}

World with_datasets(std::size_t count) {
  World world({*shipped_shape("datasets")});
  for (std::size_t k = 0; k < count; ++k) {
    world.apply(create("datasets", "Dataset", dataset((k * 7919) % count)), Time{0});
  }
  return world;
}

/// All ids of a listing; `between` is called after each page.
template <class Between>
std::vector<std::string> list_all(const World& world, std::size_t limit, Between between,
                                  Time at = at_second(1000)) {
  std::vector<std::string> ids;
  std::string path = "/api/v1/datasets?limit=" + std::to_string(limit);
  while (true) {
    const json page = json::parse(world.get(0, path, at).body);
    for (const json& item : page["items"]) ids.push_back(item["id"]);
    if (!page.contains("next_cursor")) return ids;
    path = "/api/v1/datasets?limit=" + std::to_string(limit) +
           "&cursor=" + percent_encode(page["next_cursor"].get<std::string>());
    between();
  }
}

}  // namespace

TEST_CASE("a listing gives every id once, in order, whatever the page size") {
  World world = with_datasets(2000);
  for (const Paging paging : {Paging::cursor, Paging::offset}) {
    world.set_listing(0, {1000, paging});
    for (const std::size_t limit : {7, 100, 1000}) {
      const auto ids = list_all(world, limit, [] {});
      REQUIRE(ids.size() == 2000);
      REQUIRE(std::is_sorted(ids.begin(), ids.end()));
      REQUIRE(std::set<std::string>(ids.begin(), ids.end()).size() == 2000);
    }
  }
}

TEST_CASE("a source gives no more than its page size, and no cursor after the last page") {
  World world = with_datasets(10);
  world.set_listing(0, {5, Paging::cursor});
  const json page = json::parse(world.get(0, "/api/v1/datasets?limit=50", at_second(1)).body);
  REQUIRE(page["items"].size() == 5);
  REQUIRE(page["next_cursor"] == dataset(4));
  const json last =
      json::parse(world.get(0, "/api/v1/datasets?cursor=" + dataset(4), at_second(1)).body);
  REQUIRE(last["items"].size() == 5);
  REQUIRE_FALSE(last.contains("next_cursor"));
  const json none = json::parse(with_datasets(0).get(0, "/api/v1/datasets", at_second(1)).body);
  REQUIRE(none == json::parse(R"({"items":[]})"));
}

TEST_CASE("a page that loses its items keeps its cursor and says what it lost") {
  World world = with_datasets(12);
  for (const Paging paging : {Paging::cursor, Paging::offset}) {
    world.set_listing(0, {5, paging});
    for (const std::string path : {"/api/v1/datasets", "/api/v1/datasets?cursor=10"}) {
      const json whole = json::parse(world.get(0, path, at_second(1)).body);
      std::vector<std::string> lost;
      const ApiAnswer answer = world.get_without_items(0, path, at_second(1), lost);
      json partial = json::parse(answer.body);
      CHECK(answer.status == 200);
      CHECK(partial["items"].empty());
      for (const std::string& uri : lost) {
        partial["items"].push_back(
            {{"id", uri.substr(std::string("aip://dataset/datasets/").size())}});
      }
      CHECK(partial == whole);
    }
  }
  std::vector<std::string> lost;
  const std::string path = "/api/v1/datasets/" + dataset(0);
  CHECK(world.get_without_items(0, path, at_second(1), lost).body ==
        world.get(0, path, at_second(1)).body);
  CHECK(lost.empty());
}

TEST_CASE("removals while paging shift pages by offset and not pages by cursor") {
  const auto missed = [](Paging paging) {
    World world = with_datasets(100);
    world.set_listing(0, {10, paging});
    std::size_t next = 0;
    const auto ids = list_all(world, 10, [&] {
      world.apply(removal("datasets", "Dataset", dataset(next++)), at_second(1));
    });
    const std::set<std::string> listed(ids.begin(), ids.end());
    std::size_t count = 0;
    for (const Truth& truth : world.all()) {
      count += listed.count(truth.uri.substr(truth.uri.rfind('/') + 1)) == 0 ? 1 : 0;
    }
    return count;
  };
  REQUIRE(missed(Paging::cursor) == 0);
  REQUIRE(missed(Paging::offset) > 0);
}

TEST_CASE("a lagging replica shows the state of the time it is read at") {
  World world({*shipped_shape("datasets")});
  world.retain_history(0, Duration::hours(1));
  world.apply(create("datasets", "Dataset", "old"), Time{-5});
  for (int second = 10; second <= 30; second += 10) {
    Operation change = update("datasets", "Dataset", "old");
    change.fields = {{"name", "at " + std::to_string(second)}};
    world.apply(change, at_second(second));
  }
  world.apply(removal("datasets", "Dataset", "old"), at_second(40));
  world.apply(create("datasets", "Dataset", "young"), at_second(50));
  const auto version = [&](int second) {
    return world.get(0, "/api/v1/datasets/old", at_second(second)).version;
  };
  REQUIRE(version(-3) == 1);
  REQUIRE(version(9) == 1);
  REQUIRE(version(10) == 2);
  REQUIRE(version(29) == 3);
  REQUIRE(version(39) == 4);
  REQUIRE(version(40) == 0);
  REQUIRE(json::parse(world.get(0, "/api/v1/datasets/old", at_second(25)).body)["name"] == "at 20");
  const auto listed = [&](int second) {
    return list_all(
        world, 10, [] {}, at_second(second));
  };
  REQUIRE(listed(39) == std::vector<std::string>{"old"});
  REQUIRE(listed(45).empty());
  REQUIRE(listed(50) == std::vector<std::string>{"young"});
}

TEST_CASE("what no lagging read reaches is forgotten, and nothing else") {
  const std::uint64_t seed = 9;
  stats::Stream draw(seed, 0, "history");
  World whole({*shipped_shape("datasets")});
  World pruned = whole;
  whole.retain_history(0, Duration::hours(1));
  pruned.retain_history(0, Duration::seconds(5));
  const auto version = [](const World& world, const std::string& id, int second) {
    return world.get(0, "/api/v1/datasets/" + id, at_second(second)).version;
  };
  for (int second = 0; second <= 300; ++second) {
    const std::string id = dataset(draw.below(4));
    Operation change = update("datasets", "Dataset", id);
    if (whole.find("aip://dataset/datasets/" + id).value_or(Truth{}).exists) {
      if (draw.chance(0.2)) change = removal("datasets", "Dataset", id);
    } else {
      change = create("datasets", "Dataset", id);
    }
    whole.apply(change, at_second(second));
    pruned.apply(change, at_second(second));
    for (int lag = 0; lag <= std::min(second, 5); ++lag) {
      INFO("seed " << seed << " at " << second << " s, lag " << lag);
      for (std::size_t k = 0; k < 4; ++k) {
        REQUIRE(version(pruned, dataset(k), second - lag) ==
                version(whole, dataset(k), second - lag));
      }
      const std::string list = "/api/v1/datasets?limit=10";
      REQUIRE(pruned.get(0, list, at_second(second - lag)).body ==
              whole.get(0, list, at_second(second - lag)).body);
    }
  }
  int forgotten = 0;
  for (int second = 0; second < 250; ++second) {
    for (std::size_t k = 0; k < 4; ++k) {
      const bool known = version(whole, dataset(k), second) != 0;
      if (known && version(pruned, dataset(k), second) == 0) ++forgotten;
    }
  }
  CHECK(forgotten > 500);
}

TEST_CASE("random picks reach every living entity and no other") {
  World world = with_datasets(50);
  for (std::size_t k = 0; k < 50; k += 2) {
    world.apply(removal("datasets", "Dataset", dataset(k)), at_second(1));
  }
  world.apply(create("datasets", "Dataset", dataset(0)), at_second(2));
  REQUIRE(world.count("Dataset") == 26);
  std::set<std::string> seen;
  for (std::size_t k = 0; k < world.count("Dataset"); ++k) seen.insert(world.id_at("Dataset", k));
  REQUIRE(seen.size() == 26);
  REQUIRE(seen.count(dataset(0)) == 1);
  REQUIRE(seen.count(dataset(2)) == 0);
}

TEST_CASE("listings stay right under random creations and removals") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    stats::Stream stream(seed, 0, "listing");
    World world({*shipped_shape("datasets")});
    world.set_listing(0, {1000, Paging::cursor});
    std::set<std::string> expected;
    for (int step = 0; step < 2000; ++step) {
      const std::string id = std::to_string(stream.below(1500));
      const bool create_it = stream.chance(0.7);
      if (create_it) {
        world.apply(create("datasets", "Dataset", id), at_second(step));
        expected.insert(id);
      } else {
        world.apply(removal("datasets", "Dataset", id), at_second(step));
        expected.erase(id);
      }
    }
    const auto ids = list_all(
        world, 1 + stream.below(300), [] {}, at_second(5000));
    REQUIRE(ids == std::vector<std::string>(expected.begin(), expected.end()));
  }
}
