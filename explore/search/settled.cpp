#include "explore/search/settled.hpp"

#include <algorithm>
#include <set>

namespace rehearse::explore {
namespace {

enum Part : std::uint64_t { kKey = 0x400, kEvent, kFlags, kRest };

/// Not so where entities of two types share a name.
bool each_path_has_its_document(const ScriptedTruth& truth) {
  std::size_t paths = 0;
  std::set<DocumentIndex> documents;
  for (std::size_t source = 0; source < truth.sources(); ++source) {
    for (const auto& [path, document] : truth.paths(source)) {
      ++paths;
      documents.insert(document);
    }
  }
  return paths == documents.size();
}

/// Something is mentioned that does not exist in the end.
bool dangles(const ScriptedTruth& truth) {
  std::set<std::string> mentioned;
  std::set<std::string> in_the_end;
  for (DocumentIndex d = 0; d < truth.documents().size(); ++d) {
    for (std::size_t position = 0; position <= truth.length(); ++position) {
      for (const auto& reference : truth.references(d, truth.state(d, position))) {
        mentioned.insert(reference.to);
      }
    }
    for (const auto& entity : truth.entities(d, truth.state(d, truth.length()))) {
      in_the_end.insert(entity.first);
    }
  }
  return !std::includes(in_the_end.begin(), in_the_end.end(), mentioned.begin(), mentioned.end());
}

}  // namespace

Settled::Settled(System& system, SettledTable& table)
    : system_(system), truth_(system.truth()), table_(table), dangling_(dangles(truth_)) {
  const mds::HydrationConfig& hydration = system.setup().service.hydration;
  applies_ = system.documents_apart() && !truth_.has_lanes() && !hydration.event_payload &&
             !hydration.unguarded && !hydration.reject_unknown_references &&
             each_path_has_its_document(truth_);
}

std::optional<Settled::Subject> Settled::subject_of(const Choice& choice) const {
  Subject subject;
  switch (choice.action) {
    case Action::deliver:
    case Action::duplicate:
    case Action::drop:
      subject.document = truth_.announcements()[choice.event - 1].document;
      return subject;
    case Action::answer:
    case Action::answer_old:
    case Action::fail:
    case Action::time_out: {
      const OpenCall& call = system_.branch().calls[system_.find_call(choice)];
      subject.document = truth_.document_at(call.source, call.path);
      if (subject.document != kNoDocument) return subject;
      if (truth_.list_at(call.source, call.path) == nullptr) return std::nullopt;
      subject.source = call.source;
      subject.path = call.path.substr(0, call.path.find('?'));
      return subject;
    }
    default:
      return std::nullopt;
  }
}

/// The graph holds what it will hold.
bool Settled::stays(const Subject& subject, const Vantage& here) const {
  if (subject.document == kNoDocument) return names_nothing_new(subject, here);
  const DocumentIndex d = subject.document;
  const Branch& b = system_.branch();
  return truth_.last_announcement(d) <= truth_.announced_at_start() + b.position &&
         b.copies[d] == truth_.state(d, truth_.length()) && !dangling_;
}

/// What is on the list is in the graph or on its way there, and remains so.
bool Settled::names_nothing_new(const Subject& list, const Vantage& here) const {
  const Branch& b = here.branch;
  const ScriptedTruth::List& listed = *truth_.list_at(list.source, list.path);
  if (listed.since[b.position] != listed.since.back()) return false;
  std::size_t oldest = b.position;
  for (const OpenCall& call : b.calls) {
    if (call.source == list.source && truth_.list_at(call.source, call.path) == &listed) {
      oldest = std::min(oldest, call.moment);
    }
  }
  return std::all_of(listed.documents.begin(), listed.documents.end(), [&](DocumentIndex d) {
    if (truth_.state(d, truth_.length()) == 0) return !existed(d, oldest);
    bool called = false;
    for (const OpenCall& call : b.calls) {
      if (truth_.document_at(call.source, call.path) != d) continue;
      if (truth_.was(d, 0, call.moment, truth_.length())) return false;
      called = true;
    }
    return b.copies[d] != 0 || (called && !system_.gives_up());
  });
}

bool Settled::existed(DocumentIndex document, std::size_t from) const {
  for (std::size_t position = from; position <= truth_.length(); ++position) {
    if (truth_.state(document, position) != 0) return true;
  }
  return false;
}

bool Settled::idle(const Subject& subject, const Vantage& here) const {
  if (subject.document == kNoDocument) return here.lists.count({subject.source, subject.path}) == 0;
  return here.jobs[subject.document] == Fingerprint{} &&
         here.waiting[subject.document] == Fingerprint{};
}

Fingerprint Settled::key(const Subject& subject, const Vantage& here) const {
  const Branch& b = here.branch;
  PartHasher hash(kKey);
  hash.add(subject.document).add(subject.source).add(subject.path);
  hash.add(b.drops).add(b.duplicates).add(b.failures);
  hash.add(here.store).add(here.parts.enrichment).add(here.parts.outstanding);
  if (subject.document == kNoDocument) {
    const auto list = here.lists.find({subject.source, subject.path});
    hash.add(list == here.lists.end() ? Fingerprint{} : list->second);
    for (const DocumentIndex d : truth_.list_at(subject.source, subject.path)->documents) {
      hash.add(here.jobs[d]);
    }
    return hash.value();
  }
  const DocumentIndex d = subject.document;
  hash.add(here.jobs[d]).add(here.waiting[d]);
  hash.add((b.delivered[d] ? 1U : 0U) | (b.gave_up[d] ? 2U : 0U));
  for (const std::size_t event : b.on_bus) {
    if (truth_.announcements()[event - 1].document != d) continue;
    const bool newest = event == truth_.announced_at_start() + b.position;
    hash.add(event).add(newest ? 1 : 0);
  }
  for (const std::size_t event : b.brought_back) hash.add(event);
  return hash.value();
}

Fingerprint Settled::rest(const Subject& subject, const Vantage& here) const {
  const Branch& b = here.branch;
  Fingerprint sum = here.store + here.parts.enrichment + here.all_jobs;
  if (subject.document != kNoDocument) {
    sum -= here.jobs[subject.document];
  } else if (const auto list = here.lists.find({subject.source, subject.path});
             list != here.lists.end()) {
    sum -= list->second;
  }
  for (DocumentIndex d = 0; d < here.jobs.size(); ++d) {
    if (d == subject.document) continue;
    sum += PartHasher(kRest).add(d).add(here.waiting[d]).value();
    sum += PartHasher(kFlags)
               .add(d)
               .add((b.delivered[d] ? 1U : 0U) | (b.gave_up[d] ? 2U : 0U))
               .value();
  }
  for (const std::size_t event : b.on_bus) {
    if (truth_.announcements()[event - 1].document == subject.document) continue;
    sum += PartHasher(kEvent).add(event).value();
  }
  return sum;
}

bool Settled::comes_to_nothing(const Subject& subject, const Vantage& here) {
  const Fingerprint looked_at = key(subject, here);
  if (const auto known = table_.find(looked_at)) return *known;
  const bool nothing = try_all(subject, here);
  table_.insert(looked_at, [&] { return nothing; });
  return nothing;
}

bool Settled::try_all(const Subject& subject, const Vantage& here) {
  const Fingerprint before = rest(subject, here);
  bool any = false;
  for (const Choice& choice : system_.enabled(true)) {
    if (subject_of(choice) != subject) continue;
    any = true;
    system_.push();
    const bool harmless = system_.apply(choice).empty() && leaves(subject, before);
    system_.pop();
    if (!harmless) return false;
  }
  return any || idle(subject, here);
}

/// A step has left alone what is not the subject's, and so will those that are still to come.
bool Settled::leaves(const Subject& subject, const Fingerprint& others) {
  const Vantage here(system_);
  return rest(subject, here) == others && comes_to_nothing(subject, here);
}

void Settled::reduce(std::vector<Choice>& choices, const Vantage& here) {
  const Branch& b = system_.branch();
  if (!applies_ || b.crashes > 0 || b.rounds > 0) return;
  std::set<Subject> subjects;
  for (const Choice& choice : choices) {
    if (const auto subject = subject_of(choice)) subjects.insert(*subject);
  }
  for (const Subject& subject : subjects) {
    if (!stays(subject, here) || !comes_to_nothing(subject, here)) continue;
    used_ |= std::erase_if(choices,
                           [&](const Choice& choice) { return subject_of(choice) != subject; }) > 0;
    return;
  }
}

}  // namespace rehearse::explore
