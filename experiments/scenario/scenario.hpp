// A scenario: all that a run needs to know, checked.
//
// The file's sections belong to the rooms that live by them, and so do their structs and parsers;
// here they are put together, and what only the whole can tell is checked: names that lead nowhere,
// times that do not fit into the run. A scenario that could be loaded can be run.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/config.hpp"
#include "base/time.hpp"
#include "experiments/scenario/questions.hpp"
#include "experiments/scenario/scenario_file.hpp"
#include "explore/system/setup.hpp"
#include "measure/expectation.hpp"
#include "models/host/declaration.hpp"
#include "models/host/simulation.hpp"
#include "models/lifecycle/lifecycle_config.hpp"
#include "world/content.hpp"
#include "world/footprint.hpp"
#include "world/shape.hpp"

namespace rehearse::experiments {

struct Scenario {
  std::string name;
  std::string description;
  Duration warmup;

  // What is true. The index of a source is its place in the scenario file, here and in
  // `simulation`.
  std::vector<world::SourceShape> shapes;
  /// The entities alone: what exists before time 0, that of models included.
  std::vector<world::SourceContent> contents;
  std::vector<world::TimedOperation> timeline;  ///< scripts and traces, in order
  std::uint64_t skipped_rows = 0;               ///< of traces, for their empty time cells
  std::uint64_t late_rows = 0;  ///< operations of traces that are due when the duration is over

  /// Seed, length, sources, buses, network, faults and the service, whose providers are in the
  /// order of the sources.
  models::SimulationConfig simulation;
  world::Footprint footprint;  ///< what random processes and models may create
  config::Node rules;          ///< the rule file, for the oracle

  explore::Settings explore;  ///< what `rehearse explore` may do

  std::vector<PeriodicQuestion> questions;
  std::vector<measure::Expectation> expectations;

  std::optional<models::LifecycleConfig> lifecycle;
  models::Declaration declared;  ///< by the models that act in the run

  std::vector<std::string> hints;  ///< on settings that are allowed and seldom meant; for the user

  std::vector<std::string> source_names() const;
  measure::Subjects subjects() const;  ///< whose names stand in metrics
};

/// Parses what read_scenario has read. Throws InputError.
Scenario parse_scenario(const config::Node& node);
/// The same with further models that declare this. REQUIRES: no section of models in `node`.
Scenario parse_scenario(const config::Node& node, const models::Declaration& declared);

/// Reads and parses a file. Throws InputError.
Scenario load_scenario(const std::filesystem::path& path,
                       const std::vector<Override>& overrides = {});

}  // namespace rehearse::experiments
