#include "measure/trace_out.hpp"

#include <algorithm>

#include "base/text/json_text.hpp"

namespace rehearse::measure::trace {
namespace {

bool plain(char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; }

}  // namespace

void ObjectOut::begin_member(std::string_view key) {
  buffer_.push_back(before_);
  before_ = ',';
  buffer_.push_back('"');
  raw(key);
  raw("\":");
}

void ObjectOut::end() { raw(before_ == '{' ? "{}" : "}"); }

void ObjectOut::whole(std::int64_t value) {
  const fmt::format_int digits(value);
  raw({digits.data(), digits.size()});
}

void ObjectOut::natural(std::uint64_t value) {
  const fmt::format_int digits(value);
  raw({digits.data(), digits.size()});
}

void ObjectOut::form(Facts facts) {
  fmt::format_to(std::back_inserter(buffer_), "\"{:016x}\"", facts.hash);
}

void ObjectOut::text(std::string_view value) {
  if (!std::all_of(value.begin(), value.end(), plain)) {
    raw(json_string(value));
    return;
  }
  buffer_.push_back('"');
  raw(value);
  buffer_.push_back('"');
}

}  // namespace rehearse::measure::trace
