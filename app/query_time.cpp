#include "app/query_time.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <regex>

#include "base/config.hpp"
#include "base/error.hpp"
#include "base/utf8.hpp"

namespace rehearse::app {
namespace {

constexpr std::size_t kNanosecondDigits = 9;

std::optional<Time> parse_clock(const std::string& text) {
  static const std::regex form(
      "(?:([0-9]{1,5})d )?([0-9]{2}):([0-5][0-9]):([0-5][0-9])"
      "(?:\\.([0-9]{1,9}))?");
  std::smatch parts;
  if (!std::regex_match(text, parts, form)) return std::nullopt;
  const auto number = [&parts](std::size_t i) -> std::int64_t {
    return parts[i].matched ? std::stoll(parts[i].str()) : 0;
  };
  std::string fraction = parts[5].str();
  fraction.resize(kNanosecondDigits, '0');
  return Time{} + Duration::days(number(1)) + Duration::hours(number(2)) +
         Duration::minutes(number(3)) + Duration::seconds(number(4)) +
         Duration{std::stoll(fraction)};
}

}  // namespace

Duration parse_span(const std::string& text, const std::string& option) {
  config::Node node;
  node.kind = config::Kind::string;
  node.text = text;
  node.where.file = option;
  return config::to_duration(node);
}

Time parse_moment(const std::string& text, const std::string& option) {
  if (const std::optional<Time> clock = parse_clock(text)) return *clock;
  if (text.find(':') != std::string::npos) {
    throw InputError(
        fmt::format("{}: \"{}\" is no time of a run; 3m, 1h, 00:06:00 or 1d 02:00:00 "
                    "are",
                    option, printable(text)));
  }
  return Time{} + parse_span(text, option);
}

}  // namespace rehearse::app
