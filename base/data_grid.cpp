#include "base/data_grid.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>
#include <optional>
#include <set>
#include <string_view>

#include "base/csv_cells.hpp"

namespace rehearse::data {
namespace {

constexpr std::size_t kMostGrowth = 4;
constexpr double kFirstMillisecond = 1e11;  // in seconds it would be the year 5138
constexpr double kLastSecond = 9e15;        // beyond, a double does not hold every millisecond

std::vector<Instant> grid_of(const std::vector<TimedSeries>& series) {
  std::set<Instant> all;
  for (const TimedSeries& one : series) {
    for (const auto& [instant, value] : one.points) all.insert(instant);
  }
  std::vector<Instant> times(all.begin(), all.end());
  if (times.size() < 3) return times;
  Instant step = std::numeric_limits<Instant>::max();
  for (std::size_t i = 1; i < times.size(); ++i) step = std::min(step, times[i] - times[i - 1]);
  for (std::size_t i = 1; i < times.size(); ++i) {
    if ((times[i] - times[i - 1]) % step != 0) return times;
  }
  const auto cells = static_cast<std::uint64_t>((times.back() - times.front()) / step) + 1;
  if (cells > kMostGrowth * times.size()) return times;
  std::vector<Instant> regular;
  for (Instant at = times.front(); at <= times.back(); at += step) regular.push_back(at);
  return regular;
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

std::vector<Column> align(const std::vector<TimedSeries>& series) {
  const std::vector<Instant> grid = grid_of(series);
  std::vector<Column> columns;
  for (const TimedSeries& one : series) {
    Column column{one.name, one.tags, {}};
    column.values.assign(grid.size(), std::numeric_limits<double>::quiet_NaN());
    std::size_t at = 0;
    for (const auto& [instant, value] : one.points) {
      while (grid[at] < instant) ++at;
      column.values[at] = value;
    }
    columns.push_back(std::move(column));
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
