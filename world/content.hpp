// What a scenario says that is true: per source, the entities there at the start, the script, and
// the traces. (How sources change at random, answer and publish is said beside it and read by
// models/.)
//
//   "entities": [ { "type": "Dataset", "count": 1000, "fields": {...}, "tags": [...],
//                   "refs": { "producer": { "count": 1, "pick": "uniform" | "zipf" } } },
//                 { "type": "User", "id": "alice" } ],
//   "script":   [ { "at": "10s", "op": "create" | "update" | "delete", "type": "ModelInstance",
//                   "id": "m1", "fields": {...}, "refs": { "pipeline_run": "r1" },
//                   "owners": ["alice"], "tags": ["team::personalization"] } ],
//   "trace":    see world/trace.hpp
//
// Parts stand under their payload key: "cells": [ { "cell_number": 1, "name": "control" } ]; an
// A/B test's cell is referred to as "12345:1". A script may refer to, change and delete what the
// scenario creates; "may_dangle": true lets an entry refer to what nobody creates.
//
// Generated ids are the type's name in lower case with dashes and a number from 0, at least six
// digits wide (model-instance-000042): two types of one component never meet, and no number has
// two spellings. The population depends on the scenario alone, never on its seed.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/config.hpp"
#include "base/error.hpp"
#include "world/footprint.hpp"
#include "world/shape.hpp"
#include "world/trace.hpp"
#include "world/world.hpp"

namespace rehearse::world {

/// References drawn from the population of their target type, without repetition.
struct RefPick {
  std::size_t count = 1;
  bool zipf = false;  ///< the k-th entity in proportion to 1/k^exponent (stats/zipf.hpp)
  double exponent = 1;
  Where where;
};

/// Entities that exist before time 0: `count` with generated ids, or one with an id of its own.
struct EntityGroup {
  std::size_t count = 1;
  Operation pattern;                     ///< everything but a generated id and picked references
  std::map<std::string, RefPick> picks;  ///< by attribute
  bool may_dangle = false;
  Where where;
};

struct ScriptEntry {
  Time at;
  Operation operation;
  bool may_dangle = false;
  Where where;
};

struct SourceContent {
  std::string source;
  std::vector<EntityGroup> entities;
  std::vector<ScriptEntry> script;
  std::vector<Trace> traces;
};

/// Reads `entities`, `script` and `trace` of a source's section; the caller reads the rest and
/// calls done(). Reads the traces' files. Throws InputError.
SourceContent parse_content(config::Object& section, const SourceShape& shape);

/// Reads "pick" and "exponent" of a section that draws entities: the exponent of "zipf", nullopt
/// for "uniform", which has none. Throws InputError.
std::optional<double> read_zipf(config::Object& section);

struct TimedOperation {
  Time at;
  Operation operation;
};

/// Script and traces of all sources by time; at equal times by source, script before traces, then
/// in the order of the file. Throws InputError for an entity created twice, a script that changes
/// or refers to what nothing creates, and a pick from a type without population. What the footprint
/// holds is taken to exist.
std::vector<TimedOperation> timeline(const std::vector<SourceShape>& sources,
                                     std::vector<SourceContent> contents,
                                     const Footprint& footprint = {});

/// Throws InputError for references picked from a type with fewer entities than asked for. Part of
/// timeline().
void check_picks(const std::vector<SourceShape>& sources,
                 const std::vector<SourceContent>& contents);

/// Creates what exists before the run, at time 0. REQUIRES: timeline() accepted the contents.
void populate(World& world, const std::vector<SourceContent>& contents);

std::string generated_id(std::string_view type, std::size_t number);
/// True for a spelling that generated_id makes.
bool is_generated_id(std::string_view type, std::string_view id);
/// How many ids the population has generated for a type: the first number that is free.
std::size_t generated_count(const std::vector<SourceContent>& contents, const std::string& source,
                            const std::string& type);

}  // namespace rehearse::world
