#include "lifecycle/audit.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace rehearse::lifecycle {
namespace {

using Found = std::vector<std::string>;

bool begins_with(const std::string& text, const char* with) { return text.rfind(with, 0) == 0; }

/// Whether a move of the pointer rests on a canary's verdict, on a person's approval of it, or on
/// an alert that began a rollback.
bool on_evidence(const Lineage& lineage, const Record& move) {
  for (const RecordId id : lineage.chain(move.cause)) {
    const Record& record = lineage.at(id);
    if (record.what == What::alert) return true;
    const bool declined =
        begins_with(record.detail, "takes") || begins_with(record.detail, "keeps");
    if (record.what == What::person && declined) return false;
    if (record.what != What::verdict) continue;
    return record.version == move.version &&
           (begins_with(record.detail, "pass") || begins_with(record.detail, "marginal"));
  }
  return false;
}

std::string token_name(std::int64_t version) { return "v" + std::to_string(version); }

}  // namespace

void Audit::see(const Deeds& deeds) {
  for (const Deed& deed : deeds) {
    for (const auto& [field, value] : deed.fields) {
      if (deed.type == "ModelInstance" && field == "state") state_[deed.id] = value;
    }
    for (const auto& [attribute, ids] : deed.references) {
      if (deed.type == "Model" && attribute == "current_instance") pointer_[deed.id] = ids.at(0);
    }
  }
}

void Audit::see(const Facts& facts) {
  for (const Fact& fact : facts) {
    if (const auto* begun = std::get_if<RollbackTriggered>(&fact.what)) {
      rolling_back_[{fact.model, begun->version}] = begun->triggered;
    } else if (const auto* ended = std::get_if<RollbackRecovered>(&fact.what)) {
      rolling_back_.erase({fact.model, ended->version});
    }
  }
}

std::vector<std::string> Audit::violations(const Lifecycle& life, Time now) {
  Found found;
  for (std::size_t i = 0; i < life.models(); ++i) {
    const ModelLife& model = life.model(i);
    check_pointer(model, found);
    check_arms(model, now, found);
    check_proofs(model, found);
    check_workflows(model, found);
    check_counts(model, found);
  }
  check_rollbacks(life, now, found);
  check_new_records(life, found);
  if (life.cluster().running() > life.cluster().slots()) {
    found.push_back(fmt::format("I6: {} trainings run in {} slots", life.cluster().running(),
                                life.cluster().slots()));
  }
  return found;
}

void Audit::check_pointer(const ModelLife& model, Found& found) const {
  const std::string serving = instance_id(model.name(), model.flow().production());
  const std::string& shown = pointer_.at(model.name());
  if (shown != serving) {
    found.push_back(fmt::format("I1: the registry names {}, {} serves", shown, serving));
  }
  if (model.flow().line().pointer() != token_name(model.flow().production())) {
    found.push_back("I1: the pointer names another version than the one that serves");
  }
  Found production;
  const std::string prefix = model.name() + "-v";
  for (auto one = state_.lower_bound(prefix); one != state_.end(); ++one) {
    if (!begins_with(one->first, prefix.c_str())) break;
    if (one->second == "PRODUCTION") production.push_back(one->first);
  }
  if (production != Found{serving}) {
    found.push_back(
        fmt::format("I1: in production are {}, {} serves", fmt::join(production, ", "), serving));
  }
}

void Audit::check_new_records(const Lifecycle& life, Found& found) {
  const std::vector<Record>& records = life.lineage().records();
  for (; records_seen_ < records.size(); ++records_seen_) {
    const Record& record = records[records_seen_];
    if (record.what == What::pointer && !on_evidence(life.lineage(), record)) {
      found.push_back(fmt::format("I1: the pointer of {} moved to {} without evidence",
                                  record.model, record.to));
    }
  }
}

void Audit::check_arms(const ModelLife& model, Time now, Found& found) {
  const ReleaseFlow& flow = model.flow();
  for (const Arm& arm : flow.routes().arms(now)) {
    const rollout::Release& token = flow.line().token(token_name(arm.version));
    const bool leaving = token.rolling_back_since().has_value();
    if (!leaving && !rollout::takes_traffic(token.state())) {
      found.push_back(fmt::format("I2: members are served by {} of {}, which is in {}",
                                  token.version(), model.name(), to_string(token.state())));
    }
  }
}

void Audit::check_rollbacks(const Lifecycle& life, Time now, Found& found) const {
  for (const auto& [of, since] : rolling_back_) {
    const auto [index, version] = of;
    const ModelLife& model = life.model(index);
    if (now - since <= Duration::days(1) || model.flow().routes().serves(version, now)) continue;
    found.push_back(
        fmt::format("I2: the rollback of {} of {} never ends", token_name(version), model.name()));
  }
}

void Audit::check_proofs(const ModelLife& model, Found& found) {
  for (const auto& [version, counts] : model.traffic().by_version()) {
    if (version == 1 || counts.requests == 0) continue;
    const GateReport* report = model.gate_report(version);
    if (!report || !report->passed()) {
      found.push_back(fmt::format("I3: {} of {} got traffic without passing its gates",
                                  token_name(version), model.name()));
    }
  }
  for (const rollout::PointerMove& move : model.flow().line().moves()) {
    const std::vector<rollout::Step>& steps = model.flow().line().token(move.to).history();
    const bool passed = std::any_of(steps.begin(), steps.end(), [](const rollout::Step& step) {
      return step.event == rollout::Event::canary_passes;
    });
    if (move.to != token_name(1) && !passed) {
      found.push_back(
          fmt::format("I3: {} of {} serves without passing its canary", move.to, model.name()));
    }
  }
}

void Audit::check_workflows(const ModelLife& model, Found& found) {
  std::size_t& seen = workflows_seen_[model.name()];
  const auto& runs = model.workflow_runs();
  for (; seen < runs.size(); ++seen) {
    const auto& [workflow, signal] = runs[seen];
    const int times = ++runs_[model.name()][fmt::format("{} {}", workflow, signal.number)];
    if (times > 1 && consumption_ == Consumption::idempotent) {
      found.push_back(
          fmt::format("I4: {} ran {} times on signal {}", workflow, times, signal.number));
    }
  }
}

void Audit::check_counts(const ModelLife& model, Found& found) {
  learning::ArmCounts sum;
  for (const auto& [version, counts] : model.traffic().by_version()) {
    sum += counts;
    if (counts.errors + counts.slow + counts.clicks > counts.requests) {
      found.push_back(fmt::format("I5: more came of the requests to {} of {} than there were",
                                  token_name(version), model.name()));
    }
  }
  if (!(sum == model.traffic().total())) {
    found.push_back("I5: requests of " + model.name() + " are not the sum of those to its arms");
  }
}

}  // namespace rehearse::lifecycle
