// Single values: numbers in range, durations and rates with their units.
#include <array>
#include <cassert>
#include <charconv>
#include <cmath>

#include "base/config.hpp"
#include "base/text/utf8.hpp"

namespace rehearse::config {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t ns;
};

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::array<Unit, 7> kDurationUnits = {{{"ns", 1},
                                                 {"us", 1'000},
                                                 {"ms", 1'000'000},
                                                 {"s", kSecond},
                                                 {"m", 60 * kSecond},
                                                 {"h", 3600 * kSecond},
                                                 {"d", 86400 * kSecond}}};
constexpr std::array<Unit, 4> kRateUnits = {
    {{"s", kSecond}, {"m", 60 * kSecond}, {"h", 3600 * kSecond}, {"d", 86400 * kSecond}}};

// Sums of two durations stay far from the end of 64 bits.
constexpr Duration kLongest = Duration::days(36'500);
constexpr double kMostPerSecond = 1e9;  // one a nanosecond

constexpr std::string_view kDurationForm =
    R"(a duration is a text such as "250ms", "2s", "5m", "6h" or "30d")";
constexpr std::string_view kRateForm =
    R"(a rate is a text such as "20/s", "3/m", "40/h" or "10/d")";

template <std::size_t N>
const Unit* find_unit(const std::array<Unit, N>& units, std::string_view name) {
  for (const Unit& unit : units) {
    if (unit.name == name) return &unit;
  }
  return nullptr;
}

[[noreturn]] void refuse(const Node& node, std::string_view allowed) {
  fail(node, "found " + shown(node) + "; " + std::string(allowed));
}

std::size_t length_of_number(std::string_view text) {
  const std::size_t end = text.find_first_not_of("0123456789.");
  return end == std::string_view::npos ? text.size() : end;
}

// A decimal number times a unit, exactly; nullopt when it is no decimal number.
// REQUIRES: digits and points only, at least one.
std::optional<Int128> scaled(std::string_view digits, std::int64_t unit, bool& exact) {
  assert(!digits.empty() && digits.find_first_not_of("0123456789.") == std::string_view::npos);
  assert(unit > 0);
  Int128 value = 0;
  Int128 divisor = 1;
  bool fraction = false;
  exact = true;
  if (digits.front() == '.' || digits.back() == '.') return std::nullopt;
  for (const char c : digits) {
    if (c == '.') {
      if (fraction) return std::nullopt;
      fraction = true;
      continue;
    }
    if (divisor > Int128{1'000'000'000'000'000'000}) {  // finer than any unit can show
      exact = exact && c == '0';
      continue;
    }
    value = value * 10 + (c - '0');
    if (fraction) divisor *= 10;
    if (value > Int128{1} << 90U) return value;  // too long whatever the unit
  }
  exact = exact && value * unit % divisor == 0;
  return value * unit / divisor;
}

Duration parse_duration(const Node& node) {
  if (node.kind != Kind::string) refuse(node, kDurationForm);
  const std::string_view text = node.text;
  const std::size_t length = length_of_number(text);
  const std::string_view name = text.substr(length);
  if (!text.empty() && text[0] == '-') {
    fail(node, "found " + shown(node) + "; a duration is not negative");
  }
  if (length == 0) refuse(node, kDurationForm);
  const Unit* unit = find_unit(kDurationUnits, name);
  if (unit == nullptr) {
    fail(node, "found " + shown(node) + (name.empty() ? " without a unit" : "") +
                   "; the units of a duration are ns, us, ms, s, m, h and d");
  }
  bool exact = true;
  const std::optional<Int128> ns = scaled(text.substr(0, length), unit->ns, exact);
  if (!ns) refuse(node, kDurationForm);
  if (*ns > kLongest.ns) fail(node, "found " + shown(node) + "; at most 36500d is allowed");
  if (!exact) fail(node, "found " + shown(node) + "; durations are whole nanoseconds");
  return {static_cast<std::int64_t>(*ns)};
}

Rate parse_rate(const Node& node) {
  if (node.kind != Kind::string) refuse(node, kRateForm);
  const std::string_view text = node.text;
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) refuse(node, kRateForm);
  const std::string_view name = text.substr(slash + 1);
  const Unit* unit = find_unit(kRateUnits, name);
  if (unit == nullptr) {
    fail(node, "found " + shown(node) + "; the units of a rate are /s, /m, /h and /d");
  }
  Rate rate{0, {unit->ns}};
  const char* end = text.data() + slash;
  const auto [stop, error] = std::from_chars(text.data(), end, rate.count);
  if (error != std::errc() || stop != end || !std::isfinite(rate.count)) refuse(node, kRateForm);
  if (std::signbit(rate.count)) fail(node, "found " + shown(node) + "; a rate is not negative");
  if (rate.count > 0 && rate.per.to_seconds() / rate.count > kLongest.to_seconds()) {
    fail(node, "found " + shown(node) + "; a rate is 0 or at least once in 36500 days");
  }
  if (rate.per_second() > kMostPerSecond) {
    fail(node, "found " + shown(node) + "; a rate is at most 1000000000/s");
  }
  return rate;
}

bool is_none(const Node& node) { return node.kind == Kind::string && node.text == "none"; }

// 1 as "1" and 0.05 as "0.05".
std::string text_of(double number) {
  std::array<char, 32> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  return {buffer.data(), result.ptr};
}

std::string allowed_range(const std::string& what, const Range& range) {
  std::string text = what;
  const bool low = std::isfinite(range.low);
  const bool high = std::isfinite(range.high);
  if (low) text += (range.low_exclusive ? " above " : " of at least ") + text_of(range.low);
  if (high) text += (low ? " and at most " : " of at most ") + text_of(range.high);
  return text;
}

}  // namespace

std::string shown(const Node& node) {
  switch (node.kind) {
    case Kind::null:
      return "null";
    case Kind::boolean:
      return node.boolean ? "true" : "false";
    case Kind::number:
      return printable(node.text, 40);
    case Kind::string:
      return "\"" + printable(node.text) + "\"";
    case Kind::array:
      return "an array of " + std::to_string(node.items.size());
    case Kind::object:
      return "an object";
  }
  return {};
}

void fail(const Node& node, const std::string& message) { throw InputError(node.where, message); }

bool to_boolean(const Node& node) {
  if (node.kind != Kind::boolean) refuse(node, "true or false is allowed");
  return node.boolean;
}

std::int64_t to_integer(const Node& node, std::int64_t low, std::int64_t high) {
  if (node.kind == Kind::number && node.is_integer && node.integer >= low && node.integer <= high) {
    return node.integer;
  }
  std::string allowed = "a whole number";
  if (low != std::numeric_limits<std::int64_t>::min()) allowed += " from " + std::to_string(low);
  if (high != std::numeric_limits<std::int64_t>::max()) allowed += " to " + std::to_string(high);
  fail(node, "found " + shown(node) + "; " + allowed + " is allowed");
}

double to_number(const Node& node, Range range) {
  const double value = node.number;
  const bool above = range.low_exclusive ? value > range.low : value >= range.low;
  if (node.kind != Kind::number || !above || value > range.high) {
    fail(node, "found " + shown(node) + "; " + allowed_range("a number", range) + " is allowed");
  }
  return value;
}

std::string to_string(const Node& node) {
  if (node.kind != Kind::string) refuse(node, "a text is allowed");
  return node.text;
}

double to_probability(const Node& node) {
  if (node.kind != Kind::number || !(node.number >= 0 && node.number <= 1)) {
    refuse(node, "a probability from 0 to 1 is allowed");
  }
  return node.number;
}

Duration to_duration(const Node& node) { return parse_duration(node); }

std::optional<Duration> to_duration_or_none(const Node& node) {
  if (is_none(node)) return std::nullopt;
  return parse_duration(node);
}

Rate to_rate(const Node& node) { return parse_rate(node); }

std::optional<Rate> to_rate_or_none(const Node& node) {
  if (is_none(node)) return std::nullopt;
  return parse_rate(node);
}

std::filesystem::path to_path(const Node& node) {
  if (node.kind != Kind::string || node.text.empty()) refuse(node, "a file name is allowed");
  if (node.where.file == kCommandLine) return node.text;
  return std::filesystem::path(node.where.file).parent_path() / node.text;
}

}  // namespace rehearse::config
