#include "explore/tell/ddmin.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>

namespace rehearse::explore {
namespace {

class Minimiser {
 public:
  explicit Minimiser(const std::function<bool(const Subset&)>& fails) : fails_(fails) {}

  DdminResult run(std::size_t size) {
    Subset failing(size);
    std::iota(failing.begin(), failing.end(), std::size_t{0});
    std::size_t pieces = 2;
    while (!failing.empty()) {
      if (reduce(failing, pieces)) continue;
      if (pieces >= failing.size()) break;
      pieces = std::min(pieces * 2, failing.size());
    }
    return {std::move(failing), tests_};
  }

 private:
  bool fails(const Subset& subset) {
    const auto known = known_.find(subset);
    if (known != known_.end()) return known->second;
    ++tests_;
    return known_[subset] = fails_(subset);
  }

  /// True when `failing` became smaller; sets the number of pieces to go on with.
  bool reduce(Subset& failing, std::size_t& pieces) {
    pieces = std::min(pieces, failing.size());
    for (std::size_t i = 0; i < pieces; ++i) {
      Subset piece = part(failing, i, pieces);
      if (piece.size() < failing.size() && fails(piece)) {
        failing = std::move(piece);
        pieces = 2;
        return true;
      }
    }
    for (std::size_t i = 0; i < pieces; ++i) {
      Subset rest;
      const Subset piece = part(failing, i, pieces);
      std::set_difference(failing.begin(), failing.end(), piece.begin(), piece.end(),
                          std::back_inserter(rest));
      if (fails(rest)) {
        failing = std::move(rest);
        pieces = std::max<std::size_t>(pieces - 1, 2);
        return true;
      }
    }
    return false;
  }

  static Subset part(const Subset& all, std::size_t i, std::size_t pieces) {
    const auto at = [&](std::size_t k) {
      return all.begin() + static_cast<std::ptrdiff_t>(all.size() * k / pieces);
    };
    return {at(i), at(i + 1)};
  }

  const std::function<bool(const Subset&)>& fails_;
  std::map<Subset, bool> known_;
  std::uint64_t tests_ = 0;
};

}  // namespace

DdminResult ddmin(std::size_t size, const std::function<bool(const Subset&)>& fails) {
  return Minimiser(fails).run(size);
}

}  // namespace rehearse::explore
