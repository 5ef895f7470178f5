#include "measure/trace_in.hpp"

#include <charconv>
#include <nlohmann/json.hpp>

#include "base/config.hpp"
#include "base/text/utf8.hpp"
#include "sim/distribution.hpp"

namespace rehearse::measure::trace {
namespace {

// The difference of any two times in a trace fits into 64 bits.
constexpr std::int64_t kFar = 2 * sim::Distribution::kLongest.ns;

const char* type_name(const nlohmann::json& value) {
  if (value.is_string()) return "a text";
  if (value.is_number()) return "a number";
  if (value.is_boolean()) return "true or false";
  if (value.is_array()) return "a list";
  if (value.is_object()) return "an object";
  return "null";
}

}  // namespace

std::string ValueIn::path() const {
  if (parent_ == nullptr) return {};
  const std::string above = parent_->path();
  const std::string last = key_.empty() ? std::to_string(index_) : std::string(key_);
  return above.empty() ? last : above + "/" + last;
}

void ValueIn::refuse(const std::string& what) const {
  if (parent_ == nullptr) throw BadRecord(what);
  throw BadRecord("\"" + path() + "\" " + what);
}

void ValueIn::refuse_type(const char* wanted) const {
  refuse("is " + std::string(type_name(value_)) + ", not " + wanted);
}

void ValueIn::refuse_word(std::string_view said, const std::vector<std::string>& words) const {
  std::string message = "unknown " + path() + " \"" + printable(said) + "\"";
  if (const auto near = config::nearest(said, words)) message += "; did you mean " + *near + "?";
  throw BadRecord(message);
}

const nlohmann::json* ValueIn::find(std::string_view key) const {
  if (!value_.is_object()) refuse_type("an object");
  const auto found = value_.find(key);
  return found == value_.end() ? nullptr : &*found;
}

ValueIn ValueIn::member(std::string_view key) const {
  const nlohmann::json* value = find(key);
  if (value == nullptr) {
    const std::string above = path();
    throw BadRecord("there is no \"" + (above.empty() ? "" : above + "/") + std::string(key) +
                    "\"");
  }
  return {*value, *this, key, 0};
}

std::size_t ValueIn::items() const {
  if (!value_.is_array()) refuse_type("a list");
  return value_.size();
}

ValueIn ValueIn::item(std::size_t index) const { return {value_.at(index), *this, {}, index}; }

bool ValueIn::flag() const {
  if (!value_.is_boolean()) refuse_type("true or false");
  return value_.get<bool>();
}

std::string_view ValueIn::text() const {
  if (!value_.is_string()) refuse_type("a text");
  return value_.get_ref<const std::string&>();
}

std::uint64_t ValueIn::natural() const {
  if (value_.is_number_unsigned()) return value_.get<std::uint64_t>();
  if (!value_.is_number()) refuse_type("a whole number");
  refuse("is no whole number from 0 below 2^64");
}

std::int64_t ValueIn::whole(std::int64_t least, std::int64_t most) const {
  if (!value_.is_number()) refuse_type("a whole number");
  if (!value_.is_number_integer()) refuse("is no whole number");
  const bool too_large =
      value_.is_number_unsigned() && value_.get<std::uint64_t>() > static_cast<std::uint64_t>(most);
  if (too_large || value_.get<std::int64_t>() < least || value_.get<std::int64_t>() > most) {
    refuse("is out of range");
  }
  return value_.get<std::int64_t>();
}

std::int64_t ValueIn::nanoseconds() const { return whole(0, kFar); }

Time ValueIn::past() const {
  const Time time{whole(-kFar / 4, kFar)};
  if (time > Time{}) refuse("is after the start");
  return time;
}

std::uint64_t ValueIn::facts() const {
  const std::string_view said = text();
  constexpr int kHexadecimal = 16;
  std::uint64_t facts = 0;
  const auto [end, failed] =
      std::from_chars(said.data(), said.data() + said.size(), facts, kHexadecimal);
  if (failed != std::errc{} || end != said.data() + said.size()) refuse("is no hash");
  return facts;
}

std::size_t ValueIn::source() const {
  const std::string_view name = text();
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    if (sources_[i].name == name) return i;
  }
  std::vector<std::string> names;
  for (const MeasuredSource& source : sources_) names.push_back(source.name);
  refuse_word(name, names);
}

}  // namespace rehearse::measure::trace
