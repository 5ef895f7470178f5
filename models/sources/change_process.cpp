#include "models/sources/change_process.hpp"

#include <algorithm>
#include <cassert>
#include <optional>
#include <utility>
#include <vector>

#include "stats/duration_residual.hpp"

namespace rehearse::models {
namespace {

/// What all processes need.
struct Setting {
  const ChangeConfig& config;
  sim::Calendar& calendar;
  const world::World& world;
  ChangeProcess::Sink& sink;
  ChangeDraw draw;
  stats::Stream times;
};

class PoissonProcess final : public ChangeProcess {
 public:
  PoissonProcess(Setting setting, stats::Stream bursts)
      : setting_(std::move(setting)), bursts_(std::move(bursts)) {}

  void start(Time until) override {
    until_ = until;
    since_ = setting_.calendar.now();
    if (setting_.config.burst) begin_bursts(*setting_.config.burst);
    next();
  }

  void on_population(const world::Change& change, const std::string&) override {
    if (setting_.config.per_entity && change.type == setting_.config.type && !changing_)
      reschedule();
  }

 private:
  void next() {
    remaining_ = setting_.times.exponential(1.0);
    since_ = setting_.calendar.now();
    schedule();
  }

  void change() {
    // The population may change by this very change; it counts from then on.
    changing_ = true;
    std::uint64_t& next_number = setting_.sink.next_number(setting_.config.type);
    if (const world::Operation* operation = setting_.draw.draw(next_number)) {
      setting_.sink.try_change(*operation);
    }
    changing_ = false;
    next();
  }

  void schedule() {
    const Rate rate = on_ ? *setting_.config.rate : setting_.config.burst->quiet;
    const double entities = setting_.config.per_entity
                                ? static_cast<double>(setting_.world.count(setting_.config.type))
                                : 1.0;
    rate_ = rate.per_second() * entities;
    pending_ = {};
    if (rate_ <= 0) return;
    const Time when = since_ + sim::Distribution::bounded(remaining_ / rate_);
    if (when < until_) pending_ = setting_.calendar.at(when, [this] { change(); });
  }

  // Uses up the part of the exponential that the old rate has covered.
  void reschedule() {
    const Time now = setting_.calendar.now();
    assert(now >= since_);
    remaining_ = std::max(0.0, remaining_ - rate_ * (now - since_).to_seconds());
    since_ = now;
    setting_.calendar.cancel(pending_);
    schedule();
  }

  void begin_bursts(const BurstConfig& burst) {
    const double on = burst.on.mean().value_or(sim::Distribution::kLongest).to_seconds();
    const double off = burst.off.mean().value_or(sim::Distribution::kLongest).to_seconds();
    on_ = bursts_.uniform() * (on + off) < on;
    const sim::Distribution& phase = on_ ? burst.on : burst.off;
    plan_switch(burst, setting_.config.stationary ? stats::Residual(phase).sample(bursts_)
                                                  : phase.sample(bursts_));
  }

  void plan_switch(const BurstConfig& burst, Duration phase) {
    const Time when = setting_.calendar.now() + std::max(phase, Duration{1});
    if (when >= until_) return;
    setting_.calendar.at(when, [this, &burst] {
      on_ = !on_;
      reschedule();
      plan_switch(burst, (on_ ? burst.on : burst.off).sample(bursts_));
    });
  }

  Setting setting_;
  stats::Stream bursts_;
  Time until_;
  Time since_;
  double remaining_ = 0;  ///< of the unit exponential, as of since_
  double rate_ = 0;       ///< changes per second since since_
  bool on_ = true;
  bool changing_ = false;
  sim::Calendar::Handle pending_;
};

class TypeRenewals final : public ChangeProcess {
 public:
  explicit TypeRenewals(Setting setting) : setting_(std::move(setting)) {}

  void start(Time until) override {
    until_ = until;
    const sim::Distribution& interval = *setting_.config.interval;
    plan(setting_.config.stationary ? stats::Residual(interval).sample(setting_.times)
                                    : interval.sample(setting_.times));
  }
  void on_population(const world::Change&, const std::string&) override {}

 private:
  void plan(Duration gap) {
    const Time when = setting_.calendar.now() + std::max(gap, Duration{1});
    if (when >= until_) return;
    setting_.calendar.at(when, [this] {
      std::uint64_t& next_number = setting_.sink.next_number(setting_.config.type);
      if (const world::Operation* operation = setting_.draw.draw(next_number)) {
        setting_.sink.try_change(*operation);
      }
      plan(setting_.config.interval->sample(setting_.times));
    });
  }

  Setting setting_;
  Time until_;
};

class EntityRenewals final : public ChangeProcess {
 public:
  explicit EntityRenewals(Setting setting) : setting_(std::move(setting)) {}

  void start(Time until) override {
    until_ = until;
    const std::string& type = setting_.config.type;
    std::optional<stats::Residual> residual;
    if (setting_.config.stationary) residual.emplace(*setting_.config.interval);
    for (std::size_t k = 0; k < setting_.world.count(type); ++k) {
      add(setting_.world.id_at(type, k), residual ? residual->sample(setting_.times) : part());
    }
    arm();
  }

  void on_population(const world::Change& change, const std::string& id) override {
    if (change.type != setting_.config.type) return;
    if (change.op == world::Op::remove) {
      lives_.erase(id);
    } else if (change.op == world::Op::create) {
      add(id, setting_.config.interval->sample(setting_.times));
      arm();
    }
  }

 private:
  struct Due {
    Time when;
    std::uint64_t life;  ///< orders equal dates, and tells an entity from its re-creation
    std::string id;
    bool operator>(const Due& other) const {
      return when != other.when ? when > other.when : life > other.life;
    }
  };

  Duration part() {
    const Duration whole = setting_.config.interval->sample(setting_.times);
    const double share = setting_.times.uniform();
    return sim::Distribution::bounded(whole.to_seconds() * share);
  }

  void add(std::string id, Duration gap) {
    const Time when = setting_.calendar.now() + std::max(gap, Duration{1});
    lives_[id] = ++life_;
    if (when < until_) due_.push({when, life_, std::move(id)});
  }

  bool dead(const Due& due) const {
    const auto life = lives_.find(due.id);
    return life == lives_.end() || life->second != due.life;
  }

  void arm() {
    while (!due_.empty() && dead(due_.top())) due_.pop();
    if (due_.empty() || due_.top().when >= armed_for_) return;
    setting_.calendar.cancel(armed_);
    armed_for_ = due_.top().when;
    armed_ = setting_.calendar.at(armed_for_, [this] { run_due(); });
  }

  void run_due() {
    armed_for_ = Time::never();
    while (!due_.empty() && due_.top().when <= setting_.calendar.now()) {
      const Due due = due_.top();
      due_.pop();
      if (dead(due)) continue;
      setting_.sink.try_change(setting_.draw.draw_for(due.id));
      if (!dead(due)) add(due.id, setting_.config.interval->sample(setting_.times));
    }
    arm();
  }

  Setting setting_;
  Time until_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
  std::map<std::string, std::uint64_t> lives_;  ///< of the entities that exist
  std::uint64_t life_ = 0;
  Time armed_for_ = Time::never();
  sim::Calendar::Handle armed_;
};

}  // namespace

std::unique_ptr<ChangeProcess> make_change_process(const std::string& source,
                                                   const ChangeConfig& config,
                                                   const std::string& name, const Streams& streams,
                                                   sim::Calendar& calendar,
                                                   const world::World& world,
                                                   ChangeProcess::Sink& sink) {
  Setting setting{config,
                  calendar,
                  world,
                  sink,
                  ChangeDraw(source, config, name, streams, world),
                  streams.named(name + "/times")};
  if (config.rate) {
    return std::make_unique<PoissonProcess>(std::move(setting), streams.named(name + "/bursts"));
  }
  if (config.per_entity) return std::make_unique<EntityRenewals>(std::move(setting));
  return std::make_unique<TypeRenewals>(std::move(setting));
}

}  // namespace rehearse::models
