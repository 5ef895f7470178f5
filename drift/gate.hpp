// A gate for builds: which measurements of a comparison fail it.
//
// A rule is MEASURE OP VALUE, for example psi>0.2, missing>5%, ks-p<0.001, or one of the words
// drift, large, unclear, which stand for a reading that is at least so grave. Measures: psi, kl,
// js, hellinger, tvd, wasserstein, cvm, cvm-p, ks, ks-p, chi2, chi2-p; missing, infinite and new
// are shares of the current rows, missing-rise what the share of missing values grew by. OP is one
// of > >= < <=.
//
// A policy is a file (JSON or YAML) of {"fail_on": [RULE...], "columns": {NAME: [RULE...]},
// "exclude": [NAME...], "numeric": [NAME...], "categorical": [NAME...]}; rules under "columns" hold
// for those in place of "fail_on". Or it holds monitor policies (policy.hpp), {"policies": [...]}:
// each fails the column named by its signal where all of its conditions hold.
//
// A measure that a column should have and does not (no values, say) fails the gate, and so do the
// words where the reading is unclear: what cannot be told does not pass. A rule that could never
// fail, since no value of its measure lies there or no column has it, is an InputError, and so is a
// policy for a column that is not compared.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/config.hpp"
#include "drift/column_report.hpp"
#include "drift/reading.hpp"

namespace rehearse::drift {

enum class Comparison { above, at_least, below, at_most };

struct Rule {
  std::string text;  ///< as the user wrote it
  std::string measure;
  Comparison comparison = Comparison::above;
  double threshold = 0;
};

/// Throws InputError.
Rule parse_rule(const std::string& text);

/// Rules that fail a column when all of them hold.
struct RuleSet {
  std::string name;    ///< of the policy they come from, or their text
  std::string column;  ///< empty: any
  std::vector<Rule> rules;
};

struct Gate {
  std::vector<RuleSet> sets;
  std::vector<std::string> own_rules;  ///< columns that the sets for any column are not for
  std::vector<std::string> exclude, numeric, categorical;

  bool set() const { return !sets.empty(); }
};

/// Adds the rules of --fail-on. Throws InputError.
void add_rules(Gate& gate, const std::vector<std::string>& rules);

/// Throws InputError.
Gate read_gate(const config::Node& node);

/// A column as the gate sees it.
struct Measured {
  std::string name;
  const ColumnReport* report = nullptr;
  Reading reading;
};

struct Breach {
  std::string column;
  std::string rule;
  std::string found;  ///< "psi is 0.31", or why it cannot be told
};

/// In the order of the columns. `gone` are columns of the reference that the current data lack,
/// each a breach. Throws InputError.
std::vector<Breach> check(const Gate& gate, const std::vector<Measured>& columns,
                          const std::vector<std::string>& gone);

}  // namespace rehearse::drift
