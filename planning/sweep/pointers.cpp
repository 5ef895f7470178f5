#include "planning/sweep/pointers.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/text/utf8.hpp"
#include "experiments/scenario/scenario.hpp"

namespace rehearse::planning {
namespace {

constexpr std::size_t kMostValues = 100'000;

// What is being read, and for which option.
struct Reading {
  std::string option;
  std::string pointer;
  const config::Node* scenario = nullptr;

  Where where() const { return {option, pointer, 0, 0}; }
  [[noreturn]] void fail(const std::string& message) const { throw InputError(where(), message); }
};

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::string in_quotes(std::string_view text) { return "\"" + printable(text) + "\""; }

// Parts between commas that are not inside of JSON brackets or strings.
std::vector<std::string_view> parts_of(std::string_view text) {
  std::vector<std::string_view> parts;
  int depth = 0;
  bool string = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (string) {
      if (c == '\\') ++i;
      string = c != '"';
    } else if (c == '"') {
      string = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      --depth;
    } else if (c == ',' && depth == 0) {
      parts.push_back(trimmed(text.substr(begin, i - begin)));
      begin = i + 1;
    }
  }
  parts.push_back(trimmed(text.substr(begin)));
  return parts;
}

Reading begin(std::string_view text, const config::Node& scenario, const std::string& option,
              const char* example, std::string_view& values) {
  const std::size_t equals = text.find('=');
  Reading reading{option, {}, &scenario};
  if (equals == std::string_view::npos || equals == 0) {
    reading.fail("found " + in_quotes(text) + "; " + example + " is allowed");
  }
  reading.pointer = trimmed(text.substr(0, equals));
  if (reading.pointer.ends_with("/-")) reading.fail("/- appends to an array; it cannot be varied");
  if (reading.pointer == "/seed") {
    reading.fail("the seed is no parameter: every point meets the same seeds (--replications)");
  }
  values = trimmed(text.substr(equals + 1));
  if (values.empty()) reading.fail("found no value; " + std::string(example) + " is allowed");
  return reading;
}

void try_value(const Reading& reading, const std::string& value) {
  try {
    config::Node changed = *reading.scenario;
    config::set(changed, reading.pointer, value);
    experiments::parse_scenario(changed);
  } catch (const InputError& error) {
    if (error.where().file != config::kCommandLine) throw;
    Where where = error.where();
    where.file = reading.option;
    throw InputError(where, error.message());
  }
}

bool can_be_a_fraction(const Reading& reading, double low) {
  try {
    try_value(reading, make_value({{}, Unit::number, {}}, std::floor(low) + 0.5).text);
    return true;
  } catch (const InputError&) {
    return false;
  }
}

// The parameter's unit is that of its first quantity; the others must agree.
void agree(const Reading& reading, const Quantity& quantity, Parameter& parameter) {
  if (quantity.unit == Unit::word) return;
  if (parameter.unit == Unit::word) {
    parameter.unit = quantity.unit;
    parameter.suffix = quantity.suffix;
  } else if (parameter.unit != quantity.unit) {
    reading.fail("found " + in_quotes(quantity.value.text) + " beside values of another unit (\"1" +
                 parameter.suffix + "\")");
  }
}

// The two ends of "LOW..HIGH".
struct Ends {
  Quantity low;
  Quantity high;
};

// nullopt when the text is no range: a word may hold ".." too ("../trace.csv").
std::optional<Ends> read_ends(const Reading& reading, std::string_view text, Parameter& parameter) {
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos || dots == 0) return std::nullopt;
  Ends ends{read_quantity(trimmed(text.substr(0, dots)), reading.where()), {}};
  if (ends.low.unit == Unit::word) return std::nullopt;
  ends.high = read_quantity(trimmed(text.substr(dots + 2)), reading.where());
  if (ends.high.unit == Unit::word) {
    reading.fail("found " + in_quotes(ends.high.value.text) + " as the high end of a range; " +
                 "a number with its unit is allowed");
  }
  agree(reading, ends.low, parameter);
  agree(reading, ends.high, parameter);
  if (*ends.low.value.amount >= *ends.high.value.amount) {
    reading.fail("found " + in_quotes(text) + "; the range is empty, the low end comes first");
  }
  return ends;
}

// How a range is filled: "log 20" or "lin 20".
struct Filling {
  bool logarithmic = false;
  std::size_t count = 0;
};

Filling read_filling(const Reading& reading, std::string_view text, double low) {
  const auto refuse = [&](const std::string& why) {
    reading.fail("found " + in_quotes(text) + " after a range; " + why);
  };
  Filling filling;
  filling.logarithmic = text.starts_with("log");
  if (!filling.logarithmic && !text.starts_with("lin")) {
    refuse("\"log N\" or \"lin N\" says at which N values to look");
  }
  const std::string_view number = trimmed(text.substr(3));
  const auto [stop, error] =
      std::from_chars(number.data(), number.data() + number.size(), filling.count);
  if (error != std::errc() || stop != number.data() + number.size() || filling.count < 2 ||
      filling.count > kMostValues) {
    refuse("the number of values, ends included, is 2 to " + std::to_string(kMostValues));
  }
  if (filling.logarithmic && low <= 0) refuse("equal ratios need a low end above 0");
  return filling;
}

void fill(const Reading& reading, const Ends& ends, const Filling& filling, Grid& grid) {
  Parameter& parameter = grid.parameter;
  const double low = *ends.low.value.amount;
  const double high = *ends.high.value.amount;
  if (parameter.unit == Unit::number && !can_be_a_fraction(reading, low)) {
    parameter.unit = Unit::whole;
  }
  for (std::size_t i = 0; i < filling.count; ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(filling.count - 1);
    Value value = i == 0                   ? ends.low.value
                  : i + 1 == filling.count ? ends.high.value
                  : filling.logarithmic ? make_value(parameter, low * std::pow(high / low, share))
                                        : make_value(parameter, low + (high - low) * share);
    // Whole numbers meet where the steps are shorter than 1.
    if (!grid.values.empty() && grid.values.back().amount == value.amount) continue;
    grid.values.push_back(std::move(value));
  }
}

void add_part(const Reading& reading, std::string_view part, Grid& grid) {
  if (part.empty()) reading.fail("found an empty value between commas");
  const std::size_t space = part.find_last_of(' ', part.find_last_not_of("0123456789 "));
  const std::string_view head = trimmed(part.substr(0, space));
  if (const std::optional<Ends> ends = read_ends(reading, head, grid.parameter)) {
    const std::string_view rest =
        space == std::string_view::npos ? std::string_view{} : trimmed(part.substr(space));
    fill(reading, *ends, read_filling(reading, rest, *ends->low.value.amount), grid);
    return;
  }
  const Quantity quantity = read_quantity(part, reading.where());
  agree(reading, quantity, grid.parameter);
  grid.values.push_back(quantity.value);
}

void check_distinct(const Reading& reading, const std::vector<Value>& values) {
  std::vector<Value> sorted = values;
  const auto key = [](const Value& v) {
    return std::pair(v.amount, v.amount ? std::string() : v.text);
  };
  std::sort(sorted.begin(), sorted.end(),
            [&](const Value& a, const Value& b) { return key(a) < key(b); });
  const auto twice =
      std::adjacent_find(sorted.begin(), sorted.end(),
                         [&](const Value& a, const Value& b) { return key(a) == key(b); });
  if (twice != sorted.end()) reading.fail("gives the value " + in_quotes(twice->text) + " twice");
}

}  // namespace

Grid parse_grid(std::string_view text, const config::Node& scenario, const std::string& option) {
  std::string_view values;
  const Reading reading =
      begin(text, scenario, option, "POINTER=1/s,2/s or POINTER=1/s..100/s log 20", values);
  Grid grid;
  grid.parameter.pointer = reading.pointer;
  for (const std::string_view part : parts_of(values)) add_part(reading, part, grid);
  if (grid.values.size() > kMostValues) {
    reading.fail("gives " + std::to_string(grid.values.size()) + " values; at most " +
                 std::to_string(kMostValues) + " are allowed");
  }
  check_distinct(reading, grid.values);
  try_value(reading, grid.values.front().text);
  return grid;
}

Range parse_range(std::string_view text, const config::Node& scenario, const std::string& option) {
  std::string_view values;
  const Reading reading = begin(text, scenario, option, "POINTER=LOW..HIGH", values);
  Range range;
  range.parameter.pointer = reading.pointer;
  const std::optional<Ends> ends = read_ends(reading, values, range.parameter);
  if (!ends) reading.fail("found " + in_quotes(values) + "; a range LOW..HIGH is allowed");
  range.low = ends->low.value;
  range.high = ends->high.value;
  try_value(reading, range.low.text);
  try_value(reading, range.high.text);
  if (range.parameter.unit == Unit::number && !can_be_a_fraction(reading, *range.low.amount)) {
    range.parameter.unit = Unit::whole;
  }
  return range;
}

void check_apart(const std::vector<Parameter>& parameters, const std::string& option) {
  for (const Parameter& a : parameters) {
    for (const Parameter& b : parameters) {
      if (&a == &b) continue;
      if (a.pointer == b.pointer) {
        throw InputError({option, a.pointer, 0, 0}, "stands twice");
      }
      if (b.pointer.starts_with(a.pointer + "/")) {
        throw InputError({option, b.pointer, 0, 0},
                         "lies inside of " + a.pointer + ", which is varied too");
      }
    }
  }
}

}  // namespace rehearse::planning
