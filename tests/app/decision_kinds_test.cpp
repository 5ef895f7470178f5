// Seeded random inputs of each kind of fault: none may pass, be called stable, or go unmentioned.
// 200 of each in every check, 10 000 with --long.
#include "decision_kinds.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

#include "app/program.hpp"
#include "fixtures.hpp"

namespace rehearse::test {

Finished run_inside(const std::vector<std::string>& arguments) {
  std::vector<const char*> argv = {"rehearse"};
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  std::ostringstream out, err;
  std::streambuf* const old_out = std::cout.rdbuf(out.rdbuf());
  std::streambuf* const old_err = std::cerr.rdbuf(err.rdbuf());
  Finished finished;
  finished.status = app::run_program(static_cast<int>(argv.size()), argv.data());
  std::cout.rdbuf(old_out);
  std::cerr.rdbuf(old_err);
  finished.out = out.str();
  finished.shown = err.str();
  finished.err = unwrapped(finished.shown);
  return finished;
}

std::string Maker::write(const std::string& name, const std::string& text) const {
  const auto path = folder_ / name;
  std::ofstream(path, std::ios::binary) << text;
  return path.string();
}

std::string Maker::cell(double low, double high) { return fmt::format("{:.6g}", real(low, high)); }

}  // namespace rehearse::test

using namespace rehearse::test;

namespace {

const FaultKind& kind_named(const std::string& name) {
  for (const auto* kinds : {&judge_kinds(), &drift_kinds()}) {
    for (const FaultKind& kind : *kinds) {
      if (kind.name == name) return kind;
    }
  }
  throw std::logic_error("no kind " + name);
}

/// Four standard errors above the number of false alarms that is documented.
double most(double share, std::uint64_t count) {
  const double inputs = static_cast<double>(count);
  return share * inputs + 4 * std::sqrt(share * (1 - share) * inputs);
}

/// Inputs first, first + 1, ... of a kind. REHEARSE_INPUT=17 makes that one alone.
void check_kind(const std::string& name, std::uint64_t count) {
  const FaultKind& kind = kind_named(name);
  const TemporaryFolder folder;
  const char* const only = std::getenv("REHEARSE_INPUT");
  const std::uint64_t first = only == nullptr ? 1 : std::strtoull(only, nullptr, 10);
  const std::uint64_t last = only == nullptr ? count : first;
  std::vector<std::uint64_t> alarms;
  for (std::uint64_t number = first; number <= last; ++number) {
    Maker make(folder.path(), name, number);
    const std::string wrong = kind.check(make);
    INFO("input " << number << " of " << name << " (again: REHEARSE_INPUT=" << number << ")");
    INFO(wrong);
    REQUIRE(wrong.empty());
    if (make.false_alarm) alarms.push_back(number);
  }
  if (only != nullptr) return;
  INFO(fmt::format("false alarms of {}, {} of {}: {}", name, alarms.size(), count,
                   fmt::join(alarms, " ")));
  REQUIRE(static_cast<double>(alarms.size()) <= most(kind.false_alarms, count));
}

constexpr std::uint64_t kSome = 200, kMany = 10'000;

}  // namespace

#define KIND(name)                                                                                \
  TEST_CASE("200 random inputs of the kind " name " come out right") { check_kind(name, kSome); } \
  TEST_CASE("10 000 random inputs of the kind " name " come out right", "[long]") {               \
    check_kind(name, kMany);                                                                      \
  }

KIND("infinite-canary")
KIND("wrong-separator")
KIND("missing-column")
KIND("critical-that-cannot-fail")
KIND("misspelt-scope")
KIND("real-config-members")
KIND("one-point")
KIND("blank-lines")
KIND("weights")
KIND("p-against-reason")
KIND("drift-blind-deciles")
KIND("chi2-small-reference")
KIND("many-categories")
KIND("empty-reference")
KIND("missing-share")
KIND("kind-by-first-value")
KIND("comma-in-name")
KIND("dropped-column")
KIND("infinite-values")
