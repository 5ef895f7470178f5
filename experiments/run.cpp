#include "experiments/run.hpp"

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "base/version.hpp"
#include "experiments/filling.hpp"
#include "experiments/operations.hpp"
#include "experiments/run_parts.hpp"
#include "mds/contract/provider.hpp"
#include "mds/graph/graph.hpp"
#include "mds/store/store_reset.hpp"
#include "measure/audit.hpp"
#include "measure/recorder.hpp"
#include "measure/trace_writer.hpp"
#include "models/host/built_in_service.hpp"
#include "models/host/simulation.hpp"
#include "sim/simgrid_calendar.hpp"

namespace rehearse::experiments {
namespace {

models::SimulationConfig simulation_config(const Scenario& scenario, std::uint64_t replication) {
  models::SimulationConfig config = scenario.simulation;
  config.replication = replication;
  config.service.replication = replication;
  return config;
}

mds::Schema schema_of(const mds::ServiceConfig& service) {
  return mds::make_schema(service.providers, service.rules);
}

// A run's graph begins empty, whatever an earlier run has left in the file; and replications, which
// may be at work at the same time, keep theirs in files of their own.
mds::StoreOptions store_options(const mds::StoreOptions& settings, std::uint64_t replication) {
  mds::StoreOptions options = settings;
  if (options.path.empty()) return options;
  if (replication > 0) options.path += "." + std::to_string(replication);
  mds::empty_store(options.path);
  return options;
}

std::unique_ptr<measure::TraceWriter> make_trace(const Scenario& scenario,
                                                 const RunOptions& options,
                                                 const measure::RecorderConfig& recorder) {
  if (!options.trace) return nullptr;
  measure::TraceHeader header;
  header.scenario = scenario.name;
  header.seed = scenario.simulation.seed;
  header.replication = options.replication;
  header.program = std::string(version());
  header.run = recorder;
  return std::make_unique<measure::TraceWriter>(*options.trace, std::move(header));
}

/// Tells the share of `length` that has passed.
class Progress {
 public:
  Progress(const std::function<void(double)>& tell, Duration length)
      : tell_(tell), length_(length) {}
  void on(const models::Changed&, Time now) {
    constexpr std::uint64_t kChangesPerLook = 1024;
    if (++changes_ % kChangesPerLook == 0) tell_(now.to_seconds() / length_.to_seconds());
  }

 private:
  const std::function<void(double)>& tell_;
  Duration length_;
  std::uint64_t changes_ = 0;
};

/// All that one run consists of, made and destroyed in one place.
class Run {
 public:
  Run(const Scenario& scenario, const RunOptions& options)
      : scenario_(scenario),
        options_(options),
        config_(simulation_config(scenario, options.replication)),
        calendar_(config_.network.model),
        world_(make_world(scenario)),
        oracle_(world_, scenario.rules),
        store_(store_options(config_.service.store, options.replication),
               schema_of(config_.service)),
        service_(config_.service, store_),
        recorder_(recorder_config(scenario)),
        trace_(make_trace(scenario, options, recorder_.config())),
        progress_(options.progress, config_.duration + config_.quiesce),
        simulation_(config_, feeds_of(scenario), calendar_, world_, oracle_, service_,
                    happenings_) {
    if (!scenario.lifecycle) return;
    operations_ = std::make_unique<Operations>(
        scenario, config_,
        models::LifecycleHost::Surroundings{calendar_, simulation_, world_, happenings_});
  }

  reports::RunResult result() {
    fill();
    happenings_.subscribe(recorder_);
    if (trace_) happenings_.subscribe(*trace_);
    if (options_.progress) happenings_.subscribe(progress_);
    for (const auto& periodic : scenario_.questions) ask_later(periodic, 1);
    if (operations_) operations_->start(world_.all(), happenings_);
    simulation_.run();
    ask_at_the_end();
    recorder_.finish();
    if (trace_) trace_->finish();
    return summed_up();
  }

  void copy_graph(const std::filesystem::path& path) { store_.copy_to(path.string()); }
  std::uint64_t events() const { return calendar_.executed(); }

 private:
  // What is known and true then is what the recorder and the trace start from.
  void fill() {
    Filling filling;
    happenings_.subscribe(filling);
    simulation_.hydrate();
    happenings_.unsubscribe(filling);
    const std::vector<world::Truth> truth = world_.all();
    const std::vector<world::Edge> edges = oracle_.edges();
    recorder_.start(truth, filling.reports, edges);
    if (!trace_) return;
    std::vector<world::Route> routes;
    for (const world::Edge& edge : edges) routes.push_back({edge, oracle_.route(edge)});
    trace_->start(truth, filling.reports, routes);
    oracle_.follow_routes();
  }

  // One event in the calendar per question, however often it is asked.
  void ask_later(const PeriodicQuestion& periodic, std::int64_t n) {
    const Time when = Time{} + periodic.every * n;
    if (when > Time{} + config_.duration) return;
    calendar_.at(when, [this, &periodic, n] {
      simulation_.ask(periodic.question);
      ask_later(periodic, n + 1);
    });
  }

  // Once more when all is quiet, for the divergences alone.
  void ask_at_the_end() {
    recorder_.stop_counting_answers();
    for (const auto& periodic : scenario_.questions) simulation_.ask(periodic.question);
  }

  reports::RunResult summed_up() {
    reports::RunResult result;
    result.scenario = scenario_.name;
    result.seed = config_.seed;
    result.version = std::string(version());
    result.window = recorder_.config().window;
    result.metrics = recorder_.metrics({store_.counts(), service_.counters(), calendar_.ties(),
                                        scenario_.skipped_rows, scenario_.late_rows});
    result.audit = measure::audit(world_, oracle_, mds::Graph(store_), recorder_, options_.detail);
    result.audit.add_to(result.metrics);
    if (operations_) operations_->finish(result, options_.detail);
    result.expectations = measure::evaluate(scenario_.expectations, result.metrics);
    result.digest = store_.digest();
    result.series = recorder_.series();
    return result;
  }

  const Scenario& scenario_;
  const RunOptions& options_;
  models::SimulationConfig config_;
  sim::SimGridCalendar calendar_;
  world::World world_;
  world::Oracle oracle_;
  mds::Store store_;
  models::BuiltInService service_;
  measure::Recorder recorder_;
  std::unique_ptr<measure::TraceWriter> trace_;  // nullptr where none is wanted
  Progress progress_;
  models::Happenings happenings_;
  models::Simulation simulation_;
  std::unique_ptr<Operations> operations_;
};

}  // namespace

FinishedRun run(const Scenario& scenario, const RunOptions& options) {
  const os::PerfMeter meter;
  Run run(scenario, options);
  FinishedRun finished;
  finished.result = run.result();
  if (options.graph_copy) run.copy_graph(*options.graph_copy);
  finished.perf = meter.read(run.events());
  return finished;
}

}  // namespace rehearse::experiments
