// Our list of JSON values, filled by libraries: what could take the place of our own parser.
#pragma once

#include <rapidjson/reader.h>
#include <simdjson.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mds/contract/json.hpp"

namespace rehearse::bench {

inline constexpr int kDeepestJson = 64;

/// From the events of RapidJSON's reader; the texts are copied, as RapidJSON's reader keeps none of
/// them in place.
class ListFromEvents : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, ListFromEvents> {
 public:
  explicit ListFromEvents(std::size_t length) {
    values_.reserve(32);
    texts_.reserve(length);
  }
  bool Null() { return add(mds::JsonKind::null); }
  bool Bool(bool truth) {
    add(mds::JsonKind::boolean);
    values_.back().truth = truth;
    return true;
  }
  bool Int(int number) { return Int64(number); }
  bool Uint(unsigned number) { return Int64(number); }
  bool Int64(std::int64_t number) {
    add(mds::JsonKind::integer);
    values_.back().integer = number;
    return true;
  }
  bool Uint64(std::uint64_t number) {
    add(mds::JsonKind::large);
    values_.back().large = number;
    return true;
  }
  bool Double(double number) {
    add(mds::JsonKind::real);
    values_.back().real = number;
    return true;
  }
  bool String(const char* text, rapidjson::SizeType length, bool) {
    add(mds::JsonKind::text);
    const std::size_t at = texts_.size();
    texts_.insert(texts_.end(), text, text + length);
    values_.back().text = {texts_.data() + at, length};
    return true;
  }
  bool Key(const char* text, rapidjson::SizeType length, bool copy) {
    return String(text, length, copy);
  }
  bool StartObject() { return open(mds::JsonKind::object); }
  bool EndObject(rapidjson::SizeType) { return close(); }
  bool StartArray() { return open(mds::JsonKind::array); }
  bool EndArray(rapidjson::SizeType) { return close(); }

  const mds::JsonValue& value() const { return values_.front(); }

 private:
  bool add(mds::JsonKind kind) {
    values_.emplace_back().kind = kind;
    return true;
  }
  bool open(mds::JsonKind kind) {
    open_.push_back(values_.size());
    return add(kind) && open_.size() <= kDeepestJson;
  }
  bool close() {
    values_[open_.back()].span = static_cast<std::uint32_t>(values_.size() - open_.back());
    open_.pop_back();
    return true;
  }

  std::vector<mds::JsonValue> values_;
  std::vector<char> texts_;
  std::vector<std::size_t> open_;
};

/// From the tape of simdjson, with the texts copied, as the next text takes its
/// place.
class ListFromTape {
 public:
  explicit ListFromTape(const std::string& body) {
    static simdjson::dom::parser parser;
    values_.reserve(32);
    texts_.reserve(body.size());
    add(parser.parse(body).value());
  }
  const mds::JsonValue& value() const { return values_.front(); }

 private:
  void add_text(std::string_view text) {
    const std::size_t at = texts_.size();
    texts_.insert(texts_.end(), text.begin(), text.end());
    mds::JsonValue& value = values_.emplace_back();
    value.kind = mds::JsonKind::text;
    value.text = {texts_.data() + at, text.size()};
  }
  mds::JsonValue& add_kind(mds::JsonKind kind) {
    mds::JsonValue& value = values_.emplace_back();
    value.kind = kind;
    return value;
  }
  void close(std::size_t place) {
    values_[place].span = static_cast<std::uint32_t>(values_.size() - place);
  }
  void add(simdjson::dom::element value) {
    using simdjson::dom::element_type;
    const std::size_t place = values_.size();
    switch (value.type()) {
      case element_type::STRING:
        return add_text(std::string_view(value));
      case element_type::INT64:
        add_kind(mds::JsonKind::integer).integer = std::int64_t(value);
        return;
      case element_type::UINT64:
        add_kind(mds::JsonKind::large).large = std::uint64_t(value);
        return;
      case element_type::DOUBLE:
        add_kind(mds::JsonKind::real).real = double(value);
        return;
      case element_type::BOOL:
        add_kind(mds::JsonKind::boolean).truth = bool(value);
        return;
      case element_type::NULL_VALUE:
        add_kind(mds::JsonKind::null);
        return;
      case element_type::OBJECT:
        add_kind(mds::JsonKind::object);
        for (const auto& [name, member] : simdjson::dom::object(value)) {
          add_text(name);
          add(member);
        }
        return close(place);
      case element_type::ARRAY:
        add_kind(mds::JsonKind::array);
        for (const auto item : simdjson::dom::array(value)) add(item);
        return close(place);
    }
  }

  std::vector<mds::JsonValue> values_;
  std::vector<char> texts_;
};

}  // namespace rehearse::bench
