// `--where`: which points of a grid are wanted.
//
//   '/mds/hydration/budgets/datasets/rate < /mds/hydration/budgets/model-registry/rate'
//   'datasets/rate + model-registry/rate <= 20/s'
//   'every >= 2 * timeout'
//   'coalescing == safe'
//
// Two sums of parameters and quantities, compared by <, <=, >, >=, == or !=. A parameter is named
// by its pointer or by the end of it, as long as only one parameter ends so. Operators but the
// comparison stand between spaces, since pointers may hold "-" and "*". Both sides must have one
// unit. The value "none" counts as greater than every quantity (a budget without limit, a period
// that never ends); other words can only be compared for being equal.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "planning/sweep/pointers.hpp"

namespace rehearse::planning {

class Condition {
 public:
  /// Throws InputError.
  Condition(const std::string& text, const std::vector<Parameter>& parameters,
            const std::string& option);

  /// REQUIRES: a value for each parameter, in their order.
  bool holds(const std::vector<Value>& values) const;
  const std::string& text() const { return text_; }

 private:
  struct Term {
    double factor = 1;
    std::optional<std::size_t> parameter;  ///< nullopt: the factor stands alone
  };
  struct Side {
    std::vector<Term> terms;
    std::optional<Unit> unit;  ///< of its quantities; nullopt for bare numbers and words
    std::optional<std::string> word;
  };
  Side parse_side(std::string_view text, const std::vector<Parameter>& parameters) const;
  void parse_term(const std::vector<std::string>& words, double sign,
                  const std::vector<Parameter>& parameters, Side& side) const;
  std::optional<double> amount(const Side& side, const std::vector<Value>& values) const;
  std::optional<bool> compare_words(const std::vector<Value>& values) const;
  [[noreturn]] void fail(const std::string& message) const;

  std::string text_;
  std::string option_;
  std::string comparison_;
  Side left_;
  Side right_;
};

}  // namespace rehearse::planning
