#include "explore/tell/story.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text/wrap.hpp"

namespace rehearse::explore {
namespace {

std::vector<ToldStep> tell(const Shrunk& example) {
  TrialOptions options;
  options.record = true;
  options.strict = true;
  const Trial trial = example.excerpt->run(example.steps, options);
  return tell(*example.excerpt, trial.records);
}

std::string critical_text(const Shrunk& example) {
  if (!example.critical) return "Which step decided it was not worked out: too many continuations.";
  if (*example.critical == 0) {
    return "No step decides it: with these changes every schedule goes wrong.";
  }
  return fmt::format(
      "The critical step is {} (*): before it some continuation still came out right, after it "
      "none "
      "does.",
      *example.critical);
}

class Lanes {
 public:
  Lanes(const std::vector<ToldStep>& steps, const Excerpt& excerpt) {
    const auto& shapes = excerpt.setup().shapes;
    std::vector<bool> sources(shapes.size(), false);
    bool rounds = false;
    for (const ToldStep& step : steps) {
      for (const Told& told : step.told) {
        if (told.from == Party::source || told.to == Party::source) sources[told.source] = true;
        rounds = rounds || told.from == Party::reconciliation;
      }
    }
    for (std::size_t i = 0; i < shapes.size(); ++i) {
      if (sources[i]) add({Party::source, i}, shapes[i].name);
    }
    add({Party::bus, 0}, "bus");
    add({Party::service, 0}, "service");
    add({Party::graph, 0}, "graph");
    if (rounds) add({Party::reconciliation, 0}, "reconciliation");
  }

  std::size_t of(Party party, std::size_t source) const {
    return places_.at({party, party == Party::source ? source : 0});
  }
  const std::vector<std::string>& names() const { return names_; }

 private:
  void add(std::pair<Party, std::size_t> key, std::string name) {
    places_[key] = names_.size();
    names_.push_back(std::move(name));
  }

  std::map<std::pair<Party, std::size_t>, std::size_t> places_;
  std::vector<std::string> names_;
};

DiagramMessage message_of(const Told& told, const Lanes& lanes) {
  DiagramMessage message;
  message.from = lanes.of(told.from, told.source);
  message.to = lanes.of(told.to, told.source);
  message.text = told.label;
  if (told.answer) message.kind = DiagramMessage::Kind::answer;
  if (told.fault) message.kind = DiagramMessage::Kind::fault;
  if (told.lost) message.kind = DiagramMessage::Kind::lost;
  return message;
}

}  // namespace

std::string headline(const Shrunk& example) {
  return fmt::format("{}: {}", name_of(example.violation.property), example.violation.what);
}

std::string story(const Shrunk& example) {
  std::string text = wrapped("", headline(example) + ".");
  const std::size_t whole = Excerpt(example.excerpt->whole()).changes().size();
  const std::size_t kept = example.excerpt->changes().size();
  if (kept < whole) {
    text += wrapped("", fmt::format("{} of the script's {} changes {} enough for that.", kept,
                                    whole, kept == 1 ? "is" : "are"));
  }
  text += "\n";
  const std::vector<ToldStep> steps = tell(example);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const bool critical = example.critical && *example.critical == i + 1;
    std::string sentences;
    for (const Told& told : steps[i].told) {
      sentences += (sentences.empty() ? "" : " ") + told.sentence;
    }
    text += wrapped(fmt::format("{:>4}  {:>8}  ", (critical ? "*" : "") + std::to_string(i + 1),
                                fmt::format("{:.3f}s", steps[i].at.to_seconds())),
                    sentences);
  }
  return text + "\n" + wrapped("", critical_text(example));
}

Diagram sequence(const Shrunk& example) {
  const std::vector<ToldStep> steps = tell(example);
  const Lanes lanes(steps, *example.excerpt);
  Diagram diagram;
  diagram.title = fmt::format("{}, {} in {} steps", example.excerpt->whole().name,
                              name_of(example.violation.property), example.steps.size());
  diagram.lanes = lanes.names();
  for (std::size_t i = 0; i < steps.size(); ++i) {
    DiagramStep step;
    step.number = i + 1;
    step.critical = example.critical && *example.critical == i + 1;
    for (const Told& told : steps[i].told) step.messages.push_back(message_of(told, lanes));
    diagram.steps.push_back(std::move(step));
  }
  DiagramMessage wrong;
  wrong.from = wrong.to = lanes.of(Party::graph, 0);
  wrong.text = headline(example);
  wrong.kind = DiagramMessage::Kind::wrong;
  diagram.steps.push_back({0, false, {wrong}});
  return diagram;
}

}  // namespace rehearse::explore
