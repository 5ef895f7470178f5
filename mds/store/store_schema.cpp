#include "mds/store/store_schema.hpp"

#include <string>

#include "base/error.hpp"
#include "mds/store/damage.hpp"

namespace rehearse::mds {
namespace {

// "MLG1" in the header of the file tells a store from any other database.
constexpr std::int64_t kApplication = 0x4d4c4731;
// The low byte of the user version is the format; above it stands how the store was made, so that
// an index that is gone is told from one that never was.
constexpr std::int64_t kFormat = 1;
constexpr std::int64_t kFormatBits = 0xff;
constexpr std::int64_t kWithoutIndex = 0x100;
constexpr std::int64_t kIndexAfter = 0x200;

// Clustered tables (WITHOUT ROWID) where the key is what is looked up; see datom_log.hpp for the
// log, work_queue.hpp for the queues.
constexpr const char* kTables = R"sql(
CREATE TABLE symbol(id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE entity(id INTEGER PRIMARY KEY, uri TEXT NOT NULL UNIQUE, type INTEGER NOT NULL,
                    root INTEGER NOT NULL, life INTEGER NOT NULL, changed INTEGER NOT NULL,
                    sum INTEGER NOT NULL, facts BLOB, edges BLOB);
CREATE INDEX entity_stub ON entity(id) WHERE life = 0;
CREATE TABLE tx(id INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind INTEGER NOT NULL,
                event INTEGER NOT NULL, request INTEGER NOT NULL, datoms INTEGER NOT NULL);
CREATE TABLE change(id INTEGER PRIMARY KEY, tx INTEGER NOT NULL, datoms BLOB NOT NULL);
CREATE TABLE back(target INTEGER NOT NULL, attribute INTEGER NOT NULL, source INTEGER NOT NULL,
                  tx INTEGER NOT NULL, added INTEGER NOT NULL,
                  PRIMARY KEY(target, attribute, source, tx)) WITHOUT ROWID;
CREATE TABLE work_touched(seq INTEGER PRIMARY KEY, entity INTEGER NOT NULL UNIQUE);
CREATE TABLE work_marked(seq INTEGER PRIMARY KEY, entity INTEGER NOT NULL UNIQUE);
CREATE TABLE work_renamed(seq INTEGER PRIMARY KEY, entity INTEGER NOT NULL UNIQUE);
CREATE TABLE work_outdated(seq INTEGER PRIMARY KEY, entity INTEGER NOT NULL UNIQUE);
CREATE TABLE pass(tx INTEGER PRIMARY KEY);
CREATE TABLE enriched(entity INTEGER NOT NULL, tx INTEGER NOT NULL,
                      PRIMARY KEY(entity, tx)) WITHOUT ROWID;
CREATE TABLE dead_letter(id INTEGER PRIMARY KEY, tx INTEGER NOT NULL, event INTEGER NOT NULL,
                         source INTEGER NOT NULL, at INTEGER NOT NULL, reason TEXT NOT NULL,
                         body BLOB NOT NULL);
CREATE TABLE relation(id INTEGER PRIMARY KEY, type TEXT NOT NULL, attribute TEXT NOT NULL,
                      relation TEXT NOT NULL, target TEXT NOT NULL, upstream INTEGER NOT NULL);
CREATE TABLE rule(id INTEGER PRIMARY KEY, name TEXT NOT NULL, inverse TEXT NOT NULL,
                  origin TEXT NOT NULL, similarity REAL NOT NULL, attribute TEXT, value TEXT);
CREATE TABLE rule_step(rule INTEGER NOT NULL, position INTEGER NOT NULL, relation TEXT NOT NULL,
                       backwards INTEGER NOT NULL, target TEXT NOT NULL, attribute TEXT, value TEXT,
                       PRIMARY KEY(rule, position)) WITHOUT ROWID;
)sql";

// Words end at anything but letters and digits, so "ranking-model_v5" holds three.
constexpr const char* kIndexes = R"sql(
CREATE VIRTUAL TABLE entity_index USING fts5(name, description, type, owners, related, tags,
                                             tokenize = 'unicode61');
CREATE VIRTUAL TABLE entity_terms USING fts5vocab(entity_index, row);
CREATE VIRTUAL TABLE owner_index USING fts5(name, handle, groups, tokenize = 'unicode61');
)sql";

// Where the index is written after the facts.
constexpr const char* kBacklog = R"sql(
CREATE TABLE index_due(tx INTEGER NOT NULL, entity INTEGER NOT NULL,
                       PRIMARY KEY(tx, entity)) WITHOUT ROWID;
CREATE INDEX index_due_entity ON index_due(entity);
)sql";

std::int64_t pragma(sqlite3* db, const std::string& name) {
  Statement statement(db, "PRAGMA " + name);
  return statement.step() ? statement.integer(0) : 0;
}

void bind_condition(Statement& statement, int at, const std::optional<Condition>& condition) {
  if (condition) {
    statement.bind_text(at, condition->attribute).bind_text(at + 1, condition->equals);
  } else {
    statement.bind_null(at).bind_null(at + 1);
  }
}

std::optional<Condition> read_condition(const Statement& statement, int at) {
  if (statement.is_null(at)) return std::nullopt;
  return Condition{std::string(statement.bytes(at)), std::string(statement.bytes(at + 1))};
}

void write_rule(sqlite3* db, std::int64_t id, const Rule& rule) {
  Statement insert(db, "INSERT INTO rule VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)");
  insert.bind(1, id).bind_text(2, rule.name).bind_text(3, rule.inverse).bind_text(4, rule.from);
  insert.bind(5, rule.similarity);
  bind_condition(insert, 6, rule.where);
  insert.run();
  Statement step_insert(db, "INSERT INTO rule_step VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)");
  std::int64_t position = 0;
  for (const RuleStep& step : rule.path) {
    step_insert.bind(1, id).bind(2, ++position).bind_text(3, step.relation);
    step_insert.bind(4, step.backwards ? 1 : 0).bind_text(5, step.to);
    bind_condition(step_insert, 6, step.where);
    step_insert.run();
  }
}

void write_schema(sqlite3* db, const Schema& schema) {
  Statement insert(db, "INSERT INTO relation VALUES(NULL, ?1, ?2, ?3, ?4, ?5)");
  for (const RelationDeclaration& r : schema.relations) {
    insert.bind_text(1, r.type).bind_text(2, r.attribute).bind_text(3, r.relation);
    insert.bind_text(4, r.target).bind(5, r.upstream ? 1 : 0).run();
  }
  std::int64_t id = 0;
  for (const Rule& rule : schema.rules) write_rule(db, ++id, rule);
}

std::vector<RuleStep> read_steps(sqlite3* db, std::int64_t rule) {
  Statement select(db,
                   "SELECT relation, backwards, target, attribute, value FROM rule_step "
                   "WHERE rule = ?1 ORDER BY position");
  select.bind(1, rule);
  std::vector<RuleStep> steps;
  while (select.step()) {
    steps.push_back({std::string(select.bytes(0)), select.integer(1) != 0,
                     std::string(select.bytes(2)), read_condition(select, 3)});
  }
  return steps;
}

}  // namespace

bool is_new_store(sqlite3* db) {
  Statement tables(db, "SELECT count(*) FROM sqlite_schema");
  tables.step();
  if (tables.integer(0) == 0) return true;
  const char* path = sqlite3_db_filename(db, "main");
  const std::string file = path != nullptr ? path : "";
  if (pragma(db, "application_id") != kApplication) {
    throw InputError({file, "", 0, 0}, "is a database but not a graph store");
  }
  const std::int64_t format = pragma(db, "user_version") & kFormatBits;
  if (format != kFormat) {
    throw InputError({file, "", 0, 0}, "is a graph store of format " + std::to_string(format) +
                                           "; this version reads format " +
                                           std::to_string(kFormat));
  }
  return false;
}

void create_tables(sqlite3* db, const Schema& schema, bool index, bool after) {
  execute(db, "BEGIN");
  execute(db, "PRAGMA application_id = " + std::to_string(kApplication));
  const std::int64_t made = !index ? kWithoutIndex : after ? kIndexAfter : 0;
  execute(db, "PRAGMA user_version = " + std::to_string(kFormat | made));
  execute(db, kTables);
  if (index) execute(db, kIndexes);
  if (index && after) execute(db, kBacklog);
  write_schema(db, schema);
  execute(db, "COMMIT");
}

Schema read_schema(sqlite3* db) {
  Schema schema;
  Statement relations(db,
                      "SELECT type, attribute, relation, target, upstream FROM relation "
                      "ORDER BY id");
  while (relations.step()) {
    schema.relations.push_back({std::string(relations.bytes(0)), std::string(relations.bytes(1)),
                                std::string(relations.bytes(2)), std::string(relations.bytes(3)),
                                relations.integer(4) != 0});
  }
  Statement rules(db,
                  "SELECT id, name, inverse, origin, similarity, attribute, value FROM rule "
                  "ORDER BY id");
  while (rules.step()) {
    const std::int64_t id = rules.integer(0);
    schema.rules.push_back({std::string(rules.bytes(1)), std::string(rules.bytes(2)),
                            std::string(rules.bytes(3)), read_steps(db, id),
                            read_condition(rules, 5), rules.real(4)});
    // They are written with the numbers 1 to n and a path each, and read without looking again.
    if (id != static_cast<std::int64_t>(schema.rules.size()) || schema.rules.back().path.empty()) {
      throw DamagedStore("the graph store is damaged: rule " + std::to_string(id) +
                         " has another number or no path");
    }
  }
  return schema;
}

bool has_index(sqlite3* db) { return (pragma(db, "user_version") & kWithoutIndex) == 0; }

bool has_index_backlog(sqlite3* db) { return (pragma(db, "user_version") & kIndexAfter) != 0; }

}  // namespace rehearse::mds
