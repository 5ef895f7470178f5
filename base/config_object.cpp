#include <algorithm>
#include <cassert>

#include "base/config.hpp"
#include "base/text/utf8.hpp"

namespace rehearse::config {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string suggestion(std::string_view word, const std::vector<std::string>& candidates) {
  const std::optional<std::string> near = nearest(word, candidates);
  return near ? "; did you mean \"" + *near + "\"?" : "";
}

}  // namespace

Object::Object(const Node& node) : node_(node) {
  if (node.kind != Kind::object) fail(node, "found " + shown(node) + "; an object is allowed");
}

const Node* Object::find(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.emplace_back(key);
  return node_.find(key);
}

bool Object::has(std::string_view key) { return find(key) != nullptr; }

const Node& Object::require(std::string_view key) {
  const Node* value = find(key);
  if (value != nullptr) return *value;
  std::string message = "\"" + std::string(key) + "\" is missing";
  std::vector<std::string> present;
  for (const auto& member : node_.members) present.push_back(member.first);
  if (const auto near = nearest(key, present)) message += "; is \"" + *near + "\" meant to be it?";
  fail(node_, message);
}

bool Object::boolean(std::string_view key, bool otherwise) {
  const Node* value = find(key);
  return value != nullptr ? to_boolean(*value) : otherwise;
}

std::int64_t Object::integer(std::string_view key, std::int64_t otherwise, std::int64_t low,
                             std::int64_t high) {
  const Node* value = find(key);
  return value != nullptr ? to_integer(*value, low, high) : otherwise;
}

double Object::number(std::string_view key, double otherwise, Range range) {
  const Node* value = find(key);
  return value != nullptr ? to_number(*value, range) : otherwise;
}

std::string Object::string(std::string_view key, const std::string& otherwise) {
  const Node* value = find(key);
  return value != nullptr ? to_string(*value) : otherwise;
}

double Object::probability(std::string_view key, double otherwise) {
  const Node* value = find(key);
  return value != nullptr ? to_probability(*value) : otherwise;
}

Duration Object::duration(std::string_view key, Duration otherwise) {
  const Node* value = find(key);
  return value != nullptr ? to_duration(*value) : otherwise;
}

std::optional<Duration> Object::duration_or_none(std::string_view key,
                                                 std::optional<Duration> otherwise) {
  const Node* value = find(key);
  return value != nullptr ? to_duration_or_none(*value) : otherwise;
}

std::optional<Rate> Object::rate_or_none(std::string_view key, std::optional<Rate> otherwise) {
  const Node* value = find(key);
  return value != nullptr ? to_rate_or_none(*value) : otherwise;
}

std::vector<std::string> Object::strings(std::string_view key) {
  std::vector<std::string> out;
  const Node* value = find(key);
  if (value == nullptr) return out;
  if (value->kind != Kind::array) {
    fail(*value, "found " + shown(*value) + "; an array of texts is allowed");
  }
  for (const Node& item : value->items) out.push_back(to_string(item));
  return out;
}

std::string Object::choice(std::string_view key, const std::string& otherwise,
                           const std::vector<std::string>& allowed) {
  assert(!allowed.empty());
  const Node* value = find(key);
  if (value == nullptr) return otherwise;
  if (value->kind == Kind::string &&
      std::find(allowed.begin(), allowed.end(), value->text) != allowed.end()) {
    return value->text;
  }
  fail(*value, "found " + shown(*value) + "; allowed: " + joined(allowed) +
                   (value->kind == Kind::string ? suggestion(value->text, allowed) : ""));
}

void Object::done() const {
  for (const auto& [key, value] : node_.members) {
    if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
    fail(value, "unknown key \"" + printable(key) + "\"" + suggestion(key, known_) +
                    "; known: " + (known_.empty() ? "none" : joined(known_)));
  }
}

}  // namespace rehearse::config
