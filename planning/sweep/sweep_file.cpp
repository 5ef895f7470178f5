#include "planning/sweep/sweep_file.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <array>

#include "reports/replicated.hpp"

namespace rehearse::planning {
namespace {

constexpr int kApplication = 0x52687377;  // "Rhsw"
constexpr int kFormat = 1;
const std::string kSchema = R"(
CREATE TABLE design(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE conditions(condition INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE parameters(parameter INTEGER PRIMARY KEY, pointer TEXT NOT NULL, unit TEXT NOT NULL,
  suffix TEXT NOT NULL);
CREATE TABLE settings(point INTEGER, parameter INTEGER, value TEXT NOT NULL, amount REAL,
  PRIMARY KEY(point, parameter)) WITHOUT ROWID;
CREATE TABLE metrics(metric INTEGER PRIMARY KEY, name TEXT NOT NULL, unit TEXT NOT NULL,
  shown INTEGER);
CREATE TABLE results(point INTEGER, replication INTEGER, metric INTEGER, value REAL NOT NULL,
  PRIMARY KEY(point, replication, metric)) WITHOUT ROWID;
CREATE TABLE estimates(point INTEGER, metric INTEGER, runs INTEGER NOT NULL, mean REAL NOT NULL,
  deviation REAL NOT NULL, low REAL, high REAL, PRIMARY KEY(point, metric)) WITHOUT ROWID;
CREATE VIEW results_by_name AS SELECT point, replication, name AS metric, value
  FROM results JOIN metrics USING(metric);
CREATE VIEW estimates_by_name AS SELECT point, name AS metric, unit, runs, mean, deviation, low, high
  FROM estimates JOIN metrics USING(metric);
)";
constexpr std::array<std::pair<Unit, const char*>, 5> kUnits{{{Unit::rate, "rate"},
                                                              {Unit::duration, "duration"},
                                                              {Unit::number, "number"},
                                                              {Unit::whole, "whole"},
                                                              {Unit::word, "word"}}};

const char* text_of(Unit unit) {
  return std::find_if(kUnits.begin(), kUnits.end(),
                      [unit](const auto& u) { return u.first == unit; })
      ->second;
}

Unit unit_of(const std::string& text) {
  const auto found = std::find_if(kUnits.begin(), kUnits.end(),
                                  [&text](const auto& u) { return u.second == text; });
  if (found == kUnits.end()) throw SQLite::Exception("unknown unit " + text);
  return found->first;
}

std::int64_t number(std::uint64_t value) { return static_cast<std::int64_t>(value); }

void bind_optional(SQLite::Statement& statement, int index, const std::optional<double>& value) {
  if (value) {
    statement.bind(index, *value);
  } else {
    statement.bind(index);
  }
}

void write_design(SQLite::Database& db, const Design& design) {
  SQLite::Statement pair(db, "INSERT INTO design VALUES(?, ?)");
  const std::array<std::pair<std::string, std::string>, 5> pairs{
      {{"fingerprint", design.fingerprint},
       {"replications", std::to_string(design.replications)},
       {"scenario", design.scenario},
       {"seed", std::to_string(design.seed)},
       {"version", design.version}}};
  for (const auto& [key, value] : pairs) {
    pair.reset();
    pair.bind(1, key);
    pair.bind(2, value);
    pair.exec();
  }
  SQLite::Statement condition(db, "INSERT INTO conditions(text) VALUES(?)");
  for (const std::string& text : design.conditions) {
    condition.reset();
    condition.bind(1, text);
    condition.exec();
  }
}

void write_grid(SQLite::Database& db, const Design& design) {
  SQLite::Statement parameter(db, "INSERT INTO parameters VALUES(?, ?, ?, ?)");
  for (std::size_t i = 0; i < design.parameters.size(); ++i) {
    parameter.reset();
    parameter.bind(1, number(i));
    parameter.bind(2, design.parameters[i].pointer);
    parameter.bind(3, text_of(design.parameters[i].unit));
    parameter.bind(4, design.parameters[i].suffix);
    parameter.exec();
  }
  SQLite::Statement setting(db, "INSERT INTO settings VALUES(?, ?, ?, ?)");
  for (std::size_t point = 0; point < design.points.size(); ++point) {
    for (std::size_t i = 0; i < design.parameters.size(); ++i) {
      const Value& value = design.points[point][i];
      setting.reset();
      setting.bind(1, number(point));
      setting.bind(2, number(i));
      setting.bind(3, value.text);
      bind_optional(setting, 4, value.amount);
      setting.exec();
    }
  }
}

void write_metrics(SQLite::Database& db, const Design& design) {
  SQLite::Statement metric(db, "INSERT INTO metrics VALUES(?, ?, ?, ?)");
  for (std::size_t i = 0; i < design.metrics.size(); ++i) {
    metric.reset();
    metric.bind(1, number(i));
    metric.bind(2, design.metrics[i].name);
    metric.bind(3, design.metrics[i].unit);
    const auto shown = std::find(design.shown.begin(), design.shown.end(), i);
    if (shown == design.shown.end()) {
      metric.bind(4);
    } else {
      metric.bind(4, number(static_cast<std::uint64_t>(shown - design.shown.begin())));
    }
    metric.exec();
  }
}

void write_runs(SQLite::Database& db, const Sweep& sweep) {
  SQLite::Statement result(db, "INSERT INTO results VALUES(?, ?, ?, ?)");
  for (const auto& [key, values] : sweep.runs) {
    for (std::size_t metric = 0; metric < values.size(); ++metric) {
      result.reset();
      result.bind(1, number(key.point));
      result.bind(2, number(key.replication));
      result.bind(3, number(metric));
      result.bind(4, values[metric]);
      result.exec();
    }
  }
  SQLite::Statement estimate(db, "INSERT INTO estimates VALUES(?, ?, ?, ?, ?, ?, ?)");
  for (std::size_t point = 0; point < sweep.design.points.size(); ++point) {
    for (std::size_t metric = 0; metric < sweep.design.metrics.size(); ++metric) {
      const std::vector<double> values = sweep.values(point, metric);
      if (values.empty()) break;
      const reports::MetricSpread spread = reports::spread_of(values);
      estimate.reset();
      estimate.bind(1, number(point));
      estimate.bind(2, number(metric));
      estimate.bind(3, number(values.size()));
      estimate.bind(4, spread.mean);
      estimate.bind(5, spread.deviation);
      bind_optional(estimate, 6,
                    spread.interval95 ? std::optional(spread.interval95->low) : std::nullopt);
      bind_optional(estimate, 7,
                    spread.interval95 ? std::optional(spread.interval95->high) : std::nullopt);
      estimate.exec();
    }
  }
}

void read_design(SQLite::Database& db, Design& design) {
  const auto value = [&db](const char* key) {
    SQLite::Statement pair(db, "SELECT value FROM design WHERE key = ?");
    pair.bind(1, key);
    if (!pair.executeStep()) throw SQLite::Exception(std::string("no ") + key);
    return pair.getColumn(0).getString();
  };
  design.fingerprint = value("fingerprint");
  design.replications = std::stoull(value("replications"));
  design.scenario = value("scenario");
  design.seed = std::stoull(value("seed"));
  design.version = value("version");
  SQLite::Statement condition(db, "SELECT text FROM conditions ORDER BY condition");
  while (condition.executeStep()) design.conditions.push_back(condition.getColumn(0).getString());
  SQLite::Statement parameter(db,
                              "SELECT pointer, unit, suffix FROM parameters ORDER BY parameter");
  while (parameter.executeStep()) {
    design.parameters.push_back({parameter.getColumn(0).getString(),
                                 unit_of(parameter.getColumn(1).getString()),
                                 parameter.getColumn(2).getString()});
  }
  SQLite::Statement setting(db,
                            "SELECT point, value, amount FROM settings ORDER BY point, parameter");
  while (setting.executeStep()) {
    const auto point = static_cast<std::size_t>(setting.getColumn(0).getInt64());
    if (point >= design.points.size()) design.points.resize(point + 1);
    Value value_there{setting.getColumn(1).getString(), std::nullopt};
    if (!setting.isColumnNull(2)) value_there.amount = setting.getColumn(2).getDouble();
    design.points[point].push_back(std::move(value_there));
  }
  SQLite::Statement metric(db, "SELECT name, unit FROM metrics ORDER BY metric");
  while (metric.executeStep()) {
    design.metrics.push_back({metric.getColumn(0).getString(), metric.getColumn(1).getString()});
  }
  SQLite::Statement shown(db, "SELECT metric FROM metrics WHERE shown IS NOT NULL ORDER BY shown");
  while (shown.executeStep()) {
    design.shown.push_back(static_cast<std::size_t>(shown.getColumn(0).getInt64()));
  }
}

void check_design(const Design& design) {
  for (const Point& point : design.points) {
    if (point.size() != design.parameters.size()) throw SQLite::Exception("a point is not whole");
  }
  if (design.parameters.empty() || design.points.empty() || design.metrics.empty()) {
    throw SQLite::Exception("a table is empty");
  }
}

void read_runs(SQLite::Database& db, Sweep& sweep) {
  SQLite::Statement result(
      db, "SELECT point, replication, value FROM results ORDER BY point, replication, metric");
  while (result.executeStep()) {
    const RunKey key{static_cast<std::size_t>(result.getColumn(0).getInt64()),
                     static_cast<std::uint64_t>(result.getColumn(1).getInt64())};
    sweep.runs[key].push_back(result.getColumn(2).getDouble());
  }
  for (const auto& [key, values] : sweep.runs) {
    if (key.point >= sweep.design.points.size() || key.replication >= sweep.design.replications ||
        values.size() != sweep.design.metrics.size()) {
      throw SQLite::Exception("a run is not whole");
    }
  }
}

Where place(const std::filesystem::path& path) { return {path.string(), {}, 0, 0}; }

}  // namespace

void write_sweep(const Sweep& sweep, const std::filesystem::path& path) {
  try {
    SQLite::Database db(path.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    // The file is new: what a crash would leave is thrown away by the caller.
    db.exec("PRAGMA page_size = 4096; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF");
    db.exec("PRAGMA application_id = " + std::to_string(kApplication));
    db.exec("PRAGMA user_version = " + std::to_string(kFormat));
    SQLite::Transaction transaction(db);
    db.exec(kSchema);
    write_design(db, sweep.design);
    write_grid(db, sweep.design);
    write_metrics(db, sweep.design);
    write_runs(db, sweep);
    transaction.commit();
  } catch (const SQLite::Exception& error) {
    throw InputError(place(path), std::string("cannot be written: ") + error.what());
  }
}

Sweep read_sweep(const std::filesystem::path& path) {
  try {
    SQLite::Database db(path.string(), SQLite::OPEN_READONLY);
    if (db.execAndGet("PRAGMA application_id").getInt() != kApplication) {
      throw InputError(place(path), "is not a sweep (sweep.db of `rehearse sweep --out`)");
    }
    if (const int format = db.execAndGet("PRAGMA user_version").getInt(); format != kFormat) {
      throw InputError(place(path), "is a sweep of format " + std::to_string(format) +
                                        "; this version reads format " + std::to_string(kFormat));
    }
    Sweep sweep;
    read_design(db, sweep.design);
    check_design(sweep.design);
    read_runs(db, sweep);
    return sweep;
  } catch (const SQLite::Exception& error) {
    throw InputError(place(path), std::string("cannot be read as a sweep: ") + error.what());
  } catch (const std::logic_error& error) {  // of std::stoull
    throw InputError(place(path), std::string("cannot be read as a sweep: ") + error.what());
  }
}

void merge_sweep(Sweep& into, const Sweep& from, const Where& where) {
  check_same(into.design, from.design, where);
  into.design.replications = std::max(into.design.replications, from.design.replications);
  for (const auto& [key, values] : from.runs) {
    const auto [there, fresh] = into.runs.emplace(key, values);
    if (!fresh && there->second != values) {
      throw InputError(where, "has other results for " + point_text(into.design, key.point) +
                                  ", replication " + std::to_string(key.replication) +
                                  "; the machines or programs are not of one kind");
    }
  }
}

}  // namespace rehearse::planning
