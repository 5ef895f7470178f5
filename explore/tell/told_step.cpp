#include "explore/tell/told_step.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "base/text/utf8.hpp"
#include "world/uri.hpp"

namespace rehearse::explore {
namespace {

const Time kNow{std::numeric_limits<std::int64_t>::max()};
constexpr std::size_t kMostOfRound = 6;  // what an undisturbed round does is told in few words

std::string op_name(world::Op op) {
  switch (op) {
    case world::Op::create:
      return "created";
    case world::Op::update:
      return "updated";
    case world::Op::remove:
      break;
  }
  return "deleted";
}

/// "1", "1 and 2", "1, 2 and 3".
std::string listed(const std::vector<std::string>& items) {
  std::string text;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) text += i + 1 == items.size() ? " and " : ", ";
    text += items[i];
  }
  return text;
}

class Teller {
 public:
  explicit Teller(const Excerpt& excerpt)
      : setup_(excerpt.setup()), truth_(excerpt.truth()), shapes_(setup_.shapes) {}

  ToldStep tell(const StepRecord& record) {
    step_ = {record.choice, record.at, {}, record.violations};
    record_ = &record;
    round_ = record.choice.action == Action::close;
    tell_choice();
    for (const mds::Notice& notice : record.notices) tell_notice(notice);
    tell_transactions();
    if (!round_) tell_calls();
    tell_acks();
    return std::move(step_);
  }

 private:
  struct Call {
    std::size_t source = 0;
    std::string path;
    std::size_t position = 0;
  };

  Told& add(Party from, Party to, std::string sentence, std::string label) {
    Told told;
    told.from = from;
    told.to = to;
    told.sentence = std::move(sentence);
    told.label = std::move(label);
    step_.told.push_back(std::move(told));
    return step_.told.back();
  }

  // ---- what happened ----
  void tell_choice() {
    const Choice& choice = record_->choice;
    switch (choice.action) {
      case Action::change:
        return tell_change(choice.event);
      case Action::deliver:
      case Action::duplicate:
      case Action::drop:
        return tell_event(choice);
      case Action::answer:
      case Action::answer_old:
      case Action::fail:
      case Action::time_out:
        return tell_answer(choice);
      case Action::crash:
        calls_.clear();
        add(Party::service, Party::service,
            "The service crashes and starts again; what it had not acknowledged is on the bus once "
            "more.",
            "crash and restart")
            .fault = true;
        return;
      case Action::rebalance:
        add(Party::bus, Party::service,
            fmt::format("The consumers of the bus {} are rebalanced; what is not committed is on "
                        "the bus once more.",
                        choice.source),
            "rebalance")
            .fault = true;
        return;
      case Action::enrich:
        add(Party::service, Party::service, "An enrichment tick.", "enrichment tick");
        return;
      case Action::index:
        add(Party::service, Party::graph, "The search index takes the rows that wait for it.",
            "index rows");
        return;
      case Action::ask:
        return tell_question(setup_.questions[choice.event - 1]);
      case Action::wake:
        add(Party::service, Party::service, "The clock moves on to the service's next wake-up.",
            "wake-up");
        return;
      case Action::reconcile:
        add(Party::reconciliation, Party::service, "A round of reconciliation begins.",
            "a round begins");
        return;
      case Action::close:
        add(Party::reconciliation, Party::service,
            "Events are quiet; a full round of reconciliation runs undisturbed.",
            "a full round, undisturbed");
        return;
    }
  }

  void tell_change(std::size_t number) {
    const Announcement& event = announcement(number);
    const std::string name = document_of(event);
    const auto now = truth_.world(record_->position).find(uri_of(event));
    const std::int64_t version = now ? now->version : 0;
    const std::string what =
        event.op == world::Op::remove
            ? fmt::format("{} is deleted", name)
            : fmt::format("{} is {}, version {}", name, op_name(event.op), version);
    add(Party::source, Party::source, fmt::format("{}: {}.", shapes_[event.source].name, what),
        what)
        .source = event.source;
    add(Party::source, Party::bus, fmt::format("Event {} is on the bus.", number),
        fmt::format("event {}", number))
        .source = event.source;
  }

  void tell_event(const Choice& choice) {
    const std::string name = event_name(choice.event);
    const std::string label =
        fmt::format("event {}: {}", choice.event, brief(announcement(choice.event)));
    if (choice.action == Action::drop) {
      Told& told = add(Party::bus, Party::service, fmt::format("{} is lost.", name), label);
      told.lost = told.fault = true;
    } else if (choice.action == Action::duplicate) {
      add(Party::bus, Party::service,
          fmt::format("{} arrives at the service, and stays on the bus to arrive once more.", name),
          label + " (to come again)")
          .fault = true;
    } else {
      add(Party::bus, Party::service, fmt::format("{} arrives at the service.", name), label);
    }
  }

  void tell_question(const world::Question& question) {
    std::vector<std::string> names;
    for (const std::string& uri : record_->answer->uris) names.push_back(short_name(uri));
    const std::string found = names.empty() ? "nothing" : listed(names);
    const std::string asked = fmt::format("{} of {}", question.ask, short_name(question.entity));
    add(Party::graph, Party::service,
        fmt::format("Somebody asks for the {}: {}. The answer is kept.", asked, found),
        fmt::format("{}: {}", asked, found));
  }

  void tell_answer(const Choice& choice) {
    const Call call = take_call(choice);
    const std::string subject = subject_of(call.source, call.path);
    const std::string& source = shapes_[call.source].name;
    if (is_fault(choice.action)) {
      const bool late = choice.action == Action::time_out;
      Told& told = add(
          Party::source, Party::service,
          fmt::format("The call for {} {}.", subject, late ? "is not answered in time" : "fails"),
          late ? "no answer in time" : "call fails");
      told.source = call.source;
      told.lost = told.fault = told.answer = true;
      return;
    }
    const bool old = choice.action == Action::answer_old;
    const std::string said = answer_text(call, old ? call.position : record_->position);
    std::string sentence = fmt::format("{} answers the call for {}: {}", source, subject, said);
    if (old) {
      sentence += fmt::format(", as things were when the call was made (by now: {})",
                              answer_text(call, record_->position));
    }
    Told& told = add(Party::source, Party::service, sentence + ".",
                     fmt::format("{}: {}{}", subject, said, old ? " (as of the call)" : ""));
    told.source = call.source;
    told.answer = true;
  }

  Call take_call(const Choice& choice) {
    std::size_t before = 0;
    for (std::size_t i = 0; i < calls_.size(); ++i) {
      if (calls_[i].path != choice.path || shapes_[calls_[i].source].name != choice.source)
        continue;
      if (before++ != choice.nth) continue;
      Call call = std::move(calls_[i]);
      calls_.erase(calls_.begin() + static_cast<std::ptrdiff_t>(i));
      return call;
    }
    return {0, choice.path, record_->position};
  }

  std::string answer_text(const Call& call, std::size_t position) const {
    const world::ApiAnswer answer = truth_.world(position).get(call.source, call.path, kNow);
    if (answer.status == 404) return "not found";
    if (answer.status != 200) return fmt::format("status {}", answer.status);
    if (answer.uri.empty()) return listing_text(answer.body);
    return fmt::format("version {}", answer.version);
  }

  static std::string listing_text(const std::string& body) {
    std::size_t count = 0;
    for (std::size_t at = body.find("{\"id\":"); at != body.npos;
         at = body.find("{\"id\":", at + 1)) {
      ++count;
    }
    return fmt::format("{} {}", count, count == 1 ? "id" : "ids");
  }

  // ---- what came of it ----
  void tell_notice(const mds::Notice& notice) {
    using Kind = mds::Notice::Kind;
    if (notice.kind == Kind::coalesced) {
      add(Party::service, Party::service,
          fmt::format("The service is already at it: {} is to be fetched again after.",
                      short_name(notice.uri)),
          "fetch again after");
    } else if (notice.kind == Kind::cache_hit) {
      add(Party::service, Party::service,
          fmt::format("The service takes {} from its cache.", short_name(notice.uri)),
          "answered from the cache");
    } else if (notice.kind == Kind::dead_lettered) {
      const std::string reason = printable(notice.detail, 100);
      add(Party::service, Party::graph,
          notice.event.value == 0
              ? fmt::format("The answer becomes a dead letter: {}.", reason)
              : fmt::format("Event {} becomes a dead letter: {}.", notice.event.value, reason),
          "dead letter");
    } else if (notice.kind == Kind::deletions_refused) {
      add(Party::service, Party::service,
          fmt::format("The guard refuses to delete {}.", notice.detail), "deletions refused");
    }
  }

  void tell_transactions() {
    std::size_t told = 0;
    for (const mds::TxReport& tx : record_->transactions) {
      if (round_ && tx.datoms == 0) continue;
      if (round_ && told++ >= kMostOfRound) continue;
      for (const mds::DocumentChange& change : tx.documents) tell_document(change, tx.datoms > 0);
      for (const std::string& uri : tx.index_lost) {
        const std::string name = short_name(uri);
        add(Party::service, Party::graph,
            fmt::format("The row of {} in the search index is never written.", name),
            fmt::format("no index row: {}", name))
            .lost = true;
      }
      for (const mds::EdgeChange& edge : tx.edges) {
        const std::string name =
            fmt::format("{} {} {}", short_name(edge.from), edge.relation, short_name(edge.to));
        add(Party::service, Party::graph,
            fmt::format("The graph {} the edge {}.", edge.added ? "gains" : "loses", name),
            fmt::format("{} {}", edge.added ? "edge:" : "no edge:", name));
      }
    }
  }

  void tell_document(const mds::DocumentChange& change, bool changed) {
    const std::string name = short_name(change.uri);
    if (!change.live) {
      add(Party::service, Party::graph, fmt::format("The graph drops {}.", name),
          fmt::format("drop {}", name));
    } else {
      add(Party::service, Party::graph,
          fmt::format("The graph {} {} version {}.", changed ? "stores" : "has", name,
                      change.version),
          fmt::format("{} {} v{}", changed ? "store" : "has", name, change.version));
    }
  }

  void tell_calls() {
    for (const mds::SourceRequest& request : record_->calls) {
      const std::size_t source = request.source.value;
      const std::string subject = subject_of(source, request.path);
      add(Party::service, Party::source,
          fmt::format("The service calls {} for {}{}.", shapes_[source].name, subject,
                      request.attempt > 1 ? " again" : ""),
          fmt::format("GET {}", subject))
          .source = source;
      calls_.push_back({source, request.path, record_->position});
    }
  }

  void tell_acks() {
    if (record_->acknowledged.empty()) return;
    std::vector<std::string> numbers;
    for (const mds::EventId event : record_->acknowledged) {
      numbers.push_back(std::to_string(event.value));
    }
    const bool one = numbers.size() == 1;
    add(Party::service, Party::bus,
        fmt::format("{} {} {} acknowledged.", one ? "Event" : "Events", listed(numbers),
                    one ? "is" : "are"),
        "ack " + listed(numbers))
        .answer = true;
  }

  // ---- names ----
  const Announcement& announcement(std::size_t number) const {
    return truth_.announcements()[number - 1];
  }
  const std::string& uri_of(const Announcement& event) const {
    return truth_.documents()[event.document];
  }
  std::string document_of(const Announcement& event) const { return short_name(uri_of(event)); }
  std::string brief(const Announcement& event) const {
    return fmt::format("{} {}", document_of(event), op_name(event.op));
  }
  std::string event_name(std::size_t number) const {
    return fmt::format("Event {} ({})", number, brief(announcement(number)));
  }
  std::string subject_of(std::size_t source, const std::string& path) const {
    const DocumentIndex document = truth_.document_at(source, path);
    if (document != kNoDocument) return short_name(truth_.documents()[document]);
    const std::size_t query = path.find('?');
    return query == path.npos ? path : "the list " + path.substr(0, query);
  }

  const Setup& setup_;
  const ScriptedTruth& truth_;
  const std::vector<world::SourceShape>& shapes_;
  std::vector<Call> calls_;  // that are out, oldest first, as System keeps them
  const StepRecord* record_ = nullptr;
  ToldStep step_;
  bool round_ = false;
};

}  // namespace

std::string short_name(std::string_view uri) {
  constexpr std::string_view kScheme = "aip://";
  if (uri.substr(0, kScheme.size()) != kScheme) return printable(uri);
  uri.remove_prefix(kScheme.size());
  const std::size_t component = uri.find('/');
  const std::size_t platform = uri.find('/', component + 1);
  if (platform == uri.npos) return printable(uri);
  const auto id = world::percent_decode(uri.substr(platform + 1));
  return fmt::format("{} {}", uri.substr(0, component),
                     printable(id ? *id : std::string(uri.substr(platform + 1))));
}

std::vector<ToldStep> tell(const Excerpt& excerpt, const std::vector<StepRecord>& records) {
  Teller teller(excerpt);
  std::vector<ToldStep> told;
  for (const StepRecord& record : records) told.push_back(teller.tell(record));
  return told;
}

}  // namespace rehearse::explore
