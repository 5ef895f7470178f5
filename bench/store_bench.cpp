// How fast the fact store writes and reads, beside what SQLite alone costs.
//
// The floor is measured in the same run: prepared statements that write the very rows which the
// store wrote (taken from the finished store), in the same transactions with the same savepoints,
// tables and indexes, without looking anything up, comparing or encoding.
//
// Documents of many parts are written three times, with half of the parts new each time; what a
// part costs must not depend on how many there are.
//
//   store_bench [ENTITIES [UPDATES]]       default 100000 and 1000000
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "mds/graph/graph.hpp"
#include "mds/store/store.hpp"
#include "mds/store/store_core.hpp"
#include "mds/store/store_file.hpp"
#include "stats/random.hpp"

namespace rehearse::mds {
namespace {

constexpr std::int64_t kUsers = 500;
constexpr std::int64_t kRuns = 20;  // one run to so many instances

// Processor time, so that other programs on the machine do not count.
double seconds(const std::function<void()>& work) {
  const std::clock_t start = std::clock();
  work();
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

Schema schema() {
  return {{{"ModelInstance", "pipeline_run", "producedBy", "PipelineRun", true},
           {"ModelInstance", "features", "uses", "Feature", true},
           {"PipelineRun", "pipeline", "runOf", "Pipeline", true},
           {"*", "owners", "ownedBy", "User", false}},
          {{"trainedByPipeline",
            "trainsModelInstance",
            "ModelInstance",
            {{"producedBy", false, "PipelineRun"}, {"runOf", false, "Pipeline"}}}}};
}

Document instance(std::int64_t i, std::int64_t version, std::int64_t state) {
  const std::string n = std::to_string(i);
  const std::string user = "aip://user/identity/user-" + std::to_string(i % kUsers);
  const std::string run = "aip://pipeline-run/orchestrator/run-" + std::to_string(i / kRuns);
  const std::string feature = "aip://feature/feature-store/feature-" + std::to_string(i % 1009);
  return {{"aip://model/registry/model-instance-" + n,
           "ModelInstance",
           {{"created_at", std::int64_t{0}},
            {"description", "instance " + n + " of a model that ranks titles for members"},
            {"features", Reference{feature, "Feature"}},
            {"model_version", "v" + std::to_string(i % 17)},
            {"name", "ranking-model-" + n},
            {"owners", Reference{user, "User"}},
            {"pipeline_run", Reference{run, "PipelineRun"}},
            {"state", "state-" + std::to_string(state)},
            {"tags", "team::team-" + std::to_string(i % 40)},
            {"version", version}}},
          {}};
}

void put(Store& store, const Document& document, std::int64_t at) {
  store.begin(Time{at}, {CauseKind::event, {static_cast<std::uint64_t>(at)}, {}});
  store.put(document, Time{at});
  store.commit();
}

// One transaction as the store left it.
struct Row {
  std::int64_t entity = 0;
  std::string change;
};

struct Rows {
  std::vector<Row> changes;  // by transaction
  std::vector<std::string> uris;
  std::vector<std::vector<std::int64_t>> back;  // by source: target, attribute, ...
  std::vector<std::vector<std::string>> texts;
  std::vector<std::string> facts;
};

Rows read_rows(const Store& store) {
  sqlite3* db = store.core().db;
  Rows rows;
  Statement changes(db, "SELECT id >> 32, tx, datoms FROM change");
  while (changes.step()) {
    const auto tx = static_cast<std::size_t>(changes.integer(1));
    if (rows.changes.size() <= tx) rows.changes.resize(tx + 1);
    rows.changes[tx] = {changes.integer(0), std::string(changes.bytes(2))};
  }
  Statement entities(db, "SELECT id, uri, facts FROM entity ORDER BY id");
  while (entities.step()) {
    rows.uris.resize(static_cast<std::size_t>(entities.integer(0)) + 1);
    rows.facts.resize(rows.uris.size());
    rows.uris.back() = entities.bytes(1);
    rows.facts.back() = entities.bytes(2);
  }
  rows.back.resize(rows.uris.size());
  rows.texts.resize(rows.uris.size());
  Statement back(db, "SELECT source, target, attribute FROM back ORDER BY tx");
  while (back.step()) {
    auto& list = rows.back[static_cast<std::size_t>(back.integer(0))];
    list.push_back(back.integer(1));
    list.push_back(back.integer(2));
  }
  Statement texts(db,
                  "SELECT rowid, name, description, type, owners, related, tags FROM entity_index");
  while (texts.step()) {
    auto& list = rows.texts[static_cast<std::size_t>(texts.integer(0))];
    for (int i = 1; i <= 6; ++i) list.emplace_back(texts.bytes(i));
  }
  return rows;
}

// The floor: the same rows through plain prepared statements.
class Floor {
 public:
  Floor()
      : file_(StoreFile::create({}, schema())),
        tx_(db(), "INSERT INTO tx VALUES(?1, ?2, 1, ?2, 0, 2)"),
        change_(db(), "INSERT INTO change VALUES(?1, ?2, ?3)"),
        back_(db(), "INSERT INTO back VALUES(?1, ?2, ?3, ?4, 1)"),
        entity_(db(), "INSERT INTO entity VALUES(?1, ?2, 1, ?1, ?3, ?4, 1, ?5, NULL)"),
        touched_(db(), "INSERT OR IGNORE INTO work_touched(entity) VALUES(?1)"),
        update_(db(), "UPDATE entity SET changed = ?2, sum = ?3, facts = ?4 WHERE id = ?1"),
        text_(db(),
              "INSERT INTO entity_index(rowid, name, description, type, owners, related, tags) "
              "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)") {
    file_.begin();
  }

  void load(const Rows& rows, std::size_t first_tx, std::size_t last_tx) {
    std::size_t next = 1;
    for (std::size_t tx = first_tx; tx <= last_tx; ++tx) {
      const Row& row = rows.changes[tx];
      const auto at = static_cast<std::size_t>(row.entity);
      file_.savepoint();
      insert_entity(rows, at, tx, true);
      next = std::max(next, at + 1);
      // Stubs that this document was the first to refer to follow it.
      for (; next < rows.uris.size() && rows.facts[next].empty(); ++next) {
        insert_entity(rows, next, tx, false);
      }
      const auto& back = rows.back[at];
      for (std::size_t i = 0; i < back.size(); i += 2) {
        back_.bind(1, back[i]).bind(2, back[i + 1]).bind(3, row.entity);
        back_.bind(4, static_cast<std::int64_t>(tx)).run();
      }
      insert_log(row, tx);
      insert_text(rows, at);
      touched_.bind(1, row.entity).run();
      file_.release();
    }
  }

  void update(const Rows& rows, std::size_t first_tx) {
    for (std::size_t tx = first_tx; tx < rows.changes.size(); ++tx) {
      const Row& row = rows.changes[tx];
      file_.savepoint();
      insert_log(row, tx);
      update_.bind(1, row.entity).bind(2, static_cast<std::int64_t>(tx));
      update_.bind(3, static_cast<std::int64_t>(tx * 0x9e3779b97f4a7c15U));
      update_.bind_blob(4, rows.facts[static_cast<std::size_t>(row.entity)]).run();
      file_.release();
    }
  }

 private:
  sqlite3* db() { return file_.handle(); }
  void insert_entity(const Rows& rows, std::size_t id, std::size_t tx, bool live) {
    entity_.bind(1, static_cast<std::int64_t>(id)).bind_text(2, rows.uris[id]);
    entity_.bind(3, live ? 1 : 0).bind(4, static_cast<std::int64_t>(tx));
    entity_.bind_blob(5, rows.facts[id]).run();
  }
  void insert_log(const Row& row, std::size_t tx) {
    tx_.bind(1, static_cast<std::int64_t>(tx)).bind(2, static_cast<std::int64_t>(tx)).run();
    change_.bind(1, (row.entity << 32) + static_cast<std::int64_t>(tx));
    change_.bind(2, static_cast<std::int64_t>(tx));
    change_.bind_blob(3, row.change).run();
  }
  void insert_text(const Rows& rows, std::size_t id) {
    text_.bind(1, static_cast<std::int64_t>(id));
    for (int i = 0; i < 6; ++i) text_.bind_text(i + 2, rows.texts[id][static_cast<std::size_t>(i)]);
    text_.run();
  }

  StoreFile file_;
  Statement tx_, change_, back_, entity_, touched_, update_, text_;
};

void show(const char* what, std::int64_t count, double ours, double floor) {
  std::printf("%-28s %9lld  %8.0f/s  floor %8.0f/s  ratio %.2f\n", what,
              static_cast<long long>(count), static_cast<double>(count) / ours,
              static_cast<double>(count) / floor, ours / floor);
}

// Microseconds for each part of a document of `count` parts.
double part_cost(std::int64_t count) {
  Store store({}, schema());
  constexpr std::int64_t kRounds = 3;
  const double spent = seconds([&] {
    for (std::int64_t round = 0; round < kRounds; ++round) {
      Document document{{"aip://ab-test/experimentation/t", "ABTest", {{"version", round + 1}}},
                        {}};
      for (std::int64_t i = 0; i < count; ++i) {
        const std::string id = std::to_string(round * count / 2 + i);
        document.parts.push_back(
            {"aip://ab-test-cell/experimentation/" + id, "ABTestCell", {{"name", "cell " + id}}});
      }
      put(store, document, round + 1);
    }
  });
  return 1e6 * spent / static_cast<double>(kRounds * count);
}

void show_parts() {
  const double few = part_cost(1'000);
  const double many = part_cost(30'000);
  std::printf("%-28s %9d  %6.1f us each, %6.1f of 1000: ratio %.2f\n", "parts of a document",
              30'000, many, few, many / few);
}

void run(std::int64_t entities, std::int64_t updates) {
  Store store({}, schema());
  std::vector<Document> documents;
  for (std::int64_t i = 0; i < entities; ++i) documents.push_back(instance(i, 1, 0));
  const double load = seconds([&] {
    for (std::int64_t i = 0; i < entities; ++i) {
      put(store, documents[static_cast<std::size_t>(i)], i + 1);
      if (i % 1000 == 0) store.take_reports();
    }
  });
  std::vector<std::int64_t> versions(static_cast<std::size_t>(entities), 1);
  stats::Stream random(1, 0, "store-bench");
  double update = 0;
  for (std::int64_t done = 0; done < updates;) {
    documents.clear();
    const std::int64_t batch = std::min<std::int64_t>(50'000, updates - done);
    for (std::int64_t k = 0; k < batch; ++k) {
      const std::uint64_t i = random.below(static_cast<std::uint64_t>(entities));
      const std::int64_t version = ++versions[i];
      documents.push_back(instance(static_cast<std::int64_t>(i), version, version / 2));
    }
    update += seconds([&] {
      for (std::int64_t k = 0; k < batch; ++k) {
        put(store, documents[static_cast<std::size_t>(k)], entities + done + k + 1);
        if (k % 1000 == 0) store.take_reports();
      }
    });
    done += batch;
  }
  const Rows rows = read_rows(store);
  Floor floor;
  const double floor_load =
      seconds([&] { floor.load(rows, 1, static_cast<std::size_t>(entities)); });
  const double floor_update =
      seconds([&] { floor.update(rows, static_cast<std::size_t>(entities) + 1); });
  show("new documents", entities, load, floor_load);
  show("updates", updates, update, floor_update);
  const double enrich = seconds([&] {
    store.begin(Time{entities + updates + 1}, {CauseKind::enrichment, {}, {}});
    store.enrich(static_cast<std::size_t>(entities) * 2);
    store.commit();
  });
  std::printf("%-28s %9lld  %8.0f/s\n", "enrichment", static_cast<long long>(entities),
              static_cast<double>(entities) / enrich);
  show_parts();
}

}  // namespace
}  // namespace rehearse::mds

int main(int argc, char** argv) {
  const std::int64_t entities = argc > 1 ? std::strtoll(argv[1], nullptr, 10) : 100'000;
  const std::int64_t updates = argc > 2 ? std::strtoll(argv[2], nullptr, 10) : 1'000'000;
  rehearse::mds::run(entities, updates);
  return 0;
}
