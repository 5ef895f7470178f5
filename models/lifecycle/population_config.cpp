#include "models/lifecycle/population_config.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "base/csv.hpp"
#include "base/csv_cells.hpp"
#include "base/text/clock_text.hpp"
#include "base/text/utf8.hpp"
#include "world/shape.hpp"
#include "world/trace_time.hpp"

namespace rehearse::models {
namespace {

using config::Node;
using config::Object;

constexpr std::size_t kMostFeatures = 1000;
constexpr double kFarthest = 9.2e18;  // nanoseconds that a time holds

/// When rows were made: a column, or equal steps.
struct RowTimes {
  std::optional<std::size_t> column;
  world::TimeNotation notation = {"", Duration::seconds(1).ns};
  Duration every = {};
  std::optional<std::int64_t> origin;  ///< in nanoseconds, as parsed
};

class PopulationReader {
 public:
  explicit PopulationReader(const Node& node)
      : object_(node),
        csv_node_(object_.require("csv")),
        path_(config::to_path(csv_node_)),
        csv_(path_) {
    read_times(object_.require("time"));
    label_ = column(object_.require("label"));
    const Node& features = object_.require("features");
    for (const Node& item : features.items) features_.push_back(column(item));
    speedup_ = object_.number("speedup", 1, {0, 1e12, true});
    object_.done();
  }

  std::shared_ptr<const learning::RecordedRows> read(Duration window, Duration duration) {
    csv::Row row;
    while (csv_.next(row)) take(row);
    if (raw_.empty()) config::fail(csv_node_, path_.string() + " has no rows");
    rows_.features = features_.size();
    place(window);
    auto made = std::make_shared<const learning::RecordedRows>(std::move(rows_));
    check_begin(*made);
    check_end(*made, window, duration);
    return made;
  }

 private:
  std::size_t column(const Node& node) const {
    const std::string name = config::to_string(node);
    const auto& header = csv_.header();
    const auto found = std::find(header.begin(), header.end(), name);
    if (found == header.end()) {
      config::fail(
          node, "no column " + name + " in " + path_.string() + world::known_names(name, header));
    }
    return static_cast<std::size_t>(found - header.begin());
  }

  void read_times(const Node& node) {
    if (node.kind != config::Kind::object) {
      times_.column = column(node);
      return;
    }
    Object object(node);
    if (object.has("every")) {
      times_.every = object.duration("every", {});
      if (times_.every <= Duration{}) {
        config::fail(object.require("every"), "found \"0s\"; a time above 0 is allowed");
      }
      if (object.has("origin")) times_.origin = object.duration("origin", {}).ns;
    } else {
      times_.column = column(object.require("column"));
      times_.notation = world::read_notation(object);
      if (const Node* origin = object.find("origin")) read_origin(*origin);
    }
    object.done();
  }

  void read_origin(const Node& node) {
    const bool dated = times_.notation.dated();
    times_.origin = world::parse_time(times_.notation, dated ? config::to_string(node) : node.text);
    if (!times_.origin) {
      config::fail(node, config::shown(node) + "; a time as in the column is needed");
    }
  }

  [[noreturn]] void refuse(const csv::Row& row, std::size_t column, const std::string& due) const {
    const std::string& text = row.cells[column];
    throw InputError(Where{path_.string(), "", row.line, column + 1},
                     "column \"" + printable(csv_.header()[column]) + "\": " +
                         (text.empty() ? "nothing" : "\"" + printable(text) + "\"") + "; " + due);
  }

  void take(const csv::Row& row) {
    raw_.push_back(time_of(row));
    const csv::Cell label = csv::read_cell(row.cells[label_]);
    if (label.kind != csv::CellKind::number || (label.value != 0 && label.value != 1)) {
      refuse(row, label_, "a label is 0 or 1");
    }
    rows_.clicked.push_back(label.value == 1 ? 1 : 0);
    for (const std::size_t feature : features_) {
      const csv::Cell cell = csv::read_cell(row.cells[feature]);
      const bool absent = cell.kind == csv::CellKind::missing;
      if (!absent && (cell.kind == csv::CellKind::text || !std::isfinite(cell.value))) {
        refuse(row, feature, "a finite number or nothing is due");
      }
      rows_.values.push_back(absent ? std::numeric_limits<double>::quiet_NaN() : cell.value);
    }
  }

  std::int64_t time_of(const csv::Row& row) {
    if (!times_.column) {
      const auto at = static_cast<Int128>(times_.every.ns) * static_cast<Int128>(raw_.size());
      if (at > static_cast<Int128>(kFarthest)) refuse(row, 0, "the row's time is too late");
      return static_cast<std::int64_t>(at);
    }
    const std::string& text = row.cells[*times_.column];
    const auto at = world::parse_time(times_.notation, text);
    if (!at) refuse(row, *times_.column, world::time_problem(times_.notation, text));
    if (!raw_.empty() && *at < raw_.back() && goes_back_++ == 0) goes_back_at_ = row.line;
    return *at;
  }

  /// Puts rows into the run.
  void place(Duration window) {
    const Int128 zero = times_.origin.value_or(*std::min_element(raw_.begin(), raw_.end()));
    const Duration before = times_.origin ? Duration{} : whole_hours(window);
    for (const std::int64_t raw : raw_) {
      const double since = std::round(static_cast<double>(raw - zero) / speedup_);
      if (!(std::abs(since) < kFarthest / 2)) {
        config::fail(csv_node_, "a row of " + path_.string() + " lies more than a century away");
      }
      const bool exact = speedup_ == 1;
      rows_.at.push_back(Time{exact ? static_cast<std::int64_t>(raw - zero) : std::llround(since)} -
                         before);
    }
  }

  static Duration whole_hours(Duration window) {
    const Duration hour = Duration::hours(1);
    return hour * ((window.ns + hour.ns - 1) / hour.ns);
  }

  void check_begin(const learning::RecordedRows& rows) const {
    if (rows.first() < learning::Hour{0}) return;
    config::fail(object_.node(),
                 "no row of " + path_.string() +
                     " lies before \"origin\", where the run begins; the first version is trained "
                     "on rows before it");
  }

  void check_end(const learning::RecordedRows& rows, Duration window, Duration duration) const {
    const Time end = rows.last().next().start();
    if (end >= Time{} + duration) return;
    const double left = std::max(0.0, end.to_seconds());
    std::string message = path_.string() + " ends " + duration_text(left) + " into the run";
    if (!times_.origin) {
      message += ", which begins " + duration_text(window.to_seconds()) + " after the first row";
    }
    message += ", and its \"duration\" is " + duration_text(duration.to_seconds()) +
               "; allowed is at most what the rows hold";
    if (goes_back_ > 0) {
      message += "; the time goes back " + std::to_string(goes_back_) + " times, first in line " +
                 std::to_string(goes_back_at_) +
                 ": where it is none, rows at equal steps are {\"every\": \"30m\"}";
    }
    config::fail(csv_node_, message);
  }

  Object object_;
  const Node& csv_node_;
  std::filesystem::path path_;
  csv::Reader csv_;
  RowTimes times_;
  std::size_t label_ = 0;
  std::vector<std::size_t> features_;
  double speedup_ = 1;
  std::vector<std::int64_t> raw_;  ///< as the file has them, in nanoseconds
  std::size_t goes_back_ = 0, goes_back_at_ = 0;
  learning::TimedRows rows_;
};

[[noreturn]] void refuse_drawn(const Node& node, const std::string& what) {
  config::fail(node, what + " is of a drawn world; a \"population\" holds what happened");
}

}  // namespace

std::vector<std::string> population_features(const Node& node) {
  Object object(node);
  const Node& list = object.require("features");
  if (list.kind != config::Kind::array || list.items.empty() || list.items.size() > kMostFeatures) {
    config::fail(list, "found " + config::shown(list) + "; a list of 1 to 1000 columns is allowed");
  }
  const std::string label = config::to_string(object.require("label"));
  std::vector<std::string> names;
  for (const Node& item : list.items) {
    const std::string name = config::to_string(item);
    if (std::find(names.begin(), names.end(), name) != names.end()) {
      config::fail(item, "found " + config::shown(item) + " a second time");
    }
    if (name == label) config::fail(item, "found the label, which no request knows");
    names.push_back(name);
  }
  return names;
}

void take_population(Object& model, Duration duration, lifecycle::ModelSettings& settings) {
  const Node& node = model.require("population");
  for (const char* key : {"relation", "drifts", "features"}) {
    if (const Node* drawn = model.find(key)) refuse_drawn(*drawn, "\"" + std::string(key) + "\"");
  }
  if (settings.training.data.join == learning::Join::latest) {
    refuse_drawn(*model.find("training")->find("joins"), "the join \"latest\"");
  }
  for (std::size_t i = 0; i < settings.defects.size(); ++i) {
    const lifecycle::Defect& defect = settings.defects[i].defect;
    const Node& where = model.find("defects")->items.at(i);
    if (std::holds_alternative<lifecycle::Leak>(defect)) refuse_drawn(where, "leak");
    if (std::holds_alternative<lifecycle::TurnTo>(defect)) {
      refuse_drawn(where, "a turn to an engagement");
    }
  }
  settings.recorded = PopulationReader(node).read(settings.training.data.window, duration);
}

}  // namespace rehearse::models
