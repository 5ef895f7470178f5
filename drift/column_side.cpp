#include "drift/column_side.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "base/text/utf8.hpp"

namespace rehearse::drift {
namespace {

constexpr std::size_t kFirstGuess = 1000;  // rows before their number is guessed at

std::string quoted_share(std::size_t part, std::size_t all) {
  return std::to_string(part) + " of " + std::to_string(all) + " values are no numbers";
}

}  // namespace

Gatherer::Gatherer(std::string file, std::string name, std::size_t index, std::optional<Kind> told,
                   char decimal)
    : file_(std::move(file)),
      name_(std::move(name)),
      index_(index),
      told_(told),
      decimal_(decimal) {}

void Gatherer::take(const std::string& cell, std::size_t line, const csv::Reader& reader) {
  ++side_.rows;
  const csv::Cell read = csv::read_cell(cell, decimal_);
  switch (read.kind) {
    case csv::CellKind::missing:
      ++side_.missing;
      return;
    case csv::CellKind::number:
      take_number(read.value, cell, reader);
      return;
    case csv::CellKind::text:
      if (text_cells_++ == 0) {
        first_text_ = cell;
        first_text_line_ = line;
      }
      if (csv::has_other_decimal(cell, decimal_) && other_decimals_++ == 0) first_other_ = cell;
      if (told_ != Kind::numbers) count_label(cell);
      return;
  }
}

void Gatherer::take_number(double value, const std::string& cell, const csv::Reader& reader) {
  ++number_cells_;
  if (std::isinf(value)) ++side_.infinite;
  if (told_ == Kind::labels || (!told_ && text_cells_ > 0)) {
    count_label(cell);
  } else {
    labels_complete_ = false;
  }
  if (told_ == Kind::labels) return;
  if (!told_) large_wholes_.take(cell, value);
  std::vector<double>& numbers = side_.numbers;
  if (side_.rows >= kFirstGuess && numbers.size() == numbers.capacity()) {
    // A little more than expected: doubling would take half as much again as there is.
    numbers.reserve(
        std::max(reader.expected_rows(side_.rows) * 21 / 20, numbers.size() + numbers.size() / 8));
  }
  numbers.push_back(value);
}

void Gatherer::count_label(const std::string& cell) {
  const std::string label = csv::label_of(cell);
  if (side_.labels.size() < kMostLabels) {
    ++side_.labels[label];
  } else if (const auto known = side_.labels.find(label); known != side_.labels.end()) {
    ++known->second;
  } else {
    side_.too_many_labels = true;
  }
}

void Gatherer::refuse(const std::string& advice) const {
  csv::refuse_text(first_text_, {file_, name_, first_text_line_, index_}, decimal_, advice);
}

std::optional<Kind> Gatherer::kind() const {
  const std::size_t values = number_cells_ + text_cells_;
  if (told_ == Kind::labels) return Kind::labels;
  if (told_ == Kind::numbers && text_cells_ > 0) refuse("");
  if (values == 0) return std::nullopt;
  if (text_cells_ == 0) return Kind::numbers;
  const bool other_decimals =
      2 * (other_decimals_ + number_cells_) >= values && other_decimals_ > 0;
  if (2 * number_cells_ >= values || other_decimals) {
    refuse(" (" + quoted_share(text_cells_, values) +
           "); name the column after --categorical if its values are labels, or after --exclude");
  }
  return Kind::labels;
}

std::string Gatherer::note() const {
  if (told_ || other_decimals_ == 0) return "";
  return file_ + ": column \"" + printable(name_) + "\" is read as labels, and " +
         std::to_string(other_decimals_) + " of " + std::to_string(number_cells_ + text_cells_) +
         " values look like numbers, such as \"" + printable(first_other_) + "\"" +
         csv::decimal_advice(first_other_, decimal_);
}

bool Gatherer::complete(Kind kind) const {
  return kind == Kind::numbers ? told_ != Kind::labels : labels_complete_;
}

ColumnSide Gatherer::take_side(Kind kind) {
  assert(complete(kind));
  if (kind == Kind::numbers) {
    side_.labels.clear();
  } else {
    side_.numbers = {};
  }
  return std::move(side_);
}

}  // namespace rehearse::drift
