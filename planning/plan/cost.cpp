// Parsing of --minimise.
#include <charconv>
#include <cmath>

#include "base/error.hpp"
#include "base/text/utf8.hpp"
#include "planning/plan/goal.hpp"

namespace rehearse::planning {
namespace {

[[noreturn]] void refuse(const std::string& message) {
  throw InputError({"--minimise", {}, 0, 0},
                   message +
                       "; a sum such as \"/mds/hydration/total/rate + 2 * POINTER\" or "
                       "\"1000 / POINTER\" is allowed");
}

class CostReader {
 public:
  explicit CostReader(std::string_view text) : rest_(text) {}

  std::vector<CostTerm> terms() {
    std::vector<CostTerm> terms;
    while (true) {
      terms.push_back(term());
      skip_blanks();
      if (rest_.empty()) return terms;
      if (rest_[0] == '-') refuse_negative();
      if (rest_[0] != '+') {
        refuse("found \"" + printable(rest_) + "\" where + is expected");
      }
      rest_.remove_prefix(1);
    }
  }

 private:
  void skip_blanks() {
    while (!rest_.empty() && rest_[0] == ' ') rest_.remove_prefix(1);
  }

  // What costs less the more there is of it makes every search end at its range's end.
  [[noreturn]] void refuse_negative() const {
    refuse(
        "found \"" + printable(rest_) +
        "\", a weight below 0: more of a setting would cost less; what is dear when it is small, "
        "as a period, is WEIGHT / POINTER");
  }

  CostTerm term() {
    CostTerm term;
    skip_blanks();
    if (rest_.starts_with('-')) refuse_negative();
    if (!rest_.starts_with('/')) take_weight(term);
    skip_blanks();
    if (!rest_.starts_with('/')) {
      refuse(rest_.empty() ? "found no pointer at the end"
                           : "found \"" + printable(rest_) + "\" where a pointer is expected");
    }
    term.pointer = rest_.substr(0, rest_.find(' '));
    rest_.remove_prefix(term.pointer.size());
    return term;
  }

  void take_weight(CostTerm& term) {
    double weight = 0;
    const auto [stop, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), weight);
    if (error != std::errc() || !std::isfinite(weight)) {
      refuse("found \"" + printable(rest_) + "\" where a pointer or a weight is expected");
    }
    if (weight == 0) refuse("found a weight of 0, which costs nothing");
    term.weight = weight;
    rest_.remove_prefix(static_cast<std::size_t>(stop - rest_.data()));
    skip_blanks();
    if (rest_.empty() || (rest_[0] != '*' && rest_[0] != '/')) {
      refuse("found a weight without * or / and a pointer");
    }
    term.reciprocal = rest_[0] == '/';
    rest_.remove_prefix(1);
  }

  std::string_view rest_;
};

}  // namespace

Cost parse_cost(std::string_view text) {
  Cost cost{std::string(text), CostReader(text).terms()};
  for (std::size_t i = 0; i < cost.terms.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (cost.terms[i].pointer == cost.terms[j].pointer) {
        refuse("found " + printable(cost.terms[i].pointer) + " twice");
      }
    }
  }
  return cost;
}

}  // namespace rehearse::planning
