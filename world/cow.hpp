// A value that copies share until one of them writes.
//
// Exploration copies worlds by the million and changes one entity in each copy, so copying a world
// must not copy its entities. Copies of a Cow may live on different threads; one Cow may not.
#pragma once

#include <atomic>
#include <memory>
#include <utility>

namespace rehearse::world {

template <class T>
class Cow {
 public:
  Cow() : value_(std::make_shared<T>()) {}
  explicit Cow(T value) : value_(std::make_shared<T>(std::move(value))) {}

  const T& operator*() const { return *value_; }
  const T* operator->() const { return value_.get(); }

  /// The value, no longer shared.
  T& edit() {
    if (value_.use_count() > 1) {
      value_ = std::make_shared<T>(*value_);
    } else {
      // use_count() is a relaxed load; what another copy did before it let go must be seen.
      std::atomic_thread_fence(std::memory_order_acquire);
    }
    return *value_;
  }

 private:
  std::shared_ptr<T> value_;  // shared: this is what the class is for
};

}  // namespace rehearse::world
