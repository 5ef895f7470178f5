// The kinds of fault that a comparison of two files meets.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "decision_kinds.hpp"
#include "drift/reading.hpp"

namespace rehearse::test {
namespace {

using nlohmann::json;
using Names = std::vector<std::string>;

const Names kMissingWords = {"", "NA", "N/A", "#N/A", "<NA>", "null", "None", "nan"};

/// The result as JSON, or null with the reason in `wrong`.
json drift(const std::string& reference, const std::string& current, std::string& wrong,
           const Names& more = {}) {
  const Finished finished =
      run_inside(with({"drift", reference, current, "--format", "json"}, more));
  if (finished.status > 1) {
    wrong += "status " + std::to_string(finished.status) + ": " + finished.err;
    return nullptr;
  }
  return json::parse(finished.out);
}

/// What is wrong with a column that may not be called stable.
std::string not_stable(const json& result, const std::string& name) {
  if (result.is_null()) return "";
  const std::string severity = result["columns"][name]["severity"];
  const bool calm = severity == "stable" || severity == "chance";
  return calm ? name + " is " + severity + "\n" + result["columns"][name].dump(1) : "";
}

std::string one_column(const std::string& name, const Names& cells) {
  std::string text = name + "\n";
  for (const std::string& cell : cells) text += cell + "\n";
  return text;
}

/// A flag that flips, a sentinel below the commonest value, or a constant that moves.
std::string blind_deciles(Maker& make) {
  const std::size_t rows = make.between(40, 200), which = make.between(0, 2);
  const std::size_t few = rows / make.between(4, 10);
  Names before, now;
  for (std::size_t i = 0; i < rows; ++i) {
    if (which == 0) {
      before.push_back(i < few ? "0" : "1");
      now.push_back(i < few ? "1" : "0");
    } else if (which == 1) {
      const std::string spend = std::to_string(10 + 4 * i);
      before.push_back(i < few ? spend : "0");
      now.push_back(i < few ? spend : "-1");
    } else {
      before.emplace_back("5");
      now.push_back(make.chance(0.5) ? "3" : "4");
    }
  }
  std::string wrong;
  const json result = drift(make.write("r.csv", one_column("x", before)),
                            make.write("c.csv", one_column("x", now)), wrong);
  return wrong + not_stable(result, "x");
}

/// A label out of so many, all alike or each half as frequent as the one before it.
std::string draw_label(Maker& make, std::size_t labels, bool halving) {
  std::size_t label = halving ? 0 : make.between(0, labels - 1);
  while (halving && label + 1 < labels && make.chance(0.5)) ++label;
  return "L" + std::to_string(label);
}

/// Two samples of one distribution, of which one is small.
std::string small_reference(Maker& make) {
  const bool numbers = make.chance(0.3), halving = make.chance(0.5);
  const std::size_t labels = make.between(2, 60);
  const auto draw = [&](std::size_t rows) {
    Names cells;
    for (std::size_t i = 0; i < rows; ++i) {
      cells.push_back(numbers ? make.cell(0, 1) : draw_label(make, labels, halving));
    }
    return one_column("x", cells);
  };
  std::size_t few = make.between(20, 100), many = make.between(100, 2000);
  if (make.chance(0.3)) std::swap(few, many);
  std::string wrong;
  const auto before = make.write("r.csv", draw(few)), now = make.write("c.csv", draw(many));
  const json result = drift(before, now, wrong, {"--method", "psi,ks,chi2,chi2-fixed"});
  if (result.is_null()) return wrong;
  const json& x = result["columns"]["x"];
  make.false_alarm = x["severity"] == "drift" || x["severity"] == "large";
  // Without drift; 1 in a million and less is no chance in 10 000 inputs.
  const json& test = x[numbers ? "ks" : "chi2"];
  if (test["p_value"].get<double>() < 1e-6) wrong += "p " + x.dump(1);
  return wrong;
}

std::string many_categories(Maker& make) {
  const std::size_t rows = make.between(10'001, 10'500);
  const bool all = make.chance(0.5);
  Names before, now;
  for (std::size_t i = 0; i < rows; ++i) {
    before.push_back(fmt::format("A{}", i));
    now.push_back(fmt::format("{}{}", all || i % 4 != 0 ? 'B' : 'A', i));
  }
  std::string wrong;
  const json result = drift(make.write("r.csv", one_column("x", before)),
                            make.write("c.csv", one_column("x", now)), wrong, {"--method", "psi"});
  return wrong + not_stable(result, "x");
}

std::string empty_side(Maker& make) {
  const std::size_t rows = make.between(1, 50);
  std::string before = "a,b\n", now = "a,b\n";
  const bool labels = make.chance(0.5), reference = make.chance(0.5);
  for (std::size_t i = 0; i < rows; ++i) {
    const std::string value = labels ? make.pick<std::string>({"x", "y"}) : make.cell(0, 1);
    const std::string nothing = make.pick(kMissingWords);
    before += fmt::format("{},{}\n", i, reference ? nothing : value);
    now += fmt::format("{},{}\n", i, reference ? value : nothing);
  }
  std::string wrong;
  const json result = drift(make.write("r.csv", before), make.write("c.csv", now), wrong);
  if (result.is_null()) return wrong;
  const json& b = result["columns"]["b"];
  if (b["reference_count"] != (reference ? 0 : rows) ||
      b["current_count"] != (reference ? rows : 0)) {
    wrong += "counts " + b.dump(1);
  }
  return wrong + not_stable(result, "b");
}

/// Rows of which so many are missing, anywhere among them.
std::string partly_missing(Maker& make, std::size_t rows, std::size_t missing, bool labels) {
  Names cells;
  for (std::size_t i = 0; i < rows; ++i) {
    const bool gone = make.between(1, rows - i) <= missing;
    missing -= gone ? 1 : 0;
    cells.push_back(gone     ? make.pick(kMissingWords)
                    : labels ? make.pick<std::string>({"EU", "US"})
                             : make.cell(0, 1));
  }
  return one_column("x", cells);
}

/// A fifth of the rows at most, and then half of them at least.
std::string missing_share(Maker& make) {
  const std::size_t before = make.between(100, 300), now = make.between(100, 300);
  const bool labels = make.chance(0.5);
  const std::size_t was = make.between(0, before / 5), is = make.between((now + 1) / 2, now);
  const auto reference = make.write("r.csv", partly_missing(make, before, was, labels));
  const auto current = make.write("c.csv", partly_missing(make, now, is, labels));
  std::string wrong;
  const json result = drift(reference, current, wrong);
  const Finished gate = run_inside({"drift", reference, current, "--fail-on", "missing>40%"});
  if (gate.status != 1) wrong += "passes the gate";
  if (result.is_null()) return wrong;
  const json& x = result["columns"]["x"];
  if (x["current"]["missing"] != is) wrong += "miscounts\n" + x.dump(1);
  return wrong + (x["severity"] == "large" ? "" : "no large drift\n" + x.dump(1));
}

/// The same numbers with missing words here and there, or the same labels with spaces and zeros.
std::string kinds(Maker& make) {
  const bool labels = make.chance(0.5);
  const std::size_t rows = make.between(20, 80);
  Names before, now;
  if (!labels) before.push_back(make.pick(kMissingWords));
  for (std::size_t i = 0; i < rows; ++i) {
    const std::string value = std::to_string(make.between(1, labels ? 3 : 90));
    before.push_back(value);
    now.push_back(labels ? " " + value + make.pick<std::string>({".0", "", " "}) : value + ".0");
    if (!labels && make.chance(0.1)) now.push_back(make.pick(kMissingWords));
  }
  const std::size_t at = make.between(0, now.size() - 1);
  std::rotate(now.begin(), now.begin() + static_cast<std::ptrdiff_t>(at), now.end());
  std::string wrong;
  // An index beside it keeps rows of nothing from being blank lines.
  const auto indexed = [](const Names& cells) {
    std::string text = "i,x\n";
    for (const std::string& cell : cells) text += "0," + cell + "\n";
    return text;
  };
  const json result = drift(make.write("r.csv", indexed(before)), make.write("c.csv", indexed(now)),
                            wrong, labels ? Names{"--categorical", "x"} : Names{});
  if (result.is_null()) return wrong;
  const json& x = result["columns"]["x"];
  if (x["kind"] != (labels ? "categorical" : "numeric")) wrong += "kind " + x.dump(1);
  return wrong + (x["psi"].get<double>() == 0 ? "" : "psi " + x.dump(1));
}

std::string comma_in_name(Maker& make) {
  std::string name = "{job=";
  for (std::size_t i = make.between(1, 4); i > 0; --i) {
    name += make.pick<std::string>({"a", "b,", ", ", "c=d,", " "});
  }
  name += "}";
  const std::string header = "other,\"" + name + "\"\n";
  std::string text = header;
  for (int i = 0; i < 20; ++i) text += make.cell(0, 1) + "," + make.cell(0, 1) + "\n";
  const auto file = make.write("r.csv", text);
  std::string wrong;
  const json result = drift(file, file, wrong, {"--column", name});
  if (!result.is_null() && (result["columns"].size() != 1 || !result["columns"].contains(name))) {
    wrong += "columns " + result["columns"].dump();
  }
  const Finished stream = run_inside({"drift", "--stream", file, "--column", name});
  return wrong + (stream.status == 0 ? "" : stream.err);
}

std::string dropped_column(Maker& make) {
  const std::string now = make.pick<std::string>({"income_eur", "Income", "revenue", "incom"});
  const auto table = [&](const std::string& name) {
    std::string text = "age," + name + "\n";
    for (int i = 0; i < 30; ++i) text += make.cell(20, 60) + "," + make.cell(0, 1) + "\n";
    return text;
  };
  const auto before = make.write("r.csv", table("income")), after = make.write("c.csv", table(now));
  const Finished text = run_inside({"drift", before, after});
  const Finished gate = run_inside({"drift", before, after, "--fail-on", "psi>1000"});
  std::string wrong;
  if (text.out.find("income: gone") == std::string::npos) wrong += "silent\n" + text.out;
  if (text.out.find("no drift") == 0) wrong += "calls it no drift\n" + text.out;
  return wrong + (gate.status == 1 ? "" : "passes the gate\n" + gate.out + gate.err);
}

std::string infinite_values(Maker& make) {
  const std::size_t rows = make.between(20, 100);
  const std::string word = make.pick<std::string>({"+Inf", "-Inf", "inf"});
  Names before, now;
  for (std::size_t i = 0; i < rows; ++i) {
    before.push_back(make.cell(0, 1));
    now.push_back(make.chance(0.7) ? word : make.cell(0, 1));
  }
  now.front() = word;
  std::string wrong;
  const auto current = make.write("c.csv", one_column("x", now));
  const json result = drift(make.write("r.csv", one_column("x", before)), current, wrong);
  const Finished stream =
      run_inside({"drift", "--stream", current, "--column", "x", "--format", "json"});
  if (json::parse(stream.out)["infinite"].empty()) wrong += "the stream is silent";
  return wrong + not_stable(result, "x");
}

}  // namespace

const std::vector<FaultKind>& drift_kinds() {
  static const std::vector<FaultKind> all = {
      {"drift-blind-deciles", blind_deciles},
      {"chi2-small-reference", small_reference, drift::kFalseAlarms},
      {"many-categories", many_categories},
      {"empty-reference", empty_side},
      {"missing-share", missing_share},
      {"kind-by-first-value", kinds},
      {"comma-in-name", comma_in_name},
      {"dropped-column", dropped_column},
      {"infinite-values", infinite_values}};
  return all;
}

}  // namespace rehearse::test
