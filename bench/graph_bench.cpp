// How fast the graph answers, on a graph of a million edges: neighbours, lineage, and both as of a
// past moment, beside what SQLite alone needs to fetch the rows under the answer.
//
//   graph_bench [INSTANCES [VERSIONS]]       default 72000 and 5: a million edges, and up to five
//                                            versions of a fact
//
// "warm" is the process that wrote the graph, where rows are in the store's caches; "opened" is a
// copy opened from a file, every question about an entity that was not asked about before.
// "version N" is a view as of the end of round N. Neighbours are those of entities with 1 to 20 of
// them, lineage is three steps downstream of datasets that give 900 to 1100 results. Each
// question is timed by itself, in processor time, and its median of five rounds counts. The floor
// runs prepared statements that fetch the rows of the same entities and looks at nothing in them.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "generated_graph.hpp"
#include "mds/graph/graph.hpp"
#include "mds/store/store_core.hpp"
#include "stats/random.hpp"

namespace rehearse::bench {
namespace {

using mds::EntityId;
using mds::Graph;
using mds::Statement;

constexpr std::size_t kQuestions = 5'000;
constexpr std::size_t kLineages = 100;
constexpr std::size_t kRounds = 5;
constexpr std::size_t kMostNeighbours = 20;
constexpr std::size_t kFewestResults = 900, kMostResults = 1'100, kHops = 3;

// Processor time of this thread in microseconds; reading the clock costs about 0.2 of one.
double microseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

struct Times {
  std::vector<double> each;  ///< microseconds, one a question
  std::size_t results = 0;

  double mean() const {
    double sum = 0;
    for (const double time : each) sum += time;
    return sum / static_cast<double>(each.size());
  }
  double quantile(double q) const {
    std::vector<double> sorted = each;
    std::sort(sorted.begin(), sorted.end());
    return sorted[static_cast<std::size_t>(q * static_cast<double>(sorted.size() - 1))];
  }
};

using Uris = std::vector<std::string>;
using Ask = std::function<std::size_t(const std::string&)>;

// Of several rounds over the same questions, the median of each: what other programs do to the
// cache at a moment is not a property of a question.
Times medians(const std::vector<Times>& rounds) {
  Times times = rounds.front();
  std::vector<double> same(rounds.size());
  for (std::size_t i = 0; i < times.each.size(); ++i) {
    for (std::size_t r = 0; r < rounds.size(); ++r) same[r] = rounds[r].each[i];
    std::sort(same.begin(), same.end());
    times.each[i] = same[same.size() / 2];
  }
  return times;
}

Times time_each(const Uris& uris, const Ask& ask) {
  Times times;
  for (const std::string& uri : uris) {
    const double start = microseconds();
    times.results += ask(uri);
    times.each.push_back(microseconds() - start);
  }
  return times;
}

void show_head() {
  fmt::print("{:<34} {:>7} {:>7} {:>7} {:>7} {:>8} {:>5} {:>7}\n", "question", "results", "mean us",
             "p50 us", "p99 us", "floor us", "ratio", "of now");
}

void show(const std::string& what, const Times& times, double floor, double now) {
  fmt::print("{:<34} {:>7.1f} {:>7.1f} {:>7.1f} {:>7.1f} {:>8.1f} {:>5.2f} {:>7.2f}\n", what,
             static_cast<double>(times.results) / static_cast<double>(times.each.size()),
             times.mean(), times.quantile(0.5), times.quantile(0.99), floor, times.mean() / floor,
             times.mean() / now);
}

// What SQLite alone needs for the rows under an answer.
class Floor {
 public:
  explicit Floor(const mds::Store& store)
      : entities_(store.core().entities),
        row_(store.core().db,
             "SELECT uri, type, root, life, changed, facts, edges FROM entity WHERE id = ?1"),
        back_(store.core().db,
              "SELECT attribute, source, added FROM back WHERE target = ?1 AND tx <= ?2 "
              "ORDER BY attribute, source, tx"),
        changes_(store.core().db,
                 "SELECT tx, datoms FROM change WHERE id BETWEEN ?1 AND ?2 ORDER BY id") {}

  std::vector<EntityId> numbers(const Uris& uris) const {
    std::vector<EntityId> ids;
    for (const std::string& uri : uris) ids.push_back(entities_.find(uri));
    return ids;
  }

  /// The edges that lead to `followed`, and the rows of `rows`.
  void fetch(const std::vector<EntityId>& followed, const std::vector<EntityId>& rows,
             std::int64_t until) {
    for (const EntityId id : followed) {
      back_.bind(1, id).bind(2, until);
      while (back_.step()) touch(back_, 1);
      back_.reset();
    }
    for (const EntityId id : rows) {
      if (until == mds::kLatest) {
        row_.bind(1, id).step();
        touch(row_, 5);
        row_.reset();
        continue;
      }
      changes_.bind(1, id << 32).bind(2, ((id + 1) << 32) - 1);
      while (changes_.step() && changes_.integer(0) <= until) touch(changes_, 1);
      changes_.reset();
    }
  }

 private:
  void touch(const Statement& statement, int column) { seen_ += statement.bytes(column).size(); }

  const mds::EntityTable& entities_;
  Statement row_, back_, changes_;
  std::size_t seen_ = 0;
};

// Whose rows are under an answer, and whose edges were followed for it.
struct Read {
  Uris rows, followed;
};

struct Kind {
  std::string name;
  std::function<Read(const Graph&, const std::string&)> reads;
  std::function<std::size_t(const Graph&, const std::string&)> ask;
};

const Kind& neighbours() {
  static const Kind kind = {
      "neighbours",
      [](const Graph& graph, const std::string& uri) {
        Read read{{uri}, {uri}};
        for (const mds::Neighbour& n : graph.neighbours(uri)) read.rows.push_back(n.entity.uri);
        return read;
      },
      [](const Graph& graph, const std::string& uri) { return graph.neighbours(uri).size(); }};
  return kind;
}

const Kind& lineage() {
  static const Kind kind = {
      "lineage",
      [](const Graph& graph, const std::string& uri) {
        Read read{{uri}, {uri}};
        for (const mds::LineageEntry& e : graph.lineage(uri, mds::Direction::downstream, kHops)) {
          read.rows.push_back(e.entity.uri);
          if (e.depth < kHops) read.followed.push_back(e.entity.uri);
        }
        return read;
      },
      [](const Graph& graph, const std::string& uri) {
        return graph.lineage(uri, mds::Direction::downstream, kHops).size();
      }};
  return kind;
}

// The same statement of rows for each question.
Times time_floor(const mds::Store& store, const Kind& kind, const Graph& graph, const Uris& uris) {
  Floor floor(store);
  Times times;
  for (const std::string& uri : uris) {
    const Read read = kind.reads(graph, uri);
    const std::vector<EntityId> rows = floor.numbers(read.rows);
    const std::vector<EntityId> followed = floor.numbers(read.followed);
    const double start = microseconds();
    floor.fetch(followed, rows, graph.view().until());
    times.each.push_back(microseconds() - start);
  }
  return times;
}

using Moments = std::vector<std::pair<std::string, std::optional<Time>>>;  // none: now

Graph graph_at(const mds::Store& store, const std::optional<Time>& at) {
  return at ? Graph::as_of(store, *at) : Graph(store);
}

// The questions now and as of each moment, asked again in the process that wrote the graph.
void measure_warm(const mds::Store& store, const Kind& kind, const Uris& uris,
                  const Moments& moments) {
  double now = 0;
  for (const auto& [when, at] : moments) {
    const Graph graph = graph_at(store, at);
    const auto ask = [&](const std::string& uri) { return kind.ask(graph, uri); };
    time_each(uris, ask);
    std::vector<Times> rounds;
    std::vector<Times> floors;
    for (std::size_t round = 0; round < kRounds; ++round) {
      rounds.push_back(time_each(uris, ask));
      floors.push_back(time_floor(store, kind, graph, uris));
    }
    const Times times = medians(rounds);
    if (!at) now = times.mean();
    show(kind.name + ", warm, " + when, times, medians(floors).mean(), now);
  }
}

// The same in a file that was just opened, so that nothing is remembered of any entity.
void measure_opened(const std::string& path, const Kind& kind, const Uris& uris,
                    const Moments& moments) {
  double now = 0;
  for (const auto& [when, at] : moments) {
    std::vector<Times> rounds;
    std::vector<Times> floors;
    for (std::size_t round = 0; round < kRounds; ++round) {
      const mds::Store store(path);
      const Graph graph = graph_at(store, at);
      rounds.push_back(
          time_each(uris, [&](const std::string& uri) { return kind.ask(graph, uri); }));
      floors.push_back(time_floor(store, kind, graph, uris));
    }
    const Times times = medians(rounds);
    if (!at) now = times.mean();
    show(kind.name + ", opened, " + when, times, medians(floors).mean(), now);
  }
}

Uris choose(const Graph& graph, const Kind& kind, const Uris& from, std::size_t fewest,
            std::size_t most, std::size_t wanted) {
  Uris chosen;
  for (const std::string& uri : from) {
    const std::size_t count = kind.ask(graph, uri);
    if (count >= fewest && count <= most) chosen.push_back(uri);
    if (chosen.size() == wanted) break;
  }
  return chosen;
}

Uris shuffled(Uris uris) {
  stats::Stream random(1, 0, "graph-bench");
  for (std::size_t i = uris.size(); i > 1; --i) std::swap(uris[i - 1], uris[random.below(i)]);
  return uris;
}

int run(const GraphSize& size) {
  mds::Store store({}, generated_schema());
  const GeneratedGraph made = generate_graph(store, size);
  const mds::StoreCounts counts = store.counts();
  fmt::print("graph: {} edges ({} references, {} derived), {} entities, {} datoms\n",
             made.references + static_cast<std::int64_t>(counts.edges), made.references,
             counts.edges, counts.entities, counts.datoms);
  fmt::print("written in {:.1f} s: {:.0f} documents/s, enrichment included\n\n", made.seconds,
             static_cast<double>(made.documents) / made.seconds);
  const std::string path = fmt::format("{}/graph_bench.{}.db",
                                       std::filesystem::temp_directory_path().string(), getpid());
  store.copy_to(path);
  const Graph graph(store);
  const Uris all = shuffled(graph.live_documents());
  const Uris around = choose(graph, neighbours(), all, 1, kMostNeighbours, kQuestions);
  Uris datasets;
  for (const std::string& uri : all) {
    if (uri.starts_with("aip://dataset/")) datasets.push_back(uri);
  }
  const Uris roots = choose(graph, lineage(), datasets, kFewestResults, kMostResults, kLineages);
  const Moments moments = {{"now", std::nullopt},
                           {fmt::format("version {}", (size.versions + 1) / 2),
                            made.rounds[static_cast<std::size_t>(size.versions - 1) / 2]},
                           {fmt::format("version {}", size.versions), made.rounds.back()}};
  show_head();
  for (const auto& [kind, uris] : {std::pair(&neighbours(), &around), {&lineage(), &roots}}) {
    if (uris->empty()) continue;
    measure_warm(store, *kind, *uris, moments);
    measure_opened(path, *kind, *uris, moments);
  }
  std::filesystem::remove(path);
  return 0;
}

}  // namespace
}  // namespace rehearse::bench

int main(int argc, char** argv) {
  rehearse::bench::GraphSize size;
  if (argc > 1) size.instances = std::strtoll(argv[1], nullptr, 10);
  if (argc > 2) size.versions = std::strtoll(argv[2], nullptr, 10);
  return rehearse::bench::run(size);
}
