// The subscribers to kinds of things that happen, a list for each kind.
//
// A subscriber is any object with overloads `on(const Kind&, Time)`: it is told of the kinds that
// it has one for, in the order of subscription. To tell is one indirect call per subscriber,
// straight into its overload; a kind that nobody hears costs a look at an empty list. Nothing is
// copied or allocated. What is told is good for the time of the call.
//
// No subscriber may come or go while something is told.
#pragma once

#include <algorithm>
#include <tuple>
#include <variant>
#include <vector>

#include "base/time.hpp"

namespace rehearse::models {

/// Whether a subscriber is told of a kind.
template <class Subscriber, class Kind>
concept Hears = requires(Subscriber& who, const Kind& what, Time now) {
  who.on(what, now);
};

template <class Happening>
class Subscribers;

/// `Kinds` are all different.
template <class... Kinds>
class Subscribers<std::variant<Kinds...>> {
 public:
  /// REQUIRES: `who` outlives this, or unsubscribes.
  template <class Subscriber>
  void subscribe(Subscriber& who) {
    static_assert((Hears<Subscriber, Kinds> || ...), "nothing of this list has an overload");
    (subscribe_to<Kinds>(who), ...);
  }

  template <class Subscriber>
  void unsubscribe(const Subscriber& who) {
    (std::erase_if(list_of<Kinds>(), [&who](const auto& told) { return told.who == &who; }), ...);
  }

  template <class Kind>
  void tell(const Kind& what, Time now) const {
    for (const Listener<Kind>& listener : std::get<std::vector<Listener<Kind>>>(lists_)) {
      listener.tell(listener.who, what, now);
    }
  }
  void tell(const std::variant<Kinds...>& what, Time now) const {
    std::visit([this, now](const auto& kind) { this->tell(kind, now); }, what);
  }

 private:
  template <class Kind>
  struct Listener {
    void* who;
    void (*tell)(void* who, const Kind& what, Time now);
  };

  template <class Kind>
  std::vector<Listener<Kind>>& list_of() {
    return std::get<std::vector<Listener<Kind>>>(lists_);
  }

  template <class Kind, class Subscriber>
  void subscribe_to(Subscriber& who) {
    if constexpr (Hears<Subscriber, Kind>) {
      list_of<Kind>().push_back({&who, [](void* subscriber, const Kind& what, Time now) {
                                   static_cast<Subscriber*>(subscriber)->on(what, now);
                                 }});
    }
  }

  std::tuple<std::vector<Listener<Kinds>>...> lists_;
};

}  // namespace rehearse::models
