// Parameters: settings of a scenario that are varied, each at a JSON pointer.
//
//   POINTER=1/s,2/s,5/s            a list of values
//   POINTER=1/s..100/s log 20      20 values between, in equal ratios ("lin 20": in equal steps)
//   POINTER=none,1h..6h lin 6      parts joined by commas
//   POINTER=LOW..HIGH              a range to search in (parse_range)
//
// A value is what `--set` takes. Rates, durations and plain numbers are quantities with an amount
// (a second, in seconds, the number); anything else is a word. All quantities of a parameter have
// the same unit. Made values carry the suffix of the low end and six significant digits, so that
// their text, which names a point, does not depend on the last bit of a logarithm. What a pointer
// means is asked of the scenario's own parser: it refuses a key that is not known (and names the
// nearest) and a value of the wrong unit, and whether a number must be whole shows by trying one
// that is not.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/config.hpp"

namespace rehearse::planning {

enum class Unit : unsigned char { rate, duration, number, whole, word };

struct Value {
  std::string text;              ///< as `--set` takes it: "2.5/s", "5m", "0.2", "none"
  std::optional<double> amount;  ///< per second, in seconds, or the number; nullopt for a word

  bool operator==(const Value&) const = default;
};

struct Parameter {
  std::string pointer;
  Unit unit = Unit::word;
  std::string suffix;  ///< of values made: "/s", "m", or nothing

  bool operator==(const Parameter&) const = default;
};

/// A parameter and the values it takes, in the user's order, none twice.
struct Grid {
  Parameter parameter;
  std::vector<Value> values;
};

/// A parameter and where to search. Invariant: low.amount < high.amount.
struct Range {
  Parameter parameter;
  Value low;
  Value high;
};

/// The value of a parameter nearest to an amount, with that many significant digits; whole numbers
/// and nanoseconds are rounded to. REQUIRES: the parameter's unit is not `word`, amount >= 0 unless
/// it is a number.
Value make_value(const Parameter& parameter, double amount, int digits = 6);

/// Reads "POINTER=VALUES" against a merged scenario (experiments::read_scenario). `option` is the
/// name of the option in errors, for example "--vary". Throws InputError: an unknown pointer, a
/// value of the wrong unit, an empty range, a value twice.
Grid parse_grid(std::string_view text, const config::Node& scenario, const std::string& option);

/// Reads "POINTER=LOW..HIGH" the same way; both ends are tried.
Range parse_range(std::string_view text, const config::Node& scenario, const std::string& option);

/// Throws InputError when a pointer stands twice or leads into another one's value.
void check_apart(const std::vector<Parameter>& parameters, const std::string& option);

/// "5/s" is {5, rate}: reads one value. Throws InputError at `where` for a quantity that is out of
/// all bounds; text that is no quantity is a word.
struct Quantity {
  Value value;
  Unit unit = Unit::word;
  std::string suffix;
};
Quantity read_quantity(std::string_view text, const Where& where);

/// The unit for people: "a second", "seconds", "".
std::string_view unit_label(Unit unit);

}  // namespace rehearse::planning
