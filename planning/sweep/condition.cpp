#include "planning/sweep/condition.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <sstream>

#include "base/text/utf8.hpp"

namespace rehearse::planning {
namespace {

constexpr std::array<std::string_view, 6> kComparisons{"<=", ">=", "==", "!=", "<", ">"};
constexpr double kUnlimited = std::numeric_limits<double>::infinity();

// Where the comparison stands and what it is.
std::pair<std::size_t, std::string> find_comparison(const std::string& text) {
  const std::size_t at = text.find_first_of("<>=!");
  if (at == std::string::npos) return {at, {}};
  for (const std::string_view comparison : kComparisons) {
    if (text.compare(at, comparison.size(), comparison) == 0) return {at, std::string(comparison)};
  }
  return {std::string::npos, {}};
}

bool names(const Parameter& parameter, const std::string& word) {
  return parameter.pointer == word || parameter.pointer.ends_with("/" + word);
}

std::string pointers_of(const std::vector<Parameter>& parameters) {
  std::string text;
  for (const Parameter& p : parameters) text += (text.empty() ? "" : ", ") + p.pointer;
  return text;
}

// Numbers that must be whole are numbers all the same.
Unit dimension(Unit unit) { return unit == Unit::whole ? Unit::number : unit; }

bool holds_between(double left, const std::string& comparison, double right) {
  if (comparison == "<") return left < right;
  if (comparison == "<=") return left <= right;
  if (comparison == ">") return left > right;
  if (comparison == ">=") return left >= right;
  return (left == right) == (comparison == "==");
}

}  // namespace

void Condition::fail(const std::string& message) const {
  throw InputError({option_, {}, 0, 0}, "\"" + printable(text_, 200) + "\": " + message);
}

Condition::Condition(const std::string& text, const std::vector<Parameter>& parameters,
                     const std::string& option)
    : text_(text), option_(option) {
  const auto [at, comparison] = find_comparison(text);
  if (at == std::string::npos) {
    fail("a comparison of parameters is allowed, for example 'datasets/rate < 5/s'");
  }
  comparison_ = comparison;
  left_ = parse_side(std::string_view(text).substr(0, at), parameters);
  right_ = parse_side(std::string_view(text).substr(at + comparison.size()), parameters);
  const bool words = left_.word || right_.word;
  if (words && comparison_ != "==" && comparison_ != "!=") {
    const std::string& word = left_.word ? *left_.word : *right_.word;
    fail("\"" + printable(word) + "\" is none of the parameters, " + pointers_of(parameters) +
         ", and words can only be compared by == and !=");
  }
  if (!words && left_.unit && right_.unit && *left_.unit != *right_.unit) {
    fail("the two sides have different units");
  }
}

Condition::Side Condition::parse_side(std::string_view text,
                                      const std::vector<Parameter>& parameters) const {
  std::istringstream stream{std::string(text)};
  Side side;
  std::vector<std::string> words;
  double sign = 1;
  for (std::string word; stream >> word;) {
    if (word == "+" || word == "-") {
      parse_term(words, sign, parameters, side);
      words.clear();
      sign = word == "+" ? 1 : -1;
    } else {
      words.push_back(word);
    }
  }
  parse_term(words, sign, parameters, side);
  return side;
}

void Condition::parse_term(const std::vector<std::string>& words, double sign,
                           const std::vector<Parameter>& parameters, Side& side) const {
  Term term{sign, {}};
  Unit unit = Unit::number;
  const bool product = words.size() == 3 && words[1] == "*";
  if (words.size() != 1 && !product) fail("a sum such as '2 * rate + 1/s' is allowed on each side");
  if (product) {
    const Quantity factor = read_quantity(words[0], {option_, {}, 0, 0});
    if (factor.unit != Unit::number) fail("a factor before * is a plain number");
    term.factor *= *factor.value.amount;
  }
  const std::string& word = words.back();
  const auto by_name = [&](const Parameter& p) { return names(p, word); };
  const auto found = std::find_if(parameters.begin(), parameters.end(), by_name);
  if (found != parameters.end()) {
    if (found->pointer != word &&
        std::count_if(parameters.begin(), parameters.end(), by_name) > 1) {
      fail("\"" + printable(word) + "\" may be any of " + pointers_of(parameters));
    }
    term.parameter = static_cast<std::size_t>(found - parameters.begin());
    unit = found->unit;
  } else {
    const Quantity quantity = read_quantity(word, {option_, {}, 0, 0});
    unit = quantity.unit;
    if (unit == Unit::word) {
      if (word.find('/') != std::string::npos) {
        fail("\"" + printable(word) + "\" is none of the parameters, " + pointers_of(parameters));
      }
      side.word = word;
    } else {
      term.factor *= *quantity.value.amount;
    }
  }
  if (unit != Unit::word) {
    if (side.unit && *side.unit != dimension(unit)) fail("a sum has one unit");
    side.unit = dimension(unit);
  }
  side.terms.push_back(term);
  if (side.word && side.terms.size() > 1) fail("a word stands alone");
}

// nullopt where a word other than "none" is a term.
std::optional<double> Condition::amount(const Side& side, const std::vector<Value>& values) const {
  double sum = 0;
  for (const Term& term : side.terms) {
    if (!term.parameter) {
      sum += term.factor;
      continue;
    }
    const Value& value = values[*term.parameter];
    if (!value.amount && value.text != "none") return std::nullopt;
    sum += term.factor * value.amount.value_or(kUnlimited);
  }
  return sum;
}

std::optional<bool> Condition::compare_words(const std::vector<Value>& values) const {
  const auto text_of = [&](const Side& side) -> std::optional<std::string> {
    if (side.word) return side.word;
    if (side.terms.size() == 1 && side.terms[0].parameter) {
      return values[*side.terms[0].parameter].text;
    }
    return std::nullopt;
  };
  const std::optional<std::string> left = text_of(left_);
  const std::optional<std::string> right = text_of(right_);
  if (!left || !right) return std::nullopt;
  return (*left == *right) == (comparison_ == "==");
}

bool Condition::holds(const std::vector<Value>& values) const {
  const bool words = left_.word || right_.word;
  if (!words) {
    const std::optional<double> left = amount(left_, values);
    const std::optional<double> right = amount(right_, values);
    if (left && right) return holds_between(*left, comparison_, *right);
  }
  if (comparison_ != "==" && comparison_ != "!=") return false;
  return compare_words(values).value_or(comparison_ == "!=");
}

}  // namespace rehearse::planning
