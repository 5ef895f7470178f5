#include "lifecycle/lifecycle.hpp"

#include <algorithm>
#include <cassert>

namespace rehearse::lifecycle {

Lifecycle::Lifecycle(LifecycleSettings settings, std::uint64_t seed, std::uint64_t replication)
    : signals_(settings.signals, seed, replication), cluster_(settings.slots) {
  std::set<std::pair<std::string, std::string>> there;  // what several models may name
  for (ModelSettings& one : settings.models) {
    const std::size_t index = models_.size();
    for (const char* workflow : {"/training", "/gates", "/promotion"}) {
      const bool fresh = by_workflow_.emplace(one.name + workflow, index).second;
      assert(fresh);
      static_cast<void>(fresh);
    }
    const auto submit = [this, index](std::int64_t version, const JobSettings& job,
                                      stats::Stream stream, Time now) {
      cluster_.submit(jobs_.size(), job, stream, now);
      jobs_.emplace_back(index, version);
    };
    models_.push_back(std::make_unique<ModelLife>(
        std::move(one), seed, replication,
        ModelLife::Shared{index, lineage_, signals_, submit, facts_, served_, inquiries_}));
    for (Deed& deed : models_.back()->take_deeds()) {
      if (there.emplace(deed.type, deed.id).second) deeds_.push_back(std::move(deed));
    }
    due_.push_back(models_.back()->next_wakeup());
    agenda_.emplace(due_.back(), index);
  }
}

Time Lifecycle::next_wakeup() const {
  Time next = agenda_.empty() ? Time::never() : agenda_.begin()->first;
  next = std::min(next, cluster_.next_wakeup().value_or(Time::never()));
  return std::min(next, signals_.next_wakeup().value_or(Time::never()));
}

/// Whatever happens to a model, its requests are counted up to then first.
void Lifecycle::touch(std::size_t model) {
  if (!touched_.insert(model).second) return;
  models_[model]->count(now_);
  models_[model]->release(now_);
}

void Lifecycle::advance(Time now) {
  assert(now <= next_wakeup());
  now_ = now;
  touched_.clear();
  for (auto one = agenda_.begin(); one != agenda_.end() && one->first <= now; ++one) {
    touch(one->second);
  }
  for (const JobStep& step : cluster_.advance(now)) {
    const auto [model, version] = jobs_[step.job];
    touch(model);
    models_[model]->job_step(version, step);
  }
  for (const Delivery& delivery : signals_.arrived(now)) {
    const std::size_t model = by_workflow_.at(delivery.workflow);
    touch(model);
    models_[model]->arrived(delivery, now);
  }
  for (const std::size_t model : touched_) models_[model]->decide(now);
  for (const FateOf& one : signals_.take_fates()) {
    facts_.push_back({by_workflow_.at(one.source + "/training"), one.what});
  }
  reschedule();
}

void Lifecycle::reschedule() {
  for (const std::size_t model : touched_) {
    Deeds deeds = models_[model]->take_deeds();
    deeds_.insert(deeds_.end(), std::make_move_iterator(deeds.begin()),
                  std::make_move_iterator(deeds.end()));
    plan(model, models_[model]->next_wakeup());
  }
}

void Lifecycle::conditions(const Conditions& conditions, Time now) {
  assert(now >= now_ && now <= next_wakeup());
  now_ = now;
  signals_.conditions(conditions.signals);
  cluster_.hold(conditions.cluster_out, now);
  const std::string fault = describe(conditions);
  if (fault != fault_) {
    lineage_.add({{}, {}, now, "", 0, What::fault, "", "", fault.empty() ? "over" : fault});
  }
  fault_ = fault;
  for (std::size_t model = 0; model < models_.size(); ++model) {
    if (models_[model]->conditions(conditions, now)) plan(model, now);
  }
}

void Lifecycle::plan(std::size_t model, Time at) {
  agenda_.erase({due_[model], model});
  due_[model] = at;
  agenda_.emplace(at, model);
}

void Lifecycle::finish(Time now) {
  assert(now >= now_ && now <= next_wakeup());
  for (const auto& model : models_) model->count_up_to(now);
}

std::vector<Inquiry> Lifecycle::take_inquiries() {
  for (Inquiry& one : inquiries_) {
    one.number = ++inquired_;
    unanswered_.emplace(one.number, one);
  }
  return std::exchange(inquiries_, {});
}

void Lifecycle::told(std::int64_t inquiry, const Told& told, Time now) {
  const auto asked = unanswered_.extract(inquiry);
  assert(!asked.empty());
  const Inquiry& what = asked.mapped();
  lineage_.add({{},
                what.cause,
                now,
                what.model,
                what.version,
                What::question,
                "",
                "",
                describe(what, told)});
}

}  // namespace rehearse::lifecycle
