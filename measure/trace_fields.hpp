// The language in which trace_table.hpp describes what a trace tells: for each struct its fields,
// in the order in which they stand in the file, each with its key, its place in the struct and the
// form of its value.
//
//     template <>
//     inline constexpr auto kTrace<Published> =
//         record("publish", "bus", id("event", &Published::event),
//                id("change", &Published::change).unless_empty());
//
// From one description come the writer (trace_out.hpp), the reader (trace_in.hpp) and, where a kind
// has no words of its own, its line in a story (explain_story.hpp): each visits the fields.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace rehearse::measure::trace {

// ---- values of a form of their own, as a visitor of the fields sees them ----

/// By which records name one thing: the number of an event, a call, a change.
struct Id {
  std::uint64_t number = 0;
};

/// The entity that a record is about.
struct Uri {
  std::string_view text;
};

/// A hash of facts; in the file a text, as not every reader of JSON keeps 64 bits.
struct Facts {
  std::uint64_t hash = 0;
};

/// A source by its index; in the file its name, and nothing where there is no such source.
struct Source {
  std::size_t index = 0;
};

/// A time that lies before the run or at its start.
struct Past {
  std::int64_t ns = 0;
};

// ---- forms ----

struct PlainForm {
  template <class Value>
  static const Value& of(const Value& value) {
    return value;
  }
};

template <class Seen>
struct FormAs {
  template <class Value>
  static Seen of(const Value& value) {
    if constexpr (requires { value.value; }) {
      return {value.value};
    } else if constexpr (requires { value.number; }) {
      return {static_cast<std::uint64_t>(value.number)};
    } else if constexpr (requires { value.ns; }) {
      return {value.ns};
    } else {
      return {value};
    }
  }
};

// ---- when a field is there ----

struct Always {
  static constexpr bool kRequired = true;
  template <class Owner, class Value>
  static bool there(const Owner&, const Value&) {
    return true;
  }
  template <class Value>
  static Value absent() {
    return Value{};  // never asked for
  }
};

template <bool kEmpty>
struct UnlessEmpty {
  static constexpr bool kRequired = false;
  template <class Owner, class Value>
  static bool there(const Owner&, const Value& value) {
    if constexpr (requires { value.empty(); }) {
      return !value.empty();
    } else if constexpr (std::is_same_v<Value, bool>) {
      return value != kEmpty;
    } else {
      return value != Value{};
    }
  }
  template <class Value>
  static Value absent() {
    if constexpr (std::is_same_v<Value, bool>)
      return kEmpty;
    else
      return Value{};
  }
};

template <auto kCondition>
struct When {
  static constexpr bool kRequired = false;
  template <class Owner, class Value>
  static bool there(const Owner& owner, const Value&) {
    return kCondition(owner);
  }
  template <class Value>
  static Value absent() {
    return Value{};
  }
};

// ---- fields ----

template <class Owner, class Value, class Form, class Presence>
struct Field {
  std::string_view key;
  Value Owner::*place;

  /// Left out of the file while the value is that of an empty object (false, 0, no text, nullopt).
  constexpr auto unless_empty() const {
    return Field<Owner, Value, Form, UnlessEmpty<false>>{key, place};
  }
  constexpr auto unless_true() const {
    return Field<Owner, Value, Form, UnlessEmpty<true>>{key, place};
  }
  /// In the file only where the condition, a function of the owner, holds; else empty when read.
  template <auto kCondition>
  constexpr auto when() const {
    return Field<Owner, Value, Form, When<kCondition>>{key, place};
  }

  template <class Visitor>
  void show(const Owner& owner, Visitor& visitor) const {
    const Value& value = owner.*place;
    if (Presence::there(owner, value)) visitor(key, Form::of(value));
  }
  template <class Reader>
  void read(const Reader& in, Owner& owner) const {
    Value& value = owner.*place;
    if (Presence::kRequired || in.has(key)) {
      in.read(key, Form{}, value);
    } else {
      value = Presence::template absent<Value>();
    }
  }
};

template <class Owner, class Value>
constexpr Field<Owner, Value, PlainForm, Always> member(std::string_view key, Value Owner::*place) {
  return {key, place};
}
template <class Owner, class Value>
constexpr Field<Owner, Value, FormAs<Id>, Always> id(std::string_view key, Value Owner::*place) {
  return {key, place};
}
template <class Owner, class Value>
constexpr Field<Owner, Value, FormAs<Uri>, Always> uri(std::string_view key, Value Owner::*place) {
  return {key, place};
}
template <class Owner, class Value>
constexpr Field<Owner, Value, FormAs<Facts>, Always> facts(Value Owner::*place) {
  return {"facts", place};
}
template <class Owner, class Value>
constexpr Field<Owner, Value, FormAs<Source>, Always> source(Value Owner::*place) {
  return {"source", place};
}
template <class Owner, class Value>
constexpr Field<Owner, Value, FormAs<Past>, Always> past(std::string_view key,
                                                         Value Owner::*place) {
  return {key, place};
}

/// A member that is the time of the record.
template <class Owner, class Value>
struct Moment {
  Value Owner::*place;

  template <class Visitor>
  void show(const Owner&, Visitor&) const {}
  template <class Reader>
  void read(const Reader& in, Owner& owner) const {
    owner.*place = in.now();
  }
};

template <class Owner, class Value>
constexpr Moment<Owner, Value> moment(Value Owner::*place) {
  return {place};
}

// ---- descriptions ----

struct NotTraced {};

/// How a trace tells a struct. Every kind of happening has one: a record, or kUntold.
template <class T>
inline constexpr NotTraced kTrace{};

/// Of kinds that a trace leaves out.
struct Untold {};
inline constexpr Untold kUntold{};

template <class... Fields>
struct Description {
  std::string_view kind;   ///< of a record
  std::string_view where;  ///< in a story
  std::tuple<Fields...> fields;

  template <class Owner, class Visitor>
  void show(const Owner& owner, Visitor& visitor) const {
    std::apply([&](const auto&... field) { (field.show(owner, visitor), ...); }, fields);
  }
  template <class Owner, class Reader>
  void read(const Reader& in, Owner& owner) const {
    std::apply([&](const auto&... field) { (field.read(in, owner), ...); }, fields);
  }
};

template <class T>
concept Described = requires {
  kTrace<T>.fields;
};
/// Kinds of happenings that a trace tells.
template <class T>
concept Traced = Described<T> && !kTrace<T>.kind.empty();

/// Some records of a struct have a kind of their own, told apart by what they hold.
template <class T>
struct OwnKind {
  std::string_view kind;
  bool (*has)(const T& what) = nullptr;
};
template <class T>
inline constexpr OwnKind<T> kOwnKind{};

/// Under which kind it is told.
template <Traced T>
constexpr std::string_view kind_of(const T& what) {
  constexpr OwnKind<T> own = kOwnKind<T>;
  if constexpr (!own.kind.empty()) {
    if (own.has(what)) return own.kind;
  }
  return kTrace<T>.kind;
}

/// Of a kind of record; `where` is who is at work in it (source, bus, service, api, ...).
template <class... Fields>
constexpr Description<Fields...> record(std::string_view kind, std::string_view where,
                                        Fields... fields) {
  return {kind, where, {fields...}};
}
/// Of a part of records.
template <class... Fields>
constexpr Description<Fields...> object(Fields... fields) {
  return {{}, {}, {fields...}};
}

/// A member whose own fields stand among those of its owner.
template <class Owner, class Value, class Description>
struct Part {
  Value Owner::*place;
  Description description;

  template <class Visitor>
  void show(const Owner& owner, Visitor& visitor) const {
    description.show(owner.*place, visitor);
  }
  template <class Reader>
  void read(const Reader& in, Owner& owner) const {
    description.read(in, owner.*place);
  }
};

/// With these fields, or with those of its description.
template <class Owner, class Value, class... Fields>
constexpr auto part(Value Owner::*place, Fields... fields) {
  if constexpr (sizeof...(Fields) == 0) {
    return Part<Owner, Value, std::remove_cvref_t<decltype(kTrace<Value>)>>{place, kTrace<Value>};
  } else {
    return Part<Owner, Value, Description<Fields...>>{place, object(fields...)};
  }
}

}  // namespace rehearse::measure::trace
