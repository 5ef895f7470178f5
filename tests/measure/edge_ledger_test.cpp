#include "measure/edge_ledger.hpp"

#include <catch2/catch.hpp>
#include <iterator>
#include <map>
#include <set>

#include "stats/random.hpp"

using namespace rehearse;
using namespace rehearse::measure;

namespace {

constexpr Time at(std::int64_t seconds) { return Time{} + Duration::seconds(seconds); }
constexpr Int128 kSecond = 1'000'000'000;
const Window kWhole{at(0), at(100), at(100)};
const EdgeName kEdge{"aip://model/registry/m", "associatedAbTest",
                     "aip://ab-test/experimentation/1"};
const EdgeName kOther{"aip://model/registry/n", "associatedAbTest",
                      "aip://ab-test/experimentation/1"};

void end(EdgeLedger& ledger, const Window& window) {
  ledger.advance(window.end);
  ledger.finish();
}

}  // namespace

TEST_CASE("precision and recall are integrals of the sets of edges") {
  EdgeLedger ledger(kWhole);
  ledger.truth_changed({kEdge}, {}, at(10));
  ledger.graph_changed(kEdge, true, at(30));
  ledger.truth_changed({}, {kEdge}, at(70));
  ledger.graph_changed(kEdge, false, at(80));
  end(ledger, kWhole);
  CHECK(ledger.totals().truth == 60 * kSecond);
  CHECK(ledger.totals().graph == 50 * kSecond);
  CHECK(ledger.totals().both == 40 * kSecond);
  CHECK(ledger.sizes().precision() == 1);
  CHECK(ledger.sizes().recall() == 1);
  CHECK(ledger.lags().summary().max == 20);
  CHECK(ledger.retraction_lags().summary().max == 10);
  CHECK(ledger.path_lags().summary().count == 2);
  CHECK(ledger.never_seen() == 0);
  CHECK(ledger.phantoms() == 0);
}

TEST_CASE("only changes with which the graph does not agree are kept") {
  EdgeLedger ledger(kWhole);
  for (int i = 0; i < 40; ++i) {
    ledger.truth_changed(i % 2 == 0 ? std::vector{kEdge, kOther} : std::vector<EdgeName>{},
                         i % 2 == 0 ? std::vector<EdgeName>{} : std::vector{kEdge, kOther}, at(i));
    CHECK(ledger.open_changes() == 1);
    ledger.graph_changed(kEdge, i % 2 == 0, at(i));
    if (i > 20) ledger.graph_changed(kOther, i % 2 == 0, at(i));
  }
  CHECK(ledger.open_changes() == 0);
  end(ledger, kWhole);
  CHECK(ledger.path_lags().summary().count == 40);
}

TEST_CASE("an edge that ends before the graph had it was never seen and leaves no lag") {
  EdgeLedger ledger(kWhole);
  ledger.truth_changed({kEdge}, {}, at(10));
  ledger.truth_changed({}, {kEdge}, at(20));
  end(ledger, kWhole);
  CHECK(ledger.never_seen() == 1);
  CHECK(ledger.lags().summary().count == 0);
  CHECK(ledger.retraction_lags().summary().count == 0);
  // The first change agreed with the graph again when the second took it back.
  CHECK(ledger.path_lags().summary().count == 2);
  CHECK(ledger.path_lags().summary().max == 10);
}

TEST_CASE("an edge that begins anew before it was retracted has a lag of 0 and no retraction lag") {
  EdgeLedger ledger(kWhole);
  ledger.start({kEdge}, {kEdge});
  ledger.truth_changed({}, {kEdge}, at(10));
  ledger.truth_changed({kEdge}, {}, at(15));
  end(ledger, kWhole);
  CHECK(ledger.retraction_lags().summary().count == 0);
  CHECK(ledger.lags().summary().count == 1);
  CHECK(ledger.lags().summary().max == 0);
}

TEST_CASE("an edge that held at no single time is a phantom, once") {
  EdgeLedger ledger(kWhole);
  ledger.graph_changed(kEdge, true, at(10));
  ledger.graph_changed(kEdge, false, at(20));
  ledger.graph_changed(kEdge, true, at(30));
  CHECK(ledger.phantoms() == 1);
  CHECK(ledger.disagreements().front().phantom);
  ledger.truth_changed({kOther}, {}, at(40));
  ledger.truth_changed({}, {kOther}, at(50));
  ledger.graph_changed(kOther, true, at(60));  // late, but it was true once
  CHECK(ledger.phantoms() == 1);
  CHECK(ledger.sizes().precision() == 0);
}

TEST_CASE("unfinished lags count with their length so far") {
  const Window window{at(0), at(100), at(120)};
  EdgeLedger ledger(window);
  ledger.start({kOther}, {kOther});
  ledger.truth_changed({kEdge}, {kOther}, at(90));
  end(ledger, window);
  CHECK(ledger.lags().summary().censored == 1);
  CHECK(ledger.lags().summary().max == 30);
  CHECK(ledger.retraction_lags().summary().censored == 1);
  CHECK(ledger.path_lags().summary().censored == 1);
  REQUIRE(ledger.disagreements().size() == 2);
  CHECK(ledger.disagreements()[0].edge == kEdge);
  CHECK(ledger.disagreements()[0].in_truth);
  CHECK_FALSE(ledger.disagreements()[1].in_truth);
}

TEST_CASE("a change's path lag ends with the last of its edges") {
  EdgeLedger ledger(kWhole);
  ledger.truth_changed({kEdge, kOther}, {}, at(10));
  ledger.graph_changed(kEdge, true, at(20));
  CHECK(ledger.path_lags().summary().count == 0);
  ledger.graph_changed(kOther, true, at(50));
  CHECK(ledger.path_lags().summary().count == 1);
  CHECK(ledger.path_lags().summary().max == 40);
}

namespace {

// The same measurements from sets of edges, looked at in every nanosecond.
struct Reference {
  Window window;
  std::set<EdgeName> truth, graph, ever, phantoms;
  std::map<EdgeName, std::int64_t> begun, gone;  // lags under way
  std::multiset<std::int64_t> lags, retractions;
  Int128 in_truth = 0, in_graph = 0, in_both = 0;
  std::uint64_t never_seen = 0;

  void keep(std::multiset<std::int64_t>& list, std::int64_t from, std::int64_t to) const {
    if (window.contains({from})) list.insert(to - from);
  }
  void flip_truth(const EdgeName& e, std::int64_t t) {
    if (truth.insert(e).second) {
      ever.insert(e);
      gone.erase(e);
      if (graph.contains(e)) keep(lags, t, t);
      if (!graph.contains(e)) begun[e] = t;
      return;
    }
    truth.erase(e);
    never_seen += begun.erase(e);
    if (graph.contains(e)) gone[e] = t;
  }
  void flip_graph(const EdgeName& e, std::int64_t t) {
    std::map<EdgeName, std::int64_t>& waiting = graph.contains(e) ? gone : begun;
    if (waiting.contains(e)) keep(graph.contains(e) ? retractions : lags, waiting[e], t);
    waiting.erase(e);
    if (graph.erase(e) > 0) return;
    graph.insert(e);
    if (!ever.contains(e)) phantoms.insert(e);
  }
  void look() {
    in_truth += truth.size();
    in_graph += graph.size();
    for (const EdgeName& e : truth) in_both += graph.contains(e) ? 1 : 0;
  }
  void end() {
    for (const auto& [e, t] : begun) keep(lags, t, window.end.ns);
    for (const auto& [e, t] : gone) keep(retractions, t, window.end.ns);
  }
};

double median(const std::multiset<std::int64_t>& lengths) {
  if (lengths.empty()) return 0;
  return Duration{*std::next(lengths.begin(), static_cast<long>(lengths.size() + 1) / 2 - 1)}
      .to_seconds();
}

void flip(stats::Stream& random, EdgeLedger& ledger, Reference& reference, std::int64_t t) {
  const std::uint64_t number = random.below(5);
  const EdgeName e{"m" + std::to_string(number % 3), "r", "t" + std::to_string(number)};
  if (random.chance(0.5)) {
    ledger.graph_changed(e, !reference.graph.contains(e), {t});
    reference.flip_graph(e, t);
    return;
  }
  const std::vector<EdgeName> one{e};
  const std::vector<EdgeName> none;
  const bool ends = reference.truth.contains(e);
  ledger.truth_changed(ends ? none : one, ends ? one : none, {t});
  reference.flip_truth(e, t);
}

}  // namespace

TEST_CASE("edge integrals, lags and phantoms equal a reference on random histories") {
  const std::uint64_t first = 20260201;
  for (std::uint64_t seed = first; seed < first + 200; ++seed) {
    INFO("seed " << seed);
    stats::Stream random(seed, 0, "edges");
    const Window window{{50}, {250}, {300}};
    EdgeLedger ledger(window);
    Reference reference;
    reference.window = window;
    EdgeLedger::Totals begin;
    EdgeLedger::Totals until;
    for (std::int64_t t = 0; t < window.end.ns; ++t) {
      ledger.advance({t});
      if (t == window.begin.ns) begin = ledger.totals();
      if (t == window.until.ns) until = ledger.totals();
      while (random.chance(0.2)) flip(random, ledger, reference, t);
      if (window.contains({t})) reference.look();
    }
    reference.end();
    end(ledger, window);
    REQUIRE(until.truth - begin.truth == reference.in_truth);
    REQUIRE(until.graph - begin.graph == reference.in_graph);
    REQUIRE(until.both - begin.both == reference.in_both);
    REQUIRE(ledger.phantoms() == reference.phantoms.size());
    REQUIRE(ledger.never_seen() == reference.never_seen);
    REQUIRE(ledger.lags().summary().count == reference.lags.size());
    REQUIRE(ledger.retraction_lags().summary().count == reference.retractions.size());
    REQUIRE(ledger.lags().summary().p50 == median(reference.lags));
    REQUIRE(ledger.retraction_lags().summary().p50 == median(reference.retractions));
  }
}
