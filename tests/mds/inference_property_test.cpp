// Derived edges kept up to date change by change must equal what walking every path of the current
// facts gives. The facts are kept a second time in a plain map here, and the paths are walked by
// brute force, so that the store's walker is judged by other code.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "mds/graph/graph.hpp"
#include "mds/store/store.hpp"
#include "stats/random.hpp"
#include "store_fixture.hpp"

namespace rehearse::mds {
namespace {

using namespace test;

// Four types with references forwards, to each other and to themselves, so that there are cycles.
const std::vector<std::string> kTypes = {"A", "B", "C", "D"};
constexpr int kPerType = 5;

struct Link {
  std::string from, attribute, relation, to;
};
const std::vector<Link> kLinks = {{"A", "b", "toB", "B"}, {"B", "c", "toC", "C"},
                                  {"C", "d", "toD", "D"}, {"B", "peer", "peer", "B"},
                                  {"D", "a", "toA", "A"}, {"A", "tags_of", "uses", "D"}};

Schema schema() {
  Schema schema;
  for (const Link& link : kLinks) {
    schema.relations.push_back({link.from, link.attribute, link.relation, link.to, true});
  }
  schema.rules = {
      {"chain", "chained", "A", {{"toB", false, "B"}, {"toC", false, "C"}, {"toD", false, "D"}}},
      {"cycle", "cycled", "A", {{"toB", false, "B"}, {"peer", false, "B"}, {"toC", false, "C"}}},
      {"back", "backed", "C", {{"toC", true, "B"}, {"peer", false, "B"}, {"toB", true, "A"}}},
      {"round", "rounded", "A", {{"uses", false, "D"}, {"toA", false, "A"}}},
      {"released",
       "releases",
       "A",
       {{"toB", false, "B", Condition{"state", "on"}}, {"toC", false, "C"}},
       Condition{"state", "on"}},
      {"similar", "similar", "A", {{"uses", false, "D"}, {"uses", true, "A"}}, {}, 0.5}};
  return schema;
}

std::string name(const std::string& type, int i) {
  return "aip://" + type + "/x/" + std::to_string(i);
}

struct Truth {
  std::string type;
  std::string state;
  std::map<std::string, std::set<std::string>> references;  // by relation
};
using World = std::map<std::string, Truth>;
using Edges = std::vector<DerivedEdge>;

bool fits(const World& world, const std::string& uri, const std::string& type,
          const std::optional<Condition>& where) {
  const auto found = world.find(uri);
  return found != world.end() && found->second.type == type &&
         (!where || found->second.state == where->equals);
}

std::set<std::string> live_targets(const World& world, const std::string& uri,
                                   const RuleStep& step) {
  std::set<std::string> found;
  for (const auto& [other, truth] : world) {
    const auto& holder = step.backwards ? truth : world.at(uri);
    const auto references = holder.references.find(step.relation);
    if (references == holder.references.end()) continue;
    if (references->second.contains(step.backwards ? uri : other) &&
        fits(world, other, step.to, step.where)) {
      found.insert(other);
    }
  }
  return found;
}

std::set<std::string> ends_of_path(const World& world, const std::string& start, const Rule& rule) {
  std::set<std::string> at{start};
  for (const RuleStep& step : rule.path) {
    std::set<std::string> next;
    for (const std::string& uri : at) next.merge(live_targets(world, uri, step));
    at = next;
  }
  at.erase(start);
  return at;
}

std::set<std::string> similar_to(const World& world, const std::string& start, const Rule& rule) {
  std::set<std::string> found;
  const auto own = live_targets(world, start, rule.path[0]);
  for (const auto& [other, truth] : world) {
    if (other == start || truth.type != rule.from) continue;
    const auto theirs = live_targets(world, other, rule.path[0]);
    std::size_t shared = 0;
    for (const std::string& uri : own) shared += theirs.count(uri);
    const std::size_t united = own.size() + theirs.size() - shared;
    if (shared > 0 && static_cast<double>(shared) >= rule.similarity * double(united)) {
      found.insert(other);
    }
  }
  return found;
}

Edges walk_everything(const World& world, const Schema& schema) {
  std::set<DerivedEdge> edges;
  for (const Rule& rule : schema.rules) {
    for (const auto& [uri, truth] : world) {
      if (!fits(world, uri, rule.from, rule.where)) continue;
      const auto ends =
          rule.similarity > 0 ? similar_to(world, uri, rule) : ends_of_path(world, uri, rule);
      for (const std::string& end : ends) edges.insert({uri, rule.name, end});
    }
  }
  return {edges.begin(), edges.end()};
}

class Sequence {
 public:
  explicit Sequence(std::uint64_t seed)
      : random_(stats::Stream(seed, 0, "inference-property")), store_({}, schema_) {}

  void run(int edits) {
    for (int i = 0; i < edits; ++i) {
      now_ = now_ + Duration::seconds(1);
      edit();
      if (below(4) == 0) enrich_some(1 + static_cast<std::size_t>(below(3)));
      if (below(12) == 0) check();
    }
    check();
    check_the_past();
  }

 private:
  int below(int n) { return static_cast<int>(random_.below(static_cast<std::uint64_t>(n))); }

  void edit() {
    const std::string& type = kTypes[static_cast<std::size_t>(below(4))];
    const std::string uri = name(type, below(kPerType));
    if (below(5) == 0) {
      remove(store_, uri, now_);
      world_.erase(uri);
      return;
    }
    Truth truth{type, below(3) > 0 ? "on" : "off", {}};
    EntityFacts facts{uri, type, {text("state", truth.state), number("version", now_.ns)}};
    for (const Link& link : kLinks) {
      if (link.from != type) continue;
      for (int i = below(4); i > 0; --i) {
        const std::string to = name(link.to, below(kPerType));
        if (!truth.references[link.relation].insert(to).second) continue;
        facts.facts.push_back({link.attribute, Reference{to, link.to}});
      }
    }
    put(store_, {with(facts, {}), {}}, now_);
    world_[uri] = truth;
  }

  void enrich_some(std::size_t limit) {
    store_.begin(now_, {CauseKind::enrichment, {}, {}});
    store_.enrich(limit);
    store_.commit();
  }

  void check() {
    while (store_.marked_for_enrichment() > 0) enrich_some(7);
    const Edges expected = walk_everything(world_, schema_);
    REQUIRE(Graph(store_).derived_edges() == expected);
    REQUIRE(store_.counts().edges == expected.size());
    REQUIRE(store_.counts().entities == world_.size());
    past_.emplace_back(now_, expected);
  }

  void check_the_past() {
    for (const auto& [at, expected] : past_) {
      REQUIRE(Graph::as_of(store_, at).derived_edges() == expected);
    }
  }

  Schema schema_ = schema();
  stats::Stream random_;
  Store store_;
  World world_;
  std::vector<std::pair<Time, Edges>> past_;
  Time now_;
};

void run_sequences(std::uint64_t first, std::uint64_t count) {
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    INFO("replay with REHEARSE_SEED=" << seed);
    Sequence(seed).run(40);
  }
}

}  // namespace

TEST_CASE("edges kept up to date equal walking every path on random graphs and edits") {
  const char* seed = std::getenv("REHEARSE_SEED");
  if (seed != nullptr) {
    run_sequences(std::strtoull(seed, nullptr, 10), 1);
  } else {
    run_sequences(1, 500);
  }
}

TEST_CASE("edges kept up to date equal walking every path in 10000 random sequences", "[long]") {
  run_sequences(100'000, 10'000);
}

}  // namespace rehearse::mds
