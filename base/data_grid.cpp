#include "base/data_grid.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <iterator>
#include <limits>
#include <optional>
#include <set>
#include <string_view>

#include "base/csv_cells.hpp"
#include "base/error.hpp"

namespace rehearse::data {
namespace {

constexpr std::size_t kMostGrowth = 4;
constexpr std::size_t kMostCells = 50'000'000;  // 400 MB
constexpr std::size_t kFewestGaps = 5;          // before a step is taken from times that waver
constexpr double kMostNear = 0.9;  // of the gaps, a quarter of a step from a multiple of it
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr double kFirstMillisecond = 1e11;  // in seconds it would be the year 5138
constexpr double kLastSecond = 9e15;        // beyond, a double does not hold every millisecond

/// The step that the points of a metric keep to; 0 where they keep to none.
Instant step_of(std::vector<Instant> gaps) {
  if (gaps.empty()) return 0;
  std::sort(gaps.begin(), gaps.end());
  const Instant least = gaps.front(), median = gaps[(gaps.size() - 1) / 2];
  const bool exact =
      std::all_of(gaps.begin(), gaps.end(), [&](Instant gap) { return gap % least == 0; });
  if (exact) return least;
  if (gaps.size() < kFewestGaps) return 0;
  const auto near = std::count_if(gaps.begin(), gaps.end(), [&](Instant gap) {
    const Instant beyond = gap % median;
    return gap > median / 2 && 4 * std::min(beyond, median - beyond) <= median;
  });
  return static_cast<double>(near) >= kMostNear * static_cast<double>(gaps.size()) ? median : 0;
}

/// The steps of all metrics. One whose series have a point each takes the smallest of the others.
std::map<std::string, Instant> steps_of(const std::vector<TimedSeries>& series) {
  std::map<std::string, std::vector<Instant>> gaps;
  for (const TimedSeries& one : series) {
    std::vector<Instant>& own = gaps[one.name];
    for (auto at = one.points.begin(); at != one.points.end(); ++at) {
      if (at != one.points.begin()) own.push_back(at->first - std::prev(at)->first);
    }
  }
  std::map<std::string, Instant> steps;
  std::vector<std::string> points;
  Instant least = 0;
  for (auto& [name, own] : gaps) {
    if (own.empty()) points.push_back(name);
    const Instant step = steps[name] = step_of(std::move(own));
    if (step > 0 && (least == 0 || step < least)) least = step;
  }
  for (const std::string& name : points) steps[name] = least;
  return steps;
}

/// A series in rows of one step each: a point is as many rows after the one before it as steps lie
/// between them, at least one, however much the clock wavers. nullopt with more than `most` rows.
std::optional<std::vector<double>> on_steps(const TimedSeries& series, Instant step,
                                            const std::vector<Instant>& times, std::size_t most) {
  std::vector<double> values;
  if (series.points.empty()) return values;
  Instant before = series.points.begin()->first;
  const auto skip = [&](Instant rows) {
    const auto length = values.size() + static_cast<std::size_t>(rows);
    if (length <= most) values.resize(length, kNone);
    return length <= most;
  };
  if (!skip((before - times.front()) / step)) return std::nullopt;
  for (const auto& [instant, value] : series.points) {
    const Instant rows = std::max<Instant>(1, (instant - before + step / 2) / step);
    if (instant != before && !skip(rows - 1)) return std::nullopt;
    values.push_back(value);
    before = instant;
  }
  if (!skip((times.back() - before) / step)) return std::nullopt;
  return values;
}

/// A series at the times at which any has a point.
std::vector<double> on_times(const TimedSeries& series, const std::vector<Instant>& times) {
  std::vector<double> values(times.size(), kNone);
  std::size_t at = 0;
  for (const auto& [instant, value] : series.points) {
    while (times[at] < instant) ++at;
    values[at] = value;
  }
  return values;
}

std::vector<double> as_they_are(const TimedSeries& series) {
  std::vector<double> values;
  for (const auto& [instant, value] : series.points) values.push_back(value);
  return values;
}

/// Reads digits and what follows them, part by part.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }
  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  /// A number of exactly so many digits.
  std::optional<int> digits(std::size_t count) {
    if (rest_.size() < count) return std::nullopt;
    int value = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + count, value);
    if (error != std::errc{} || end != rest_.data() + count || value < 0) return std::nullopt;
    rest_.remove_prefix(count);
    return value;
  }
  /// Digits after a point, as milliseconds; further ones are cut off.
  std::optional<int> milliseconds() {
    int value = 0, count = 0;
    for (; !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; ++count) {
      if (count < 3) value = value * 10 + (rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    if (count == 0) return std::nullopt;
    for (; count < 3; ++count) value *= 10;
    return value;
  }

 private:
  std::string_view rest_;
};

std::optional<Instant> read_clock(Scanner& scanner) {
  const auto hour = scanner.digits(2);
  if (!hour || *hour > 24 || !scanner.take(':')) return std::nullopt;
  const auto minute = scanner.digits(2);
  if (!minute || *minute > 59) return std::nullopt;
  Instant instant = (Instant{*hour} * 60 + *minute) * 60'000;
  if (scanner.take(':')) {
    const auto second = scanner.digits(2);
    if (!second || *second > 60) return std::nullopt;
    instant += Instant{*second} * 1000;
    if (scanner.take('.')) {
      const auto fraction = scanner.milliseconds();
      if (!fraction) return std::nullopt;
      instant += *fraction;
    }
  }
  return instant;
}

/// "Z", "+02:00", "-0730", or nothing; to be subtracted.
std::optional<Instant> read_offset(Scanner& scanner) {
  scanner.take(' ');
  if (scanner.done() || scanner.take('Z')) return 0;
  const bool west = scanner.take('-');
  if (!west && !scanner.take('+')) return std::nullopt;
  const auto hours = scanner.digits(2);
  scanner.take(':');
  const auto minutes = scanner.done() ? std::optional(0) : scanner.digits(2);
  if (!hours || !minutes) return std::nullopt;
  const Instant offset = (Instant{*hours} * 60 + *minutes) * 60'000;
  return west ? -offset : offset;
}

std::optional<Instant> read_date(Scanner& scanner) {
  const auto year = scanner.digits(4);
  if (!year || !scanner.take('-')) return std::nullopt;
  const auto month = scanner.digits(2);
  if (!month || !scanner.take('-')) return std::nullopt;
  const auto day = scanner.digits(2);
  if (!day) return std::nullopt;
  using namespace std::chrono;
  const year_month_day date{std::chrono::year(*year),
                            std::chrono::month(static_cast<unsigned>(*month)),
                            std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return Instant{sys_days(date).time_since_epoch().count()} * 86'400'000;
}

}  // namespace

std::vector<Column> align(const std::string& file, const std::vector<TimedSeries>& series) {
  std::set<Instant> all;
  std::size_t longest = 0;
  for (const TimedSeries& one : series) {
    longest = std::max(longest, one.points.size());
    for (const auto& [instant, value] : one.points) all.insert(instant);
  }
  const std::vector<Instant> times(all.begin(), all.end());
  const bool shared = 4 * longest >= 3 * times.size();
  const std::map<std::string, Instant> steps = steps_of(series);
  std::vector<Column> columns;
  std::size_t cells = 0;
  for (const TimedSeries& one : series) {
    std::optional<std::vector<double>> values;
    const Instant step = steps.at(one.name);
    if (step > 0) values = on_steps(one, step, times, kMostGrowth * times.size());
    if (!values) values = shared ? on_times(one, times) : as_they_are(one);
    cells += values->size();
    if (cells > kMostCells) {
      throw InputError({file, "", 0, 0},
                       "its " + std::to_string(series.size()) +
                           " series at all their times would have more than 50 000 000 values, "
                           "missing ones included; fewer series are due");
    }
    columns.push_back({one.name, one.tags, std::move(*values)});
  }
  return columns;
}

bool read_instant(std::string_view text, Instant& instant) {
  const std::string_view inner = csv::trimmed(text);
  const csv::Cell number = csv::read_cell(inner);
  if (number.kind == csv::CellKind::number) {
    const double milliseconds =
        std::abs(number.value) < kFirstMillisecond ? number.value * 1000 : number.value;
    if (!(std::abs(milliseconds) < kLastSecond)) return false;
    instant = std::llround(milliseconds);
    return true;
  }
  Scanner scanner(inner);
  const bool clock_alone = inner.size() > 2 && inner[2] == ':';
  Instant result = 0;
  if (!clock_alone) {
    const auto date = read_date(scanner);
    if (!date) return false;
    result = *date;
    if (scanner.done()) {
      instant = result;
      return true;
    }
    if (!scanner.take('T') && !scanner.take(' ')) return false;
  }
  const auto clock = read_clock(scanner);
  if (!clock) return false;
  const auto offset = read_offset(scanner);
  if (!offset || !scanner.done()) return false;
  instant = result + *clock - *offset;
  return true;
}

}  // namespace rehearse::data
