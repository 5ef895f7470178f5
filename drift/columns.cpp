#include "drift/columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/csv.hpp"
#include "base/data_table.hpp"
#include "base/error.hpp"
#include "base/text/utf8.hpp"
#include "drift/column_side.hpp"

namespace rehearse::drift {
namespace {

bool holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::optional<Kind> told_of(const ColumnsRequest& request, const std::string& name) {
  if (holds(request.categorical, name)) return Kind::labels;
  return holds(request.numeric, name) ? std::optional(Kind::numbers) : std::nullopt;
}

/// Reads some columns of a wide CSV file in one pass; `told` says of all what they hold.
std::vector<Gatherer> gather_wide(const ColumnsFile& file, const std::vector<std::string>& names,
                                  const ColumnsRequest& request, std::optional<Kind> told = {}) {
  csv::Reader reader(file.path(), file.dialect());
  std::vector<Gatherer> columns;
  std::vector<std::size_t> indices;
  for (const std::string& name : names) {
    indices.push_back(reader.column(name));
    columns.emplace_back(file.path().string(), name, indices.back(),
                         told ? told : told_of(request, name), file.dialect().decimal);
  }
  csv::Row row;
  while (reader.next(row)) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      columns[i].take(row.cells[indices[i]], row.line, reader);
    }
  }
  return columns;
}

/// Numbers of a table that is no wide CSV.
ColumnSide side_of(data::Column& column) {
  ColumnSide side;
  side.rows = column.values.size();
  for (const double value : column.values) {
    if (std::isnan(value)) {
      ++side.missing;
    } else {
      side.infinite += std::isinf(value) ? 1 : 0;
      side.numbers.push_back(value);
    }
  }
  column.values = {};
  return side;
}

/// A file's columns while the other's are not known.
class Half {
 public:
  Half(ColumnsFile& file, const std::vector<std::string>& names, const ColumnsRequest& request)
      : file_(file), names_(names), request_(request) {
    if (file_.wide()) {
      gathered_ = gather_wide(file_, names_, request_);
      return;
    }
    for (const std::string& name : names_) {
      if (told_of(request_, name) == Kind::labels) {
        throw InputError({file_.path().string(), "", 0, 0},
                         fmt::format("holds numbers ({}); \"{}\" cannot be read as labels",
                                     file_.table().form, printable(name)));
      }
      const auto at = std::find(file_.names().begin(), file_.names().end(), name);
      const auto index = static_cast<std::size_t>(at - file_.names().begin());
      sides_.push_back(side_of(file_.table().columns[index]));
    }
  }

  std::optional<Kind> kind(std::size_t i) const {
    if (file_.wide()) return gathered_[i].kind();
    return sides_[i].numbers.empty() ? std::nullopt : std::optional(Kind::numbers);
  }

  /// Of a column of wide CSV.
  const LargeWholes* large_wholes(std::size_t i) const {
    return file_.wide() ? &gathered_[i].large_wholes() : nullptr;
  }

  std::string note(std::size_t i) const { return file_.wide() ? gathered_[i].note() : ""; }

  /// The sides as the kinds want them, read again where they were taken for something else.
  std::vector<ColumnSide> take(const std::vector<Kind>& kinds) {
    if (!file_.wide()) return std::move(sides_);
    std::vector<std::string> again;
    for (std::size_t i = 0; i < kinds.size(); ++i) {
      if (!gathered_[i].complete(kinds[i])) again.push_back(names_[i]);
    }
    std::vector<Gatherer> second;
    if (!again.empty()) second = gather_wide(file_, again, request_, Kind::labels);
    std::vector<ColumnSide> sides;
    std::size_t next = 0;
    for (std::size_t i = 0; i < kinds.size(); ++i) {
      const bool first = gathered_[i].complete(kinds[i]);
      sides.push_back((first ? gathered_[i] : second[next++]).take_side(kinds[i]));
    }
    return sides;
  }

 private:
  ColumnsFile& file_;
  const std::vector<std::string>& names_;
  const ColumnsRequest& request_;
  std::vector<Gatherer> gathered_;  ///< of wide CSV
  std::vector<ColumnSide> sides_;   ///< of other forms
};

[[noreturn]] void refuse_unknown(const std::filesystem::path& file, const std::string& name,
                                 const std::vector<std::string>& names) {
  const auto near = csv::nearest_column(name, names);
  throw InputError({file.string(), "", 1, 1},
                   fmt::format("has no column \"{}\"{}", printable(name),
                               near ? fmt::format("; did you mean \"{}\"?", *near) : ""));
}

/// Names that stand in one list and in none of the others.
std::vector<std::string> without(const std::vector<std::string>& names,
                                 const std::vector<std::string>& others,
                                 const std::vector<std::string>& exclude) {
  std::vector<std::string> rest;
  for (const std::string& name : names) {
    if (!holds(others, name) && !holds(exclude, name)) rest.push_back(name);
  }
  return rest;
}

std::vector<std::string> choose(const ColumnsRequest& request, const ColumnsFile& reference,
                                const ColumnsFile& current) {
  const std::vector<std::string>&of_reference = reference.names(), &of_current = current.names();
  for (const auto* named : {&request.columns, &request.categorical, &request.numeric}) {
    for (const std::string& name : *named) {
      if (!holds(of_reference, name)) refuse_unknown(reference.path(), name, of_reference);
      if (!holds(of_current, name) && named == &request.columns) {
        refuse_unknown(current.path(), name, of_current);
      }
    }
  }
  for (const std::string& name : request.exclude) {
    if (holds(of_reference, name) || holds(of_current, name)) continue;
    refuse_unknown(reference.path(), name, of_reference);
  }
  std::vector<std::string> chosen = request.columns;
  if (chosen.empty()) {
    std::copy_if(of_reference.begin(), of_reference.end(), std::back_inserter(chosen),
                 [&](const std::string& name) { return holds(of_current, name); });
  } else {
    for (const auto* told : {&request.categorical, &request.numeric}) {
      for (const std::string& name : *told) {
        if (!holds(chosen, name)) chosen.push_back(name);
      }
    }
  }
  std::erase_if(chosen, [&](const std::string& name) { return holds(request.exclude, name); });
  return chosen;
}

/// Makes labels of whole numbers that no double tells apart, and says so. Null where a side's
/// values are numbers already.
std::string read_codes(ColumnPair& pair, const LargeWholes* reference, const LargeWholes* current) {
  const auto alike =
      reference != nullptr && current != nullptr ? reference->alike(*current) : std::nullopt;
  if (!alike) return "";
  pair.kind = Kind::labels;
  return fmt::format(
      "column \"{}\" is read as labels, since {} and {} are one number as a double; --numeric "
      "takes them for measurements",
      printable(pair.name), alike->first, alike->second);
}

[[noreturn]] void refuse_strangers(const ColumnsFile& reference, const ColumnsFile& current,
                                   bool exclude) {
  std::string near;
  for (const std::string& name : reference.names()) {
    const auto found = csv::nearest_column(name, current.names());
    if (!found || *found == name) continue;
    near = fmt::format("; is \"{}\" now \"{}\"?", printable(name), printable(*found));
    break;
  }
  const auto names = [](const ColumnsFile& file) {
    return printable(fmt::format("{}", fmt::join(file.names(), ", ")), 200);
  };
  throw InputError(
      fmt::format("{} and {} have no column in common to compare{}: one has {}, the other {}{}",
                  reference.path().string(), current.path().string(),
                  exclude ? " after --exclude" : "", names(reference), names(current), near));
}

}  // namespace

std::string to_string(Kind kind) { return kind == Kind::numbers ? "numbers" : "labels"; }

ColumnsFile::ColumnsFile(std::filesystem::path path, csv::Dialect dialect,
                         std::optional<bool> grouped)
    : path_(std::move(path)), dialect_(dialect) {
  const data::Request request{dialect_, grouped, std::nullopt};
  if (data::find_form(path_, request) == data::Form::wide_csv) {
    names_ = csv::Reader(path_, dialect_).header();
    return;
  }
  table_ = data::read_table(path_, request);
  for (const data::Column& column : table_->columns) {
    names_.push_back(data::full_name(column.name, column.tags));
  }
}

ColumnPairs read_columns(ColumnsFile& reference, ColumnsFile& current,
                         const ColumnsRequest& request) {
  const std::vector<std::string>&before = reference.names(), &now = current.names();
  const std::vector<std::string> names = choose(request, reference, current);
  ColumnPairs result;
  if (request.columns.empty()) {
    result.only_reference = without(before, now, request.exclude);
    result.only_current = without(now, before, request.exclude);
  }
  if (names.empty()) {
    refuse_strangers(reference, current, !request.exclude.empty());
  }
  Half first(reference, names, request), second(current, names, request);
  std::vector<Kind> kinds;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto a = first.kind(i), b = second.kind(i);
    ColumnPair pair;
    pair.name = names[i];
    pair.kind_changed = a && b && a != b;
    pair.kind = pair.kind_changed ? Kind::labels : a.value_or(b.value_or(Kind::numbers));
    std::vector<std::string> notes = {first.note(i), second.note(i)};
    if (pair.kind == Kind::numbers) {
      notes = {read_codes(pair, first.large_wholes(i), second.large_wholes(i))};
    }
    for (std::string& note : notes) {
      if (!note.empty()) result.notes.push_back(std::move(note));
    }
    kinds.push_back(pair.kind);
    result.pairs.push_back(std::move(pair));
  }
  std::vector<ColumnSide> of_reference = first.take(kinds), of_current = second.take(kinds);
  for (std::size_t i = 0; i < names.size(); ++i) {
    result.pairs[i].reference = std::move(of_reference[i]);
    result.pairs[i].current = std::move(of_current[i]);
  }
  return result;
}

}  // namespace rehearse::drift
