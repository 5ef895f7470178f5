// The kinds of fault that a canary's judge meets.
#include <fmt/format.h>

#include <algorithm>

#include "decision_kinds.hpp"

namespace rehearse::test {
namespace {

using Names = std::vector<std::string>;

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// What is wrong with a run that may not pass and has to say something.
std::string not_passing(const Finished& finished, const Names& says, const Names& errors = {}) {
  std::string wrong;
  if (finished.status == 0) wrong += "passes; ";
  if (finished.status > 2) wrong += "crashes; ";
  for (const std::string& part : says) {
    if (!holds(finished.out, part)) wrong += "does not say \"" + part + "\"; ";
  }
  for (const std::string& part : errors) {
    if (!holds(finished.err, part)) wrong += "does not warn of \"" + part + "\"; ";
  }
  return wrong.empty() ? "" : wrong + "\n" + finished.out + finished.err;
}

std::string metric(const std::string& name, const std::string& analysis,
                   const std::string& group = "g") {
  return fmt::format(R"({{"name": "{}", "groups": ["{}"], "analysisConfigurations": {}}})", name,
                     group, analysis);
}

std::string config(const std::string& metrics, const std::string& weights = R"("g": 100)") {
  return fmt::format(R"({{"metrics": [{}], "classifier": {{"groupWeights": {{{}}}}}}})", metrics,
                     weights);
}

std::string canary_analysis(Maker& make, const std::string& direction) {
  return fmt::format(
      R"({{"canary": {{"direction": "{}", "critical": {}, "nanStrategy": "{}"{}}}}})", direction,
      make.chance(0.5), make.pick<std::string>({"remove", "replace"}),
      make.chance(0.3) ? R"(, "outliers": {"strategy": "remove"})" : "");
}

std::string column(Maker& make, std::size_t rows, double low, double high) {
  std::string text = "errors\n";
  for (std::size_t i = 0; i < rows; ++i) text += make.cell(low, high) + "\n";
  return text;
}

Finished judge(const std::string& config_file, const std::string& baseline,
               const std::string& canary, const Names& more = {}) {
  return run_inside(with({"judge", config_file, "--baseline", baseline, "--canary", canary}, more));
}

std::string infinite(Maker& make) {
  const bool up = make.chance(0.7);
  const std::string word = up ? make.pick<std::string>({"+Inf", "inf", "Infinity", "1e999"})
                              : make.pick<std::string>({"-Inf", "-inf", "-Infinity"});
  const std::size_t rows = make.between(8, 60), all = make.between((rows * 7 + 9) / 10, rows);
  std::string canary = "errors\n";
  for (std::size_t i = 0; i < rows; ++i) canary += (i < all ? word : make.cell(1, 2)) + "\n";
  const auto file = make.write(
      "c.json", config(metric("errors", canary_analysis(make, up ? "increase" : "decrease"))));
  return not_passing(judge(file, make.write("b.csv", column(make, make.between(8, 60), 1, 2)),
                           make.write("k.csv", canary)),
                     {up ? "+Inf" : "-Inf"});
}

std::string separator(Maker& make) {
  struct Form {
    std::string separator, decimal, first;
  };
  const Form form = make.pick<Form>({{";", ".", ""},
                                     {";", ",", ""},
                                     {"\t", ".", ""},
                                     {"|", ".", ""},
                                     {"\t", ",", ""},
                                     {",", ".", "sep=,\n"},
                                     {";", ".", "sep=;\n"}});
  const auto table = [&](double low, double high) {
    std::string text = form.first + fmt::format("time{0}errors{0}p95\n", form.separator);
    for (std::size_t i = 0; i < 12; ++i) {
      std::string row = fmt::format("{}{}{}{}{}", i, form.separator, make.cell(low, high),
                                    form.separator, make.cell(low, high));
      if (form.decimal == ",") std::replace(row.begin(), row.end(), '.', ',');
      text += row + "\n";
    }
    return text;
  };
  const auto file =
      make.write("c.json", config(metric("errors", canary_analysis(make, "increase"))));
  const auto baseline = make.write("b.csv", table(1, 2)), canary = make.write("k.csv", table(8, 9));
  const Finished found = judge(file, baseline, canary, {"--decimal", form.decimal});
  const Finished wrong =
      judge(file, baseline, canary, {"--separator", "#", "--decimal", form.decimal});
  return not_passing(found, {"errors: High"}) +
         not_passing(wrong, {}, {"no metric of the configuration", "time"});
}

std::string never_binds(Maker& make) {
  const std::string limit = make.pick<std::string>({"0", "-1", "-0.5", "0.0"});
  const std::string effect = fmt::format(
      R"({{"canary": {{"direction": "decrease", "critical": {}, "mustHaveData": true,
          "effectSize": {{"allowedDecrease": {}, "allowedIncrease": {}}}}}}})",
      make.chance(0.7), limit, make.real(1.01, 2));
  const auto file = make.write("c.json", config(metric("errors", effect)));
  const double factor = make.pick<double>({0.1, 10});
  return not_passing(judge(file, make.write("b.csv", column(make, 20, 1, 2)),
                           make.write("k.csv", column(make, 20, factor, 2 * factor))),
                     {"inconclusive"}, {"[cannot-fail]", "allowedDecrease"});
}

/// "canary" with a slip: a letter left out, doubled, exchanged with its neighbour or in upper case.
std::string misspelt(Maker& make) {
  std::string word = "canary";
  const std::size_t at = make.between(0, 4);
  switch (make.between(0, 3)) {
    case 0:
      word.erase(at, 1);
      break;
    case 1:
      word.insert(at, 1, word[at]);
      break;
    case 2:
      word[at] = static_cast<char>(word[at] - 32);
      break;
    default:
      word[at] = word[at] == 'x' ? 'y' : 'x';
  }
  return word;
}

std::string scope(Maker& make) {
  const std::string word = misspelt(make);
  const auto file = make.write(
      "c.json", config(metric("errors", fmt::format(R"({{"{}": {{"critical": true}}}})", word))));
  const auto data = make.write("b.csv", column(make, 20, 1, 2));
  const Finished lint = run_inside({"judge", file, "--lint"});
  return not_passing(judge(file, data, data), {"inconclusive"},
                     {word, "did you mean \"canary\"?"}) +
         not_passing(lint, {"unknown-analysis"});
}

std::string members(Maker& make) {
  const std::string member = make.pick<std::string>({"serviceName", "service", "extensions"});
  const bool wrapped = make.chance(0.5), quoted = make.chance(0.5);
  std::string text = fmt::format(
      R"({{"metrics": [{{"name": "errors", "groups": ["g"], "{}": "x"}}],
          "classifier": {{"groupWeights": {{"g": {}}}, "scoreThresholds": {{"pass": {}}}}}}})",
      member, quoted ? "\"100\"" : "100", make.between(30, 99));
  if (wrapped) text = "{\"canaryConfig\": " + text + ", \"executionRequest\": {}}";
  const auto file = make.write("c.json", text);
  const auto data = make.write("b.csv", column(make, 20, 1, 2));
  const Finished judged = judge(file, data, data);
  if (judged.status != 0) return "does not pass\n" + judged.out + judged.err;
  return holds(judged.err, "note: ") && holds(judged.err, member) ? ""
                                                                  : "says nothing of " + member;
}

std::string one_point(Maker& make) {
  const auto file =
      make.write("c.json", config(metric("errors", canary_analysis(make, "increase"))));
  const auto baseline = make.write("b.csv", column(make, make.between(1, 3), 1, 2));
  const auto canary = make.write("k.csv", column(make, make.between(1, 3), 5, 9));
  const Finished judged = judge(file, baseline, canary);
  const std::string contradiction =
      holds(judged.out, "significantly") ? "says that it is significant" : "";
  return not_passing(judged, {"inconclusive", "Nodata", "cannot show a difference"}) +
         contradiction;
}

std::string blank_lines(Maker& make) {
  std::string one = "x\n", two = "i,x\n";
  const std::size_t rows = make.between(8, 40);
  for (std::size_t i = 0; i < rows; ++i) {
    const std::string cell = make.chance(0.6) ? "" : make.cell(1, 2);
    one += cell + "\n";
    two += fmt::format("{},{}\n", i, cell);
  }
  const auto file = make.write("c.json", config(metric("x", canary_analysis(make, "either"))));
  std::string baseline = "x\n";
  for (int i = 0; i < 12; ++i) baseline += make.cell(3, 4) + "\n";
  const auto before = make.write("b.csv", baseline);
  const Finished a = judge(file, before, make.write("one.csv", one), {"--format", "json"});
  const Finished b = judge(file, before, make.write("two.csv", two), {"--format", "json"});
  return a.out == b.out && a.status == b.status ? "" : "differs\n" + a.out + b.out;
}

std::string weights(Maker& make) {
  const std::size_t first = make.between(50, 150), second = make.between(101, 300) - 50;
  const std::string metrics = metric("errors", R"({"canary": {"direction": "increase"}})", "A") +
                              "," + metric("cpu", R"({"canary": {"direction": "increase"}})", "B");
  const auto file =
      make.write("c.json", config(metrics, fmt::format(R"("A": {}, "B": {})", first, second)));
  const auto table = [&](double low, double high) {
    std::string text = "errors,cpu\n";
    for (int i = 0; i < 20; ++i) text += make.cell(low, high) + "," + make.cell(1, 2) + "\n";
    return text;
  };
  const Finished judged =
      judge(file, make.write("b.csv", table(1, 2)), make.write("k.csv", table(8, 9)));
  return not_passing(judged, {"group A: 0 of 1 metrics passed", "sum ", "pass from"});
}

std::string rare_events(Maker& make) {
  const std::size_t rows = make.between(80, 200), few = make.between(0, 3);
  const std::size_t many = make.between(rows / 6 + 10, rows / 3 + 10);
  const auto table = [&](std::size_t events) {
    std::string text = "errors\n";
    for (std::size_t i = 0; i < rows; ++i) {
      text += i < events ? std::to_string(make.between(1, 9)) + "\n" : "0\n";
    }
    return text;
  };
  const auto file =
      make.write("c.json", config(metric("errors", R"({"canary": {"direction": "increase"}})")));
  const auto baseline = make.write("b.csv", table(few)), canary = make.write("k.csv", table(many));
  const Finished judged = judge(file, baseline, canary);
  const Finished kayenta = judge(file, baseline, canary, {"--kayenta"});
  const Finished lint =
      run_inside({"judge", file, "--lint", "--baseline", baseline, "--canary", canary});
  const std::string contradiction = holds(kayenta.out, "no significant difference")
                                        ? "contradicts its p-value\n" + kayenta.out
                                        : "";
  return not_passing(judged, {"errors: High"}) + not_passing(lint, {"ties-hide-shift"}) +
         contradiction;
}

std::string missing_column(Maker& make) {
  const auto file =
      make.write("c.json", config(metric("errors", canary_analysis(make, "increase")) + "," +
                                  metric("cpu", R"({"canary": {}})")));
  const std::string slip =
      make.pick<std::string>({"Errors", " errors", "errors ", "ERRORS", "error"});
  // Equal on both sides, so that chance fails nothing before the missing column counts.
  Names cpu(20);
  for (std::string& cell : cpu) cell = make.cell(1, 2);
  const auto table = [&](const std::string& name) {
    std::string text = name + ",cpu\n";
    for (const std::string& cell : cpu) text += make.cell(1, 2) + "," + cell + "\n";
    return text;
  };
  const Finished judged =
      judge(file, make.write("b.csv", table("errors")), make.write("k.csv", table(slip)));
  return not_passing(judged, {"inconclusive", "errors: Nodata"},
                     {"did you mean \"" + slip + "\"?"});
}

}  // namespace

const std::vector<FaultKind>& judge_kinds() {
  static const std::vector<FaultKind> kinds = {{"infinite-canary", infinite},
                                               {"wrong-separator", separator},
                                               {"missing-column", missing_column},
                                               {"critical-that-cannot-fail", never_binds},
                                               {"misspelt-scope", scope},
                                               {"real-config-members", members},
                                               {"one-point", one_point},
                                               {"blank-lines", blank_lines},
                                               {"weights", weights},
                                               {"p-against-reason", rare_events}};
  return kinds;
}

}  // namespace rehearse::test
