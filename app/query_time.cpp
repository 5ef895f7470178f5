#include "app/query_time.hpp"

#include <fmt/format.h>

#include "base/config.hpp"
#include "base/error.hpp"
#include "base/text/clock_text.hpp"
#include "base/text/utf8.hpp"

namespace rehearse::app {

Duration parse_span(const std::string& text, const std::string& option) {
  config::Node node;
  node.kind = config::Kind::string;
  node.text = text;
  node.where.file = option;
  return config::to_duration(node);
}

Time parse_moment(const std::string& text, const std::string& option) {
  if (const auto moment = parse_clock_text(text)) return *moment;
  const bool is_span = text.find_first_of(": ") == std::string::npos && !text.empty();
  if (is_span && '0' <= text.front() && text.front() <= '9') {
    return Time{} + parse_span(text, option);  // finer units, or what is wrong with this one
  }
  throw InputError({option, {}, 0, 0},
                   fmt::format("found \"{}\"; a time since the start of the run is expected, like "
                               "3m, 1h, 03:10, 00:06:00 or \"1d 02:00:00\"",
                               printable(text)));
}

}  // namespace rehearse::app
