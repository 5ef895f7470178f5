#include "reports/text_summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string_view>

#include "base/text/clock_text.hpp"
#include "base/text/number_text.hpp"
#include "base/text/wrap.hpp"
#include "reports/lifecycle_text.hpp"

namespace rehearse::reports {
namespace {

class Page {
 public:
  explicit Page(bool colour) : colour_(colour) {}

  void line(const std::string& text = "") { text_ += text + "\n"; }

  void wrapped(const std::string& first, const std::string& text) {
    text_ += rehearse::wrapped(first, text);
  }

  std::string paint(const std::string& text, std::string_view code) const {
    return colour_ ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : text;
  }
  void title(const std::string& text) { line(paint(text, "1")); }

  std::string take() { return std::move(text_); }

 private:
  bool colour_;
  std::string text_;
};

std::string percent(double share) {
  if (share == 0) return "0%";
  if (share == 1) return "100%";
  // 99.99% must not read as 100%, so small differences to 1 keep their digits.
  const double shown = share > 0.9995 && share < 1 ? 1 - share : 0;
  if (shown > 0) {
    const int decimals =
        std::clamp(static_cast<int>(std::ceil(-std::log10(100 * shown))) + 1, 2, 12);
    return fmt::format("{:.{}f}%", 100 * share, decimals);
  }
  return fmt::format("{:.2f}%", share * 100);
}

// Values and bounds of expectations keep their digits: near a bound they decide.
std::string exact_text(const measure::MetricInfo* metric, const std::string& number) {
  const bool seconds = metric != nullptr && metric->unit == measure::Unit::seconds;
  return seconds ? number + " s" : number;
}

std::string plural(std::size_t count, const char* one, const char* many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

class Figures {
 public:
  Figures(Page& page, const measure::Metrics& metrics) : page_(page), metrics_(metrics) {}

  double value(const std::string& name) const {
    const auto metric = metrics_.find(name);
    return metric == metrics_.end() ? 0 : metric->second;
  }
  std::string share(const std::string& name) const { return percent(value(name)); }
  std::string time(const std::string& name) const { return duration_text(value(name)); }
  std::string number(const std::string& name) const { return fmt::format("{:.10g}", value(name)); }
  void row(const std::string& label, const std::string& text) {
    page_.wrapped(fmt::format("  {:<16}", label), text);
  }
  std::string lag(const std::string& name) const {
    if (value(name + ".count") == 0) return "none";
    std::string text = "median " + time(name + ".p50") + ", p99 " + time(name + ".p99") + ", max " +
                       time(name + ".max");
    if (value(name + ".censored") > 0) text += ", " + number(name + ".censored") + " unfinished";
    return text;
  }

 private:
  Page& page_;
  const measure::Metrics& metrics_;
};

void add_expectations(Page& page, const RunResult& result) {
  if (result.expectations.empty()) return;
  page.line();
  page.title("Expectations");
  for (const measure::ExpectationResult& e : result.expectations) {
    const std::string mark = e.passed ? page.paint("pass", "32") : page.paint("FAIL", "1;31");
    const std::string& metric = e.expectation.metric;
    const measure::MetricInfo* info = measure::find_metric(metric, {{}, {}, {}, {"lifecycle"}});
    const std::string value = exact_text(info, fmt::format("{:.9g}", e.value));
    const std::string text = metric + " " + exact_text(info, bound_text(e.expectation));
    const std::size_t room = kColumns - 8 - value.size() - 2;
    if (text.size() > room) {
      page.line(fmt::format("  {}  {}", mark, text));
      page.line(fmt::format("{:>{}}", value, kColumns));
    } else {
      page.line(fmt::format("  {}  {:<{}}  {}", mark, text, room, value));
    }
  }
}

void add_lifecycle(Page& page, const measure::Metrics& metrics) {
  const std::string sentences = lifecycle_sentences(metrics);
  if (sentences.empty()) return;
  page.line();
  page.title("Lifecycle");
  page.wrapped("  ", sentences);
}

void add_graph(Page& page, const measure::Metrics& metrics) {
  Figures f(page, metrics);
  page.line();
  page.title("Graph against truth");
  f.row("entities", f.share("entity.freshness.mean") + " fresh; age mean " +
                        f.time("entity.age.mean") + ", p50 " + f.time("entity.age.p50") + ", p99 " +
                        f.time("entity.age.p99") + ", max " + f.time("entity.age.max"));
  f.row("derived edges", "precision " + f.share("edge.precision.mean") + ", recall " +
                             f.share("edge.recall.mean") + "; at the end " +
                             f.share("edge.precision.final") + " and " +
                             f.share("edge.recall.final"));
  f.row("edge lag", f.lag("edge.lag"));
  f.row("retraction lag", f.lag("edge.retraction_lag"));
  f.row("facts lag", f.lag("path.facts.lag"));
  f.row("index lag", f.lag("path.index.lag"));
  if (f.value("answers.asked") > 0) {
    f.row("answers", f.number("answers.asked") + " asked, " + f.number("answers.wrong") +
                         " wrong (" + f.number("answers.missed") + " missed something, " +
                         f.number("answers.outdated") + " outdated), " +
                         f.number("answers.misleading") + " misleading");
  }
}

void add_work(Page& page, const measure::Metrics& metrics) {
  Figures f(page, metrics);
  page.line();
  page.title("Work");
  f.row("sources", f.number("truth.changes") + " changes");
  if (f.value("trace.skipped") + f.value("trace.past_end") > 0) {
    f.row("traces", f.number("trace.skipped") + " skipped for an empty time or id, " +
                        f.number("trace.past_end") + " due after the duration");
  }
  f.row("bus", f.number("bus.published") + " published, " + f.number("bus.delivered") +
                   " delivered, " + f.number("bus.dropped") + " dropped, " +
                   f.number("bus.duplicated") + " duplicated, " + f.number("events.dead_lettered") +
                   " dead letters");
  f.row("hydration", f.number("hydration.requests") + " requests, " +
                         f.number("hydration.retries") + " retries, " +
                         f.number("hydration.coalesced") + " coalesced, " +
                         f.number("hydration.gave_up") + " given up");
  f.row("waiting", "mean " + f.time("hydration.wait.mean") + ", " + f.lag("hydration.wait") +
                       "; queue at most " + f.number("hydration.queue.max"));
  f.row("enrichment", f.number("enrichment.runs") + " passes, " +
                          f.number("enrichment.edges_materialized") + " edges written, " +
                          f.number("enrichment.edges_retracted") + " retracted");
  f.row("store", f.number("store.entities") + " entities, " + f.number("store.edges") +
                     " derived edges, " + f.number("store.datoms") + " datoms, " +
                     f.number("store.transactions") + " transactions");
}

void add_divergences(Page& page, const measure::Audit& audit, std::size_t most) {
  page.line();
  if (audit.converged()) {
    page.line("The graph converged: it equals the truth.");
    return;
  }
  page.title("Not converged: " + plural(audit.entities.size(), "entity", "entities") + ", " +
             plural(audit.edges.size(), "derived edge", "derived edges"));
  for (std::size_t i = 0; i < audit.entities.size() && i < most; ++i) {
    const measure::EntityDivergence& e = audit.entities[i];
    page.line("  " + e.uri);
    page.wrapped("    ", fmt::format("{} in truth, {} in the graph, since {}", e.truth, e.graph,
                                     clock_text(e.since)));
    page.wrapped("    ", e.cause);
  }
  for (std::size_t i = 0; i < audit.edges.size() && i < most; ++i) {
    const measure::EdgeDivergence& e = audit.edges[i];
    page.wrapped("  ", e.edge.from + " " + e.edge.relation + " " + e.edge.to);
    page.wrapped("    ", e.cause);
  }
  const std::size_t left = (audit.entities.size() > most ? audit.entities.size() - most : 0) +
                           (audit.edges.size() > most ? audit.edges.size() - most : 0);
  if (left > 0) page.line(fmt::format("  and {} more in summary.json", left));
}

void add_readers(Page& page, const measure::Audit& audit, std::size_t most) {
  if (audit.index.empty() && audit.answers.empty()) return;
  page.title("Told to readers at the end: " +
             plural(audit.index.size(), "outdated index row", "outdated index rows") + ", " +
             plural(audit.answers.size(), "wrong answer", "wrong answers"));
  for (std::size_t i = 0; i < audit.index.size() && i < most; ++i) {
    page.line("  " + audit.index[i].uri);
    page.wrapped("    ", audit.index[i].cause);
  }
  for (std::size_t i = 0; i < audit.answers.size() && i < most; ++i) {
    page.line("  " + audit.answers[i].asked.question.entity);
    page.wrapped("    ", audit.answers[i].cause);
  }
}

}  // namespace

std::string text_summary(const RunResult& result, const TextOptions& options) {
  Page page(options.colour);
  page.title(result.scenario);
  const Duration quiesce = result.window.end - result.window.until;
  std::string header = fmt::format("seed {}, {} simulated", result.seed,
                                   duration_text(result.window.until.to_seconds()));
  if (result.window.begin.ns > 0) {
    header += ", of which warm-up " + duration_text(result.window.begin.to_seconds());
  }
  if (quiesce.ns > 0) header += ", then quiet for " + duration_text(quiesce.to_seconds());
  page.line(header);
  add_expectations(page, result);
  add_lifecycle(page, result.metrics);
  add_graph(page, result.metrics);
  add_work(page, result.metrics);
  add_divergences(page, result.audit, options.divergences);
  add_readers(page, result.audit, options.divergences);
  return page.take();
}

}  // namespace rehearse::reports
