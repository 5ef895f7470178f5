#include "world/trace.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

#include "base/csv.hpp"
#include "base/error.hpp"
#include "base/text/utf8.hpp"
#include "world/attributes.hpp"
#include "world/trace_time.hpp"

namespace rehearse::world {
namespace {

/// Text made from a row: pieces of columns and constants.
struct CellText {
  struct Piece {
    std::string text;
    std::optional<std::size_t> column;
  };
  std::vector<Piece> pieces;
  std::string separator;  ///< of a list of ids; empty: no list

  /// Empty when any of its columns is.
  std::string of(const csv::Row& row) const {
    std::string text;
    for (const Piece& piece : pieces) {
      if (!piece.column) {
        text += piece.text;
      } else if (row.cells[*piece.column].empty()) {
        return {};
      } else {
        text += row.cells[*piece.column];
      }
    }
    return text;
  }
};

struct FieldColumn {
  FieldShape shape;
  CellText text;
  std::optional<FieldValue> constant;
};

struct RefColumn {
  RefShape shape;
  CellText text;
};

struct TimeColumn {
  std::size_t column = 0;
  TimeNotation notation;
  std::optional<std::int64_t> origin;
};

/// One operation made from every row.
struct RowOperation {
  TimeColumn time;
  Op op = Op::create;
  bool upsert = false;
  std::string type;
  CellText id;
  std::vector<FieldColumn> fields;
  std::vector<RefColumn> refs;
};

struct Condition {
  std::size_t column = 0;
  std::vector<std::string> allowed;
};

class TraceReader {
 public:
  TraceReader(const config::Node& node, const SourceShape& shape)
      : object_(node), shape_(shape), file_(config::to_path(object_.require("csv"))) {
    trace_.file = file_.string();
    csv_ = std::make_unique<csv::Reader>(file_);
    for (const auto& [name, wanted] : members_of(object_.find("where"))) {
      Condition condition{column(wanted, name), {}};
      for (const config::Node* item : one_or_many(wanted)) {
        condition.allowed.push_back(config::to_string(*item));
      }
      conditions_.push_back(std::move(condition));
    }
    steps_.push_back(read_operation(object_, nullptr));
    trace_.dated = steps_.front().time.notation.dated();
    trace_.where = object_.require("time").where;
    if (const config::Node* then = object_.find("then")) {
      for (const config::Node* item : one_or_many(*then)) {
        config::Object step(*item);
        RowOperation operation = read_operation(step, &steps_.front());
        steps_.push_back(std::move(operation));
        step.done();
      }
    }
    speedup_ = object_.number("speedup", 1, {0, 1e12, true});
    object_.done();
  }

  Trace read() {
    csv::Row row;
    while (csv_->next(row)) take(row);
    for (std::size_t i = 0; i < trace_.operations.size(); ++i) place_in_time(i);
    return std::move(trace_);
  }

 private:
  std::size_t column(const config::Node& node, const std::string& name) const {
    const auto& header = csv_->header();
    const auto found = std::find(header.begin(), header.end(), name);
    if (found == header.end()) {
      config::fail(node, "no column " + name + " in " + trace_.file + known_names(name, header));
    }
    return static_cast<std::size_t>(found - header.begin());
  }

  CellText template_text(const config::Node& node) const {
    CellText text;
    const std::string pattern = config::to_string(node);
    std::size_t at = 0;
    while (at < pattern.size()) {
      const std::size_t open = std::min(pattern.find('{', at), pattern.size());
      if (open > at) text.pieces.push_back({pattern.substr(at, open - at), std::nullopt});
      if (open == pattern.size()) break;
      const std::size_t close = pattern.find('}', open);
      if (close == pattern.npos) config::fail(node, config::shown(node) + "; a } is missing");
      const std::string name = pattern.substr(open + 1, close - open - 1);
      text.pieces.push_back({name, column(node, name)});
      at = close + 1;
    }
    return text;
  }

  CellText cell_text(const config::Node& node) const {
    CellText text;
    if (node.kind == config::Kind::string) {
      text.pieces.push_back({node.text, column(node, node.text)});
      return text;
    }
    config::Object object(node);
    if (const config::Node* pattern = object.find("template")) {
      text = template_text(*pattern);
    } else if (const config::Node* value = object.find("value")) {
      text.pieces.push_back({config::to_string(*value), std::nullopt});
    } else {
      const config::Node& name = object.require("column");
      text.pieces.push_back({config::to_string(name), column(name, config::to_string(name))});
      text.separator = object.string("separator", "");
    }
    object.done();
    return text;
  }

  TimeColumn read_time(config::Object& step, const RowOperation* first) const {
    config::Object object(step.require("time"));
    TimeColumn time;
    const config::Node& name = object.require("column");
    time.column = column(name, config::to_string(name));
    time.notation = read_notation(object);
    if (const config::Node* origin = object.find("origin")) {
      const bool dated = time.notation.dated();
      time.origin = parse_time(time.notation, dated ? config::to_string(*origin) : origin->text);
      if (!time.origin) {
        config::fail(*origin, config::shown(*origin) + "; a time as in the column is needed");
      }
    } else if (first != nullptr && first->time.notation.dated() == time.notation.dated()) {
      time.origin = first->time.origin;
    }
    object.done();
    return time;
  }

  RowOperation read_operation(config::Object& object, const RowOperation* first) const {
    RowOperation operation;
    const std::string op = object.choice("op", first == nullptr ? "create" : "update",
                                         {"create", "update", "delete", "upsert"});
    operation.op = op == "update" ? Op::update : op == "delete" ? Op::remove : Op::create;
    operation.upsert = op == "upsert";
    const TypeShape& type = first != nullptr && !object.has("type")
                                ? *find_type(shape_, first->type)
                                : required_type(object, shape_);
    operation.type = type.type;
    operation.id =
        first != nullptr && !object.has("id") ? first->id : cell_text(object.require("id"));
    operation.time = read_time(object, first);
    for (const auto& [name, node] : members_of(object.find("fields"))) {
      operation.fields.push_back(read_field(named_field(type, name, node), node));
    }
    for (const auto& [name, node] : members_of(object.find("refs"))) {
      operation.refs.push_back({named_ref(type, name, node), cell_text(node)});
    }
    return operation;
  }

  FieldColumn read_field(const FieldShape& shape, const config::Node& node) const {
    FieldColumn field{shape, {}, std::nullopt};
    const config::Node* value = node.kind == config::Kind::object ? node.find("value") : nullptr;
    if (value == nullptr) {
      field.text = cell_text(node);
      return field;
    }
    config::Object object(node);
    field.constant = field_value(shape, *object.find("value"));
    object.done();
    return field;
  }

  [[noreturn]] void bad_cell(const csv::Row& row, std::size_t column,
                             const std::string& message) const {
    throw InputError(csv::place_of_cell(file_, row.line, column), message);
  }

  // Text made from several cells is at fault from the first on.
  [[noreturn]] void bad_cell(const csv::Row& row, const CellText& text,
                             const std::string& message) const {
    std::size_t column = 0;
    for (auto piece = text.pieces.rbegin(); piece != text.pieces.rend(); ++piece) {
      column = piece->column.value_or(column);
    }
    bad_cell(row, column, message);
  }

  std::optional<std::int64_t> time_of(const TimeColumn& time, const csv::Row& row) const {
    const std::string& text = row.cells[time.column];
    if (text.empty()) return std::nullopt;
    const auto parsed = parse_time(time.notation, text);
    if (!parsed) {
      bad_cell(row, time.column,
               csv_->header()[time.column] + " is " + printable(text) + "; " +
                   time_problem(time.notation, text));
    }
    return parsed;
  }

  void take(const csv::Row& row) {
    const RowOperation& first = steps_.front();
    ++trace_.read;
    // Rows that `where` leaves out count for the earliest date, so that traces of one file agree.
    const bool dated = first.time.notation.dated();
    const auto start = dated ? time_of(first.time, row) : std::nullopt;
    if (start) earliest_ = std::min(earliest_, *start);
    for (const Condition& condition : conditions_) {
      const auto& allowed = condition.allowed;
      if (std::find(allowed.begin(), allowed.end(), row.cells[condition.column]) == allowed.end()) {
        return;
      }
    }
    ++trace_.rows;
    if (row.cells[first.time.column].empty()) {
      ++trace_.skipped;
      return;
    }
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      const auto at = time_of(steps_[i].time, row);
      if (!at || steps_[i].id.of(row).empty()) {
        ++trace_.skipped;
        continue;
      }
      if (i == 0 && *at < first_) {
        first_ = *at;
        trace_.first_time = row.cells[first.time.column];
      }
      trace_.operations.push_back(operation_of(steps_[i], row));
      trace_.operations.back().at = Time{*at};
      step_of_.push_back(i);
    }
  }

  TracedOperation operation_of(const RowOperation& step, const csv::Row& row) const {
    TracedOperation made;
    made.line = row.line;
    made.upsert = step.upsert;
    made.operation.source = shape_.name;
    made.operation.type = step.type;
    made.operation.op = step.op;
    made.operation.id = step.id.of(row);
    for (const FieldColumn& field : step.fields) {
      if (field.constant) {
        made.operation.fields[field.shape.attribute] = *field.constant;
      } else if (const std::string text = field.text.of(row); !text.empty()) {
        made.operation.fields[field.shape.attribute] = value_of(field, text, row);
      }
    }
    for (const RefColumn& ref : step.refs) {
      const std::string text = ref.text.of(row);
      if (!text.empty()) made.operation.refs[ref.shape.attribute] = ids_of(ref, text, row);
    }
    return made;
  }

  FieldValue value_of(const FieldColumn& column, const std::string& text,
                      const csv::Row& row) const {
    const FieldShape& field = column.shape;
    const char* const end = text.data() + text.size();
    std::int64_t whole = 0;
    double real = 0;
    switch (field.kind) {
      case FieldKind::text:
        return text;
      case FieldKind::integer:
        if (const auto r = std::from_chars(text.data(), end, whole);
            r.ec == std::errc() && r.ptr == end) {
          return whole;
        }
        bad_cell(row, column.text, field.attribute + " is " + text + "; an integer is needed");
      case FieldKind::number:
        if (const auto r = std::from_chars(text.data(), end, real);
            r.ec == std::errc() && r.ptr == end && std::isfinite(real)) {
          return real;
        }
        bad_cell(row, column.text, field.attribute + " is " + text + "; a number is needed");
      case FieldKind::boolean:
        if (text == "true" || text == "false") return text == "true";
        bad_cell(row, column.text, field.attribute + " is " + text + "; true or false is needed");
    }
    return {};
  }

  std::vector<std::string> ids_of(const RefColumn& ref, const std::string& text,
                                  const csv::Row& row) const {
    const std::string& separator = ref.text.separator;
    std::vector<std::string> ids;
    for (std::size_t at = 0; at <= text.size();) {
      const std::size_t end = separator.empty() ? text.npos : text.find(separator, at);
      std::string id = text.substr(at, end == text.npos ? end : end - at);
      if (!id.empty() && !can_refer_to(ref.shape, id)) {
        bad_cell(row, ref.text,
                 ref.shape.attribute + " is " + id + "; " + id_form(ref.shape) + " is needed");
      }
      if (!id.empty()) ids.push_back(std::move(id));
      if (end == text.npos) break;
      at = end + separator.size();
    }
    if (!ref.shape.many && ids.size() > 1) {
      bad_cell(row, ref.text, ref.shape.attribute + " is " + text + "; it refers to one entity");
    }
    return ids;
  }

  // Dates count from the origin; only the end of the file tells the earliest.
  void place_in_time(std::size_t i) {
    TracedOperation& traced = trace_.operations[i];
    const TimeColumn& time = steps_[step_of_[i]].time;
    const bool dated = time.notation.dated();
    const std::int64_t first = earliest_ == kNoDate ? 0 : earliest_;
    const std::int64_t origin = time.origin.value_or(dated ? first : 0);
    std::int64_t since = 0;
    const auto fail = [&](const std::string& message) {
      throw InputError(csv::place_of_cell(file_, traced.line, time.column),
                       csv_->header()[time.column] + message);
    };
    if (__builtin_sub_overflow(traced.at.ns, origin, &since) || since < 0) {
      fail(R"( lies before the start of the run; "origin" in "time" says which time that is)");
    }
    if (speedup_ != 1) {
      const double scaled = static_cast<double>(since) / speedup_;
      if (!(scaled < 9.2e18)) fail(" is too late: over 292 years after the start of the run");
      since = std::llround(scaled);
    }
    traced.at = Time{since};
  }

  static constexpr std::int64_t kNoDate = std::numeric_limits<std::int64_t>::max();

  config::Object object_;
  const SourceShape& shape_;
  std::filesystem::path file_;
  std::unique_ptr<csv::Reader> csv_;
  std::vector<Condition> conditions_;
  std::vector<RowOperation> steps_;  // the row's own operation and then its `then`
  double speedup_ = 1;
  std::int64_t earliest_ = kNoDate;
  std::int64_t first_ = kNoDate;      // of the times of operations
  std::vector<std::size_t> step_of_;  // by operation
  Trace trace_;
};

}  // namespace

Trace read_trace(const config::Node& node, const SourceShape& shape) {
  return TraceReader(node, shape).read();
}

}  // namespace rehearse::world
