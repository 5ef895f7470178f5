#include "base/text/json_writer.hpp"

#include <cassert>
#include <ostream>
#include <utility>

#include "base/text/json_text.hpp"

namespace rehearse {

JsonWriter& JsonWriter::open(char bracket, Layout layout) {
  const bool packed = !open_.empty() && open_.back().layout == Layout::packed;
  before_value();
  if (open_.empty()) in_lines_ = layout == Layout::lines;
  text_ += bracket;
  open_.push_back({bracket, packed ? Layout::packed : layout, true});
  return *this;
}

JsonWriter& JsonWriter::end() {
  assert(!open_.empty() && !named_);
  const Open ended = open_.back();
  open_.pop_back();
  if (ended.layout == Layout::lines && !ended.empty) break_line();
  text_ += ended.bracket == '{' ? '}' : ']';
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  assert(!open_.empty() && open_.back().bracket == '{' && !named_);
  separate();
  text_ += json_string(name);
  text_ += layout() == Layout::lines ? ": " : ":";
  named_ = true;
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) { return json(json_string(text)); }

JsonWriter& JsonWriter::value(double number) {
  before_value();
  append_json(text_, number);
  return *this;
}

JsonWriter& JsonWriter::value(bool truth) { return json(truth ? "true" : "false"); }

JsonWriter& JsonWriter::json(std::string_view text) {
  before_value();
  text_ += text;
  return *this;
}

void JsonWriter::before_value() {
  assert(open_.empty() || named_ == (open_.back().bracket == '{'));
  if (!named_ && !open_.empty()) separate();
  named_ = false;
}

void JsonWriter::separate() {
  if (!open_.back().empty) text_ += ',';
  open_.back().empty = false;
  if (layout() == Layout::lines) break_line();
}

void JsonWriter::break_line() {
  text_ += '\n';
  text_.append(2 * (open_.size() + depth_), ' ');
}

void JsonWriter::write_to(std::ostream& out) {
  out << text_;
  text_.clear();
}

std::string JsonWriter::take() {
  assert(open_.empty());
  if (in_lines_ && depth_ == 0) text_ += '\n';
  return std::exchange(text_, {});
}

}  // namespace rehearse
